"""Where the nodes of ways are: an index of all nodes for a small extract, of the needed ones for a large one.

An index entry is 16 bytes. A country of 300 million nodes would need 5 GB, so for a large extract a first pass
notes which ways are wanted, libosmium marks their nodes (a bit each in chunks of 4 MB: 1.6 GB for ids up to
13e9 when every chunk is touched; given back before the ways are read) and only those are indexed. Homes beyond
`LOCATED_WAYS_MAX` are thinned by their priority before anything is located, which bounds the index at 0.7 GB.
So the peak of an extract of any size is the interpreter (0.25 GB), the marks and the index: below 3 GB.
"""

import dataclasses
from array import array
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from osmium.filter import KeyFilter
from osmium.index import LocationTable
from osmium.osm import NODE, WAY

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.tags import WAY_KEYS, classify

SMALL_EXTRACT_BYTES: Final = 200_000_000
"""Below this, all nodes fit: about 200 nodes per kB of PBF at 16 bytes each are 0.7 GB."""
LOCATED_WAYS_MAX: Final = 6_000_000
"""Ways located at most, four for each home that is kept; a way of interest has seven nodes."""


@dataclasses.dataclass(frozen=True)
class WayIndex:
    """What the way pass needs: a filter that lets the wanted ways through, and where their nodes are."""

    wanted: osmium.BaseFilter
    locations: LocationTable
    strategy: str


def index_ways(
    path: Path, streams: Streams, small_bytes: int = SMALL_EXTRACT_BYTES, ways_max: int = LOCATED_WAYS_MAX
) -> WayIndex:
    """Index the node locations that the ways of interest need, by the size of the extract."""
    if path.stat().st_size < small_bytes:
        table = osmium.index.create_map("flex_mem")
        _fill(path, table)
        return WayIndex(KeyFilter(*WAY_KEYS), table, "all nodes in memory")
    tracker = _track_wanted(path, streams, ways_max)
    wanted = tracker.id_filter()
    table = osmium.index.create_map("sparse_mmap_array")
    _fill(path, table, wanted)
    tracker.node_ids().clear()
    return WayIndex(wanted, table, "needed nodes in memory")


def _track_wanted(path: Path, streams: Streams, ways_max: int) -> osmium.IdTracker:
    """Track places, as many homes as fit beside them, and the nodes of both."""
    places, homes = array("q"), array("q")
    for way in osmium.FileProcessor(str(path), WAY).with_filter(KeyFilter(*WAY_KEYS)):
        place, kind = classify(way.tags.get)
        if place is not None:
            places.append(way.id)
        elif kind is not None:
            homes.append(way.id)
    tracker = osmium.IdTracker()
    for way_id in places:
        tracker.add_way(way_id)
    for way_id in _thinned(np.frombuffer(homes, dtype=np.int64), streams, max(1, ways_max - len(places))).tolist():
        tracker.add_way(way_id)
    tracker.complete_backward_references(str(path))
    return tracker


def _thinned(homes: np.ndarray, streams: Streams, limit: int) -> np.ndarray:
    if homes.shape[0] <= limit:
        return homes
    priority = streams.bits("osm/residences", homes * 2 + 1)
    return homes[np.argpartition(priority, limit)[:limit]]


def _fill(path: Path, table: LocationTable, *filters: osmium.BaseFilter) -> None:
    with osmium.io.Reader(str(path), NODE) as reader:
        osmium.apply(reader, *filters, osmium.NodeLocationsForWays(table))
