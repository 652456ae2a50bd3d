"""A small literal world for tests: two regions, three towns, one hamlet and one lonely farm.

The frames follow the contracts of `reference` exactly. Everything is drawn through the counter-based
streams of a fixed seed, so the world is the same on every machine and never changes by accident.
"""

import dataclasses
import functools
from typing import Final

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import reference
from riskfabric_assets.foundation.units import KM_PER_DEGREE
from riskfabric_assets.packs.files import Config
from riskfabric_assets.world.market import Market, build_market
from riskfabric_assets.world.outside import outside_of
from riskfabric_assets.world.remote import draw_remote_merchants

Floats = npt.NDArray[np.float64]
STREAMS: Final = Streams(20250801)

CATEGORIES: Final = {
    "GROCERY": (5411, "LOW", 0.22),
    "FOOD_AND_DRINK": (5812, "LOW", 0.20),
    "GENERAL_RETAIL": (5311, "LOW", 0.08),
    "SERVICES": (7299, "LOW", 0.07),
    "ENTERTAINMENT": (7999, "LOW", 0.02),
    "ELECTRONICS": (5732, "HIGH", 0.06),
    "TRAVEL": (4722, "HIGH", 0.04),
    "MEDICAL": (8099, "LOW", 0.07),
    "AUTOMOTIVE": (5511, "MEDIUM", 0.03),
    "LUXURY": (5944, "VERY_HIGH", 0.02),
    "B2B_WHOLESALE": (5099, "LOW", 0.01),
    "HOME_GARDEN": (5200, "LOW", 0.04),
    "TRANSPORT": (4111, "LOW", 0.05),
    "CHARITY": (8398, "LOW", 0.01),
    "RETAIL": (5999, "LOW", 0.05),
    "ALCOHOL": (5921, "HIGH", 0.02),
    "GAMBLING": (7995, "VERY_HIGH", 0.01),
}
"""Category -> merchant category code, risk level, share of merchants (RiskFabric's category map)."""


@dataclasses.dataclass(frozen=True)
class Town:
    """One settlement of the small world; counts are merchants, residences, cash machines and branches."""

    settlement_id: int
    name: str
    location_type: str
    district_id: int
    region_id: int
    postcode: str
    latitude: float
    longitude: float
    spread_km: float
    population: int
    merchants: int
    residences: int
    atms: int
    banks: int


TOWNS: Final = (
    Town(1, "Mumbai", "Metro", 11, 1, "400001", 19.0760, 72.8777, 6.0, 12_478_447, 150, 240, 12, 6),
    Town(2, "Nashik", "Urban", 12, 1, "422001", 19.9975, 73.7898, 3.0, 1_486_053, 80, 120, 6, 3),
    Town(3, "Hassan", "Semi-Urban", 21, 2, "573201", 13.0072, 76.1029, 2.0, 155_006, 70, 100, 5, 2),
    Town(4, "Arsikere Halli", "Rural", 21, 2, "573103", 13.3130, 76.2560, 1.0, 4_200, 0, 36, 0, 0),
    Town(5, "Lone Farm", "Rural", 0, 0, "", 26.9000, 70.9000, 0.5, 90, 0, 4, 0, 0),
)
"""The hamlet has no shop in its r6 cell (its r4 cell may); the farm has no shop in any cell or region."""
DISTRICTS: Final = ((0, 0, "Unknown"), (11, 1, "Mumbai"), (12, 1, "Nashik"), (21, 2, "Hassan"))
REGIONS: Final = ((0, "Unknown", None), (1, "Maharashtra", "IN-MH"), (2, "Karnataka", "IN-KA"))


@dataclasses.dataclass(frozen=True)
class SmallWorld:
    """The reference marts of the small world."""

    merchants: pl.DataFrame
    residential: pl.DataFrame
    financial: pl.DataFrame
    districts: pl.DataFrame
    regions: pl.DataFrame


def small_market(config: Config, streams: Streams) -> Market:
    """Return the market of the small world, with the shops that its pack knows outside the map."""
    world = small_world()
    remote_merchants = draw_remote_merchants(config.remote, config.world, streams)
    outside = outside_of(config.remote, config.world)
    return build_market(world.merchants, world.financial, remote_merchants, streams, config.market, outside)


@functools.cache
def small_world() -> SmallWorld:
    """Return the frames of reference/*: 300 merchants, 500 residences, 23 cash machines, 11 branches."""
    return SmallWorld(_merchants(), _residential(), _financial(), _districts(), _regions())


def _places(kind: str, towns: npt.NDArray[np.int64], first_id: int) -> pl.DataFrame:
    """Scatter one row per element of `towns` (index into TOWNS) around its town; the shared columns."""
    rows = np.arange(towns.shape[0])
    spread = np.array([town.spread_km for town in TOWNS])[towns]
    latitude = np.array([town.latitude for town in TOWNS])[towns]
    longitude = np.array([town.longitude for town in TOWNS])[towns]
    north = STREAMS.normals(f"tests/{kind}/north", rows) * spread / KM_PER_DEGREE
    east = STREAMS.normals(f"tests/{kind}/east", rows) * spread / KM_PER_DEGREE / np.cos(np.radians(latitude))
    latitude, longitude = np.round(latitude + north, 7), np.round(longitude + east, 7)
    cells = [h3.latlng_to_cell(*position, 7) for position in zip(latitude.tolist(), longitude.tolist(), strict=True)]
    district_names = {district: name for district, _, name in DISTRICTS}
    region_names = {region: name for region, name, _ in REGIONS}
    own = [TOWNS[town] for town in towns]
    return pl.DataFrame(
        {
            "place_id": rows * 7 + first_id,
            "settlement_id": [town.settlement_id for town in own],
            "district_id": [town.district_id for town in own],
            "region_id": [town.region_id for town in own],
            "city_name": [town.name if town.region_id else None for town in own],
            "postcode": [town.postcode or None for town in own],
            "district_name": [district_names[town.district_id] for town in own],
            "region_name": [region_names[town.region_id] for town in own],
            "location_type": [town.location_type for town in own],
            "latitude": latitude,
            "longitude": longitude,
            "h3_cell_r7": pl.Series(cells, dtype=pl.UInt64),
            "h3_cell_r6": pl.Series([h3.cell_to_parent(cell, 6) for cell in cells], dtype=pl.UInt64),
            "h3_cell_r4": pl.Series([h3.cell_to_parent(cell, 4) for cell in cells], dtype=pl.UInt64),
        }
    )


def _towns_of(attribute: str) -> npt.NDArray[np.int64]:
    counts = [getattr(town, attribute) for town in TOWNS]
    return np.repeat(np.arange(len(TOWNS)), counts)


def _merchants() -> pl.DataFrame:
    towns = _towns_of("merchants")
    names = np.array(list(CATEGORIES))
    shares = [share for _, _, share in CATEGORIES.values()]
    category = names[STREAMS.picks("tests/merchants/category", np.arange(towns.shape[0]), shares)]
    frame = _places("merchants", towns, 100_003).with_columns(
        pl.col("place_id").alias("merchant_id"),
        pl.Series("merchant_category", category.tolist()),
        pl.Series("risk_level", [CATEGORIES[name][1] for name in category]),
        pl.Series("merchant_category_code", [CATEGORIES[name][0] for name in category], dtype=pl.Int16),
        pl.format("{} {}", pl.col("city_name"), pl.col("place_id")).alias("merchant_name"),
    )
    return _finish(frame, reference.MERCHANTS)


def _residential() -> pl.DataFrame:
    towns = _towns_of("residences")
    weight = np.array([town.population / town.residences for town in TOWNS])[towns]
    frame = _places("residences", towns, 900_001).with_columns(
        pl.col("place_id").alias("residence_id"), pl.Series("population_weight", weight / weight.sum())
    )
    return _finish(frame, reference.RESIDENTIAL)


def _financial() -> pl.DataFrame:
    towns = np.concatenate([_towns_of("atms"), _towns_of("banks")])
    atms = sum(town.atms for town in TOWNS)
    frame = _places("financial", towns, 700_001).with_columns(
        pl.col("place_id").alias("financial_id"),
        pl.Series("financial_kind", ["atm"] * atms + ["bank"] * (towns.shape[0] - atms)),
        pl.lit(None, dtype=pl.String).alias("operator"),
    )
    return _finish(frame, reference.FINANCIAL)


def _districts() -> pl.DataFrame:
    region_names = {region: name for region, name, _ in REGIONS}
    rows = [(district, region, name, region_names[region], None) for district, region, name in DISTRICTS]
    frame = pl.DataFrame(rows, schema=reference.DISTRICTS.schema, orient="row")
    return reference.DISTRICTS.check(frame)


def _regions() -> pl.DataFrame:
    people = {region: sum(town.population for town in TOWNS if town.region_id == region) for region, _, _ in REGIONS}
    rows = [(region, name, code, people[region]) for region, name, code in REGIONS]
    return reference.REGIONS.check(pl.DataFrame(rows, schema=reference.REGIONS.schema, orient="row"))


def _finish(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return table.check(frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items()))
