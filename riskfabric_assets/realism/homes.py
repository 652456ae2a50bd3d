"""The lake of a home: its Parquet files as relations, and the promises of its settings as rules."""

import contextlib
from collections.abc import Iterator

import duckdb

from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.realism.lake import TABLES_READ, Lake, NoPaymentsError, Rules, open_lake
from riskfabric_assets.warehouse.connections import duckdb_config
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.identity import Identity, stored_identity
from riskfabric_assets.warehouse.run import Run
from riskfabric_assets.warehouse.views import source_of


@contextlib.contextmanager
def lake_of(settings: Settings) -> Iterator[Lake]:
    """Yield the lake of a home in memory and close it; the warehouse file is not touched, so no lock is needed.

    Raises:
        StaleError: The home holds no payments yet, or those of other settings.
        InputError: It holds payments of a team's own.
    """
    Run(settings).require_simulation("figures of the simulation")
    home = Home(settings.home)
    stored, wanted = stored_identity(home.root), Identity.of(settings)
    if stored is not None and stored.identity != wanted.identity:
        raise StaleError(f"{home.root} holds {stored}", str(wanted), "riskfabric generate, in a home of its own")
    with memory_connection(home, settings.config.engine.memory_mb) as connection:
        try:
            yield open_lake(connection, sources_of(home), rules_of(settings))
        except NoPaymentsError as error:
            raise StaleError(f"no payments in {home.root}", "bronze/transactions", "riskfabric generate") from error


def rules_of(settings: Settings) -> Rules:
    """Return what a run promises."""
    payments = settings.config.payments
    return Rules(
        payment_limits={str(channel): limit for channel, limit in payments.limits.payment_amounts.items()},
        home_country=settings.config.world.country_code,
        is_natural=settings.config.crime.injection.mode == "natural_bps",
    )


def sources_of(home: Home) -> dict[str, str]:
    """Return the SQL that reads each table that a home holds."""
    return {name: source_of(home, table) for name, table in TABLES_READ.items() if _is_made(home, name)}


@contextlib.contextmanager
def memory_connection(home: Home, memory_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in memory that spills into the cache of a home, and close it."""
    home.cache.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:", config=duckdb_config(home, memory_mb))
    try:
        yield connection
    finally:
        connection.close()


def _is_made(home: Home, name: str) -> bool:
    table = TABLES_READ[name]
    files = home.folder_of(table).glob("*.parquet")
    return any(path != home.schema_file_of(table) for path in files)
