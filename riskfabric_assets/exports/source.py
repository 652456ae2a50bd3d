"""What formats read: the home's tables as views of one DuckDB connection, whole and month by month.

Schemas: `people` (population), `history` (all months from the first day to the last exported one), `months` (the
exported months) and `month` (the one that is being written). `shops` is where money is paid, on the map and off it.
"""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import duckdb
import polars as pl

from riskfabric_assets.exports.sheets import quoted
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.foundation.units import last_day, month_of, months_between
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.connections import duckdb_config
from riskfabric_assets.warehouse.run import Run

PEOPLE: Final = ("customers", "accounts", "cards", "devices", "payees", "remote_merchants", "traits")
MONTHLY: Final = (
    "bronze/transactions",
    "bronze/account_events",
    "bronze/labels",
    "bronze/label_events",
    "truth/fraud",
    "plan/attacks",
)
MACROS: Final = """
create macro hex_of(id) as format('{:016x}', id);
create macro uuid_of(id) as format(
    '{}-{}-8{}-800{}-000000000000', hex_of(id)[1:8], hex_of(id)[9:12], hex_of(id)[13:15], hex_of(id)[16]
);
create macro address_of(ip) as format('{}.{}.{}.{}', ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
create macro cell_of(cell) as format('{:x}', cell);
create macro major(minor) as cast(minor / 100 as decimal(18, 2));
"""
"""Text forms of ids (UUIDs of version 8, RFC 9562, one for each id), addresses and cells, and major units of money."""
SHOPS: Final = """
create temp view shops as
select
    merchant_id, merchant_name, merchant_category, merchant_category_code, city_name, region_name, latitude, longitude,
    false as is_online,
from merchants
union all by name
select
    financial_id as merchant_id, operator as merchant_name, 'CASH' as merchant_category, 6011 as merchant_category_code,
    city_name, region_name, latitude, longitude, false as is_online,
from financial
where financial_kind = 'atm'
union all by name
select
    merchant_id, merchant_name, merchant_category, merchant_category_code, city_name, null as region_name, latitude,
    longitude, is_online,
from people.remote_merchants
"""


@dataclasses.dataclass(frozen=True)
class Source:
    """A home, cut to the months that are exported."""

    run: Run
    connection: duckdb.DuckDBPyConnection
    months: tuple[str, ...]

    def load(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame as a temporary table of the connection."""
        _load(self.connection, name, frame)

    @property
    def settings(self) -> Settings:
        """Settings of the home."""
        return self.run.settings

    @property
    def last_day(self) -> dt.date:
        """Last exported day."""
        through = self.run.through
        end = last_day(self.months[-1])
        return min(through, end) if through else end

    def each_month(self) -> Iterator[str]:
        """Yield every exported month in order, with the views of `month` upon it."""
        for month in self.months:
            _monthly_views(self.run, self.connection, "month", [month])
            yield month


@contextlib.contextmanager
def open_source(settings: Settings, months: Sequence[str]) -> Iterator[Source]:
    """Yield what formats read; no month means all months made so far.

    Raises:
        StaleError: Something has not been made, or was made under another identity.
        InputError: The home holds payments of a team's own.
    """
    run = Run(settings)
    run.require_simulation("formats of other systems")
    made = months_between(month_of(settings.config.calendar.start), month_of(_through(run)))
    chosen = tuple(months or made)
    config = duckdb_config(run.home, settings.config.engine.memory_mb)
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute(MACROS)
        _people_views(run, connection)
        for name in ("merchants", "financial"):
            _load(connection, name, run.read(f"reference/{name}"))
        connection.execute(SHOPS)
        _monthly_views(run, connection, "months", chosen)
        _monthly_views(run, connection, "history", months_between(made[0], chosen[-1]))
        yield Source(run, connection, chosen)


def _load(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("loaded", frame.to_arrow())
    connection.execute(f"create or replace temp table {name} as select * from loaded")
    connection.unregister("loaded")


def _through(run: Run) -> dt.date:
    through = run.through
    if through is None:
        raise StaleError(f"no payments in {run.home.root}", "payments to export", "riskfabric demo")
    return through


def _people_views(run: Run, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema people")
    for name in PEOPLE:
        path = run.file_of(f"population/{name}")
        connection.execute(f"create view people.{name} as select * from read_parquet('{quoted(path)}')")


def _monthly_views(run: Run, connection: duckdb.DuckDBPyConnection, schema: str, months: Sequence[str]) -> None:
    connection.execute(f"create schema if not exists {schema}")
    for name in MONTHLY:
        paths = ", ".join(f"'{quoted(run.file_of(name, month))}'" for month in months)
        view = f"{schema}.{name.split('/')[1]}"
        connection.execute(f"create or replace view {view} as select * from read_parquet([{paths}])")
