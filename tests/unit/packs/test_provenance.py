"""Numbers and assumptions are counted as a reader of the file would."""

import pytest

from riskfabric_assets.packs.provenance import Provenance, count_numbers, provenance_of, total_provenance
from riskfabric_assets.packs.settings import packaged_config


def quantity(value, source):
    return {"value": value, "unit": "share", "source": source}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"a": quantity(1, "Stats SA, 2024")}, (1, 0)),
        ({"a": quantity(1, "assumed: half")}, (1, 1)),
        ({"a": {"b": quantity({"x": 0.5, "y": 0.5}, "assumed")}, "c": quantity([1, 2, 3], "Rosstat")}, (5, 2)),
        ({"metro": quantity({"x": 1.0}, "assumed: one"), "urban": quantity({"x": 1.0}, "as metro")}, (2, 2)),
        ({"metro": quantity({"x": 1.0}, "TRAI"), "urban": quantity({"x": 1.0}, "as metro")}, (2, 0)),
        ({"a": quantity([1, 2], "Stats SA 2024; split assumed"), "b": quantity(1, "tuned to R25")}, (3, 0, 3)),
        ({"title": "India", "names": ["a", "b"]}, (0, 0)),
    ],
)
def test_a_table_counts_each_of_its_numbers(content, expected):
    assert count_numbers(content) == Provenance(*expected)


def test_a_world_without_numbers_assumes_nothing():
    assert Provenance(0, 0).assumed_share == 0.0


def test_the_total_is_the_sum_of_the_files():
    files = provenance_of(packaged_config(), "india")
    total = total_provenance(packaged_config(), "india")
    assert total.numbers == sum(file.numbers for file in files.values()) > 100
    assert 0 < total.assumed_share < 1
