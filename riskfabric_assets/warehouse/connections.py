"""Opening the DuckDB file: one configuration per process, always closed, read-only on request, clear when locked."""

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from riskfabric_assets.foundation.errors import WarehouseError
from riskfabric_assets.warehouse.extensions import load
from riskfabric_assets.warehouse.home import Home

RETRY_SECONDS: Final = 0.25


@contextlib.contextmanager
def open_warehouse(
    home: Home, *, read_only: bool = False, memory_mb: int, extensions: Sequence[str] = (), wait_seconds: float = 0.0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the warehouse of a home and close it, whatever happens.

    Args:
        home: The home.
        read_only: Open beside other readers; the file must exist.
        memory_mb: DuckDB's memory limit, MB; the same in a whole process.
        extensions: Names of extensions to load.
        wait_seconds: How long to wait for another process that holds the file.

    Raises:
        WarehouseError: The file is locked, missing or not a DuckDB file.
    """
    connection = _connect(home, read_only, memory_mb, time.monotonic() + wait_seconds)
    try:
        load(connection, *extensions)
        yield connection
    finally:
        connection.close()


def duckdb_config(home: Home, memory_mb: int) -> dict[str, str | bool | int | float | list[str]]:
    """Return the configuration of every connection of one process (DuckDB refuses different ones)."""
    spill = home.cache / "duckdb"
    return {"memory_limit": f"{memory_mb}MB", "temp_directory": str(spill), "autoinstall_known_extensions": False}


def _connect(home: Home, read_only: bool, memory_mb: int, deadline: float) -> duckdb.DuckDBPyConnection:
    if read_only and not home.warehouse.exists():
        raise WarehouseError(f"no warehouse at {home.warehouse}\n  fix: riskfabric demo")
    while True:
        try:
            return duckdb.connect(str(home.warehouse), read_only=read_only, config=duckdb_config(home, memory_mb))
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise WarehouseError(
                    f"{home.warehouse}: {error}\n  fix: restore the file, or remove it and materialize again"
                ) from error
            if time.monotonic() >= deadline:
                raise WarehouseError(_locked(home, str(error))) from error
            time.sleep(RETRY_SECONDS)


def _locked(home: Home, message: str) -> str:
    holder = re.search(r"held in (\S+) \(PID (\d+)\)", message)
    who = f"process {holder.group(2)} ({holder.group(1)})" if holder else "another process"
    return f"{home.warehouse} is in use by {who}\n  fix: close that session or let that run finish, then try again"
