"""The commands `seed`, `init-db` and `stats`, with the options and environment variables of their source."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from riskfabric_assets.exports.sequences.database import count_rows, open_database
from riskfabric_assets.exports.sequences.logs import Log
from riskfabric_assets.exports.sequences.migrations import migrate, version_of
from riskfabric_assets.exports.sequences.seeding import SeedPlan, seed
from riskfabric_assets.foundation.errors import ConfigError, Problem, RiskFabricError
from riskfabric_assets.packs.settings import PREFIX, Settings, resolve, with_fraud_rate
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through
from riskfabric_assets.warehouse.identity import stored_identity

PARTS: Final = {"USER": "synthetic", "HOST": "localhost", "PORT": "5432", "DB": "synthetic_data"}
"""Defaults of POSTGRES_*; the password has none. Source: synthetic-data-gen."""
SCENARIO: Final = "user_sequences"
USERS: Final = 100
FRAUD_RATE: Final = 0.05
"""Users, and the share of them that is attacked, where other options are given alone. Source: synthetic-data-gen."""
LAYERS: Final = ("osm", "reference", "population", "plan", "bronze", "truth")

Url = Annotated[
    str, typer.Option("--database-url", help="duckdb:///FILE or postgresql://...; else DATABASE_URL, else POSTGRES_*")
]
Drop = Annotated[bool, typer.Option("--drop-tables", help="Make the tables anew")]
JsonLogs = Annotated[bool, typer.Option("--json-logs", help="Write logs as one JSON object per line")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log every batch")]


def seed_database(
    users: Annotated[int | None, typer.Option("--users", "-u", min=1, help="Simulate this many users")] = None,
    fraud_rate: Annotated[
        float | None, typer.Option("--fraud-rate", "-f", min=0, max=1, help="Share of users who are attacked")
    ] = None,
    random_seed: Annotated[int | None, typer.Option("--seed", "-s", min=0, help="Seed of the simulation")] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", "-b", min=1, help="Rows per insert")] = 500,
    database_url: Url = "",
    drop_tables: Drop = False,
    json_logs: JsonLogs = False,
    verbose: Verbose = False,
    legacy: Annotated[bool, typer.Option("--legacy", help="One payment per user instead of sequences")] = False,
) -> None:
    """Write user sequences and their graph into DuckDB or PostgreSQL.

    They are simulated first, unless their home holds them: that of the scenario user_sequences or what RISKFABRIC_*
    names; with --users, --fraud-rate or --seed a home of their own.
    """
    log = Log(as_json=json_logs, is_verbose=verbose)
    url = url_of(database_url, os.environ)
    settings = settings_of(os.environ, Path.cwd(), users, fraud_rate, random_seed)
    make_payments(settings, log)
    plan = SeedPlan(batch_size=batch_size, drop_tables=drop_tables, is_legacy=legacy)
    _print(seed(settings, url, plan, log))


def make_database(
    database_url: Url = "", drop_tables: Drop = False, json_logs: JsonLogs = False, verbose: Verbose = False
) -> None:
    """Make the tables of user sequences, without rows, or bring them to the newest version."""
    log = Log(as_json=json_logs, is_verbose=verbose)
    with open_database(url_of(database_url, os.environ)) as database:
        log.info("schema", applied=migrate(database, drop=drop_tables))
        _print(count_rows(database))


def print_statistics(database_url: Url = "") -> None:
    """Print the version of the schema and the rows of every table of user sequences."""
    with open_database(url_of(database_url, os.environ)) as database:
        version = version_of(database)
        if version == 0:
            fix = "riskfabric init-db, or riskfabric seed"
            raise ConfigError([Problem("--database-url", "a database without tables", "one that seed has made", fix)])
        typer.echo(f"{'version of the schema':<24} {version:>10,}")
        _print(count_rows(database))


def settings_of(
    environ: Mapping[str, str], folder: Path, users: int | None, fraud_rate: float | None, random_seed: int | None
) -> Settings:
    """Return the settings that the options ask for.

    Args:
        environ: Environment variables.
        folder: Working folder.
        users: Customers; None: 100 where another option is given, else as configured, which is 100 as well.
        fraud_rate: Share of them; None likewise, 0.05.
        random_seed: Seed; None as configured.

    Returns:
        Settings; whatever is simulated for these options has a home named after them, unless RISKFABRIC_HOME names one.
    """
    variables = {**environ, f"{PREFIX}SCENARIO": scenario_of(environ, folder)}
    if users is None and fraud_rate is None and random_seed is None:
        return resolve(variables, folder)
    count, share = users or USERS, FRAUD_RATE if fraud_rate is None else fraud_rate
    variables[f"{PREFIX}POPULATION__CUSTOMERS"] = str(count)
    if random_seed is not None:
        variables[f"{PREFIX}SEED"] = str(random_seed)
    named = resolve(variables, folder)
    home = folder / "data" / f"{named.scenario}-{count}-{share:g}-{named.seed}"
    variables.setdefault(f"{PREFIX}HOME", str(home))
    return resolve(with_fraud_rate(variables, folder, share), folder)


def scenario_of(environ: Mapping[str, str], folder: Path) -> str:
    """Return RISKFABRIC_SCENARIO, else what the home that RISKFABRIC_HOME names was made of, else user_sequences."""
    home = environ.get(f"{PREFIX}HOME")
    stored = stored_identity(folder / Path(home).expanduser()) if home else None
    return environ.get(f"{PREFIX}SCENARIO") or (stored.scenario if stored else SCENARIO)


def make_payments(settings: Settings, log: Log) -> None:
    """Simulate everything up to bronze, unless the home holds it already, or payments of a team's own.

    Raises:
        RiskFabricError: The simulation stops.
    """
    if settings.bronze_path is not None:
        return
    if recorded_through(Home(settings.home)) is not None:
        log.info("simulated before", home=settings.home)
        return
    from riskfabric_assets.assets.launch import materialize  # noqa: PLC0415  # Dagster takes seconds to import

    def follow(step: str, outcome: str, seconds: float) -> None:
        if outcome != "start":
            log.info("simulated", step=step, outcome=outcome, seconds=round(seconds, 1))

    log.info("simulating", home=settings.home, users=settings.config.population.customers, seed=settings.seed)
    launched = materialize(settings, selection=" or ".join(f"group:{layer}" for layer in LAYERS), progress=follow)
    if launched.error is not None:
        raise RiskFabricError(launched.error)


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
