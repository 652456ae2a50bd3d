"""Batches to Parquet in bounded memory: parts in a scratch folder, joined into one file at the end."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.warehouse.parquet import ROW_GROUP_ROWS, atomic_path


class TableSink:
    """Collects batches of one table; nothing replaces the previous file before `commit`."""

    def __init__(self, table: Table, path: Path, scratch: Path) -> None:
        self._table, self._path = table, path
        self._scratch = scratch / table.name
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self._parts: list[Path] = []
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Check a batch against the contract and put it aside; an empty one is dropped."""
        if frame.height:
            part = self._scratch / f"{len(self._parts):06d}.parquet"
            self._table.check(frame).write_parquet(part, compression="lz4")
            self._parts.append(part)
            self.rows += frame.height

    def commit(self, metadata: Mapping[str, str]) -> Path:
        """Join the parts into the table's file in one atomic step."""
        if not self._parts:
            self.add_empty()
        with atomic_path(self._path) as temporary:
            pl.scan_parquet(self._parts).sink_parquet(
                temporary, compression="lz4", row_group_size=ROW_GROUP_ROWS, metadata=dict(metadata)
            )
        return self._path

    def add_empty(self) -> None:
        """Put aside a part of no rows, so that an empty table has its columns."""
        part = self._scratch / "000000.parquet"
        self._table.empty().write_parquet(part)
        self._parts.append(part)
