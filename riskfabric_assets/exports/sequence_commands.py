"""The commands `seed`, `init-db` and `stats`, with the options and environment variables of their source."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from riskfabric_assets.exports.sequences.database import count_rows, make_tables, open_database
from riskfabric_assets.exports.sequences.seeding import seed
from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.packs.settings import resolve

PARTS: Final = {"USER": "synthetic", "HOST": "localhost", "PORT": "5432", "DB": "synthetic_data"}
"""Defaults of POSTGRES_*; the password has none. Source: synthetic-data-gen."""

Url = Annotated[
    str, typer.Option("--database-url", help="duckdb:///FILE or postgresql://...; else DATABASE_URL, else POSTGRES_*")
]


def seed_database(
    database_url: Url = "",
    batch_size: Annotated[int, typer.Option("--batch-size", "-b", min=1, help="Rows per insert")] = 500,
    drop_tables: Annotated[bool, typer.Option("--drop-tables", help="Make the tables anew")] = False,
) -> None:
    """Write user sequences and their graph into DuckDB or PostgreSQL; what is there already is left alone."""
    settings = resolve(os.environ, Path.cwd())
    url = url_of(database_url, os.environ)
    _print(seed(settings, url, batch_size=batch_size, drop_tables=drop_tables))


def make_database(
    database_url: Url = "",
    drop_tables: Annotated[bool, typer.Option("--drop-tables", help="Make the tables anew")] = False,
) -> None:
    """Make the tables of user sequences, without rows."""
    with open_database(url_of(database_url, os.environ)) as database:
        make_tables(database, drop=drop_tables)
        _print(count_rows(database))


def print_statistics(database_url: Url = "") -> None:
    """Print the rows of every table of user sequences."""
    with open_database(url_of(database_url, os.environ)) as database:
        _print(count_rows(database))


def url_of(option: str, environ: Mapping[str, str]) -> str:
    """Return the database's URL: the option, else DATABASE_URL, else made of POSTGRES_*.

    Raises:
        ConfigError: None of them is given.
    """
    given = option or environ.get("DATABASE_URL", "")
    if given:
        return given
    if not any(name.startswith("POSTGRES_") for name in environ):
        fix = "riskfabric seed --database-url duckdb:///sequences.duckdb"
        raise ConfigError([Problem("--database-url", "nothing", "a database", fix)])
    parts = {name: environ.get(f"POSTGRES_{name}", default) for name, default in PARTS.items()}
    password = environ.get("POSTGRES_PASSWORD", "")
    user = f"{parts['USER']}:{password}" if password else parts["USER"]
    return f"postgresql://{user}@{parts['HOST']}:{parts['PORT']}/{parts['DB']}"


def _print(rows: dict[str, int]) -> None:
    for name, count in rows.items():
        typer.echo(f"{name:<24} {count:>10,} rows")
