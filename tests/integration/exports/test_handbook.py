"""The Handbook's daily files: numbers from 0, time since the first day, one file for each day."""

import polars as pl
import pytest

from riskfabric_assets.exports.writing import export_format

COLUMNS = (
    "TRANSACTION_ID TX_DATETIME CUSTOMER_ID TERMINAL_ID TX_AMOUNT TX_TIME_SECONDS TX_TIME_DAYS TX_FRAUD "
    "TX_FRAUD_SCENARIO"
)


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("handbook") / "out"
    export_format(settings, "handbook", target)
    return target


def test_every_day_has_a_file_even_without_payments(folder):
    days = sorted(path.stem for path in folder.glob("*.parquet"))
    assert (len(days), days[0], days[-1]) == (61, "2025-08-01", "2025-09-30")
    empty = pl.read_parquet(folder / "2025-08-02.parquet")
    assert (empty.height, " ".join(empty.columns)) == (0, COLUMNS)


def test_approved_payments_at_terminals_are_numbered_through_all_days(folder):
    payments = pl.concat([pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    assert payments["TRANSACTION_ID"].to_list() == [0, 1, 2, 3]
    assert payments["TERMINAL_ID"].to_list() == [0, 2, 1, 0]
    assert payments["TX_TIME_DAYS"].to_list() == [2, 4, 33, 34]
    assert payments["TX_TIME_SECONDS"][0] == (2 * 24 + 11.5) * 3600


def test_the_scenario_is_the_number_of_the_typology(folder):
    fraud = pl.concat([pl.read_parquet(path) for path in folder.glob("*.parquet")]).filter(pl.col("TX_FRAUD") == 1)
    scenarios = pl.read_csv(folder / "scenarios.csv")
    found = fraud.join(scenarios, on="TX_FRAUD_SCENARIO")["typology"].to_list()
    assert found == ["friendly_fraud"]
