"""One table as Parquet or CSV, or all tables as one self-contained DuckDB file."""

from pathlib import Path
from typing import Final, Literal

import duckdb

from riskfabric_assets.foundation.errors import ConfigError, InputError, Problem, nearest
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.parquet import atomic_path

Format = Literal["parquet", "csv"]
OPTIONS: Final[dict[Format, str]] = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header true",
}
ANSWERS: Final = ("population.traits", "gold.evaluation_metadata", "gold.noisy_labels", "gold.typology_daily")
"""Tables outside the schemas of the truth that tell it."""


def export_table(settings: Settings, name: str, target: Path, form: Format) -> int:
    """Write one table to `target`; returns its rows.

    Args:
        settings: Settings of the home.
        name: Table by its asset key ("gold/payments") or SQL name ("gold.payments").
        target: File to write.
        form: parquet or csv.

    Raises:
        ConfigError: There is no such table.
        InputError: The target is the warehouse itself.
    """
    _refuse_warehouse(settings, target)
    sql_name = name.replace("/", ".")
    with open_warehouse(Home(settings.home), read_only=True, memory_mb=settings.config.engine.memory_mb) as connection:
        known = table_names(connection)
        if sql_name not in known:
            fix = nearest(sql_name, known)
            raise ConfigError([Problem(f"export {name}", "no such table", "a table of the warehouse", fix)])
        with atomic_path(target) as temporary:
            connection.execute(f"copy (select * from {sql_name}) to '{_quoted(temporary)}' ({OPTIONS[form]})")
        return _count(connection, sql_name)


def export_portable(settings: Settings, target: Path, *, with_truth: bool) -> dict[str, int]:
    """Copy every table into one DuckDB file with native tables, to hand to a colleague; returns rows per table.

    Truth and latent traits are left out unless asked for: whoever trains on the file should not find the answers.

    Raises:
        InputError: The target is the warehouse itself.
    """
    home = Home(settings.home)
    _refuse_warehouse(settings, target)
    with open_warehouse(home, read_only=True, memory_mb=settings.config.engine.memory_mb) as connection:
        names = [name for name in table_names(connection) if with_truth or not _is_secret(name)]
    with atomic_path(target) as temporary, duckdb.connect(str(temporary)) as portable:
        portable.execute(f"attach '{_quoted(home.warehouse)}' as origin (read_only)")
        for name in names:
            portable.execute(f"create schema if not exists {name.split('.')[0]}")
            portable.execute(f"create table {name} as select * from origin.{name}")
        portable.execute("detach origin")
        return {name: _count(portable, name) for name in names}


def table_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the SQL names of all tables and views that users see, sorted."""
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema not in ('main', 'information_schema') and table_catalog = current_database() order by 1"
    ).fetchall()
    return [str(row[0]) for row in rows]


def _refuse_warehouse(settings: Settings, target: Path) -> None:
    if target.resolve() == Home(settings.home).warehouse.resolve():
        raise InputError([Problem(str(target), "the warehouse itself", "another file", "choose another name")])


def _is_secret(name: str) -> bool:
    return name.startswith(("truth.", "plan.")) or name in ANSWERS


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"select count(*) from {name}").fetchone()
    return int(row[0]) if row else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
