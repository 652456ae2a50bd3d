"""The whole road at `tiny`, through Dagster: what a person types, and what must come out."""

import datetime as dt
import os
import pathlib
import re
import subprocess
import sys

import dagster as dg
import duckdb
import polars as pl
import pytest

from riskfabric_assets.assets.launch import dagster_home, is_fresh, mark_fresh, materialize
from riskfabric_assets.exports.references import export_references
from riskfabric_assets.exports.sequences.seeding import seed
from riskfabric_assets.exports.tables import export_portable, export_table
from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.serving.parity import is_exact
from riskfabric_assets.warehouse.quality import table_hash
from riskfabric_assets.warehouse.run import Run
from tests.oracles.reputation_oracle import Known
from tests.oracles.windows_oracle import WINDOWS, windows_of

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(sys.executable).parent
MONTHS = ["2025-08", "2025-09"]
SIMULATED = (
    "bronze.transactions",
    "bronze.account_events",
    "bronze.labels",
    "bronze.label_events",
    "truth.fraud",
    "plan.attacks",
)
COMPARED = (
    *SIMULATED,
    "osm.places",
    "reference.merchants",
    "reference.residential",
    "population.customers",
    "population.traits",
    "silver.payment_features",
    "silver.customer_state",
    "silver.reported_payments",
    "silver.entity_reputation",
    "silver.entity_sharing",
    "gold.payments",
    "gold.daily_summary",
    "gold.typology_daily",
    "gold.evaluation_metadata",
    "gold.noisy_labels",
    "gold.feature_snapshots",
    "model.evaluation",
)
pytestmark = pytest.mark.xdist_group("tiny")


def settings_in(home, **changes):
    variables = {f"RISKFABRIC_{name}": str(value) for name, value in changes.items()}
    return resolve({"RISKFABRIC_HOME": str(home), "RISKFABRIC_PROFILE": "tiny", **variables}, ROOT)


def environment(home, **changes):
    kernels = resolve({}, ROOT).home / "cache" / "numba"
    return {
        **os.environ,
        "RISKFABRIC_HOME": str(home),
        "RISKFABRIC_PROFILE": "tiny",
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(kernels),
        **changes,
    }


def hashes(settings, names=COMPARED):
    return {name: table_hash(Run(settings), name) for name in names}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A tiny world made whole by the function behind `riskfabric demo`; its settings."""
    settings = settings_in(tmp_path_factory.mktemp("tiny") / "home")
    launched = materialize(settings)
    assert launched.error is None
    mark_fresh(settings)
    return settings


def test_everything_was_made(world):
    run = Run(world)
    assert run.query("select count(*) as n from gold.payments")["n"].item() > 10_000
    assert (run.home.reports / "report.html").stat().st_size > 50_000
    assert (run.home.models / "fraud_classifier.json").exists()


REPUTATIONS = {
    "merchant_report_share": ("merchant_id",),
    "device_report_share": ("device_id",),
    "ip_report_share": ("ip_address",),
    "payee_report_share": ("payee_id",),
    "cell_category_report_share": ("h3_cell_r7", "merchant_category"),
    "region_category_report_share": ("merchant_region_id", "merchant_category"),
    "customer_report_share": ("customer_id",),
}


def test_reputations_are_what_a_slow_count_finds(world):
    """Of 20 payments of the second month, from bronze alone; half of them by customers who reported something."""
    settings = world.config.features.settings.reputation
    rows = Run(world).query("""
        select payments.*, payee_id, ip_address, dispute_known_at
        from gold.payments as payments
        join (select event_id, payee_id, ip_address from bronze.transactions) using (event_id)
        left join (
            select event_id, label_event_known_at as dispute_known_at
            from bronze.label_events where label_event_kind = 'reported' and made_by = 'victim'
        ) using (event_id)
        order by event_id
    """)
    known = Known(rows.to_dicts(), world.config.world.timezone, settings.strength, settings.prior_share)
    late = rows.filter(pl.col("event_date") > dt.date(2025, 9, 10))
    reporters = rows.filter("is_fraud")["customer_id"].unique()
    chosen = pl.concat([late[::400][:10], late.filter(pl.col("customer_id").is_in(reporters.implode()))[::200][:10]])
    for payment in chosen.to_dicts():
        for name, keys in REPUTATIONS.items():
            share = known.share(payment, keys)
            assert payment[name] == (share and pytest.approx(share, rel=1e-12)), (name, payment["event_id"])
        assert payment["count_customer_reports"] == known.counts(payment, ("customer_id",))[1]
        assert payment["count_customer_disputes"] == known.counts(payment, ("customer_id",), "dispute_known_at")[1]
    assert chosen["count_customer_reports"].max() > 0
    assert chosen["payee_report_share"].null_count() < chosen.height


def test_a_replay_of_the_last_day_differs_from_gold_by_no_bit(world):
    parity = Run(world).query("select * from serving.replay_parity")
    day = Run(world).query("select count(*) as n from gold.payments where event_date = date '2025-09-30'")["n"].item()
    folded = [name for name, feature in world.config.features.features.items() if feature.made_by == "fold"]
    assert parity["feature"].to_list() == folded
    assert parity["count_payments"].unique().to_list() == [day]
    assert is_exact(parity)
    assert 1 < parity["count_batches"].max() < day


def test_the_fold_is_the_sql_windows(world):
    """Wherever the state says that it remembers everything: of whole numbers to the bit, of ratios to rounding."""
    payments = Run(world).query("""
        select payments.*, features.is_new_merchant, features.is_new_payee from bronze.transactions as payments
        join silver.payment_features as features using (event_id)
    """)
    folded = Run(world).query("""
        select * from silver.payment_features
        where not is_window_saturated and not are_days_saturated order by event_id
    """)
    windows = windows_of(payments).filter(pl.col("event_id").is_in(folded["event_id"].implode()))
    assert folded.height > 0.95 * payments.height
    for name in WINDOWS:
        found, wanted = folded[name].cast(pl.Float64), windows[name]
        assert (found.is_null() == wanted.is_null()).all(), name
        tolerance = 0 if folded[name].dtype in (pl.Int32, pl.Boolean) else 1e-6
        assert ((found - wanted).abs() <= tolerance * wanted.abs()).fill_null(True).all(), name


def test_the_fold_and_the_snapshots_say_the_same_of_24_hours_and_agree_about_longer_windows(world):
    """A snapshot counts the payment itself and a link at its moment.

    7 and 30 days slide there and are business days here, which lie inside.
    """
    compared = Run(world).query("""
        select
            features.*, payments.amount_minor, velocity_24h, amount_to_avg_ratio_30d,
            (experimental_signals ->> 'velocity_7d')::int as velocity_7d,
            (experimental_signals ->> 'max_amount_30d')::bigint as max_amount_30d,
            (experimental_signals ->> 'off_hours_count_7d')::int as off_hours_count_7d,
            (experimental_signals ->> 'bank_connections_24h')::int as bank_connections_24h,
            (experimental_signals ->> 'merchant_risk_score')::int as risk_score, merchant_risk_score,
            count(*) over (
                partition by payments.customer_id, payments.event_at
                order by event_id rows between current row and unbounded following
            ) as count_not_before
        from gold.feature_snapshots
        join gold.payments as payments using (event_id)
        join silver.payment_features as features using (event_id)
    """)
    assert compared.height == Run(world).query("select count(*) as n from gold.payments")["n"].item()
    remembered = compared.filter(~pl.col("is_window_saturated"))
    links = "select customer_id, event_at from bronze.account_events where event_kind = 'bank_link'"
    moments = set(Run(world).query(links).rows())
    assert (remembered["velocity_24h"] - remembered["count_not_before"]).equals(
        remembered["count_payments_24h"].cast(pl.Int64), check_names=False
    )
    at_its_moment = pl.Series([link in moments for link in compared.select("customer_id", "event_at").rows()])
    assert (compared["bank_connections_24h"] - at_its_moment.cast(pl.Int32)).equals(
        compared["count_bank_links_24h"], check_names=False
    )
    assert compared["bank_connections_24h"].max() > 0
    assert (compared["velocity_7d"] > compared["count_payments_7d"]).all()
    assert (compared["off_hours_count_7d"] >= compared["count_night_payments_7d"] + compared["is_night"]).all()
    assert (compared["max_amount_30d"] >= compared["amount_minor"]).all()
    assert (compared["max_amount_30d"] >= compared["max_amount_minor_30d"].fill_null(0)).all()
    assert compared["risk_score"].equals(compared["merchant_risk_score"], check_names=False)
    assert (compared["amount_to_avg_ratio_30d"] > 0).all()


def test_every_feature_of_the_contract_is_in_the_catalogue_that_the_report_links_to(world):
    folder = Run(world).home.reports
    shown = re.findall(r'<article id="(\w+)">', (folder / "features.html").read_text())
    assert shown == list(world.config.features.features)
    assert '<a href="features.html">' in (folder / "report.html").read_text()


def test_dagster_knows_where_the_columns_of_gold_come_from(world):
    with dg.DagsterInstance.from_config(dagster_home(Run(world).home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["gold", "payments"]))
    lineage = event.asset_materialization.metadata["dagster/column_lineage"].value.deps_by_column
    columns = Run(world).query("select * from gold.payments limit 0").columns
    assert set(lineage) == set(columns)
    sources = {name: {(*each.asset_key.path, each.column_name) for each in deps} for name, deps in lineage.items()}
    assert all(sources.values())
    assert sources["speed_kmh"] == {("silver", "payment_features", "speed_kmh")}
    assert sources["merchant_report_share"] == {("silver", "entity_reputation", "report_share")}
    assert not {("truth", "fraud")} & {each[:2] for found in sources.values() for each in found}


STAR = {
    "dim_customer": "customer_id",
    "dim_account": "account_id",
    "dim_card": "card_id",
    "dim_merchant": "merchant_id",
    "dim_device": "device_id",
    "dim_date": "event_date",
}


def test_every_key_of_a_payment_is_in_its_dimension_once(world):
    run = Run(world)
    payments = run.query("select * from gold.fact_payment")
    assert payments.height == run.query("select count(*) as n from gold.payments")["n"].item()
    for name, key in STAR.items():
        dimension = run.query(f"select {key} from gold.{name}")[key]
        assert dimension.n_unique() == len(dimension) > 0, name
        assert payments[key].drop_nulls().is_in(dimension.implode()).all(), name


def test_every_fraud_is_in_the_daily_counts_of_its_kind(world):
    counts = Run(world).query("""
        select typology, sum(count_frauds)::bigint as n from gold.typology_daily group by 1
        except
        select typology, count(*) as n from truth.fraud group by 1
    """)
    kinds = Run(world).query("select count(distinct typology) as n from truth.fraud")["n"].item()
    assert counts.is_empty()
    assert Run(world).query("select count(distinct typology) as n from gold.typology_daily")["n"].item() == kinds


BOOKS = """
    with changes as (
        select event_id, account_id, event_at, true as is_event, amount_minor
        from bronze.account_events where event_kind <> 'returned_debit'
        union all
        select event_id, account_id, event_at, false, if(status = 'approved', -amount_minor, 0) from bronze.transactions
    ),
    balances as (
        select event_id, sum(amount_minor) over (
            partition by account_id order by event_at, is_event, event_id
            rows between unbounded preceding and 1 preceding
        ) as balance_minor
        from changes
    ),
    received as (
        select payments.event_id, count(credits.event_id) as count_credits, sum(credits.amount_minor) as sum_minor
        from bronze.transactions as payments
        left join bronze.account_events as credits
            on credits.customer_id = payments.customer_id and credits.event_at < payments.event_at
            and credits.event_at >= payments.event_at - interval 24 hours
            and credits.event_kind in ('salary_credit', 'transfer_credit')
        group by payments.event_id
    )
    select
        count(*) as count_payments,
        count(*) filter (balances.balance_minor::float is distinct from features.balance_minor) as wrong_balances,
        count(*) filter (
            received.count_credits <> features.count_credits_24h
            or coalesce(received.sum_minor, 0)::float <> features.sum_credit_minor_24h
        ) as wrong_credits
    from silver.payment_features as features
    left join balances using (event_id)
    left join received using (event_id)
    where not are_events_saturated
"""


def test_balances_and_credits_of_the_fold_are_those_of_the_books(world):
    """Of every payment, by SQL over bronze."""
    count_payments, wrong_balances, wrong_credits = Run(world).query(BOOKS).row(0)
    assert count_payments > 10_000
    assert (wrong_balances, wrong_credits) == (0, 0)


def test_every_kind_of_fraud_that_occurred_has_a_page_of_which_there_are_at_least_twelve(world):
    occurred = set(Run(world).query("select distinct typology from truth.fraud")["typology"])
    pages = {path.stem for path in (Run(world).home.reports / "typologies").glob("*.html")}
    assert pages == {*occurred, "index"}
    assert len(occurred) >= 12


def test_evaluation_metadata_says_what_the_export_says_and_the_truth(world, tmp_path):
    seed(world, f"duckdb:///{tmp_path / 'sequences.duckdb'}")
    names = "sequence_number::int, fraud_confirmed_at, is_pre_fraud, days_to_fraud, is_train_eligible"
    ours = Run(world).query(f"select printf('%016x', event_id), {names} from gold.evaluation_metadata order by 1")
    with duckdb.connect(str(tmp_path / "sequences.duckdb"), read_only=True) as connection:
        theirs = connection.execute(f"select record_id, {names} from evaluation_metadata order by 1").fetchall()
    assert ours.rows() == theirs
    kinds = "select event_id, attack_id, fraud.campaign_id, actor_id, fraud.typology from"
    told = Run(world).query(f"{kinds} gold.evaluation_metadata as fraud where is_fraud_in_truth order by event_id")
    truth = Run(world).query(f"{kinds} truth.fraud join plan.attacks using (attack_id) order by event_id")
    assert told.rows() == truth.rows()
    assert 0 < ours["fraud_confirmed_at"].count() < Run(world).query("select * from bronze.labels").height


def test_the_noisy_label_flips_the_configured_shares_of_the_truth(world):
    noise = world.config.labels.noise
    counted = Run(world).query("""
        select is_fraud_in_truth, count(*) as n, count(*) filter (where label_noise <> 'none') as flipped,
            count(*) filter (where is_fraud) as labeled
        from gold.noisy_labels join gold.evaluation_metadata using (event_id) group by 1 order by 1
    """)
    shares = (noise.false_positive_share, noise.false_negative_share)
    for share, (is_fraud, count, flipped, labeled) in zip(shares, counted.rows(), strict=True):
        assert abs(flipped - share * count) < 4 * (share * (1 - share) * count) ** 0.5
        assert labeled == (count - flipped if is_fraud else flipped)


def test_a_second_demo_finds_nothing_to_do(world):
    assert is_fresh(world)
    assert not is_fresh(settings_in(world.home, MODEL__BOOSTING__MAX_DEPTH=3))


def test_any_client_reads_every_schema_without_an_extension(world):
    with duckdb.connect(str(Run(world).home.warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema <> 'main'"
        ).fetchall()
        for schema, name in tables:
            connection.execute(f'select * from {schema}."{name}" limit 1').fetchall()
    assert {schema for schema, _ in tables} >= {
        *("osm", "reference", "population", "plan", "bronze", "truth", "silver", "gold", "model", "meta")
    }


def test_the_dagster_command_line_makes_the_same_tables(world, tmp_path):
    command = [
        *(str(BIN / "dagster"), "asset", "materialize", "--select", "*"),
        *("--partition-range", f"{MONTHS[0]}...{MONTHS[-1]}", "-m", "riskfabric_assets.definitions"),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path / "home"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert hashes(settings_in(tmp_path / "home")) == hashes(world)


def test_exported_references_make_the_same_payments_without_a_map(world, tmp_path):
    export_references(world, tmp_path / "references")
    settings = settings_in(tmp_path / "home", REFERENCES=tmp_path / "references")
    selection = " or ".join(f"group:{name}" for name in ("reference", "population", "plan", "bronze", "truth"))
    launched = materialize(settings, selection=selection)
    assert launched.error is None
    names = (*SIMULATED, "population.customers", "reference.merchants")
    assert hashes(settings, names) == hashes(world, names)


def test_an_unpartitioned_selection_needs_no_range(world):
    launched = materialize(world, selection="group:population")
    assert launched.error is None
    assert "population" in launched.seconds


def test_making_one_month_again_changes_nothing(world):
    before = hashes(world, (*SIMULATED, "gold.payments", "silver.entity_reputation", "silver.customer_state"))
    layers = "group:plan or group:bronze or group:truth or group:silver or group:gold"
    launched = materialize(world, selection=layers, months=["2025-08"], threads=1)
    assert launched.error is None
    assert hashes(world, tuple(before)) == before


def test_one_more_day_only_appends(world):
    run = Run(world)
    old = run.query("select * from gold.payments order by event_at, event_id")
    done = subprocess.run(
        [str(BIN / "riskfabric"), "append", "--days", "1"],
        cwd=ROOT,
        env=environment(world.home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    new = run.query("select * from gold.payments order by event_at, event_id")
    assert new["event_date"].max().isoformat() == "2025-10-01"
    assert new.head(old.height).equals(old)
    assert new.height > old.height


def own_folder(world, folder):
    """The bronze of the world as a team would bring it: one file per table, whatever the format, and its merchants."""
    for name in ("transactions", "account_events", "labels", "label_events"):
        files = sorted((Run(world).home.lake / "bronze" / name).glob("2025-0[89].parquet"))
        frame = pl.concat([pl.read_parquet(file) for file in files], how="vertical_relaxed")
        frame.write_csv(folder / f"{name}.csv") if name == "labels" else frame.write_parquet(folder / f"{name}.parquet")
    merchants = """
        select merchant_id, district_id, region_id from reference.merchants
        union all select financial_id, district_id, region_id from reference.financial
    """
    Run(world).query(merchants).write_parquet(folder / "merchants.parquet")
    return folder


def test_own_payments_make_the_same_gold_without_the_simulator(world, tmp_path):
    (tmp_path / "own").mkdir()
    settings = settings_in(tmp_path / "home", BRONZE_PATH=own_folder(world, tmp_path / "own"))
    launched = materialize(settings)
    assert launched.error is None
    query = """
        select * exclude (natural_weight) from gold.payments
        where event_date < date '2025-10-01' order by event_at, event_id
    """
    ours, theirs = Run(settings).query(query), Run(world).query(query)
    assert ours.equals(theirs)
    assert Run(settings).query("select min(natural_weight) as w from gold.payments")["w"].item() == 1.0
    assert Run(settings).query("select count(*) as n from population.customers")["n"].item() == 0
    targets = Run(settings).query("select distinct target from model.evaluation")["target"].to_list()
    assert [str(each) for each in targets] == ["label"]
    assert "nobody knows the truth" in (Run(settings).home.reports / "report.html").read_text()


def test_own_payments_with_a_broken_row_stop_the_run_and_name_it(world, tmp_path):
    (tmp_path / "own").mkdir()
    path = own_folder(world, tmp_path / "own") / "transactions.parquet"
    broken = pl.when(pl.int_range(pl.len()) == 4321).then(0).otherwise("amount_minor")
    pl.read_parquet(path).with_columns(amount_minor=broken).write_parquet(path)
    settings = settings_in(tmp_path / "home", BRONZE_PATH=tmp_path / "own")
    launched = materialize(settings, selection="group:bronze")
    assert "transactions.parquet: row 4322: amount_minor: found '0'" in (launched.error or "")
    assert not list((Run(settings).home.lake / "bronze" / "transactions").glob("2025-*.parquet"))


def test_a_partition_outside_the_calendar_is_refused(world):
    launched = materialize(world, selection="group:plan", months=["2025-07"])
    assert "2025-07" in (launched.error or "")


def test_a_table_leaves_as_parquet_or_csv(world, tmp_path):
    rows = export_table(world, "gold/payments", tmp_path / "payments.parquet", "parquet")
    assert pl.read_parquet(tmp_path / "payments.parquet").height == rows > 0
    export_table(world, "population.cards", tmp_path / "cards.csv", "csv")
    assert (tmp_path / "cards.csv").read_text().startswith("card_id,")
    with pytest.raises(ConfigError, match=r"gold\.payments"):
        export_table(world, "gold/payment", tmp_path / "x.parquet", "parquet")


def test_a_portable_file_holds_native_tables_and_no_answers(world, tmp_path):
    export_portable(world, tmp_path / "portable.duckdb", with_truth=False)
    with duckdb.connect(str(tmp_path / "portable.duckdb"), read_only=True) as connection:
        kinds = connection.execute("select distinct table_type from information_schema.tables").fetchall()
        schemas = {
            row[0]
            for row in connection.execute("select distinct table_schema from information_schema.tables").fetchall()
        }
        assert connection.execute("select count(*) from gold.payments").fetchone()[0] > 0
        tables = {row[0] for row in connection.execute("select table_name from information_schema.tables").fetchall()}
        assert connection.execute("select count(*) from gold.dim_card").fetchone()[0] > 0
    assert kinds == [("BASE TABLE",)]
    assert not schemas & {"truth", "plan"}
    assert not tables & {"traits", "evaluation_metadata", "noisy_labels", "typology_daily"}
