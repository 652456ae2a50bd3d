"""The reference marts as Parquet: written once, they start a world without any map (RISKFABRIC_REFERENCES)."""

import json
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.run import Run

MANIFEST: Final = "references.json"
REFERENCES: Final[tuple[Table, ...]] = tuple(table for table in TABLES.values() if table.layer == "reference")


def export_references(settings: Settings, folder: Path) -> dict[str, int]:
    """Write every reference mart as Parquet with a manifest; returns rows per table."""
    run = Run(settings)
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for table in REFERENCES:
        frame = run.read(table.name)
        frame.write_parquet(folder / f"{_stem(table)}.parquet", compression="zstd")
        rows[table.name] = frame.height
    manifest = {"world": settings.world, "rows": rows}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    return rows


def read_references(folder: Path, world: str) -> dict[str, pl.DataFrame]:
    """Read exported references and check them against their contracts; all problems at once.

    Raises:
        InputError: A file is missing, unreadable, of another world, or breaks its contract.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        fix = "riskfabric refs export FOLDER, or correct RISKFABRIC_REFERENCES"
        raise InputError([Problem(str(manifest), "no such file", "a folder of exported references", fix)])
    stored = json.loads(manifest.read_text())["world"]
    if stored != world:
        fix = f"set RISKFABRIC_WORLD={stored}, or export references of {world}"
        raise InputError([Problem(str(manifest), f"references of '{stored}'", f"references of '{world}'", fix)])
    return {table.name: _read(folder / f"{_stem(table)}.parquet", table) for table in REFERENCES}


def load_references(connection: duckdb.DuckDBPyConnection, frames: dict[str, pl.DataFrame]) -> None:
    """Replace the reference tables of a warehouse by exported ones, in one transaction."""
    connection.execute("begin")
    for name, frame in frames.items():
        connection.register("exported", frame.to_arrow())
        connection.execute(f"create or replace table {name.replace('/', '.')} as select * from exported")
        connection.unregister("exported")
    connection.execute("commit")


def _read(path: Path, table: Table) -> pl.DataFrame:
    fix = "export the references again"
    if not path.is_file():
        raise InputError([Problem(str(path), "no such file", f"{table.name} as Parquet", fix)])
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise InputError([Problem(str(path), "unreadable Parquet", f"{table.name} as Parquet", fix)]) from error
    return table.check(frame)


def _stem(table: Table) -> str:
    return table.name.split("/")[1]
