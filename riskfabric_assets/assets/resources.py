"""Dagster resources: the run of a home, and its warehouse for assets that users add."""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.run import LOCK_WAIT_SECONDS, Run

MONTHLY_STEPS: Final = ("payments", "bronze__exchange_rates")
"""Names of the steps that take `through` and `threads`."""
RunResource = dg.ResourceParam[Run]
"""Type of the parameter `run` of an asset."""


class Warehouse(DuckDBResource):
    """The DuckDB file of the home, for assets of your own: `with warehouse.get_connection() as connection`.

    It closes the connection whatever happens, can open read-only, and says who holds the file when it is locked.
    """

    home: str
    memory_mb: int

    @contextlib.contextmanager
    def get_connection(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection and close it."""
        with open_warehouse(
            Home(Path(self.home)), read_only=read_only, memory_mb=self.memory_mb, wait_seconds=LOCK_WAIT_SECONDS
        ) as connection:
            yield connection


STALE_AFTER: Final = dg.FreshnessPolicy.time_window(fail_window=dt.timedelta(days=7))
"""Freshness by materialization time: simulated days say nothing about it. A week without a run is a failed check."""


class MonthConfig(dg.Config):
    """Run configuration of the monthly assets: nothing has to be filled in."""

    through: str = ""
    """Last day to make, YYYY-MM-DD, within the last month asked for; empty: up to the mark, or the whole month."""
    threads: int = 0
    """Threads; 0: as config/engine.yaml says."""


def monthly_config(
    through: dt.date | None = None, threads: int = 0, steps: Collection[str] = MONTHLY_STEPS
) -> dict[str, object]:
    """Return run configuration for the monthly steps among `steps`."""
    config = {"through": through.isoformat() if through else "", "threads": threads}
    return {"ops": {step: {"config": config} for step in MONTHLY_STEPS if step in steps}}
