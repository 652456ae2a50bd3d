"""Sparkov's CSV: card payments only, with the holder beside them."""

import polars as pl
import pytest

from riskfabric_assets.exports.sparkov_categories import CATEGORIES, category_of
from riskfabric_assets.exports.writing import export_format
from riskfabric_assets.foundation.tables.spending import GROUP_CODES

HEADER = (
    "Unnamed: 0,trans_date_trans_time,cc_num,merchant,category,amt,first,last,gender,street,city,state,zip,lat,long,"
    "city_pop,job,dob,trans_num,unix_time,merch_lat,merch_long,is_fraud"
)


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("sparkov") / "out"
    export_format(settings, "sparkov", target)
    return target


def test_the_header_is_that_of_the_benchmark(folder):
    assert (folder / "fraudTrain.csv").read_text().split("\n")[0] == HEADER
    assert (folder / "fraudTest.csv").read_text().split("\n")[0] == HEADER


def test_only_card_payments_at_merchants_are_in_it(folder):
    train, test = (pl.read_csv(folder / name) for name in ("fraudTrain.csv", "fraudTest.csv"))
    assert train["merchant"].to_list() == ["Grocer", "Web Shop"]
    assert test.height == 0  # one withdrawal


def test_a_row_holds_its_holder_and_the_local_clock(folder):
    row = pl.read_csv(folder / "fraudTrain.csv").row(0, named=True)
    assert (row["first"], row["last"], row["gender"], row["dob"]) == ("Asha", "Rao", "F", "1990-01-01")
    assert (row["trans_date_trans_time"], row["unix_time"]) == ("2025-08-03 11:30:00", 1754220600)
    assert (row["amt"], row["city_pop"], row["is_fraud"]) == (100.5, 1_000_000, 0)


def test_shops_that_are_visited_and_remote_ones_differ(folder):
    assert pl.read_csv(folder / "fraudTrain.csv")["category"].to_list() == ["grocery_pos", "grocery_net"]


def test_every_code_has_a_category_of_the_benchmark_and_every_category_a_code():
    codes = [code for codes in GROUP_CODES.values() for code in codes]
    found = {category_of(code, is_remote=is_remote) for code in codes for is_remote in (False, True)}
    assert found == set(CATEGORIES)


def test_the_months_are_divided_as_asked(settings, tmp_path):
    rows = export_format(settings, "sparkov", tmp_path / "out", options=["test_months=2"])
    assert rows == {"fraudTrain.csv": 0, "fraudTest.csv": 2}
