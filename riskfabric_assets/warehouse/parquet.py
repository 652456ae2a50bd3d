"""Atomic Parquet: temporary name in the same folder, fsync, rename. A killed writer leaves the old file readable."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as pq

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import WarehouseError
from riskfabric_assets.warehouse.columnar.writer import ArrayFile

ROW_GROUP_ROWS: Final = 122_880
"""Rows per row group: one DuckDB row group, so that scans run in parallel. Source: DuckDB documentation."""
STATISTICS_FROM_ROWS: Final = 8 * ROW_GROUP_ROWS
"""A smaller file is read in less time than skipping in it saves, and statistics cost a sixth of writing; measured."""
WRITE_BYTES: Final = 1 << 22
"""Arrays are handed to the system in pieces of this size; a system call for every page cost twice as much; measured."""
TEMPORARY_SUFFIX: Final = ".part"


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success fsync and rename it, on failure remove it.

    Raises:
        WarehouseError: The disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if is_disk_full(error):
            raise WarehouseError(
                f"no space left while writing {path}; the previous file is unchanged\n  fix: free space, then run again"
            ) from error
        raise


def is_disk_full(error: BaseException) -> bool:
    """Tell whether an error means that the disk (or quota) is full; Polars and DuckDB hide the code in the text."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(error, Exception) and "no space left" in str(error).lower()


def write_table(table: Table, frame: pl.DataFrame, path: Path, metadata: Mapping[str, str]) -> int:
    """Check a frame against its contract and write it atomically; returns the bytes written."""
    table.check(frame)
    with atomic_path(path) as temporary:
        frame.write_parquet(
            temporary,
            compression="lz4",
            row_group_size=ROW_GROUP_ROWS,
            statistics=frame.height >= STATISTICS_FROM_ROWS,
            metadata=dict(metadata),
        )
    return path.stat().st_size


def write_pieces(
    pieces: Iterable[tuple[Table, pl.DataFrame]], paths: Mapping[str, Path], metadata: Mapping[str, str]
) -> dict[str, int]:
    """Write tables that come in pieces, each atomically and in bounded memory.

    Args:
        pieces: Tables with their next rows, in any order of tables; how the rows are cut changes no byte.
        paths: File of each table by its name; all on one file system.
        metadata: Key-value metadata of the files.

    Returns:
        Rows by table name.

    Raises:
        ContractError: A piece breaks its contract.
        WarehouseError: The disk is full.
    """
    parts: dict[str, list[Path]] = {name: [] for name in paths}
    rows = dict.fromkeys(paths, 0)
    folder = next(iter(paths.values())).parent
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Table] = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".pieces-") as spill:
        for table, frame in pieces:
            part = Path(spill) / f"{table.name.replace('/', '.')}.{len(parts[table.name]):06}.arrow"
            table.check(frame).write_ipc(part)
            parts[table.name].append(part)
            rows[table.name] += frame.height
            tables[table.name] = table
        for name, table in tables.items():
            join_parts(parts[name], rows[name], table, paths[name], metadata)
    return rows


def join_parts(parts: list[Path], rows: int, table: Table, path: Path, metadata: Mapping[str, str]) -> None:
    """Stream frames in order from Arrow files into the Parquet file that one frame would have made."""
    whole = pl.scan_ipc(parts)
    with atomic_path(path) as temporary:
        whole.select(list(table.schema)).sink_parquet(
            temporary,
            compression="lz4",
            row_group_size=ROW_GROUP_ROWS,
            statistics=rows >= STATISTICS_FROM_ROWS,
            metadata=dict(metadata),
            maintain_order=True,
        )


@contextlib.contextmanager
def array_table(
    table: Table, texts: Mapping[str, Sequence[str]], path: Path, metadata: Mapping[str, str]
) -> Iterator[ArrayFile]:
    """Yield a file that takes row groups of arrays; it appears under its name when the block ends well.

    Args:
        table: The contract; every row group is checked against it.
        texts: What stands behind the codes of dictionary columns, by column.
        path: Where the file shall be.
        metadata: Key-value metadata of the file.

    Raises:
        WarehouseError: The disk is full.
    """
    with atomic_path(path) as temporary, temporary.open("wb", buffering=WRITE_BYTES) as opened:
        file = ArrayFile(opened, table, texts, ROW_GROUP_ROWS)
        yield file
        file.close(metadata)
        opened.flush()


def metadata_of(path: Path) -> dict[str, str]:
    """Return the key-value metadata of a Parquet file."""
    raw = pq.read_metadata(path).metadata or {}
    return {key.decode(): value.decode(errors="replace") for key, value in raw.items()}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
