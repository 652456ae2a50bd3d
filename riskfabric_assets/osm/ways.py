"""The way pass: places and homes that are mapped as outlines, each at its centroid."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import osmium
from osmium.geom import WKBFactory

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.centroids import centroids
from riskfabric_assets.osm.frames import (
    BATCH_ROWS,
    WAY,
    Batch,
    PlaceRow,
    ResidenceRow,
    places_frame,
    residences_frame,
    settlements_frame,
)
from riskfabric_assets.osm.locations import WayIndex
from riskfabric_assets.osm.tags import LANDUSE, address_of, classify


@dataclasses.dataclass
class WayCount:
    """Ways of interest, and those that could not be placed because their nodes lie outside the extract."""

    wanted: int = 0
    without_nodes: int = 0


def read_ways(
    path: Path, index: WayIndex, streams: Streams, count: WayCount, batch_rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Yield what the ways of interest are, in batches of about `batch_rows`; updates `count` as it goes."""
    places: list[PlaceRow] = []
    place_outlines: list[str] = []
    residences: list[ResidenceRow] = []
    residence_outlines: list[str] = []

    def batch() -> Batch:
        return Batch(
            places_frame(places, WAY, *centroids(place_outlines)),
            residences_frame(residences, WAY, *centroids(residence_outlines), streams),
            settlements_frame([]),
        )

    create = WKBFactory().create_linestring
    for way in _located(path, index):
        get = way.tags.get
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
            operator = get("operator") or get("brand")
            places.append((way.id, *place, get("name"), operator, *address_of(get)))
            place_outlines.append(outline)
        elif kind is not None:
            residences.append((way.id, kind, *address_of(get)))
            residence_outlines.append(outline)
        if len(places) + len(residences) >= batch_rows:
            yield batch()
            for rows in (places, place_outlines, residences, residence_outlines):
                rows.clear()
    yield batch()


def _located(path: Path, index: WayIndex) -> Iterator[osmium.osm.Way]:
    handler = osmium.NodeLocationsForWays(index.locations)
    handler.ignore_errors()
    with osmium.io.Reader(str(path), osmium.osm.WAY) as reader:
        yield from osmium.OsmFileIterator(reader, index.wanted, handler)
