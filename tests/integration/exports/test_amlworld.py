"""AMLworld's files, and the shapes of laundering."""

import pytest

from riskfabric_assets.exports.laundering import shape_of
from riskfabric_assets.exports.writing import export_format

HEADER = (
    "Timestamp,From Bank,Account,To Bank,Account.1,Amount Received,Receiving Currency,Amount Paid,Payment Currency,"
    "Payment Format,Is Laundering"
)


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory):
    target = tmp_path_factory.mktemp("amlworld") / "out"
    export_format(settings, "amlworld", target)
    return target


def test_only_approved_payments_are_in_it_with_both_sides(folder):
    header, *rows = (folder / "transactions.csv").read_text().splitlines()
    assert header == HEADER
    assert len(rows) == 7
    assert (
        rows[1] == "2025/08/04 11:30,BANK_A,000000000000000b,BANK_A,000000000000000c,500.00,Rupee,500.00,Rupee,Wire,0"
    )


def test_money_that_criminals_move_on_is_laundering_and_a_disputed_purchase_is_not(folder):
    rows = (folder / "transactions.csv").read_text().splitlines()[1:]
    assert [number for number, row in enumerate(rows) if row.endswith(",1")] == [3]


def test_an_attempt_stands_between_its_two_lines(folder):
    first, row, last, end = (folder / "patterns.txt").read_text().split("\n")[:4]
    assert first == "BEGIN LAUNDERING ATTEMPT - FAN-OUT"
    assert row in (folder / "transactions.csv").read_text()
    assert (last, end) == ("END LAUNDERING ATTEMPT - FAN-OUT", "")


@pytest.mark.parametrize(
    ("legs", "shape"),
    [
        (["ab", "ac"], "FAN-OUT"),
        (["ac", "bc"], "FAN-IN"),
        (["ab", "bc", "ca"], "CYCLE"),
        (["ac", "bd"], "BIPARTITE"),
        (["ac", "bd", "ce", "de"], "STACK"),
        (["ab", "bc", "ac"], "RANDOM"),
    ],
)
def test_legs_have_the_shape_that_they_draw(legs, shape):
    assert shape_of((leg[0], leg[1]) for leg in legs) == shape
