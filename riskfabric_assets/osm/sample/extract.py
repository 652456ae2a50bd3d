"""Writes the sample extract of a country as a real PBF; equal seeds give equal bytes."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium
import polars as pl

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.sample.anchors import ANCHOR_SHARE, make_anchors, thin_anchors
from riskfabric_assets.osm.sample.borders import border_lines, border_nodes
from riskfabric_assets.osm.sample.facts import Facts, read_facts
from riskfabric_assets.osm.sample.objects import Counts, draw_banks, draw_homes, draw_shops, outline_corners
from riskfabric_assets.osm.sample.opl import escaped, node_lines
from riskfabric_assets.warehouse.parquet import atomic_path

DEFAULT_OBJECTS = 240_000
"""Tagged objects: a world dense enough that a home finds shops within a few kilometres, written in seconds."""
GENERATOR = "riskfabric-sample"
"""Writing program in the header; tells a sample from a map."""


@dataclasses.dataclass(frozen=True)
class SampleReport:
    """What was written: tagged objects by kind, and the size of the file in bytes."""

    path: Path
    country: str
    tagged_objects: int
    settlements: int
    shops: int
    banks: int
    homes: int
    boundaries: int
    size_bytes: int


def write_sample_extract(
    path: Path, country: str = "india", objects: int = DEFAULT_OBJECTS, seed: int = 0
) -> SampleReport:
    """Write the sample extract of a country.

    Args:
        path: Target, `*.osm.pbf`; replaced in one step.
        country: A folder of facts.
        objects: Tagged objects wanted; a small sample keeps the largest settlements and all boundaries.
        seed: Seed of every draw.

    Raises:
        ConfigError: No facts of that country, or too few objects to hold its boundaries.
    """
    facts = read_facts(country)
    streams = Streams(seed)
    anchors = thin_anchors(make_anchors(facts), streams, objects)
    boundaries = 1 + facts.states.height + facts.districts.height
    drawn = objects - anchors.height - boundaries
    if drawn < 100:
        least = int((boundaries + 100) / (1 - 2 * ANCHOR_SHARE)) + 1
        raise ConfigError([Problem("sample_objects", str(objects), f"at least {least}", "raise the number of objects")])
    counts = Counts.of(drawn)
    header = osmium.io.Header()
    header.set("generator", f"{GENERATOR} {country} seed {seed}")
    with atomic_path(path) as temporary:
        writer = osmium.SimpleWriter(osmium.io.File(str(temporary), "pbf,add_metadata=none"), header=header)
        try:
            for text in _pieces(facts, anchors, counts, streams):
                osmium.apply(osmium.io.FileBuffer(text, "opl"), writer)
        finally:
            writer.close()
    return SampleReport(
        path=path,
        country=country,
        tagged_objects=objects,
        settlements=anchors.height,
        shops=counts.shops,
        banks=counts.banks,
        homes=counts.home_nodes + counts.home_ways,
        boundaries=boundaries,
        size_bytes=path.stat().st_size,
    )


def _pieces(facts: Facts, anchors: pl.DataFrame, counts: Counts, streams: Streams) -> Iterator[bytes]:
    """Yield the file as OPL text: nodes, then ways, then relations, ids ascending from 1."""
    first = 1
    point_tables = (
        settlement_nodes(anchors),
        draw_shops(streams, facts.country, anchors, counts.shops),
        draw_banks(streams, facts.country, anchors, counts.banks),
        draw_homes(streams, facts.country, anchors, counts.home_nodes, "sample/homes"),
    )
    for table in point_tables:
        yield _node_text(table, first)
        first += table.height
    homes = draw_homes(streams, facts.country, anchors, counts.home_ways, "sample/buildings")
    lat, lon = outline_corners(streams, homes)
    yield _node_text(pl.DataFrame({"lat_e7": lat.ravel(), "lon_e7": lon.ravel()}), first)
    first_corner, first = first, first + lat.size
    vertices = border_nodes(facts.borders)
    yield _node_text(pl.DataFrame({"lat_e7": vertices.lat_e4 * 1000, "lon_e7": vertices.lon_e4 * 1000}), first)
    ways, relations = border_lines(facts, vertices, first, homes.height + 1)
    yield _lines(_outline_lines(homes, first_corner))
    yield _lines(pl.Series(ways))
    yield _lines(pl.Series(relations))


def settlement_nodes(anchors: pl.DataFrame) -> pl.DataFrame:
    """Return the place nodes: name, kind, population where it is known, state."""
    population = (
        pl.when(pl.col("population").is_null())
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit(",population="), pl.col("population").cast(pl.String)))
    )
    tags = pl.concat_str(
        pl.lit("place="), "kind", pl.lit(",name="), escaped(pl.col("name")), population,
        pl.lit(",is_in:state="), escaped(pl.col("state")),
    )  # fmt: skip
    return anchors.select(
        (pl.col("lat_e4").cast(pl.Int64) * 1000).alias("lat_e7"),
        (pl.col("lon_e4").cast(pl.Int64) * 1000).alias("lon_e7"),
        tags.alias("tags"),
    )


def _node_text(table: pl.DataFrame, first: int) -> bytes:
    if "tags" not in table.columns:
        table = table.with_columns(pl.lit(None, dtype=pl.String).alias("tags"))
    numbered = table.with_columns(pl.Series("id", np.arange(first, first + table.height, dtype=np.int64)))
    return _lines(node_lines(numbered))


def _outline_lines(homes: pl.DataFrame, first_corner: int) -> pl.Series:
    """Return one closed way of four corners per home, ids from 1."""
    corner = pl.int_range(0, pl.len()) * 4 + first_corner
    refs = [pl.concat_str(pl.lit("n"), (corner + offset).cast(pl.String)) for offset in (0, 1, 2, 3, 0)]
    line = pl.concat_str(
        pl.lit("w"), (pl.int_range(0, pl.len()) + 1).cast(pl.String), pl.lit(" T"), pl.col("tags"), pl.lit(" N"),
        pl.concat_str(refs, separator=","),
    )  # fmt: skip
    return homes.select(line.alias("line"))["line"]


def _lines(lines: pl.Series) -> bytes:
    return ("\n".join(lines.to_list()) + "\n").encode()
