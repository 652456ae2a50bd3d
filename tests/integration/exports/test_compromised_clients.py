"""Compromised clients and drops: 19 columns, runs beside each other, side tables that join."""

import csv

import polars as pl
import pytest

from riskfabric_assets.exports.writing import export_format

COLUMNS = (
    "client_id txn_time unix_time amount type channel category online merchant_id trans_city trans_lat trans_lon "
    "trans_ip device_id account is_fraud is_suspicious status rule"
)
RUN = "generation_run_2025-09-30_235959"
NONE = "not applicable"


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("compromised") / "out"
    export_format(settings, "compromised_clients", target)
    return target


@pytest.fixture(scope="module")
def payments(folder) -> pl.DataFrame:
    return pl.read_parquet(folder / "latest" / "all_txns.parquet")


def test_payments_have_the_nineteen_columns(payments):
    assert " ".join(payments.columns) == COLUMNS
    assert payments.schema["merchant_id"] == payments.schema["account"] == pl.Float64


def test_type_channel_and_online_go_together(payments):
    assert payments.select("type", "channel", "online").rows() == [
        ("purchase", "POS", False),
        ("outbound", "transfer", True),
        ("inbound", "transfer", True),
        ("purchase", "ecom", True),
        ("outbound", "transfer", True),
        ("outbound", "transfer", True),
        ("inbound", "transfer", True),
        ("purchase", "ecom", True),
        ("withdrawal", "ATM", False),
        ("purchase", "POS", False),
    ]


def test_an_inbound_transfer_has_no_place_and_the_own_account(payments):
    inbound = payments.filter(pl.col("type") == "inbound").row(0, named=True)
    assert (inbound["client_id"], inbound["account"], inbound["amount"]) == (2, 10001.0, 500.0)
    assert (inbound["trans_city"], inbound["trans_ip"], inbound["trans_lat"], inbound["device_id"]) == (
        *(NONE, NONE),
        *(None, None),
    )


def test_unix_time_is_the_naive_local_clock(payments):
    assert (payments["txn_time"].dt.epoch("s") - payments["unix_time"]).abs().sum() == 0


def test_fraud_is_the_truth_and_names_its_rule(payments):
    assert payments.filter("is_fraud")["rule"].to_list() == ["upi_scam", "friendly_fraud"]
    assert set(payments.filter(~pl.col("is_fraud"))["rule"]) == {NONE}


def test_the_parts_make_the_whole(folder, payments):
    parts = ["legit/legit_txns", "compromised/compr_client_txns", "dist_drops/dist_drop_txns"]
    rows = [pl.read_parquet(folder / "history" / RUN / f"{part}.parquet").height for part in parts]
    assert rows == [8, 2, 0]
    assert sum(rows) == payments.height


def test_the_latest_run_is_a_copy_of_its_history(folder):
    run, latest = folder / "history" / RUN, folder / "latest"
    names = {path.relative_to(run) for path in run.rglob("*.*")}
    assert names == {path.relative_to(latest) for path in latest.rglob("*.*")}
    assert all((run / name).read_bytes() == (latest / name).read_bytes() for name in names)


def test_a_further_run_is_added_and_becomes_the_latest(settings, tmp_path):
    target = tmp_path / "out"
    export_format(settings, "compromised_clients", target)
    export_format(settings, "compromised_clients", target, months=["2025-08"], options=["run=august"], overwrite=True)
    assert {path.name for path in (target / "history").iterdir()} == {RUN, "august"}
    assert pl.read_parquet(target / "latest" / "all_txns.parquet").height == 5
    assert pl.read_parquet(target / "history" / RUN / "all_txns.parquet").height == 10


def test_side_tables_join_and_ids_tell_nothing(folder, payments):
    data = folder / "data"
    clients, fraud_devices = pl.read_parquet(data / "clients.parquet"), pl.read_parquet(data / "fraud_devices.parquet")
    assert set(payments["client_id"]) <= set(clients["client_id"])
    assert clients["city_id"].to_list() == [1, 1, 1]
    assert pl.read_parquet(data / "offline_merchants.parquet")["merchant_id"].to_list() == [1]
    assert pl.read_parquet(data / "online_merchants.parquet")["merchant_id"].to_list() == [3]
    assert pl.read_parquet(data / "outer_accounts.parquet")["account_id"].to_list() == [10003]
    assert fraud_devices.height == 0  # the literal scam has no device anomaly
    assert pl.read_parquet(data / "cities.parquet").select("city", "timezone", "population").rows() == [
        ("Delhi", "UTC+5:30", None)
    ]


def test_nobody_is_a_drop_without_a_drop_typology(folder):
    with (folder / "latest" / "accounts.csv").open() as file:
        assert {row["is_drop"] for row in csv.DictReader(file)} == {"false"}
