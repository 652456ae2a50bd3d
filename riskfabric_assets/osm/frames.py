"""From kept objects to frames of the contracts: columns grow as plain lists, cells and priorities come in one go.

One list per column and not one tuple per row: a million tuples would have the garbage collector walk over them
again and again, which costs as much as reading them.
"""

import dataclasses
from array import array
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.osm import PLACES, RESIDENCES, SETTLEMENTS
from riskfabric_assets.osm.cells import cells_of
from riskfabric_assets.osm.tags import Get, population_of

NODE_BATCH_ROWS: Final = 200_000
"""Nodes kept as Python objects before they become a frame; about 100 MB."""
WAY_BATCH_ROWS: Final = 25_000
"""Ways kept with their outlines before they become a frame; about 60 MB."""
NODE, WAY = "node", "way"

Floats = npt.NDArray[np.float64]
Texts = list[str | None]


@dataclasses.dataclass(frozen=True)
class Batch:
    """What one pass found since the last batch; residences carry the extra column `priority`."""

    places: pl.DataFrame
    residences: pl.DataFrame
    settlements: pl.DataFrame


class Addresses:
    """Columns that places and residences share."""

    def __init__(self) -> None:
        self.osm_ids = array("q")
        self.cities: Texts = []
        self.postcodes: Texts = []
        self.states: Texts = []

    def add_address(self, osm_id: int, get: Get) -> None:
        """Add one object: its id, city, postcode and state as mapped; an empty tag counts as none."""
        self.osm_ids.append(osm_id)
        self.cities.append(get("addr:city") or None)
        self.postcodes.append(get("addr:postcode") or None)
        self.states.append(get("addr:state") or None)

    def with_position(
        self, table: Table, osm_type: str, texts: dict[str, Texts], latitude: Floats, longitude: Floats
    ) -> pl.DataFrame:
        """Return the columns of a contract; positions in degrees, one per object."""
        osm_id = np.array(self.osm_ids, dtype=np.int64)
        columns = {
            "place_id": pl.Series(osm_id * 2 + (osm_type == WAY), dtype=pl.Int64),
            "osm_id": pl.Series(osm_id, dtype=pl.Int64),
            "latitude": pl.Series(latitude, dtype=pl.Float64),
            "longitude": pl.Series(longitude, dtype=pl.Float64),
            "h3_cell_r7": pl.Series(cells_of(latitude, longitude), dtype=pl.UInt64),
        }
        texts = texts | {"city": self.cities, "postcode": self.postcodes, "state": self.states}
        columns |= {name: pl.Series(values, dtype=pl.String) for name, values in texts.items()}
        osm_types = pl.lit(osm_type).cast(table.schema["osm_type"]).alias("osm_type")
        return pl.DataFrame(columns).with_columns(osm_types).select(list(table.schema))


class Places(Addresses):
    """Places of business of one batch."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: Texts = []
        self.values: Texts = []
        self.names: Texts = []
        self.operators: Texts = []

    def add(self, osm_id: int, place: tuple[str, str], get: Get) -> None:
        """Add one place."""
        self.keys.append(place[0])
        self.values.append(place[1])
        self.names.append(get("name") or None)
        self.operators.append(get("operator") or get("brand") or None)
        self.add_address(osm_id, get)

    def frame(self, osm_type: str, latitude: Floats, longitude: Floats) -> pl.DataFrame:
        """Return the places in the columns of their contract."""
        texts = {"tag_key": self.keys, "tag_value": self.values, "name": self.names, "operator": self.operators}
        return self.with_position(PLACES, osm_type, texts, latitude, longitude)


class Residences(Addresses):
    """Homes of one batch."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Texts = []

    def add(self, osm_id: int, kind: str, get: Get) -> None:
        """Add one home."""
        self.kinds.append(kind)
        self.add_address(osm_id, get)

    def frame(self, osm_type: str, latitude: Floats, longitude: Floats, streams: Streams) -> pl.DataFrame:
        """Return the homes in the columns of their contract, then `priority` (64 random bits by object)."""
        frame = self.with_position(RESIDENCES, osm_type, {"residence_kind": self.kinds}, latitude, longitude)
        priority = streams.bits("osm/residences", frame["place_id"].to_numpy())
        return frame.with_columns(pl.Series("priority", priority, dtype=pl.UInt64))


class Settlements:
    """Settlements of one batch; few, so a row each."""

    def __init__(self) -> None:
        self._rows: list[tuple[object, ...]] = []

    def add(self, osm_id: int, kind: str, name: str, get: Get, latitude: float, longitude: float) -> None:
        """Add one settlement."""
        state = get("is_in:state") or get("addr:state")
        self._rows.append((osm_id, kind, name, get("name:en"), state, population_of(get), latitude, longitude))

    def frame(self) -> pl.DataFrame:
        """Return the settlements in the columns of their contract."""
        return pl.DataFrame(self._rows, schema=SETTLEMENTS.schema, orient="row")
