"""Sheets: the typed schema of one file of a format, and the sinks that fill it piece by piece.

A piece is a query. It is cast to the schema, checked for nulls and written behind the pieces before it, so that memory
is bounded by the largest piece; DuckDB spills into the home's cache.
"""

import contextlib
import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.foundation.errors import ContractError, Problem

BATCH_ROWS: Final = 122_880
"""Rows per row group, as in the lake."""
PIECE: Final = "piece"
"""Temporary table that holds the rows of a piece while they are written."""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One file of a format: its path in the target folder, what a row is, and its columns in order."""

    path: str
    grain: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


Append = Callable[[str], int]
"""Appends the rows of a query, whose columns have the sheet's names in any order; returns how many."""


@contextlib.contextmanager
def open_sheet(connection: duckdb.DuckDBPyConnection, sheet: Sheet, folder: Path) -> Iterator[Append]:
    """Yield what appends rows to a sheet in `folder`, as Parquet or CSV by its ending.

    Raises:
        ContractError: A piece has a null where the schema has none.
    """
    path = folder / sheet.path
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = _parquet(connection, sheet, path) if path.suffix == ".parquet" else _csv(connection, sheet, path)
    with opened as append:
        yield append


def write_sheet(connection: duckdb.DuckDBPyConnection, sheet: Sheet, folder: Path, query: str) -> int:
    """Write a sheet of one piece; returns its rows."""
    with open_sheet(connection, sheet, folder) as append:
        return append(query)


def load_piece(connection: duckdb.DuckDBPyConnection, sheet: Sheet, query: str) -> int:
    """Put the rows of a query under the schema into the temporary table `piece`, in order; returns their number."""
    casts = ", ".join(f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in sheet.columns)
    connection.execute(f"create or replace temp table {PIECE} as select {casts} from ({query})")
    required = [column.name for column in sheet.columns if not column.is_nullable]
    counts = "".join(f', count(*) - count("{name}")' for name in required)
    rows, *nulls = connection.execute(f"select count(*){counts} from {PIECE}").fetchall()[0]
    problems = [
        Problem(f"{sheet.path}: {name}", f"{missing} nulls", "no null", "correct the format, or its schema")
        for name, missing in zip(required, nulls, strict=True)
        if missing
    ]
    if problems:
        raise ContractError(problems)
    return int(rows)


@contextlib.contextmanager
def _parquet(connection: duckdb.DuckDBPyConnection, sheet: Sheet, path: Path) -> Iterator[Append]:
    load_piece(connection, sheet, f"select {_nothing(sheet)} limit 0")
    schema = connection.execute(f"from {PIECE}").to_arrow_reader(1).schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def append(query: str) -> int:
            rows = load_piece(connection, sheet, query)
            for batch in connection.execute(f"from {PIECE}").to_arrow_reader(BATCH_ROWS):
                writer.write_batch(batch)
            return rows

        yield append


@contextlib.contextmanager
def _csv(connection: duckdb.DuckDBPyConnection, sheet: Sheet, path: Path) -> Iterator[Append]:
    part = path.with_name(f".{path.name}.part")
    with path.open("wb") as whole:
        whole.write((",".join(sheet.names) + "\n").encode())

        def append(query: str) -> int:
            rows = load_piece(connection, sheet, query)
            connection.execute(f"copy {PIECE} to '{quoted(part)}' (format csv, header false)")
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, whole)
            part.unlink()
            return rows

        yield append


def quoted(path: Path) -> str:
    """Return a path as the inside of an SQL text literal."""
    return str(path).replace("'", "''")


def _nothing(sheet: Sheet) -> str:
    return ", ".join(f'null as "{name}"' for name in sheet.names)
