"""The national stream: batches of twenty, named once, in a manifest; novelty follows the first payment."""

import hashlib
import json

import polars as pl
import pytest

from riskfabric_assets.exports.formats import national
from riskfabric_assets.exports.writing import export_format


def batches(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "manifest.ndjson").read_text().splitlines()]


def payments(folder) -> list[dict]:
    texts = [(folder / batch["file"]).read_text() for batch in batches(folder)]
    return [json.loads(line) for text in texts for line in text.splitlines()]


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("national") / "out"
    export_format(settings, "national", target, options=["batch_rows=3", "with_truth=true"])
    return target


def test_the_manifest_names_every_batch_with_its_hash(folder):
    listed = batches(folder)
    assert [batch["rows"] for batch in listed] == [3, 3, 2]
    assert {batch["file"] for batch in listed} == {path.name for path in folder.glob("national_batch_*.json")}
    for batch in listed:
        assert hashlib.sha256((folder / batch["file"]).read_bytes()).hexdigest() == batch["sha256"]


def test_batches_hold_twenty_payments_unless_told_otherwise(settings, tmp_path):
    rows = export_format(settings, "national", tmp_path / "out")
    assert (rows["manifest.ndjson"], rows["national_batch_XXXXXXXX.json"]) == (1, 8)
    assert not (tmp_path / "out" / "truth.parquet").exists()


def test_a_payment_has_the_seven_fields_of_the_source(folder):
    first = payments(folder)[0]
    assert " ".join(first) == "transaction_id customer_id amount device_id location recipient_status timestamp"
    assert first["location"] == {"lat": 28.6, "lon": 77.2}
    assert (first["customer_id"], first["amount"], first["device_id"]) == ("CUST-1000", 100.5, None)
    assert first["timestamp"] == "2025-08-03T11:30:00.000000"


def test_a_recipient_is_new_until_paid_unless_known_before(folder):
    status = [payment["recipient_status"] for payment in payments(folder)]
    new, known = "NEW_RECIPIENT", "FAVORITE"
    assert status == [new, known, new, new, known, known, new, known]


def test_novelty_remembers_months_that_are_not_exported(settings, tmp_path):
    export_format(settings, "national", tmp_path / "out", months=["2025-09"])
    assert payments(tmp_path / "out")[1]["recipient_status"] == "FAVORITE"


def test_the_registry_knows_homes_and_means(folder):
    registry = pl.read_parquet(folder / "customer_registry.parquet")
    assert registry["customer_id"].to_list() == ["CUST-1000", "CUST-1001", "CUST-1002"]
    assert registry["trusted_device"].to_list() == ["DEV-0000000000000047", None, None]
    assert registry["avg_spend"][1] is None


def test_the_side_car_names_the_fraud(folder):
    truth = pl.read_parquet(folder / "truth.parquet")
    assert truth["typology"].to_list() == ["upi_scam", "friendly_fraud"]
    assert set(truth["transaction_id"]) <= {payment["transaction_id"] for payment in payments(folder)}


def test_a_live_export_drops_whole_batches_at_its_cadence(settings, tmp_path, monkeypatch):
    seen = []

    def look(seconds):
        files = list((tmp_path / "out").glob("national_batch_*.json"))
        seen.append((seconds, len(files), sum(path.read_text().count("\n") for path in files)))

    monkeypatch.setattr(national.time, "sleep", look)
    export_format(settings, "national", tmp_path / "out", options=["batch_rows=4", "pause_seconds=4"])
    assert seen == [(4, 1, 4), (4, 2, 8)]


def test_an_interrupted_live_export_can_be_started_again(settings, tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    live = ["batch_rows=4", "pause_seconds=4"]
    with monkeypatch.context() as patched:
        patched.setattr(national.time, "sleep", interrupt)
        with pytest.raises(KeyboardInterrupt):
            export_format(settings, "national", tmp_path / "out", options=live)
    assert len(batches(tmp_path / "out")) == 1
    export_format(settings, "national", tmp_path / "out", overwrite=True)
    assert len(payments(tmp_path / "out")) == 8
