"""The whole road through Dagster: wall time by step, and what Dagster itself takes, at `demo` and `benchmark`."""

import resource
import tempfile
import time
from pathlib import Path

from riskfabric_assets.assets.launch import compile_into_cache, materialize
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.warehouse.summary import summarize

GENERATION_TO_GOLD = ("plan__attacks", "payments", "features", "dbt_gold")
"""Steps from people to the master table."""


def measure() -> list[dict[str, object]]:
    return [row for profile in ("demo", "benchmark") for row in road(profile)]


def road(profile: str) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = resolve({"RISKFABRIC_PROFILE": profile, "RISKFABRIC_HOME": f"{folder}/home"}, Path.cwd())
        compile_into_cache(settings)
        started = time.monotonic()
        launched = materialize(settings)
        whole = time.monotonic() - started
        if launched.error is not None:
            raise RuntimeError(launched.error)
        payments = summarize(settings).payments
    steps = launched.seconds
    rows = [row(f"{profile}: {step}", payments, seconds) for step, seconds in steps.items()]
    rows.append(row(f"{profile}: generation to gold", payments, sum(steps[step] for step in GENERATION_TO_GOLD)))
    rows.append(row(f"{profile}: outside of steps (Dagster, imports)", payments, whole - sum(steps.values())))
    return [*rows, row(f"{profile}: whole", payments, whole)]


def row(name: str, rows: int, wall_s: float) -> dict[str, object]:
    own, children = (
        resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"name": name, "rows": rows, "wall_s": round(wall_s, 1), "peak_rss_mb": round(max(own, children))}
