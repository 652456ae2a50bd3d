"""`Run`: what a room above the ground needs of storage, bound to one home and one identity."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem, StaleError
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.packs.crime import natural_weight
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse import identity, views
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through
from riskfabric_assets.warehouse.parquet import metadata_of, write_pieces, write_table
from riskfabric_assets.warehouse.prevalence import recorded_share

LOCK_WAIT_SECONDS = 20.0
"""How long a step waits for a reader (a notebook, a BI tool) before it says who holds the file."""


@dataclasses.dataclass(frozen=True)
class Run:
    """One home with the settings that belong to it."""

    settings: Settings

    @property
    def home(self) -> Home:
        """Paths."""
        return Home(self.settings.home)

    @property
    def references_folder(self) -> Path:
        """Folder of exported references that this run starts from; raises StaleError when it starts from a map."""
        if self.settings.references is None:
            raise StaleError("no folder of references", "exported references", "set RISKFABRIC_REFERENCES")
        return self.settings.references

    @property
    def bronze_folder(self) -> Path:
        """Folder of a team's own payments; raises StaleError when payments are simulated."""
        if self.settings.bronze_path is None:
            raise StaleError("no folder of own payments", "bronze tables of your own", "set RISKFABRIC_BRONZE_PATH")
        return self.settings.bronze_path

    def require_simulation(self, what: str) -> None:
        """Refuse what needs the people and the truth of a simulation in a home of own payments.

        Raises:
            InputError: The home holds payments of a team's own.
        """
        if not self.is_synthetic:
            found, fix = f"own payments of {self.bronze_folder}", "unset RISKFABRIC_BRONZE_PATH to use a simulated home"
            raise InputError([Problem(what, found, "a simulated world", fix)])

    @property
    def is_synthetic(self) -> bool:
        """Whether what the home holds was simulated."""
        return self.settings.bronze_path is None

    @property
    def streams(self) -> Streams:
        """Random streams of the seed."""
        return Streams(self.settings.seed)

    @property
    def through(self) -> dt.date | None:
        """Last day made so far."""
        return recorded_through(self.home)

    @property
    def world_settings(self) -> dict[str, object]:
        """Return the one row that dbt reads in place of variables."""
        config = self.settings.config
        return {
            "world": self.settings.world,
            "country_code": config.world.country_code,
            "timezone": config.world.timezone,
            "merchant_names": config.world.merchant_names,
            "region_admin_level": config.world.boundaries.region_admin_level,
            "district_admin_level": config.world.boundaries.district_admin_level,
            "metro_population": config.world.settlements.metro_population,
            "urban_population": config.world.settlements.urban_population,
            "semi_urban_population": config.world.settlements.semi_urban_population,
            "settlement_radius_km": config.world.settlements.reach_km,
            "natural_weight_fraud": natural_weight(config.crime.injection, config.prevalence, recorded_share(self.home))
            if self.is_synthetic
            else 1.0,
            "reputation_strength": config.features.settings.reputation.strength,
            "reputation_prior_share": config.features.settings.reputation.prior_share,
            "false_negative_share": config.labels.noise.false_negative_share,
            "false_positive_share": config.labels.noise.false_positive_share,
        }

    def prepare(self) -> None:
        """Claim the home and lay its foundations: folders, schema files, views and the rows that dbt reads."""
        identity.claim(self.home, identity.Identity.of(self.settings))
        for folder in (self.home.models, self.home.reports, self.home.dagster, self.home.cache):
            folder.mkdir(parents=True, exist_ok=True)
        views.write_schema_files(self.home)
        memory_mb = self.settings.config.engine.memory_mb
        with open_warehouse(self.home, memory_mb=memory_mb, wait_seconds=LOCK_WAIT_SECONDS) as connection:
            views.create_views(connection, self.home)
            views.put_row(connection, "world_settings", self.world_settings)
            views.put_row(connection, "identity", dataclasses.asdict(identity.Identity.of(self.settings)))

    def set_build_window(self, months: Sequence[str], start: dt.date, end: dt.date) -> None:
        """Tell dbt's incremental models which days to make again, start included, end excluded; settings anew."""
        memory_mb = self.settings.config.engine.memory_mb
        with open_warehouse(self.home, memory_mb=memory_mb, wait_seconds=LOCK_WAIT_SECONDS) as connection:
            row = {"start_date": start, "end_date": end, "months": ", ".join(months)}
            views.put_row(connection, "build_window", row)
            views.put_row(connection, "world_settings", self.world_settings)

    def metadata(self) -> dict[str, str]:
        """Return what every Parquet file of this run is stamped with."""
        return {"riskfabric.identity": self.settings.identity, "riskfabric.synthetic": str(self.is_synthetic).lower()}

    def store(self, name: str, frame: pl.DataFrame, month: str | None = None) -> Path:
        """Check a frame against its contract, write it atomically and return the file.

        Raises:
            StaleError: The home holds another identity.
        """
        identity.claim(self.home, identity.Identity.of(self.settings))
        table = TABLES[name]
        path = self.home.file_of(table, month)
        write_table(table, frame, path, self.metadata())
        return path

    def store_pieces(self, pieces: Iterable[tuple[str, pl.DataFrame]], names: Sequence[str]) -> dict[str, int]:
        """Write tables that come in pieces, by name, as `store` would write them whole; returns rows by table.

        Raises:
            StaleError: The home holds another identity.
        """
        identity.claim(self.home, identity.Identity.of(self.settings))
        paths = {name: self.home.file_of(TABLES[name], None) for name in names}
        return write_pieces(((TABLES[name], frame) for name, frame in pieces), paths, self.metadata())

    def read(self, name: str, month: str | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read a lake table (or one month of it), or a table of the warehouse, with the columns of its contract.

        Raises:
            StaleError: It has not been made yet, or was made under another identity.
        """
        table = TABLES[name]
        if table.layer == "reference":
            return self._read_warehouse(table, columns)
        return pl.read_parquet(self.file_of(name, month), columns=list(columns) if columns else None)

    def file_of(self, name: str, month: str | None = None) -> Path:
        """Return the file of a lake table, or of one month of it, for readers that stream.

        Raises:
            StaleError: It has not been made yet, or was made under another identity.
        """
        table = TABLES[name]
        path = self.home.file_of(table, month)
        self._refuse_stale(table, path, month)
        return path

    def query(self, sql: str) -> pl.DataFrame:
        """Run a read-only query against the warehouse."""
        memory_mb = self.settings.config.engine.memory_mb
        with open_warehouse(
            self.home, read_only=True, memory_mb=memory_mb, wait_seconds=LOCK_WAIT_SECONDS
        ) as connection:
            return connection.execute(sql).pl()

    def _read_warehouse(self, table: Table, columns: Sequence[str] | None) -> pl.DataFrame:
        identity.claim(self.home, identity.Identity.of(self.settings))
        names = list(columns or table.schema)
        order = ", ".join(name for name in table.key if name in names) or "1"
        frame = self.query(f"select {', '.join(names)} from {views.view_name(table)} order by {order}")
        return frame.cast({name: table.schema[name] for name in names})

    def _refuse_stale(self, table: Table, path: Path, month: str | None) -> None:
        command = f"riskfabric materialize --select {table.name}" + (f" --partition {month}" if month else "")
        if not path.exists():
            raise StaleError(f"no {path.name} of {table.name}", f"{table.name} of {self.settings.identity}", command)
        stored = metadata_of(path).get("riskfabric.identity")
        if stored != self.settings.identity:
            raise StaleError(f"{table.name} of identity {stored}", f"identity {self.settings.identity}", command)
