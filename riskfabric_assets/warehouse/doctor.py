"""What can be wrong with a machine or a home, and what to do about it."""

import dataclasses
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from riskfabric_assets.foundation.errors import RiskFabricError, WarehouseError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse import identity
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.extensions import extension_path
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.parquet import TEMPORARY_SUFFIX
from riskfabric_assets.warehouse.views import create_views, write_schema_files

OLDEST_PYTHON: Final = (3, 11)
FREE_GB: Final = 2.0
"""Free disk below which a demo may not finish: measured 0.4 GB, with room for spilling."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """The outcome of one check; `remedy` is empty when all is well."""

    check: str
    is_well: bool
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Run every check and return what was found, good and bad."""
    home = Home(settings.home)
    return [
        _python(),
        _disk(home),
        _extension(),
        _extract(settings),
        Finding("config", True, f"{settings.config_folder}, identity {settings.identity}"),
        _identity(home, settings),
        _lock(home, settings),
        _views(home, settings),
        _leftovers(home),
        _pool(home),
    ]


def repair(settings: Settings) -> None:
    """Mend what can be mended without making data again: views of a moved home, and files of killed writers."""
    home = Home(settings.home)
    for path in _unfinished(home):
        path.unlink()
    if home.warehouse.exists():
        with open_warehouse(home, memory_mb=settings.config.engine.memory_mb) as connection:
            write_schema_files(home)
            create_views(connection, home)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", sys.version_info >= OLDEST_PYTHON, version, "install Python 3.11 or newer")


def _disk(home: Home) -> Finding:
    folder = next(path for path in (home.root, *home.root.parents) if path.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    return Finding("disk", free_gb >= FREE_GB, f"{free_gb:.1f} GB free", f"free at least {FREE_GB:.0f} GB at {folder}")


def _extension() -> Finding:
    try:
        path = extension_path("spatial")
    except WarehouseError as error:
        return Finding(
            "extensions", False, str(error).splitlines()[0], str(error).splitlines()[-1].removeprefix("  fix: ")
        )
    return Finding("extensions", True, path.name)


def _extract(settings: Settings) -> Finding:
    if settings.bronze_path:
        is_there = settings.bronze_path.is_dir()
        return Finding("map", is_there, f"own payments in {settings.bronze_path}", "correct RISKFABRIC_BRONZE_PATH")
    if settings.references:
        return Finding(
            "map", settings.references.is_dir(), f"references in {settings.references}", "correct RISKFABRIC_REFERENCES"
        )
    if settings.osm_path is None:
        return Finding("map", True, "sample extract (set RISKFABRIC_OSM_PATH for a real one)")
    fix = "correct RISKFABRIC_OSM_PATH, or unset it for the sample extract"
    return Finding("map", settings.osm_path.is_file(), str(settings.osm_path), fix)


def _identity(home: Home, settings: Settings) -> Finding:
    stored = identity.stored_identity(home.root)
    if stored is None:
        return Finding("home", True, f"{home.root} (new)")
    fix = "set RISKFABRIC_HOME to another folder, or remove this one"
    return Finding("home", stored.identity == settings.identity, f"{home.root} holds {stored}", fix)


def _lock(home: Home, settings: Settings) -> Finding:
    if not home.warehouse.exists():
        return Finding("lock", True, "no warehouse yet")
    try:
        with open_warehouse(home, read_only=True, memory_mb=settings.config.engine.memory_mb):
            return Finding("lock", True, "the warehouse opens")
    except RiskFabricError as error:
        lines = str(error).splitlines()
        return Finding("lock", False, lines[0], lines[-1].removeprefix("  fix: "))


def _views(home: Home, settings: Settings) -> Finding:
    if not home.warehouse.exists():
        return Finding("views", True, "no warehouse yet")
    try:
        with open_warehouse(home, read_only=True, memory_mb=settings.config.engine.memory_mb) as connection:
            rows = connection.execute("select sql from duckdb_views() where schema_name = 'bronze'").fetchall()
    except WarehouseError:
        return Finding("views", True, "not looked at: the warehouse is in use")
    is_here = all(str(home.lake) in str(row[0]) for row in rows)
    return Finding("views", is_here, f"{len(rows)} views over the lake", "riskfabric doctor --fix (the home has moved)")


def _leftovers(home: Home) -> Finding:
    count = len(list(_unfinished(home)))
    return Finding("leftovers", count == 0, f"{count} files of killed writers", "riskfabric doctor --fix")


def _pool(home: Home) -> Finding:
    path = home.dagster / "dagster.yaml"
    if not path.exists():
        return Finding("pool", True, "no Dagster home yet")
    pools = (yaml.safe_load(path.read_text()) or {}).get("concurrency", {}).get("pools", {})
    limit = pools.get("default_limit")
    return Finding("pool", limit == 1, f"limit {limit}", f"set concurrency.pools.default_limit to 1 in {path}")


def _unfinished(home: Home) -> Iterator[Path]:
    if home.lake.exists():
        yield from home.lake.rglob(f".*{TEMPORARY_SUFFIX}")
