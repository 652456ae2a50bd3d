"""Versions of the schema: what each adds, which one a database has, and the way from one to the next.

`schema_migrations` has a row for each version that was applied. A version is never changed once it is released; what
comes later is a new one.
"""

from typing import Final, NamedTuple

from riskfabric_assets.exports.sequences.database import Database
from riskfabric_assets.exports.sequences.tables import (
    ACCOUNTS,
    ADDRESSES,
    DEVICES,
    HAS_ACCOUNT,
    METADATA,
    RECORDS,
    RUNS,
    SNAPSHOTS,
    TRANSFERS_TO,
    USERS,
    USES_DEVICE,
    USES_IP,
    DatabaseTable,
    Dialect,
    Field,
)
from riskfabric_assets.foundation.errors import InputError, Problem

VERSIONS: Final = DatabaseTable(
    "schema_migrations",
    (
        Field("version", "integer"),
        Field("name", "text"),
        Field("applied_at", "timestamp", "not null default current_timestamp"),
    ),
    ("version",),
)


class Migration(NamedTuple):
    """One step of the schema: the tables that it adds."""

    version: int
    name: str
    tables: tuple[DatabaseTable, ...]

    def statements(self, dialect: Dialect) -> list[str]:
        """Return the statements that bring a database from the version before to this one."""
        return [statement for table in self.tables for statement in table.statements(dialect)]


MIGRATIONS: Final = (
    Migration(1, "nodes of the graph", (USERS, ACCOUNTS, DEVICES, ADDRESSES)),
    Migration(2, "records and their metadata", (RECORDS, METADATA)),
    Migration(3, "edges of the graph", (USES_DEVICE, USES_IP, HAS_ACCOUNT, TRANSFERS_TO)),
    Migration(4, "feature snapshots", (SNAPSHOTS,)),
    Migration(5, "what the rows were made of", (RUNS,)),
)


def migrate(database: Database, *, drop: bool = False) -> list[int]:
    """Bring a database to the newest version; `drop` removes every table first. Returns the versions applied.

    Raises:
        InputError: The database is newer than this program, or holds such tables without a version.
    """
    made = [table for migration in MIGRATIONS for table in migration.tables]
    if drop:
        for table in [*reversed(made), VERSIONS]:
            for statement in table.drop_statements(database.dialect):
                database.execute(statement)
    have = version_of(database)
    applied = []
    for migration in MIGRATIONS:
        if migration.version > have:
            for statement in migration.statements(database.dialect):
                database.execute(statement)
            name = migration.name.replace("'", "''")
            database.execute(f"insert into {VERSIONS.name} (version, name) values ({migration.version}, '{name}')")
            applied.append(migration.version)
    return applied


def version_of(database: Database) -> int:
    """Return the version of a database, 0 for an empty one; makes the table of versions if it is not there.

    Raises:
        InputError: As `migrate`.
    """
    there = tables_of(database)
    if VERSIONS.name not in there:
        strangers = sorted(there & {table.name for migration in MIGRATIONS for table in migration.tables})
        if strangers:
            fix = "name another database, or make the tables anew with --drop-tables"
            found = "tables without a version: " + ", ".join(strangers)
            raise InputError([Problem("--database-url", found, "an empty database or one that seed has made", fix)])
        for statement in VERSIONS.statements(database.dialect):
            database.execute(statement)
    newest = int(str(database.execute(f"select coalesce(max(version), 0) from {VERSIONS.name}")[0][0]))
    if newest > MIGRATIONS[-1].version:
        expected, fix = (
            f"at most {MIGRATIONS[-1].version}",
            "update riskfabric, or make the tables anew with --drop-tables",
        )
        raise InputError([Problem(f"--database-url: {VERSIONS.name}", f"version {newest}", expected, fix)])
    return newest


def tables_of(database: Database) -> set[str]:
    """Return the names of the tables that the database's default schema holds."""
    statement = "select table_name from information_schema.tables where table_schema = current_schema()"
    return {str(row[0]) for row in database.execute(statement)}
