"""A made-up country as reference frames, so that generation can be measured without reading a map."""

from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.reference import FINANCIAL, MERCHANTS, RESIDENTIAL
from riskfabric_assets.foundation.tables.spending import GROUP_CATEGORIES, GROUP_CODES
from riskfabric_assets.world.cells import cells_at, parents_of

TOWNS: Final = 400
REGIONS: Final = 30
MERCHANTS_COUNT: Final = 60_000
RESIDENCES_COUNT: Final = 60_000
MACHINES_COUNT: Final = 4_000
UNKNOWN_CODE: Final = 5999
"""ISO 18245: other shops."""
STREAMS: Final = Streams(20250101)
_SIZE_EXPONENT: Final = 0.9
"""Rank-size law of towns."""


def country() -> dict[str, pl.DataFrame]:
    """Return merchants, residential and financial of a country of 400 towns, as large as a real sample."""
    sizes = 1.0 / np.arange(1, TOWNS + 1) ** _SIZE_EXPONENT
    places = np.arange(MERCHANTS_COUNT)
    groups = np.array(list(GROUP_CATEGORIES))[STREAMS.picks("bench/group", places, np.ones(len(GROUP_CATEGORIES)))]
    codes = [GROUP_CODES[group][0] if GROUP_CODES[group] else UNKNOWN_CODE for group in groups.tolist()]
    categories = [GROUP_CATEGORIES[group] for group in groups.tolist()]
    kinds = pl.Series(["Metro"] * 10 + ["Urban"] * 90 + ["Semi-Urban"] * 150 + ["Rural"] * 150)
    merchants, _ = _scattered(MERCHANTS, "merchant_id", MERCHANTS_COUNT, sizes)
    homes, towns = _scattered(RESIDENTIAL, "residence_id", RESIDENCES_COUNT, sizes)
    machines, _ = _scattered(FINANCIAL, "financial_id", MACHINES_COUNT, sizes)
    weight = sizes[towns] / np.bincount(towns, minlength=TOWNS)[towns]
    return {
        "merchants": _finished(
            MERCHANTS,
            merchants.with_columns(
                merchant_category=pl.Series(categories), merchant_category_code=pl.Series(codes, dtype=pl.Int16)
            ),
        ),
        "residential": _finished(
            RESIDENTIAL,
            homes.with_columns(location_type=kinds.gather(towns), population_weight=pl.Series(weight / weight.sum())),
        ),
        "financial": _finished(FINANCIAL, machines.with_columns(financial_kind=pl.lit("atm"))),
    }


def _scattered(table: Table, key: str, count: int, sizes: np.ndarray) -> tuple[pl.DataFrame, np.ndarray]:
    rows, towns = np.arange(count), np.arange(TOWNS)
    town = STREAMS.picks(f"bench/{table.name}/town", rows, sizes)
    center_lat = 10 + 18 * STREAMS.uniforms("bench/town/latitude", towns)
    center_lon = 72 + 14 * STREAMS.uniforms("bench/town/longitude", towns)
    spread = 0.02 + 0.1 * sizes[town]
    latitude = np.round(center_lat[town] + spread * STREAMS.normals(f"bench/{table.name}/north", rows), 6)
    longitude = np.round(center_lon[town] + spread * STREAMS.normals(f"bench/{table.name}/east", rows), 6)
    cells = cells_at(latitude, longitude)
    frame = pl.DataFrame(
        {
            key: rows * 11 + 5,
            "latitude": latitude,
            "longitude": longitude,
            "h3_cell_r7": cells,
            "h3_cell_r6": parents_of(cells, 6),
            "h3_cell_r4": parents_of(cells, 4),
            "district_id": town + 1,
            "region_id": town % REGIONS + 1,
        }
    )
    return frame, town


def _finished(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Fill what generation does not read."""
    constants = {"VARCHAR": pl.lit("somewhere"), "SMALLINT": pl.lit(5999), "BIGINT": pl.lit(0)}
    made = [
        (pl.col(column.name) if column.name in frame.columns else constants[column.type].alias(column.name)).cast(
            column.polars_type
        )
        for column in table.columns
    ]
    return frame.select(made)
