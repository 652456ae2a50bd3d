"""Each scenario runs by its one variable, small, and what it exports passes the rules of its system."""

import json
import pathlib

import duckdb
import polars as pl
import pytest

from riskfabric_assets.assets.launch import materialize
from riskfabric_assets.exports.sequences.seeding import seed
from riskfabric_assets.exports.writing import export_format
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.warehouse.run import Run

ROOT = pathlib.Path(__file__).parents[2]
MADE = "group:osm or group:reference or group:population or group:plan or group:bronze or group:truth"
PATTERNS = {"ato_identity_change", "bust_out", "liquidity_crunch", "link_burst", "sleeper_ato"}
FRAUD_TYPES = {"ato", *PATTERNS} - {"ato_identity_change"}
COMPROMISED = {
    "fast_geo_change", "fast_geo_change_online", "new_ip_and_device_high_amount", "new_device_and_high_amount",
    "trans_freq_increase", "drop_distributor", "drop_purchaser",
}  # fmt: skip
pytestmark = pytest.mark.xdist_group("scenarios")


def made(scenario, folder, **changes):
    """Make a small home of a scenario up to its labels; returns its settings."""
    variables = {
        "SCENARIO": scenario, "PROFILE": "tiny", "HOME": str(folder / "home"), "CALENDAR__MONTHS": "1", **changes,
    }  # fmt: skip
    settings = resolve({f"RISKFABRIC_{name}": value for name, value in variables.items()}, ROOT)
    assert materialize(settings, selection=MADE).error is None
    return settings


def typologies_of(settings):
    return set(Run(settings).query("select distinct typology::varchar as name from truth.fraud")["name"])


def test_compromised_clients_export_their_rules_and_drops(tmp_path):
    settings = made("compromised_clients", tmp_path, CRIME__INJECTION__INJECTED_SHARE="0.05")
    assert {"drop_distributor", "trans_freq_increase"} <= typologies_of(settings) <= COMPROMISED
    export_format(settings, "compromised_clients", tmp_path / "out")
    latest = tmp_path / "out" / "latest"
    payments = pl.read_parquet(latest / "all_txns.parquet")
    fraud = payments.filter("is_fraud")
    names = COMPROMISED - {"drop_distributor"} | {"drop_flow_cashout"}
    assert set(fraud["rule"]) <= names
    rules = pl.read_csv(tmp_path / "out" / "data" / "rules.csv")
    assert rules.columns == ["rule", "weight", "probability", "online"]
    assert set(rules["rule"]) == names
    assert rules["probability"].sum() == pytest.approx(1.0)
    online = dict(rules.select("rule", "online").iter_rows())
    assert not online["fast_geo_change"]
    assert all(online[name] for name in ("fast_geo_change_online", "new_device_and_high_amount"))
    assert set(payments.filter(~pl.col("is_fraud"))["rule"]) == {"not applicable"}
    assert (payments["txn_time"].dt.epoch("s") == payments["unix_time"]).all()
    assert pl.read_parquet(latest / "dist_drops" / "dist_drop_txns.parquet").height > 0
    bursts = fraud.filter(rule="trans_freq_increase")
    assert bursts["online"].all()
    assert bursts["device_id"].is_not_null().all()


def test_the_national_stream_exports_bursts_from_elsewhere_at_night(tmp_path):
    settings = made("national_stream", tmp_path)
    assert typologies_of(settings) == {"other_province_burst"}
    export_format(settings, "national", tmp_path / "out", options=["with_truth=true"])
    batches = [json.loads(line) for line in (tmp_path / "out" / "manifest.ndjson").read_text().splitlines()]
    texts = [(tmp_path / "out" / batch["file"]).read_text() for batch in batches]
    payments = pl.DataFrame([json.loads(line) for text in texts for line in text.splitlines()])
    assert {batch["rows"] for batch in batches[:-1]} == {20}
    assert payments["timestamp"].is_sorted()
    frauds = pl.read_parquet(tmp_path / "out" / "truth.parquet")
    assert frauds.height / payments.height == pytest.approx(0.10, abs=0.03)
    night = payments.join(frauds, on="transaction_id", how="semi")
    hours = night["timestamp"].str.slice(11, 2).cast(pl.Int64)
    assert hours.is_between(1, 7).all()  # attacks begin from 1 to 5; refused ones are tried again within two hours


def test_user_sequences_seed_a_database_with_the_five_patterns(tmp_path):
    settings = made("user_sequences", tmp_path, CRIME__INJECTION__CUSTOMER_SHARE="0.3")
    assert typologies_of(settings) <= PATTERNS
    seed(settings, f"duckdb:///{tmp_path / 'sequences.duckdb'}")
    with duckdb.connect(str(tmp_path / "sequences.duckdb"), read_only=True) as connection:
        records, kinds = connection.execute(
            "select count(*), list(distinct fraud_type) filter (fraud_type is not null) from generated_records"
        ).fetchone()
        metadata = connection.execute("select count(*) from evaluation_metadata").fetchone()
    assert metadata == (records,)
    assert kinds
    assert set(kinds) <= FRAUD_TYPES
    payments = Run(settings).query("select count(*) as n from bronze.transactions")["n"].item()
    assert records == payments
