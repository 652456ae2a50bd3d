"""From kept objects to frames of the contracts: rows in batches, cells and priorities in one go."""

import dataclasses
from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.osm import PLACES, RESIDENCES, SETTLEMENTS
from riskfabric_assets.osm.cells import cells_of

BATCH_ROWS: Final = 200_000
"""Rows kept as Python objects before they become a frame; about 100 MB."""
NODE, WAY = "node", "way"

PlaceRow = tuple[int, str, str, str | None, str | None, str | None, str | None, str | None]
"""OSM id, tag key, tag value, name, operator, city, postcode, state."""
ResidenceRow = tuple[int, str, str | None, str | None, str | None]
"""OSM id, kind, city, postcode, state."""
SettlementRow = tuple[int, str, str, str | None, str | None, int | None, float, float]
"""OSM id, kind, name, English name, state, population, latitude, longitude."""

_PLACE_COLUMNS: Final = ("tag_key", "tag_value", "name", "operator", "city", "postcode", "state")
_RESIDENCE_COLUMNS: Final = ("residence_kind", "city", "postcode", "state")


@dataclasses.dataclass(frozen=True)
class Batch:
    """What one pass found since the last batch; residences carry the extra column `priority`."""

    places: pl.DataFrame
    residences: pl.DataFrame
    settlements: pl.DataFrame


def places_frame(rows: list[PlaceRow], osm_type: str, latitude: np.ndarray, longitude: np.ndarray) -> pl.DataFrame:
    """Return places in the columns of their contract; positions have shape (len(rows),), degrees."""
    frame = _with_position(rows, _PLACE_COLUMNS, osm_type, latitude, longitude)
    return frame.select(list(PLACES.schema)).cast(PLACES.schema)  # type: ignore[arg-type]  # a dict of types is accepted


def residences_frame(
    rows: list[ResidenceRow], osm_type: str, latitude: np.ndarray, longitude: np.ndarray, streams: Streams
) -> pl.DataFrame:
    """Return residences in the columns of their contract, then `priority` (64 random bits by object)."""
    frame = _with_position(rows, _RESIDENCE_COLUMNS, osm_type, latitude, longitude)
    contract = frame.select(list(RESIDENCES.schema)).cast(RESIDENCES.schema)  # type: ignore[arg-type]  # as above
    priority = streams.bits("osm/residences", contract["place_id"].to_numpy())
    return contract.with_columns(pl.Series("priority", priority, dtype=pl.UInt64))


def settlements_frame(rows: list[SettlementRow]) -> pl.DataFrame:
    """Return settlements in the columns of their contract."""
    return pl.DataFrame(rows, schema=SETTLEMENTS.schema, orient="row")


def _with_position(
    rows: list[PlaceRow] | list[ResidenceRow],
    names: tuple[str, ...],
    osm_type: str,
    latitude: np.ndarray,
    longitude: np.ndarray,
) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(names) + 1)
    osm_id = pl.Series("osm_id", columns[0], dtype=pl.Int64)
    texts = [pl.Series(name, values, dtype=pl.String) for name, values in zip(names, columns[1:], strict=True)]
    return pl.DataFrame([osm_id, *texts]).with_columns(
        (pl.col("osm_id") * 2 + (osm_type == WAY)).alias("place_id"),
        pl.lit(osm_type).alias("osm_type"),
        pl.Series("latitude", latitude, dtype=pl.Float64),
        pl.Series("longitude", longitude, dtype=pl.Float64),
        pl.Series("h3_cell_r7", cells_of(latitude, longitude), dtype=pl.UInt64),
    )
