"""The way pass: places and homes that are mapped as outlines, each at its centroid."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import osmium
from osmium.geom import WKBFactory

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.centroids import centroids
from riskfabric_assets.osm.frames import WAY, WAY_BATCH_ROWS, Batch, Places, Residences, Settlements
from riskfabric_assets.osm.locations import WayIndex
from riskfabric_assets.osm.tags import LANDUSE, Get, classify


@dataclasses.dataclass
class WayCount:
    """Ways of interest, and those that could not be placed because their nodes lie outside the extract."""

    wanted: int = 0
    without_nodes: int = 0


class _Collected:
    """The ways of one batch, with outlines apart."""

    def __init__(self) -> None:
        self.places, self.residences = Places(), Residences()
        self.place_outlines: list[str] = []
        self.residence_outlines: list[str] = []

    def batch(self, streams: Streams) -> Batch:
        """Return the ways as frames."""
        return Batch(
            self.places.frame(WAY, *centroids(self.place_outlines)),
            self.residences.frame(WAY, *centroids(self.residence_outlines), streams),
            Settlements().frame(),
        )


def read_ways(
    path: Path, index: WayIndex, streams: Streams, count: WayCount, batch_rows: int = WAY_BATCH_ROWS
) -> Iterator[Batch]:
    """Yield what the ways of interest are, in batches of about `batch_rows`; updates `count` as it goes."""
    collected, kept = _Collected(), 0
    create = WKBFactory().create_linestring
    for way in _located(path, index):
        get: Get = way.tags.get
        place, kind = classify(get)
        if place is None and (kind is None or (kind == LANDUSE and not way.is_closed())):
            continue
        count.wanted += 1
        try:
            outline = create(way)
        except (osmium.InvalidLocationError, RuntimeError):  # a node outside the extract; fewer than two points
            count.without_nodes += 1
            continue
        if place is not None:
            collected.places.add(way.id, place, get)
            collected.place_outlines.append(outline)
        elif kind is not None:
            collected.residences.add(way.id, kind, get)
            collected.residence_outlines.append(outline)
        kept += 1
        if kept >= batch_rows:
            yield collected.batch(streams)
            collected, kept = _Collected(), 0
    yield collected.batch(streams)


def _located(path: Path, index: WayIndex) -> Iterator[osmium.osm.Way]:
    handler = osmium.NodeLocationsForWays(index.locations)
    handler.ignore_errors()
    with osmium.io.Reader(str(path), osmium.osm.WAY) as reader:
        yield from cast(Iterator[osmium.osm.Way], osmium.OsmFileIterator(reader, index.wanted, handler))
