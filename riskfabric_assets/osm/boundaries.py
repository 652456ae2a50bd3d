"""Administrative areas: picked into a small side file with everything they refer to, then assembled from it."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import osmium
import polars as pl
from osmium.filter import EntityFilter, TagFilter
from osmium.geom import WKBFactory
from osmium.osm import AREA, RELATION, WAY
from osmium.osm.types import OSMEntity

from riskfabric_assets.foundation.tables.osm import BOUNDARIES

ADMINISTRATIVE = ("boundary", "administrative")

AreaRow = tuple[int, int, str, str | None, str | None, str | None, bytes]


@dataclasses.dataclass(frozen=True)
class LevelCount:
    """Boundaries of one admin level: found in the extract, and assembled to areas.

    A relation whose ways lie partly outside the extract does not assemble; neighbours at the edge never do.
    """

    admin_level: int
    found: int
    assembled: int


def read_boundaries(path: Path, side: Path, levels: Sequence[int]) -> tuple[pl.DataFrame, list[LevelCount]]:
    """Return the administrative areas of the wanted levels in the columns of `osm/boundaries`, and counts per level.

    Args:
        path: The extract.
        side: Where the boundaries-only PBF goes; kept, because it is small and quick to look at.
        levels: OSM admin levels.
    """
    found = _pick(path, side, frozenset(levels))
    rows = sorted(_without_doubles(_assemble(side)))
    assembled = Counter(row[1] for row in rows)
    frame = pl.DataFrame(rows, schema=BOUNDARIES.schema, orient="row")
    return frame, [LevelCount(level, found[level], assembled[level]) for level in sorted(set(levels))]


def admin_level(text: str | None) -> int | None:
    """Return an admin level as a number, or nothing for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 2 else None


def _pick(path: Path, side: Path, levels: frozenset[int]) -> Counter[int]:
    """Write relations and closed ways of the wanted levels, and what they refer to, into the side file."""
    found: Counter[int] = Counter()
    side.parent.mkdir(parents=True, exist_ok=True)
    with osmium.BackReferenceWriter(str(side), ref_src=str(path), overwrite=True) as writer:
        for item in osmium.FileProcessor(str(path), WAY | RELATION).with_filter(TagFilter(ADMINISTRATIVE)):
            level = admin_level(item.tags.get("admin_level"))
            if level in levels and level is not None and item.tags.get("name") and _is_area(item):
                writer.add(item)
                found[level] += 1
    return found


def _is_area(item: OSMEntity) -> bool:
    return not isinstance(item, osmium.osm.Way) or item.is_closed()


def _assemble(side: Path) -> list[AreaRow]:
    factory = WKBFactory()
    areas = osmium.FileProcessor(str(side)).with_areas(TagFilter(ADMINISTRATIVE)).with_filter(EntityFilter(AREA))
    rows: list[AreaRow] = []
    for area in cast(Iterator[osmium.osm.Area], iter(areas)):
        get = area.tags.get
        level, name = admin_level(get("admin_level")), get("name")
        if level is None or not name:
            continue
        identifier = -area.orig_id() if area.from_way() else area.orig_id()
        iso = get("ISO3166-2") or get("ISO3166-1")
        state = get("is_in:state") or get("addr:state")
        shape = bytes.fromhex(factory.create_multipolygon(area))
        rows.append((identifier, level, name, get("name:en"), iso, state, shape))
    return rows


def _without_doubles(rows: list[AreaRow]) -> list[AreaRow]:
    """Drop a closed way that repeats the level and name of a relation: it is the relation's own outline."""
    of_relations = {(row[1], row[2]) for row in rows if row[0] > 0}
    return [row for row in rows if row[0] > 0 or (row[1], row[2]) not in of_relations]
