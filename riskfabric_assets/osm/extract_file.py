"""An extract on disk: is it there, is it whole, is it a map, and was it filtered down to roads?"""

import contextlib
import dataclasses
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

import osmium
from osmium.filter import KeyFilter
from osmium.osm import NOTHING, WAY

from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.osm.blobs import Blob, CutOffError, NotPbfError, read_blobs
from riskfabric_assets.osm.sample.extract import GENERATOR

SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
PROBED_BLOBS: Final = 64
"""Blobs looked into before the long passes: about 500,000 objects, below a second."""
PROBED_WAYS_MIN: Final = 1_000
"""Fewer ways than this say nothing about a filter."""
DOWNLOAD: Final = "download the extract again, or leave RISKFABRIC_OSM_PATH empty to use the sample extract"


@dataclasses.dataclass(frozen=True)
class Extract:
    """An extract that has been found whole, with what its header says about its origin (may be empty)."""

    path: Path
    size_bytes: int
    generator: str
    data_timestamp: str
    blobs: tuple[Blob, ...]

    @property
    def is_sample(self) -> bool:
        """Tell whether this program made it up."""
        return self.generator.startswith(GENERATOR)


def open_extract(path: Path) -> Extract:
    """Check an extract from the outside and read its header.

    Raises:
        InputError: Missing, empty, of an unknown kind, not a map, or cut off.
    """
    if not path.is_file():
        _refuse(path, "no such file", "an OpenStreetMap extract", "check the path, or " + DOWNLOAD)
    if not path.name.endswith(SUFFIXES):
        _refuse(path, f"a file called *{path.suffix}", "one of " + ", ".join(SUFFIXES), "convert or rename the extract")
    if path.stat().st_size == 0:
        _refuse(path, "an empty file", "an OpenStreetMap extract", DOWNLOAD)
    blobs = _check_pbf(path) if path.name.endswith(".pbf") else ()
    if path.name.endswith(".gz"):
        _check_gzip(path)
    with reading(path):
        header = osmium.io.Reader(str(path), NOTHING).header()
    timestamp = header.get("osmosis_replication_timestamp") or header.get("timestamp") or ""
    return Extract(path, path.stat().st_size, header.get("generator") or "", timestamp, blobs)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what libosmium says about a damaged file into an error a person can act on."""
    try:
        yield
    except (RuntimeError, UnicodeDecodeError) as error:
        text = str(error).lower()
        cut_off = any(word in text for word in ("truncated", "end of file", "eof", "no element found", "unclosed"))
        found = ("a file that is cut off" if cut_off else "a damaged file, or no map at all") + f" ({error})"
        problem = Problem(str(path), found, "a whole OpenStreetMap extract", DOWNLOAD)
        raise InputError([problem]) from error


def probe_buildings(extract: Extract) -> tuple[int, int]:
    """Count roads with buildings, and buildings alone, in blobs spread over the file (XML: in the whole file)."""
    ways = buildings = 0
    with reading(extract.path):
        for source in _probes(extract):
            for way in osmium.FileProcessor(source, WAY).with_filter(KeyFilter("building", "highway")):
                ways += 1
                buildings += "building" in way.tags
    return ways, buildings


def refuse_filtered(extract: Extract, least_share: float) -> tuple[int, int]:
    """Refuse an extract that was filtered for routing, before the long passes begin.

    Returns:
        Roads and buildings probed, and the buildings among them.

    Raises:
        InputError: Buildings are rarer than `least_share` among 1,000 roads and buildings or more.
    """
    ways, buildings = probe_buildings(extract)
    if ways >= PROBED_WAYS_MIN and buildings < least_share * ways:
        _refuse(
            extract.path,
            f"{buildings} buildings among {ways} roads and buildings, as in an extract for routing",
            f"at least {least_share:.0%} buildings (a full extract has more than 10 %)",
            "use the unfiltered extract of the same region",
        )
    return ways, buildings


def _probes(extract: Extract) -> Iterator[str | osmium.io.FileBuffer]:
    if not extract.blobs:
        yield str(extract.path)
        return
    header, data = extract.blobs[0], [blob for blob in extract.blobs if blob.kind == "OSMData"]
    step = max(1, len(data) // PROBED_BLOBS)
    with extract.path.open("rb") as file:
        head = file.read(header.size)
        for blob in data[::step]:
            file.seek(blob.offset)
            yield osmium.io.FileBuffer(head + file.read(blob.size), "pbf")


def _check_pbf(path: Path) -> tuple[Blob, ...]:
    try:
        blobs = tuple(read_blobs(path))
    except CutOffError as error:
        _refuse(path, f"a file that is cut off ({error})", "a whole PBF", DOWNLOAD)
    except NotPbfError as error:
        _refuse(path, f"something else than a PBF ({error})", "an OpenStreetMap extract", DOWNLOAD)
    if blobs[0].kind != "OSMHeader":
        _refuse(path, f"a first blob of kind {blobs[0].kind}", "OSMHeader", DOWNLOAD)
    return blobs


def _check_gzip(path: Path) -> None:
    try:
        with gzip.open(path) as file:
            while file.read(1 << 22):
                pass
    except EOFError as error:
        _refuse(path, f"a file that is cut off ({error})", "a whole gzip file", DOWNLOAD)
    except (gzip.BadGzipFile, zlib.error) as error:
        _refuse(path, f"something else than gzip ({error})", "an OpenStreetMap extract", DOWNLOAD)


def _refuse(path: Path, found: str, expected: str, fix: str) -> NoReturn:
    raise InputError([Problem(str(path), found, expected, fix)])
