"""Where money can be spent: merchants and cash machines as arrays in canonical order, with their index."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.packs.market import Market as MarketRules
from riskfabric_assets.world.slices import Slices, join_slices, slice_by
from riskfabric_assets.world.tiers import Tiers, build_tiers

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]

CASH_CATEGORY: Final = MERCHANT_CATEGORIES.index("CASH")
CASH_MERCHANT_CATEGORY_CODE: Final = 6011
"""ISO 18245: financial institutions, automated cash disbursements."""


_POSITION: Final = ("latitude", "longitude", "h3_cell_r7", "region_id")


class Places(NamedTuple):
    """Merchants or cash machines, ascending by id, every array of shape (n,)."""

    place_id: Int64s
    category: npt.NDArray[np.uint8]
    """Code in foundation.tables.bronze.MERCHANT_CATEGORIES."""
    merchant_category_code: npt.NDArray[np.int16]
    latitude: Floats
    longitude: Floats
    h3_cell_r7: UInt64s
    region_id: Int64s
    popularity: Floats
    """Weight among its neighbours, >= 1."""


class Market(NamedTuple):
    """Read-only arrays; a place is its position in `merchants` or `atms`."""

    merchants: Places
    merchant_tiers: Tiers
    merchant_categories: Slices
    """Slot r * 18 + c: merchants of category c in region merchant_tiers.region_ids[r]; the last 18: in any region."""
    atms: Places
    """Cash machines, or the bank branches of a map without machines; may be empty."""
    atm_tiers: Tiers


def build_market(merchants: pl.DataFrame, financial: pl.DataFrame, streams: Streams, rules: MarketRules) -> Market:
    """Turn reference/merchants and reference/financial into a market.

    Popularity is a pure function of (seed, place id): a rank-size law, so that an additional shop changes no other.

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
    merchant_places, atm_places = _places(shops, streams, rules), _places(cash, streams, rules)
    tiers = _tiers(merchant_places)
    return Market(merchant_places, tiers, _by_category(merchant_places, tiers), atm_places, _tiers(atm_places))


def _places(frame: pl.DataFrame, streams: Streams, rules: MarketRules) -> Places:
    ids = np.ascontiguousarray(frame["place_id"].to_numpy(), dtype=np.int64)
    return Places(
        place_id=ids,
        category=np.ascontiguousarray(frame["category"].to_numpy(), dtype=np.uint8),
        merchant_category_code=np.ascontiguousarray(frame["merchant_category_code"].to_numpy(), dtype=np.int16),
        latitude=np.ascontiguousarray(frame["latitude"].to_numpy(), dtype=np.float64),
        longitude=np.ascontiguousarray(frame["longitude"].to_numpy(), dtype=np.float64),
        h3_cell_r7=np.ascontiguousarray(frame["h3_cell_r7"].to_numpy(), dtype=np.uint64),
        region_id=np.ascontiguousarray(frame["region_id"].to_numpy(), dtype=np.int64),
        popularity=_draw_popularity(streams, ids, rules),
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
