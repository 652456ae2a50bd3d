import numpy as np
import polars as pl
import pytest

from riskfabric_assets.osm.reservoir import Reservoir, smallest
from riskfabric_assets.osm.tags import LANDUSE


def homes(count: int, cells: int, seed: int = 3) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "place_id": np.arange(count, dtype=np.int64),
            "residence_kind": np.where(generator.random(count) < 0.1, LANDUSE, "house"),
            "h3_cell_r7": generator.integers(0, cells, count, dtype=np.uint64),
            "priority": generator.integers(0, 2**63, count, dtype=np.uint64),
        }
    )


@pytest.mark.parametrize("in_all", [60, 150, 10_000])
def test_the_choice_does_not_depend_on_batches_or_their_order(monkeypatch, in_all):
    monkeypatch.setattr("riskfabric_assets.osm.reservoir.PENDING_ROWS", 50)
    everything = homes(2_000, cells=20)
    at_once, in_parts = Reservoir(40, in_all), Reservoir(40, in_all)
    at_once.add(everything)
    for part in reversed(list(everything.iter_slices(37))):
        in_parts.add(part)
    assert at_once.result().equals(in_parts.result())
    assert at_once.seen == in_parts.seen == 2_000


def test_no_cell_keeps_more_than_its_share():
    kept = smallest(homes(2_000, cells=20), per_cell=15, in_all=10_000)
    assert kept.group_by("h3_cell_r7").len()["len"].to_list() == [15] * 20


def test_the_total_is_kept_by_lowering_the_share_of_every_cell_alike():
    kept = smallest(homes(2_000, cells=20), per_cell=40, in_all=210)
    assert kept.group_by("h3_cell_r7").len()["len"].to_list() == [10] * 20


def test_every_cell_keeps_a_home_even_if_the_total_is_exceeded():
    assert smallest(homes(2_000, cells=20), per_cell=40, in_all=5).height == 20


def test_a_residential_area_counts_only_where_no_house_is_mapped():
    mixed = pl.DataFrame(
        {
            "place_id": [1, 2, 3],
            "residence_kind": ["house", LANDUSE, LANDUSE],
            "h3_cell_r7": pl.Series([10, 10, 11], dtype=pl.UInt64),
            "priority": pl.Series([9, 1, 5], dtype=pl.UInt64),
        }
    )
    reservoir = Reservoir(10, 10)
    reservoir.add(mixed)
    assert reservoir.result()["place_id"].to_list() == [1, 3]


def test_without_homes_the_result_is_empty():
    assert Reservoir(10, 10).result().height == 0
