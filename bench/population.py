"""Population: a million customers drawn and written, block by block, with peak memory."""

import tempfile
from pathlib import Path

from bench._country import country
from bench.generation import METADATA, row
from riskfabric_assets.foundation import jit
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.population.demography import Demography, demography_of
from riskfabric_assets.population.draw import Population, draw_blocks
from riskfabric_assets.warehouse.parquet import write_pieces

SIZES = (10_000, 1_000_000)


def measure() -> list[dict[str, object]]:
    settings = resolve({"RISKFABRIC_PROFILE": "national"}, Path.cwd())
    jit.use_cache(settings.home / "cache" / "numba")
    demography = demography_of(settings.config)
    with tempfile.TemporaryDirectory() as folder:
        write(demography, 100, Path(folder))  # compiles
        return [
            row(
                f"population: {size:,} customers drawn and written",
                lambda size=size: write(demography, size, Path(folder)),
            )
            for size in SIZES
        ]


def write(demography: Demography, count: int, folder: Path) -> int:
    """Draw and write every table; returns the customers."""
    pieces = draw_blocks(demography, country()["residential"], Streams(1), count)
    paths = {f"population/{name}": folder / f"{name}.parquet" for name in Population._fields}
    tables = ((TABLES[f"population/{name}"], frame) for name, frame in pieces)
    return write_pieces(tables, paths, METADATA)["population/customers"]
