"""Atomic Parquet: temporary name in the same folder, fsync, rename. A killed writer leaves the old file readable."""

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow.parquet as pq

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import WarehouseError

ROW_GROUP_ROWS: Final = 122_880
"""Rows per row group: one DuckDB row group, so that scans run in parallel. Source: DuckDB documentation."""
STATISTICS_FROM_ROWS: Final = 8 * ROW_GROUP_ROWS
"""A smaller file is read in less time than skipping in it saves, and statistics cost a sixth of writing; measured."""
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
