"""PaySim's log: balances on both sides, whatever months are exported."""

import polars as pl
import pytest

from riskfabric_assets.exports.writing import export_format

HEADER = (
    "step,type,amount,nameOrig,oldbalanceOrg,newbalanceOrig,"
    "nameDest,oldbalanceDest,newbalanceDest,isFraud,isFlaggedFraud"
)


@pytest.fixture(scope="module")
def log(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("paysim") / "out"
    export_format(settings, "paysim", target)
    return target / "paysim.csv"


def test_the_header_is_that_of_the_benchmark(log):
    assert log.read_text().split("\n")[0] == HEADER


def test_types_follow_what_was_done_and_declines_for_lack_of_money_are_left_out(log):
    kinds = pl.read_csv(log)["type"].to_list()
    assert kinds == ["PAYMENT", "TRANSFER", "PAYMENT", "TRANSFER", "CASH_IN", "TRANSFER", "CASH_OUT", "PAYMENT"]


def test_steps_are_hours_of_the_local_clock_from_one(log):
    assert pl.read_csv(log)["step"][0] == 2 * 24 + 11 + 1


def test_every_balance_continues_the_one_before(log):
    own = pl.read_csv(log).filter(pl.col("nameOrig") == "C11")
    assert own["oldbalanceOrg"][0] == 20_000
    before, after = own["oldbalanceOrg"], own["newbalanceOrig"]
    assert before[1:].to_list() == after[:-1].to_list()
    change = pl.when(pl.col("type") == "CASH_IN").then("amount").otherwise(-pl.col("amount"))
    assert (before + own.select(change).to_series()).to_list() == pytest.approx(after.to_list())


def test_the_payee_of_a_transfer_has_balances_if_it_banks_here(log):
    transfers = pl.read_csv(log).filter(pl.col("type") == "TRANSFER")
    assert transfers.select("nameDest", "oldbalanceDest", "newbalanceDest").rows() == [
        ("C12", 1000.0, 1500.0),
        ("C900", 0.0, 0.0),
        ("C12", 1500.0, 1700.0),
    ]


def test_a_later_month_starts_at_the_balance_that_the_earlier_one_left(settings, log, tmp_path):
    export_format(settings, "paysim", tmp_path / "out", months=["2025-09"])
    september = pl.read_csv(tmp_path / "out" / "paysim.csv")
    assert september.drop("step").equals(pl.read_csv(log).tail(september.height).drop("step"))
