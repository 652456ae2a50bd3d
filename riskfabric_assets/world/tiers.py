"""Four nested tiers around a home (r6 cell, r4 cell, region, everywhere) and which slots a home sees in them."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.world.cells import parents_of
from riskfabric_assets.world.slices import Slices, join_slices, slice_by

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
UInt64s = npt.NDArray[np.uint64]

TIERS: Final = ("r6", "r4", "region", "everywhere")
"""Tiers in order of reach; a tier's code is its position (RiskFabric (Rust): super-local, district, state, global)."""
EMPTY: Final = np.int32(-1)


class Tiers(NamedTuple):
    """All tiers in one grouping: first the r6 cells, then the r4 cells, the regions, and everywhere as last slot."""

    slices: Slices
    r6_cells: UInt64s
    """Cell of slot i, ascending."""
    r4_cells: UInt64s
    """Cell of slot len(r6_cells) + i, ascending."""
    region_ids: Int64s
    """Region of slot len(r6_cells) + len(r4_cells) + i, ascending."""


class Neighbourhoods(NamedTuple):
    """Slots of `Tiers` that each of n homes sees, one column per tier, shape (n, 4)."""

    slots: Int32s
    """-1 where nobody trades."""
    cascaded: Int32s
    """The same, with the next wider tier in place of an empty one; -1 only in a market without any place."""


def build_tiers(cells_r7: UInt64s, region_ids: Int64s, weights: Floats) -> Tiers:
    """Group places by r6 cell, r4 cell and region, and all together.

    Args:
        cells_r7: H3 cell of every place, resolution 7, shape (n,).
        region_ids: Region of every place, shape (n,).
        weights: Popularity, shape (n,), > 0.
    """
    r6_cells, by_r6 = np.unique(parents_of(cells_r7, 6), return_inverse=True)
    r4_cells, by_r4 = np.unique(parents_of(cells_r7, 4), return_inverse=True)
    regions, by_region = np.unique(region_ids, return_inverse=True)
    parts = [
        slice_by(by_r6.astype(np.int64), weights, r6_cells.shape[0]),
        slice_by(by_r4.astype(np.int64), weights, r4_cells.shape[0]),
        slice_by(by_region.astype(np.int64), weights, regions.shape[0]),
        slice_by(np.zeros(cells_r7.shape[0], dtype=np.int64), weights, 1),
    ]
    return Tiers(join_slices(parts), r6_cells, r4_cells, regions.astype(np.int64))


def locate(tiers: Tiers, cells_r7: UInt64s, region_ids: Int64s) -> Neighbourhoods:
    """Find the slots around every home once, so that kernels need no search.

    Args:
        tiers: Tiers of the market.
        cells_r7: H3 cell of every home, resolution 7, shape (n,).
        region_ids: Region of every home, shape (n,).
    """
    first_r4 = tiers.r6_cells.shape[0]
    first_region = first_r4 + tiers.r4_cells.shape[0]
    everywhere = first_region + tiers.region_ids.shape[0]
    slots = np.full((cells_r7.shape[0], len(TIERS)), EMPTY, dtype=np.int32)
    slots[:, 0] = _positions(tiers.r6_cells, parents_of(cells_r7, 6), 0)
    slots[:, 1] = _positions(tiers.r4_cells, parents_of(cells_r7, 4), first_r4)
    slots[:, 2] = _positions(tiers.region_ids, region_ids, first_region)
    slots[:, 3] = everywhere if tiers.slices.members.shape[0] else EMPTY
    cascaded = slots.copy()
    for tier in range(len(TIERS) - 2, -1, -1):
        cascaded[:, tier] = np.where(slots[:, tier] == EMPTY, cascaded[:, tier + 1], slots[:, tier])
    return Neighbourhoods(slots, cascaded)


def _positions(known: npt.NDArray[np.int64] | UInt64s, wanted: npt.NDArray[np.int64] | UInt64s, first: int) -> Int32s:
    """Slot of every wanted value, counted from `first`; -1 where it is not known."""
    if known.shape[0] == 0:
        return np.full(wanted.shape[0], EMPTY, dtype=np.int32)
    position = np.minimum(np.searchsorted(known, wanted), known.shape[0] - 1)
    return np.where(known[position] == wanted, position + first, EMPTY).astype(np.int32)
