"""Where money can be spent: merchants and cash machines on the map, shops without a place on it, and their index."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.market import Market as MarketRules
from riskfabric_assets.world.groups import NO_GROUP, groups_of
from riskfabric_assets.world.outside import Outside, Reached, reach_shops
from riskfabric_assets.world.places import Places
from riskfabric_assets.world.slices import Slices, join_slices, slice_by
from riskfabric_assets.world.tiers import Neighbourhoods, Tiers, build_tiers, locate

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]

CASH_CATEGORY: Final = MERCHANT_CATEGORIES.index("CASH")
CASH_MERCHANT_CATEGORY_CODE: Final = 6011
"""ISO 18245: financial institutions, automated cash disbursements."""


_POSITION: Final = ("latitude", "longitude", "h3_cell_r7", "region_id")


class Market(NamedTuple):
    """Read-only arrays; a place is its position in `merchants`, `atms` or one of the `reached`."""

    merchants: Places
    merchant_tiers: Tiers
    merchant_categories: Slices
    """Slot r * 19 + c: merchants of category c in region merchant_tiers.region_ids[r]; the last 19: in any region."""
    by_group: Slices
    """Slot t * len(SPENDING_GROUPS) + g: merchants of group g in slot t of merchant_tiers; may be empty."""
    merchant_r6_slots: Int32s
    """Slot of merchant_tiers that is the r6 cell of each merchant, shape (merchants,)."""
    atms: Places
    """Cash machines, or the bank branches of a map without machines; may be empty."""
    atm_tiers: Tiers
    reached: Reached
    """Shops without a place on the map."""
    outside: Outside


def build_market(
    merchants: pl.DataFrame,
    financial: pl.DataFrame,
    remote_merchants: pl.DataFrame,
    streams: Streams,
    rules: MarketRules,
    outside: Outside,
) -> Market:
    """Turn reference/merchants, reference/financial and population/remote_merchants into a market.

    Popularity on the map is a pure function of (seed, place id): a rank-size law, so that an additional shop changes
    no other.

    Raises:
        InputError: There is no merchant, or a category is unknown.
    """
    _refuse_unusable(merchants)
    codes = {name: code for code, name in enumerate(MERCHANT_CATEGORIES)}
    shops = merchants.sort("merchant_id").select(
        pl.col("merchant_id").alias("place_id"),
        pl.col("merchant_category").cast(pl.String).replace_strict(codes, return_dtype=pl.UInt8).alias("category"),
        "merchant_category_code",
        *_POSITION,
    )
    machines = financial.filter(pl.col("financial_kind") == "atm")
    cash = (
        (machines if machines.height else financial)
        .sort("financial_id")
        .select(
            pl.col("financial_id").alias("place_id"),
            pl.lit(CASH_CATEGORY).alias("category"),
            pl.lit(CASH_MERCHANT_CATEGORY_CODE).alias("merchant_category_code"),
            *_POSITION,
        )
    )
    places, atms = _places(shops, streams, rules), _places(cash, streams, rules)
    tiers = _tiers(places)
    around = locate(tiers, places.h3_cell_r7, places.region_id)
    return Market(
        merchants=places,
        merchant_tiers=tiers,
        merchant_categories=_by_category(places, tiers),
        by_group=_by_group(places, tiers, around),
        merchant_r6_slots=np.ascontiguousarray(around.slots[:, 0]),
        atms=atms,
        atm_tiers=_tiers(atms),
        reached=reach_shops(remote_merchants, outside),
        outside=outside,
    )


def _places(frame: pl.DataFrame, streams: Streams, rules: MarketRules) -> Places:
    ids = np.ascontiguousarray(frame["place_id"].to_numpy(), dtype=np.int64)
    codes = np.ascontiguousarray(frame["merchant_category_code"].to_numpy(), dtype=np.int16)
    category = np.ascontiguousarray(frame["category"].to_numpy(), dtype=np.uint8)
    return Places(
        place_id=ids,
        category=category,
        merchant_category_code=codes,
        latitude=np.ascontiguousarray(frame["latitude"].to_numpy(), dtype=np.float64),
        longitude=np.ascontiguousarray(frame["longitude"].to_numpy(), dtype=np.float64),
        h3_cell_r7=np.ascontiguousarray(frame["h3_cell_r7"].to_numpy(), dtype=np.uint64),
        region_id=np.ascontiguousarray(frame["region_id"].to_numpy(), dtype=np.int64),
        popularity=_draw_popularity(streams, ids, rules),
        group=np.where(category == CASH_CATEGORY, NO_GROUP, groups_of(codes, category)).astype(np.uint8),
        country=np.zeros(ids.shape[0], dtype=np.uint8),
        currency=np.zeros(ids.shape[0], dtype=np.uint8),
    )


def _draw_popularity(streams: Streams, ids: Int64s, rules: MarketRules) -> Floats:
    """Pareto weights, whose ranks follow Zipf's law with the configured exponent, up to a cap."""
    draws = 1.0 - streams.uniforms("world/popularity", ids)
    return np.minimum(draws**-rules.popularity_exponent, rules.popularity_cap)


def _tiers(places: Places) -> Tiers:
    return build_tiers(places.h3_cell_r7, places.region_id, places.popularity)


def _by_category(places: Places, tiers: Tiers) -> Slices:
    count = len(MERCHANT_CATEGORIES)
    regions = tiers.region_ids.shape[0]
    category = places.category.astype(np.int64)
    slots = np.searchsorted(tiers.region_ids, places.region_id) * count + category
    return join_slices(
        [slice_by(slots, places.popularity, regions * count), slice_by(category, places.popularity, count)]
    )


def _by_group(places: Places, tiers: Tiers, around: Neighbourhoods) -> Slices:
    """Members of every tier slot by group, tier after tier as in `tiers`."""
    count = len(SPENDING_GROUPS)
    sizes = (tiers.r6_cells.shape[0], tiers.r4_cells.shape[0], tiers.region_ids.shape[0], 1)
    firsts = np.cumsum([0, *sizes])
    parts = []
    for tier, size in enumerate(sizes):
        slots = (around.slots[:, tier].astype(np.int64) - firsts[tier]) * count + places.group
        parts.append(slice_by(slots, places.popularity, size * count))
    return join_slices(parts)


def _refuse_unusable(merchants: pl.DataFrame) -> None:
    if merchants.is_empty():
        raise InputError(
            [
                Problem(
                    "reference/merchants",
                    "no merchant",
                    "at least one shop, restaurant or other place that sells",
                    "choose an extract that holds points of interest (one filtered for routing does not), "
                    "or unset RISKFABRIC_OSM_PATH to use the sample world",
                )
            ]
        )
    unknown = sorted(set(merchants["merchant_category"].cast(pl.String)) - set(MERCHANT_CATEGORIES))
    if unknown:
        raise InputError(
            [
                Problem(
                    "reference/merchants.merchant_category",
                    ", ".join(unknown),
                    ", ".join(MERCHANT_CATEGORIES),
                    "correct the category map, or export the references again",
                )
            ]
        )
