"""`extract_references`: one extract in, the four `osm/*` tables out, in bounded memory."""

import dataclasses
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NoReturn

import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.osm import BOUNDARIES, PLACES, RESIDENCES, SETTLEMENTS
from riskfabric_assets.osm.boundaries import LevelCount, read_boundaries
from riskfabric_assets.osm.extract_file import Extract, open_extract, reading, refuse_filtered
from riskfabric_assets.osm.frames import Batch
from riskfabric_assets.osm.locations import SMALL_EXTRACT_BYTES, index_ways
from riskfabric_assets.osm.nodes import read_nodes
from riskfabric_assets.osm.reservoir import Reservoir
from riskfabric_assets.osm.sink import TableSink
from riskfabric_assets.osm.tags import FINANCIAL
from riskfabric_assets.osm.ways import WayCount, read_ways
from riskfabric_assets.packs.world import World

OSM_TABLES: Final[tuple[Table, ...]] = (PLACES, RESIDENCES, SETTLEMENTS, BOUNDARIES)

Progress = Callable[[str, int], None]
"""Told the stage ("nodes", "locations", "ways", "boundaries", "writing") and the objects kept so far."""


@dataclasses.dataclass(frozen=True)
class ExtractOptions:
    """How an extract is read.

    Attributes:
        admin_levels: Levels of boundaries to assemble.
        required_levels: Levels that must yield at least one area.
        seed: Seed of the choice among too many homes.
        residences_per_cell: Most homes kept per H3 cell of resolution 7 (5 km2); a dense city maps about 5,000.
        residences_in_all: Most homes kept; one and a half for each customer of the largest profile.
        least_building_share: Below this share of buildings among roads and buildings an extract was filtered for
            routing; full extracts have more than 0.1, routing extracts less than 0.001.
        small_extract_bytes: Up to this size all node locations are held in memory.
    """

    admin_levels: tuple[int, ...] = (4, 5, 6)
    required_levels: tuple[int, ...] = ()
    seed: int = 0
    residences_per_cell: int = 2_000
    residences_in_all: int = 1_500_000
    least_building_share: float = 0.05
    small_extract_bytes: int = SMALL_EXTRACT_BYTES


@dataclasses.dataclass(frozen=True)
class ExtractReport:
    """What an extract gave; `residences_found` counts before the choice, `ways_without_nodes` cannot be placed."""

    path: Path
    generator: str
    data_timestamp: str
    is_sample: bool
    places: int
    financial_places: int
    residences: int
    residences_found: int
    settlements: int
    boundaries: tuple[LevelCount, ...]
    ways_probed: int
    building_ways_probed: int
    ways_without_nodes: int
    location_strategy: str


def options_for(world: World, seed: int) -> ExtractOptions:
    """Return the options of a world: its levels, required if the world makes no sense without them."""
    levels = tuple(sorted({world.boundaries.region_admin_level, world.boundaries.district_admin_level}))
    return ExtractOptions(
        admin_levels=levels, required_levels=levels if world.boundaries.is_required else (), seed=seed
    )


def targets_in(folder: Path) -> dict[str, Path]:
    """Return one Parquet file per table below a folder: folder/osm/places.parquet and so on."""
    return {table.name: folder / f"{table.name}.parquet" for table in OSM_TABLES}


def extract_references(
    extract: Path,
    targets: Mapping[str, Path],
    options: ExtractOptions | None = None,
    *,
    side: Path | None = None,
    metadata: Mapping[str, str] | None = None,
    progress: Progress = lambda stage, kept: None,
) -> ExtractReport:
    """Read an extract and write the four tables; the previous ones stay until all four are whole.

    Args:
        extract: `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`.
        targets: File of each table, by its name ("osm/places").
        options: How to read.
        side: Where to keep the boundaries-only PBF; thrown away if not given.
        metadata: Stamped on every file.
        progress: Told the stage and the objects kept so far.

    Raises:
        InputError: The extract is missing, empty, damaged, no map, filtered for routing, or has no merchants, no
            homes, or no areas of a required level.
    """
    options = options or ExtractOptions()
    source = open_extract(extract)
    ways, building_ways = refuse_filtered(source, options.least_building_share)
    home = targets[PLACES.name].parent
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".extract-", dir=home) as scratch, reading(extract):
        sinks = {table.name: TableSink(table, targets[table.name], Path(scratch)) for table in OSM_TABLES}
        reader = _Reader(source, options, sinks, progress)
        reader.read_objects()
        levels = reader.read_areas(side or Path(scratch) / "boundaries.osm.pbf")
        _refuse_useless(source, reader, levels, options)
        progress("writing", sum(sink.rows for sink in sinks.values()))
        for sink in sinks.values():
            sink.commit(metadata or {})
    return ExtractReport(
        path=extract,
        generator=source.generator,
        data_timestamp=source.data_timestamp,
        is_sample=source.is_sample,
        places=sinks[PLACES.name].rows,
        financial_places=reader.financial,
        residences=sinks[RESIDENCES.name].rows,
        residences_found=reader.reservoir.seen,
        settlements=sinks[SETTLEMENTS.name].rows,
        boundaries=tuple(levels),
        ways_probed=ways,
        building_ways_probed=building_ways,
        ways_without_nodes=reader.ways.without_nodes,
        location_strategy=reader.strategy,
    )


class _Reader:
    """The passes over one extract, and what they count."""

    def __init__(
        self, source: Extract, options: ExtractOptions, sinks: Mapping[str, TableSink], progress: Progress
    ) -> None:
        self._path, self._options, self._sinks, self._progress = source.path, options, sinks, progress
        self._streams = Streams(options.seed)
        self.reservoir = Reservoir(options.residences_per_cell, options.residences_in_all)
        self.ways = WayCount()
        self.financial = 0
        self.strategy = ""

    def read_objects(self) -> None:
        """Read nodes, then ways."""
        self._progress("nodes", 0)
        for batch in read_nodes(self._path, self._streams):
            self._take(batch, "nodes")
        self._progress("locations", self._kept())
        index = index_ways(self._path, self._streams, self._options.small_extract_bytes)
        self.strategy = index.strategy
        for batch in read_ways(self._path, index, self._streams, self.ways):
            self._take(batch, "ways")
        residences = self.reservoir.result()
        if residences.height:
            self._sinks[RESIDENCES.name].add(residences)

    def read_areas(self, side: Path) -> list[LevelCount]:
        """Read boundaries."""
        self._progress("boundaries", self._kept())
        areas, levels = read_boundaries(self._path, side, self._options.admin_levels)
        self._sinks[BOUNDARIES.name].add(areas)
        return levels

    def _take(self, batch: Batch, stage: str) -> None:
        self.financial += batch.places.filter(_IS_FINANCIAL).height
        self._sinks[PLACES.name].add(batch.places)
        self._sinks[SETTLEMENTS.name].add(batch.settlements)
        self.reservoir.add(batch.residences)
        self._progress(stage, self._kept())

    def _kept(self) -> int:
        return self.reservoir.seen + sum(sink.rows for sink in self._sinks.values())


_IS_FINANCIAL: Final = (pl.col("tag_key") == "amenity") & pl.col("tag_value").is_in(FINANCIAL)


def _refuse_useless(source: Extract, reader: _Reader, levels: list[LevelCount], options: ExtractOptions) -> None:
    """Raise once for everything a world cannot do without."""
    sinks, place = reader._sinks, str(source.path)
    problems = []
    if sinks[PLACES.name].rows <= reader.financial:
        fix = "use an extract that holds a town, unfiltered"
        problems.append(Problem(place, "no shop, restaurant or other merchant", "at least one", fix))
    if not sinks[RESIDENCES.name].rows:
        fix = "use an extract in which houses are mapped, unfiltered"
        problems.append(Problem(place, "no residential building or area", "at least one", fix))
    if not sinks[SETTLEMENTS.name].rows:
        fix = "use an extract that holds a town with its place node (place=city, town or village), unfiltered"
        problems.append(Problem(place, "no named settlement", "at least one", fix))
    for level in levels:
        if level.admin_level in options.required_levels and not level.assembled:
            found = f"{level.found} boundaries of admin_level {level.admin_level}, none of which closes"
            fix = "use the extract of the whole country, or RISKFABRIC_WORLD=anywhere, which needs no boundaries"
            problems.append(Problem(place, found, "at least one whole area", fix))
    if problems:
        _refuse(problems)


def _refuse(problems: list[Problem]) -> NoReturn:
    raise InputError(problems)
