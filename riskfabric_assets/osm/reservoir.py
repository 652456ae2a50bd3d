"""A bounded, repeatable choice among too many homes: the smallest priorities of every cell.

Priorities are drawn by object id, so the choice does not depend on the order or the batches in which homes
arrive: keeping the smallest k of a part never loses one of the smallest k of the whole.
"""

import polars as pl

from riskfabric_assets.osm.tags import LANDUSE

PENDING_ROWS = 500_000
"""Rows that may wait before they are thinned; about 60 MB, and three times that while they are sorted."""


class Reservoir:
    """Collects residences and keeps at most `per_cell` in each H3 cell and about `in_all` altogether."""

    def __init__(self, per_cell: int, in_all: int) -> None:
        self._per_cell, self._in_all = per_cell, in_all
        self._kept: list[pl.DataFrame] = []
        self._pending_rows = 0
        self.seen = 0

    def add(self, residences: pl.DataFrame) -> None:
        """Take a batch with columns of `osm/residences` and `priority`."""
        self.seen += residences.height
        self._pending_rows += residences.height
        self._kept.append(residences)
        if self._pending_rows > PENDING_ROWS:
            self._kept = [smallest(pl.concat(self._kept), self._per_cell, self._in_all)]
            self._pending_rows = 0

    def result(self) -> pl.DataFrame:
        """Return what was kept, in order of `place_id`, without priorities; areas only where no house is mapped."""
        if not self._kept:
            return pl.DataFrame()
        kept = smallest(pl.concat(self._kept), self._per_cell, self._in_all)
        is_house = pl.col("residence_kind") != LANDUSE
        return kept.filter(is_house | ~is_house.any().over("h3_cell_r7")).drop("priority").sort("place_id")


def smallest(residences: pl.DataFrame, per_cell: int, in_all: int) -> pl.DataFrame:
    """Keep the smallest priorities of each cell: `per_cell` of them, fewer if `in_all` would be exceeded.

    Houses come before areas. The common cap is the largest that keeps the total at or below `in_all`, at least 1.
    """
    order = ["h3_cell_r7", pl.col("residence_kind") == LANDUSE, "priority", "place_id"]
    ranked = residences.sort(order).with_columns(pl.int_range(pl.len()).over("h3_cell_r7").alias("rank"))
    by_rank = ranked["rank"].value_counts().sort("rank")
    fitting = by_rank.filter(pl.col("count").cum_sum() <= in_all).height
    return ranked.filter(pl.col("rank") < max(1, min(per_cell, fitting))).drop("rank")
