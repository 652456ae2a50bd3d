"""RiskFabric's five files: its columns and words, our facts."""

import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.exports.writing import export_format

TRANSACTION_COLUMNS = (
    "transaction_id card_id account_id customer_id merchant_id merchant_name merchant_category mcc merchant_country "
    "amount currency timestamp transaction_channel card_present user_agent ip_address status auth_status "
    "failure_reason is_fraud chargeback chargeback_days location_lat location_long h3_r7"
)
METADATA_COLUMNS = (
    "transaction_id fraud_target fraud_type label_noise injector_version geo_anomaly device_anomaly ip_anomaly flags "
    "burst_session burst_seq campaign_id campaign_type campaign_phase campaign_day_number"
)


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("riskfabric") / "out"
    export_format(settings, "riskfabric", target)
    return target


def read(folder, name) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet")


def test_payments_have_the_columns_of_the_source(folder):
    assert " ".join(read(folder, "transactions").columns) == TRANSACTION_COLUMNS
    assert " ".join(read(folder, "fraud_metadata").columns) == METADATA_COLUMNS


def test_every_payment_has_one_row_of_metadata(folder):
    payments, metadata = read(folder, "transactions"), read(folder, "fraud_metadata")
    assert payments["transaction_id"].equals(metadata["transaction_id"])
    assert payments["transaction_id"].n_unique() == payments.height == 8


def test_the_label_is_what_was_reported_and_the_metadata_say_where_it_is_wrong(folder):
    assert read(folder, "transactions")["is_fraud"].arg_true().to_list() == [3, 4]
    metadata = read(folder, "fraud_metadata")
    assert metadata["fraud_target"].arg_true().to_list() == [3, 7]
    assert metadata["label_noise"].to_list() == ["none", "none", "none", "none", "fp", "none", "none", "fn"]


def test_money_is_in_major_units_and_moments_in_utc(folder):
    first = read(folder, "transactions").row(0, named=True)
    assert first["amount"] == 100.5
    assert first["timestamp"] == "2025-08-03T06:00:00.000Z"
    assert first["mcc"] == "5411"


def test_channels_and_outcomes_have_the_words_of_the_source(folder):
    payments = read(folder, "transactions")
    assert payments["transaction_channel"].to_list() == [
        *("cards", "upi", "online", "upi", "upi", "upi", "cards", "upi")
    ]
    declined = payments.row(5, named=True)
    assert (declined["status"], declined["auth_status"]) == ("Failed", "declined")
    assert declined["failure_reason"] == "insufficient_funds"


def test_what_the_world_does_not_know_is_null(folder):
    payments, customers = read(folder, "transactions"), read(folder, "customers")
    assert all(column.is_null().all() for column in customers.select("customer_risk_score", "ip_subnet"))
    assert payments["merchant_name"].null_count() == 3  # transfers


def test_every_merchant_of_a_payment_is_described_once(folder):
    payments, merchants = read(folder, "transactions"), read(folder, "merchants")
    assert merchants["merchant_id"].n_unique() == merchants.height
    assert set(payments["merchant_id"].drop_nulls()) <= set(merchants["merchant_id"])
    beside = payments.drop_nulls("merchant_id").join(merchants, on="merchant_id")
    assert beside["merchant_name"].to_list() == beside["merchant_name_right"].to_list()
    grocer, machine = (merchants.filter(merchant_id=each).row(0, named=True) for each in ("501", "502"))
    assert (grocer["state"], grocer["merchant_country"], grocer["mcc"]) == ("Delhi", "IN", "0000")
    assert (machine["merchant_name"], machine["merchant_category"], machine["mcc"]) == ("Bank A", "CASH", "6011")


def test_chargebacks_are_those_of_the_bank_with_their_delay(folder):
    payments = read(folder, "transactions")
    assert payments["chargeback"].arg_true().to_list() == [3]
    assert payments["chargeback_days"].to_list() == [None, None, None, 30, None, None, None, None]


def test_ids_are_distinct_uuids(folder):
    ids = read(folder, "customers")["customer_id"]
    assert ids.n_unique() == 3
    assert ids.str.contains(r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$").all()


def test_a_balance_is_the_sum_of_its_movements(folder):
    balances = sorted(read(folder, "accounts")["balance"].to_list())
    spent = 100.5 + 500 + 100.5 + 9000 + 200 + 2000 + 100.5
    assert balances == [0.0, 1000 + 500 + 200, 20_000 + 5000 - spent]


def test_only_who_disputes_an_honest_payment_is_a_fraudster(folder):
    assert read(folder, "customers").filter("is_fraud")["name"].to_list() == ["Asha Rao"]


def test_cards_of_the_future_are_left_out(folder):
    cards = read(folder, "cards")
    assert cards.select("card_number", "card_network", "status").rows() == [("4000000000000001", "VISA", "Active")]
    assert cards["issue_date"].max() == dt.date(2024, 1, 1)


def test_one_month_can_be_exported_alone(settings, tmp_path):
    rows = export_format(settings, "riskfabric", tmp_path / "out", months=["2025-09"])
    assert rows["transactions.parquet"] == 4
