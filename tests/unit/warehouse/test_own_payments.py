import datetime as dt

import duckdb
import polars as pl
import pytest

from riskfabric_assets.exports.source import open_source
from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.reference import MERCHANTS
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.realism.homes import lake_of
from riskfabric_assets.warehouse.own_payments import (
    find_own_bronze,
    read_own_month,
    refuse_ids_of_other_months,
    refuse_missing_days,
)
from riskfabric_assets.warehouse.own_places import describe_places, read_own_merchants
from riskfabric_assets.warehouse.run import Run
from tests.exported_home import EVENTS, PAYMENTS, payment, rows_of

KOLKATA = "Asia/Kolkata"
AUGUST, SEPTEMBER = "2025-08", "2025-09"
LATE_PAYMENT = payment(1020, "2025-08", 31, 20)
"""31 August in UTC, 1 September on the clock of India."""


def bronze(*extra):
    payments = sorted([*PAYMENTS[AUGUST], *PAYMENTS[SEPTEMBER], *extra], key=lambda row: row["event_at"])
    label = {"event_id": 1004, "customer_id": 1, "event_date": dt.date(2025, 8, 7)}
    known = {"label_known_at": dt.datetime.fromisoformat("2025-09-02"), "reported_by": "victim"}
    return {
        "transactions": rows_of(TRANSACTIONS.name, *payments).with_columns(fix_payee, fix_merchant),
        "account_events": rows_of(ACCOUNT_EVENTS.name, *EVENTS[AUGUST], *EVENTS[SEPTEMBER]),
        "labels": rows_of(LABELS.name, label | known),
    }


fix_payee = pl.when(pl.col("payment_kind") == "transfer").then(pl.col("payee_id")).alias("payee_id")
fix_merchant = pl.when(pl.col("payment_kind") != "transfer").then(pl.col("merchant_id")).alias("merchant_id")


@pytest.fixture
def folder(tmp_path):
    for name, frame in bronze().items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def refusal(folder, month=AUGUST):
    with pytest.raises(InputError) as caught:
        read_own_month(find_own_bronze(folder), month, KOLKATA)
    return str(caught.value)


def rewrite(folder, name, **columns):
    path = folder / f"{name}.parquet"
    pl.read_parquet(path).with_columns(**columns).write_parquet(path)


def test_each_month_comes_alone_whatever_the_files_hold(folder):
    own = find_own_bronze(folder)
    months = [read_own_month(own, month, KOLKATA) for month in (AUGUST, SEPTEMBER)]
    assert [each[TRANSACTIONS.name]["event_id"].to_list() for each in months] == [
        [1001, 1002, 1003, 1004],
        [1005, 1006, 1007, 1008],
    ]
    assert [each[LABELS.name].height for each in months] == [1, 0]
    for each in months:
        TRANSACTIONS.check(each[TRANSACTIONS.name])


def test_a_payment_belongs_to_the_month_of_its_local_day(tmp_path):
    for name, frame in bronze(LATE_PAYMENT).items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    own = find_own_bronze(tmp_path)
    assert LATE_PAYMENT["event_id"] in read_own_month(own, SEPTEMBER, KOLKATA)[TRANSACTIONS.name]["event_id"]


def test_files_cut_in_any_way_and_columns_in_any_order_give_the_same_rows(folder, tmp_path_factory):
    other, tables = tmp_path_factory.mktemp("cut"), bronze()
    (other / "transactions").mkdir()
    payments = tables["transactions"].select(reversed(list(TRANSACTIONS.schema)))
    payments[4:].write_parquet(other / "transactions" / "a.parquet")
    payments[:4].write_csv(other / "transactions" / "b.csv")
    tables["account_events"].write_csv(other / "account_events.csv")
    tables["labels"].write_csv(other / "labels.csv")
    one, two = (read_own_month(find_own_bronze(each), AUGUST, KOLKATA) for each in (folder, other))
    for name, frame in one.items():
        assert frame.equals(two[name]), name


def test_missing_tables_and_unknown_files_are_told_together(folder):
    (folder / "labels.parquet").rename(folder / "label.parquet")
    message = refusal(folder)
    assert "bronze/labels: found no such table" in message
    assert "did you mean 'labels'?" in message


def test_an_unknown_column_is_told_with_the_nearest_name(folder):
    pl.read_parquet(folder / "transactions.parquet").rename({"amount_minor": "amount_minr"}).write_parquet(
        folder / "transactions.parquet"
    )
    message = refusal(folder)
    assert "amount_minr: found an extra column" in message
    assert "did you mean 'amount_minor'?" in message


def test_a_broken_row_is_told_by_its_number_in_the_file(folder):
    late = pl.when(pl.col("event_id") == 1007).then(pl.lit(-5)).otherwise(pl.col("amount_minor"))
    rewrite(folder, "transactions", amount_minor=late)
    assert "transactions.parquet: row 7: amount_minor: found '-5'" in refusal(folder, SEPTEMBER)


def test_local_time_is_that_of_the_world(folder):
    rewrite(folder, "transactions", event_at_local=pl.col("event_at_local") + pl.duration(minutes=30))
    assert "row 1: event_at_local" in refusal(folder)


def test_a_row_without_a_readable_day_is_refused_before_any_month_is_made(folder):
    frame = pl.read_parquet(folder / "transactions.parquet").with_columns(pl.col("event_date").cast(pl.String))
    (folder / "transactions.parquet").unlink()
    frame[2, "event_date"] = "05/08/2025"
    frame.write_csv(folder / "transactions.csv")
    with pytest.raises(InputError, match=r"transactions.csv: row 3: event_date: found '05/08/2025'"):
        find_own_bronze(folder)


def test_a_label_of_another_payer_is_refused(folder):
    rewrite(folder, "labels", customer_id=pl.lit(2))
    assert "labels.parquet: row 1: customer_id: found '2'; expected the payer of the payment" in refusal(folder)


def test_ids_of_another_month_are_refused(folder, tmp_path):
    own = find_own_bronze(folder)
    stored = tmp_path / "2025-08.parquet"
    read_own_month(own, AUGUST, KOLKATA)[TRANSACTIONS.name].write_parquet(stored)
    frames = read_own_month(own, SEPTEMBER, KOLKATA)
    refuse_ids_of_other_months({TRANSACTIONS.name: [stored]}, frames, 256)
    again = {name: frame.with_columns(event_id=pl.lit(1002)) for name, frame in frames.items()}
    with pytest.raises(InputError, match="1002; expected an id used once; 2025-08 has it too"):
        refuse_ids_of_other_months({TRANSACTIONS.name: [stored]}, again, 256)


def test_days_without_payments_are_named(folder):
    with pytest.raises(InputError, match="2025-08-08") as caught:
        refuse_missing_days(find_own_bronze(folder), dt.date(2025, 8, 1), dt.date(2025, 8, 10))
    assert "--through 2025-08-05" in str(caught.value)


def test_payments_may_begin_within_the_first_month_but_not_before_it(folder):
    own = find_own_bronze(folder)
    refuse_missing_days(own, dt.date(2025, 8, 1), dt.date(2025, 8, 5))
    with pytest.raises(InputError, match="RISKFABRIC_CALENDAR__START=2025-08-01"):
        refuse_missing_days(own, dt.date(2025, 9, 1), dt.date(2025, 9, 4))
    with pytest.raises(InputError, match="RISKFABRIC_CALENDAR__START=2025-08-01"):
        refuse_missing_days(own, dt.date(2025, 7, 1), dt.date(2025, 8, 5))


def test_merchants_are_those_of_the_payments_with_what_a_file_tells(folder):
    (folder / "merchants.csv").write_text("merchant_id,region_id,merchant_name\n501,7,Corner shop\n999,8,Nowhere\n")
    with duckdb.connect() as connection:
        payments = pl.read_parquet(folder / "transactions.parquet")
        connection.execute("create schema bronze; create schema reference")
        connection.register("payments", payments.cast({"merchant_category": pl.String}).to_arrow())
        connection.execute("create table bronze.transactions as select * from payments")
        describe_places(connection, read_own_merchants(folder))
        found = connection.execute(
            "select merchant_id, region_id, merchant_name, merchant_category from reference.merchants"
        ).fetchall()
        assert [row[0] for row in connection.execute("describe reference.merchants").fetchall()] == list(
            MERCHANTS.schema
        )
    assert found[0] == (501, 7, "Corner shop", "GROCERY")
    assert found[-1] == (999, 8, "Nowhere", None)
    assert {row[0] for row in found} == {501, 502, 503, 999}


def test_a_merchant_described_twice_is_refused(folder):
    (folder / "merchants.csv").write_text("merchant_id,regionid\n501,7\n501,8\n")
    with pytest.raises(InputError) as caught:
        read_own_merchants(folder)
    assert "did you mean 'region_id'?" in str(caught.value)
    assert "row 2: merchant_id: found 501" in str(caught.value)


def test_own_payments_have_a_home_and_an_identity_of_their_own(folder):
    simulated, own = (resolve(each, folder) for each in ({}, {"RISKFABRIC_BRONZE_PATH": "bank"}))
    assert own.home == folder / "data" / "india-own-bank"
    assert own.identity != simulated.identity
    assert Run(own).world_settings["natural_weight_fraud"] == 1.0
    assert Run(own).metadata()["riskfabric.synthetic"] == "false"


def test_what_needs_a_simulation_says_so(folder):
    settings = resolve({"RISKFABRIC_BRONZE_PATH": "bank"}, folder)
    with pytest.raises(InputError, match="unset RISKFABRIC_BRONZE_PATH"), open_source(settings, []):
        pass
    with pytest.raises(InputError, match="unset RISKFABRIC_BRONZE_PATH"), lake_of(settings):
        pass
