"""Paths of one home. A home holds one identity; its layout is the same everywhere."""

import dataclasses
from pathlib import Path

from riskfabric_assets.foundation.contracts import Table

WHOLE = "all"
"""File stem of a table that is not cut by month."""


@dataclasses.dataclass(frozen=True)
class Home:
    """The folder of a run."""

    root: Path

    @property
    def lake(self) -> Path:
        """Parquet files, one folder per table."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file; always the same stem, because dbt's manifest holds it."""
        return self.root / "warehouse.duckdb"

    @property
    def models(self) -> Path:
        """Trained models."""
        return self.root / "models"

    @property
    def reports(self) -> Path:
        """Reports for people."""
        return self.root / "reports"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of this run."""
        return self.root / "dagster"

    @property
    def cache(self) -> Path:
        """Whatever can be made again: kernels, dbt's manifest, the sample extract, spill files."""
        return self.root / "cache"

    def folder_of(self, table: Table) -> Path:
        """Folder of a lake table."""
        return self.lake / table.name

    def file_of(self, table: Table, month: str | None) -> Path:
        """File of a lake table, or of one month of it.

        Raises:
            ValueError: A monthly table without month, or a month for a table without months.
        """
        if table.is_monthly != (month is not None):
            raise ValueError(f"{table.name}: month={month!r}")
        return self.folder_of(table) / f"{month or WHOLE}.parquet"

    def months_of(self, table: Table, *, besides: str = "") -> list[Path]:
        """Files of a monthly table, in order of their months; `besides` leaves one month out."""
        files = sorted(self.folder_of(table).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].parquet"))
        return [path for path in files if path.stem != besides]

    def schema_file_of(self, table: Table) -> Path:
        """File of zero rows that gives the table its columns before anything is stored."""
        return self.folder_of(table) / "0000-schema.parquet"
