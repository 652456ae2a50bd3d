"""dbt on a few payments: gold replaces the window it is told to, and nothing else."""

import datetime as dt
import shutil
from pathlib import Path
from statistics import mean, stdev

import duckdb
import pytest

from tests.integration import dbt_worlds as worlds
from tests.integration.dbt_worlds import AUGUST, SEPTEMBER

MADE = """
    select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables
    where table_schema in ('silver', 'gold') and table_name <> 'payment_features' order by all
"""
pytestmark = pytest.mark.xdist_group("dbt")


@pytest.fixture(scope="session")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """August and September built at once, then September again from other sources; hotspots refuse the change."""
    bounded = worlds.bounded_world(tmp_path_factory.getbasetemp())
    path = bounded.with_name(worlds.STEM)
    shutil.copy(bounded, path)
    _refuse_more_than_three_payments(path)
    worlds.write_payments(path, {AUGUST: 1, SEPTEMBER: 6}, frauds=[])
    worlds.write_row(path, "build_window", {"start_date": dt.date(2025, 9, 1), "end_date": dt.date(2025, 10, 1)})
    done = worlds.run_dbt(path.parent, "run", "--select", "tag:gold")
    assert "CHECK constraint" in done.stdout
    return worlds.keep(path.parent, "two_months.duckdb")


def _refuse_more_than_three_payments(path: Path) -> None:
    columns = """
        h3_cell_r5 ubigint, count_payments bigint check (count_payments <= 3),
        count_reported_frauds bigint, month_start_date date
    """
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table gold.hotspots rename to kept")
        connection.execute(f"create table gold.hotspots ({columns})")
        connection.execute("insert into gold.hotspots select * from gold.kept")
        connection.execute("drop table gold.kept")


@pytest.fixture(scope="session")
def months(gold: Path) -> tuple[Path, Path]:
    """Two months built at once, and the same payments built one month after the other, the first one twice."""
    at_once = gold.with_name("bounded.duckdb")
    path = gold.with_name(worlds.STEM)
    shutil.copy(at_once, path)
    _forget_what_dbt_made(path)
    for first, end in ((8, 9), (9, 10), (8, 9)):
        window = {"start_date": dt.date(2025, first, 1), "end_date": dt.date(2025, end, 1)}
        worlds.write_row(path, "build_window", window)
        done = worlds.run_dbt(path.parent, "run", "--select", "tag:gold")
        assert done.returncode == 0, done.stdout
    return at_once, worlds.keep(path.parent, "month_by_month.duckdb")


def _forget_what_dbt_made(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        for schema, name, kind in connection.execute(MADE).fetchall():
            connection.execute(f"drop {kind} {schema}.{name}")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """Read a warehouse, whose file is not called as it was when dbt made its views."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_only_the_window_is_replaced(gold: Path) -> None:
    query = "select event_date, count(*) from gold.payments group by 1 order by 1"
    assert rows(gold, query) == [(AUGUST, 3), (SEPTEMBER, 6)]
    query = "select event_date, sum(count_payments) from gold.daily_summary group by 1 order by 1"
    assert rows(gold, query) == [(AUGUST, 3), (SEPTEMBER, 6)]


def test_a_failed_replacement_leaves_the_rows_before_it(gold: Path) -> None:
    query = "select month_start_date, count_payments, count_reported_frauds from gold.hotspots order by 1"
    assert rows(gold, query) == [(dt.date(2025, 8, 1), 3, 1), (dt.date(2025, 9, 1), 2, 1)]


def test_reported_payments_carry_label_and_natural_weight(gold: Path) -> None:
    query = """
        select event_id, is_fraud, reported_by, label_known_at is not null, natural_weight, merchant_district_id
        from gold.payments where event_date = '2025-08-10' order by 1
    """
    assert rows(gold, query) == [
        (1, False, None, False, 1.0, 11),
        (2, True, "victim", True, 0.25, 11),
        (3, False, None, False, 1.0, None),
    ]


def test_a_shop_without_a_place_has_no_district_and_is_known(gold: Path) -> None:
    query = "select merchant_district_id, merchant_region_id from gold.payments where merchant_id = "
    found = rows(gold, query + str(worlds.ONLINE_SHOP))
    assert found
    assert set(found) == {(None, None)}


def test_snapshots_look_back_from_the_payment_and_include_it_and_its_moment(months: tuple[Path, Path]) -> None:
    """Three payments of 500 at noon of 10 August, two a month later, from an account opened with 10,000."""
    query = """
        select
            event_date, velocity_24h, amount_to_avg_ratio_30d, balance_volatility_z_score,
            (experimental_signals ->> 'velocity_7d')::int, (experimental_signals ->> 'max_amount_30d')::int,
            (experimental_signals ->> 'off_hours_count_7d')::int,
            (experimental_signals ->> 'bank_connections_24h')::int
        from gold.feature_snapshots order by event_id
    """
    august, september = [10_000, 9_500, 9_000], [8_500, 8_000]
    wanted = [
        (AUGUST if behind is august else SEPTEMBER, len(behind), 1.0, (before - mean(behind)) / stdev(behind))
        for behind in (august, september)
        for before in behind
    ]
    found = rows(months[1], query)
    assert [row[:3] for row in found] == [row[:3] for row in wanted]
    assert [row[3] for row in found] == pytest.approx([row[3] for row in wanted])
    assert [row[4:] for row in found] == [(row[1], 500, 0, 1) for row in wanted]


def test_an_account_or_card_that_is_closed_later_is_still_open(gold: Path) -> None:
    for name in ("dim_account", "dim_card"):
        assert rows(gold, f"select closed_date from gold.{name}") == [(None,)], name


def test_every_merchant_of_a_payment_says_where_it_is(gold: Path) -> None:
    query = """
        select distinct merchant_id, merchant_kind, country_code is not null
        from gold.fact_payment join gold.dim_merchant using (merchant_id) order by 1
    """
    assert rows(gold, query) == [(2, "shop", True), (worlds.ONLINE_SHOP, "shop abroad", True)]


def test_frauds_are_counted_by_day_and_kind(months: tuple[Path, Path]) -> None:
    query = """
        select event_date, count_frauds, count_approved_frauds, count_reported_frauds, approved_fraud_amount_minor
        from gold.typology_daily order by 1
    """
    assert rows(months[1], query) == [(AUGUST, 1, 1, 1, 500), (SEPTEMBER, 1, 1, 1, 500)]


def test_month_by_month_gives_the_rows_of_all_at_once(months: tuple[Path, Path]) -> None:
    at_once, by_month = months
    names = rows(at_once, MADE)
    assert names == rows(by_month, MADE)
    assert {"entity_reputation", "payments"} <= {name for _, name, _ in names}
    for schema, name, _ in names:
        query = f"select * from {schema}.{name} order by all"
        assert rows(at_once, query) == rows(by_month, query), name


def test_a_report_counts_from_the_day_after_it_is_known(months: tuple[Path, Path]) -> None:
    query = """
        select event_date, count_payments_before, count_reports_before
        from silver.entity_reputation where entity_kind = 'customer' order by 1
    """
    assert rows(months[1], query) == [(AUGUST, 0, 0), (SEPTEMBER, 3, 1)]
