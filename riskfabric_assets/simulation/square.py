"""The market as kernels see it: every place in one array, and weighted picks that point into it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.simulation.alias import alias_table
from riskfabric_assets.simulation.kernels.bundles import Choices
from riskfabric_assets.simulation.kernels.records import GROUPS, Records
from riskfabric_assets.simulation.packing import pack_places
from riskfabric_assets.world.market import Market
from riskfabric_assets.world.slices import Slices

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class Square(NamedTuple):
    """Places and the ways to them, as in `Life`."""

    places: Records
    local: Choices
    cash: Choices
    online: Choices
    abroad_online: Choices
    abroad: Choices
    is_sold: npt.NDArray[np.bool_]
    """Whether a group is sold at home at all, shape (GROUPS,)."""


def build_square(market: Market) -> Square:
    """Put shops, machines and shops without a place behind each other; shops on the map stand in order of cell."""
    by_cell = np.argsort(market.merchants.h3_cell_r7, kind="stable")
    position = np.argsort(by_cell, kind="stable")
    shops = pack_places(market.merchants, market.merchant_r6_slots)[by_cell]
    reached = market.reached
    parts = [
        shops,
        *(pack_places(places) for places in (market.atms, reached.online, reached.abroad_online, reached.abroad)),
    ]
    starts = np.cumsum([0, *(part.shape[0] for part in parts)])
    local = choices_of(market.by_group, position)
    online = choices_of(reached.online_by_group, starts[2] + np.arange(parts[2].shape[0]))
    on_map = np.diff(local.first)[-GROUPS:] > 0
    return Square(
        places=np.concatenate(parts),
        local=local,
        cash=choices_of(market.atm_tiers.slices, starts[1] + np.arange(parts[1].shape[0])),
        online=online,
        abroad_online=choices_of(reached.abroad_online_by_group, starts[3] + np.arange(parts[3].shape[0])),
        abroad=choices_of(reached.abroad_by_city, starts[4] + np.arange(parts[4].shape[0])),
        is_sold=on_map | (np.diff(online.first) > 0),
    )


def choices_of(slices: Slices, position: Int64s) -> Choices:
    """Return the picks of a grouping; `position` says where each of its places stands in the square."""
    return Choices(slices.first, alias_table(slices, position))


def running(weights: Floats) -> Floats:
    """Return running shares of weights, the last exactly 1; empty for none."""
    sums = np.cumsum(weights)
    if sums.shape[0]:
        sums = sums / sums[-1]
        sums[-1] = 1.0
    return np.asarray(sums, dtype=np.float64)
