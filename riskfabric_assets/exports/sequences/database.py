"""DuckDB or PostgreSQL behind one door: connect with retries, one transaction, batches that change nothing twice."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol, TypeVar

import duckdb
import psycopg2
import pyarrow as pa
from psycopg2.extras import execute_values

from riskfabric_assets.exports.sequences.tables import TABLES, DatabaseTable, Dialect
from riskfabric_assets.foundation.errors import ConfigError, Problem, WarehouseError

Connection = TypeVar("Connection")
ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 1.0
"""A server that restarts is back within a few seconds."""


class Database(Protocol):
    """What seeding needs."""

    dialect: Dialect

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement and return its rows."""

    def insert(self, table: DatabaseTable, batch: pa.RecordBatch) -> None:
        """Insert rows with the table's columns, but those whose key is there."""


class _DuckDB:
    dialect: Dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        return self.connection.execute(statement).fetchall()

    def insert(self, table: DatabaseTable, batch: pa.RecordBatch) -> None:
        names = ", ".join(table.columns)
        self.connection.register("batch", pa.Table.from_batches([batch]))
        self.connection.execute(f"insert into {table.name} ({names}) select {names} from batch on conflict do nothing")
        self.connection.unregister("batch")


class _PostgreSQL:
    dialect: Dialect = "postgresql"

    def __init__(self, connection: psycopg2.extensions.connection) -> None:
        self.cursor = connection.cursor()

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        self.cursor.execute(statement)
        return list(self.cursor.fetchall()) if self.cursor.description else []

    def insert(self, table: DatabaseTable, batch: pa.RecordBatch) -> None:
        rows = [tuple(row[name] for name in table.columns) for row in batch.to_pylist()]
        names = ", ".join(table.columns)
        statement = f"insert into {table.name} ({names}) values %s on conflict do nothing"
        execute_values(self.cursor, statement, rows, page_size=len(rows))


@contextlib.contextmanager
def open_database(url: str) -> Iterator[Database]:
    """Yield a database in one transaction: all of it is committed, or nothing.

    Raises:
        ConfigError: The URL names neither duckdb:///FILE nor postgresql://.
        WarehouseError: The database cannot be reached, after retries, or is lost on the way; nothing is written.
    """
    if url.startswith("duckdb:///"):
        with contextlib.closing(_open_file(Path(url.removeprefix("duckdb:///")))) as file:
            file.begin()
            yield _DuckDB(file)
            file.commit()
        return
    if not url.startswith(("postgresql://", "postgres://")):
        fix = "write duckdb:///sequences.duckdb or postgresql://user@host/database"
        raise ConfigError([Problem("--database-url", f"'{masked(url)}'", "a DuckDB or PostgreSQL URL", fix)])
    with contextlib.closing(_connect(url)) as server:
        try:
            yield _PostgreSQL(server)
            server.commit()
        except psycopg2.OperationalError as error:
            reason, fix = _first_line(error), "start it again and repeat the command"
            raise WarehouseError(
                f"the database was lost: {reason}; nothing of this command was written\n  fix: {fix}"
            ) from error


def count_rows(database: Database) -> dict[str, int]:
    """Return the rows of every table."""
    return {table.name: int(str(database.execute(f"select count(*) from {table.name}")[0][0])) for table in TABLES}


def masked(url: str) -> str:
    """Return a URL without its password, for logs and errors."""
    return re.sub(r"(//[^:/@]*):[^@/]*@", r"\1:***@", url)


def _open_file(path: Path) -> duckdb.DuckDBPyConnection:
    fix = "name a file in a folder that is there, and close other programs that hold it"
    return _retried(lambda: duckdb.connect(str(path)), duckdb.IOException, fix)


def _connect(url: str) -> psycopg2.extensions.connection:
    return _retried(lambda: psycopg2.connect(url), psycopg2.OperationalError, "start it, or correct --database-url")


def _retried(connect: Callable[[], Connection], failure: type[Exception], fix: str) -> Connection:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return connect()
        except failure as error:
            if attempt == ATTEMPTS:
                raise WarehouseError(
                    f"the database cannot be reached ({ATTEMPTS} attempts): {_first_line(error)}; nothing was written\n"
                    f"  fix: {fix}"
                ) from error
            time.sleep(PAUSE_SECONDS)
    raise AssertionError("unreachable")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
