"""The table in code is the calibration's table, and every row can be judged."""

import re

import pytest

from riskfabric_assets.packs.realism import Realism
from riskfabric_assets.realism.catalogue import CHECKS, check_of
from riskfabric_assets.realism.checks import COUNT, EVERYWHERE
from riskfabric_assets.realism.scorecard import score
from tests.unit.realism.lakes import lake, payments

TABLE = [*(f"R{number:02d}" for number in range(1, 56)), "ZA1", "ZA2", "ZA3", "RU1", "RU2", "RU3"]


def test_every_row_of_the_calibration_is_in_code_and_in_order():
    assert [check.id for check in CHECKS] == TABLE


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_row_is_complete(check):
    assert check.title
    assert check.definition
    assert check.source
    assert set(check.basis) <= set("ABC/-")
    assert set(check.worlds) <= set(EVERYWHERE)
    assert check.measures
    for measure in check.measures:
        assert measure.unit
        assert measure.target.low <= measure.target.high
        assert set(measure.worlds) <= set(check.worlds), "a figure may be narrower than its check, never wider"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_statistic_gives_exactly_its_figures(check):
    """On a data set of two payments and empty tables: the query runs, and the names are those of the table."""
    with lake(payments({}, {"channel": "online", "customer_id": 2})) as data:
        found = check.statistic(data)
    assert set(found) - {COUNT} == {measure.name for measure in check.measures}


def test_the_whole_table_is_judged_on_two_payments_and_nothing_passes():
    """Too little data is never a pass; what needs a table that is not there is not applicable."""
    with lake(payments({}, {})) as data:
        card = score(data, "india", Realism(exceptions={}))
    assert {found.verdict for found in card.findings} == {"too small", "not applicable"}
    assert not card.failed


def test_facts_of_one_country_judge_no_other():
    for number in range(1, 20):
        assert check_of(f"R{number:02d}").worlds == ("india",)
    assert {world for check in CHECKS if re.match("ZA", check.id) for world in check.worlds} == {"south_africa"}
    assert {world for check in CHECKS if re.match("RU", check.id) for world in check.worlds} == {"russia"}
