"""Materializing from Python: what `riskfabric` and tests call in place of the UI."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import dagster as dg

from riskfabric_assets.assets.assembly import assemble, use_kernel_cache
from riskfabric_assets.assets.dbt import manifest_of, project_hash
from riskfabric_assets.assets.partitions import first_months
from riskfabric_assets.assets.resources import monthly_config
from riskfabric_assets.assets.versions import sources_hash
from riskfabric_assets.assets.warming import live_in_a_hamlet
from riskfabric_assets.foundation.errors import RiskFabricError
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import recorded_through

RANGE_START: Final = "dagster/asset_partition_range_start"
RANGE_END: Final = "dagster/asset_partition_range_end"

FRESH: Final = "fresh.txt"
"""Marker of a home that was made whole: the hash of what it was made from."""

DAGSTER_YAML: Final = """\
telemetry: {enabled: false}
concurrency:
  runs: {max_concurrent_runs: 4}
  pools: {default_limit: 1, granularity: op}
run_monitoring: {enabled: true}
"""

Step = Literal["start", "success", "failure", "skipped"]
Progress = Callable[[str, Step, float], None]
"""Called with a step's name, what happened to it and how many seconds it took."""


@dataclasses.dataclass(frozen=True)
class Launched:
    """The outcome of a run: seconds per step, asset checks that failed, and the error if one stopped it."""

    seconds: dict[str, float]
    failed_checks: tuple[str, ...]
    error: str | None


def dagster_home(home: Home) -> str:
    """Make DAGSTER_HOME inside the home if it is not there, and return its path."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings_file = home.dagster / "dagster.yaml"
    if not settings_file.exists():
        settings_file.write_text(DAGSTER_YAML)
    return str(home.dagster)


def materialize(
    settings: Settings,
    *,
    selection: str = "*",
    months: Sequence[str] = (),
    through: dt.date | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Launched:
    """Materialize a selection in this process, on the Dagster instance of the home.

    Args:
        settings: Resolved settings.
        selection: Dagster's asset selection syntax.
        months: Month keys; first and last bound the range. Empty: all months of the calendar and what was appended.
        through: Last day to make, within the last month.
        threads: Threads; 0: as configured.
        progress: Told about every step.

    Raises:
        RiskFabricError: The selection names nothing.
    """
    definitions = assemble(settings, loggers={"console": _listener(watch := _Watch(progress))}, ahead=through)
    graph = definitions.resolve_asset_graph()
    keys = dg.AssetSelection.from_string(selection).resolve(graph)
    if not keys:
        raise RiskFabricError(
            f"no asset matches '{selection}'\n  fix: dagster asset list -m riskfabric_assets.definitions"
        )
    (Home(settings.home).root / FRESH).unlink(missing_ok=True)
    steps = {definitions.resolve_assets_def(key).op.name for key in keys}
    job = definitions.resolve_implicit_job_def_def_for_assets(sorted(keys))
    if job is None:
        raise RiskFabricError(f"'{selection}' mixes assets that no single run can make\n  fix: narrow the selection")
    with dg.DagsterInstance.from_config(dagster_home(Home(settings.home))) as instance, _quiet(Home(settings.home)):
        result = job.execute_in_process(
            run_config={**monthly_config(through, threads, steps), "loggers": {"console": {}}},
            instance=instance,
            asset_selection=sorted(keys),
            tags=_range_tags(months or first_months(settings, recorded_through(Home(settings.home)))),
            raise_on_error=False,
        )
    return Launched(watch.seconds, _failed_checks(result), watch.error if not result.success else None)


def is_fresh(settings: Settings) -> bool:
    """Tell whether everything was made from exactly this code, configuration and map, and is still there."""
    home = Home(settings.home)
    path = home.root / FRESH
    return home.warehouse.exists() and path.exists() and path.read_text() == _stamp(settings)


def mark_fresh(settings: Settings) -> None:
    """Remember what everything was made from."""
    (Home(settings.home).root / FRESH).write_text(_stamp(settings))


def compile_into_cache(settings: Settings) -> Path:
    """Compile every kernel into the home's cache by living a tiny world, and parse dbt; returns the cache."""
    folder = use_kernel_cache(settings)
    live_in_a_hamlet(settings)
    manifest_of(settings)
    return folder


class _Watch:
    """Follows a run by its events: seconds per step, and the first error."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.started: dict[str, float] = {}
        self.error: str | None = None

    def see(self, event: dg.DagsterEvent) -> None:
        step = event.step_key or ""
        if event.event_type is dg.DagsterEventType.STEP_START:
            self.started[step] = time.monotonic()
            self._tell(step, "start")
        elif event.event_type is dg.DagsterEventType.STEP_SUCCESS:
            self._end(step, "success")
        elif event.event_type is dg.DagsterEventType.STEP_FAILURE:
            self.error = self.error or f"{step}: {_cause_of(event)}"
            self._end(step, "failure")
        elif event.event_type is dg.DagsterEventType.STEP_SKIPPED:
            self._tell(step, "skipped")

    def _end(self, step: str, outcome: Step) -> None:
        self.seconds[step] = time.monotonic() - self.started.get(step, time.monotonic())
        self._tell(step, outcome)

    def _tell(self, step: str, outcome: Step) -> None:
        if self.progress:
            self.progress(step, outcome, self.seconds.get(step, 0.0))


class _Handler(logging.Handler):
    """Hands Dagster's events to a watch; everything else a run logs stays in its event log."""

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if isinstance(event, dg.DagsterEvent):
            self.watch.see(event)


def _listener(watch: _Watch) -> dg.LoggerDefinition:
    def listen(_: dg.InitLoggerContext) -> logging.Logger:
        log = logging.Logger("riskfabric.run", level=logging.DEBUG)  # of this run alone, so not a global one
        log.addHandler(_Handler(watch))
        return log

    return dg.LoggerDefinition(listen, description="Follows a run for the command line")


@contextlib.contextmanager
def _quiet(home: Home) -> Iterator[None]:
    """Send what dbt and others print to a log file in the home; the terminal belongs to the progress display."""
    home.cache.mkdir(parents=True, exist_ok=True)
    with (home.cache / "last_run.log").open("w", encoding="utf-8") as log, contextlib.redirect_stdout(log):
        yield


def _stamp(settings: Settings) -> str:
    extract = settings.osm_path.stat() if settings.osm_path and settings.osm_path.exists() else None
    facts = {
        "identity": settings.identity,
        "config": settings.config.model_dump(mode="json", exclude={"engine"}),
        "code": sources_hash(),
        "dbt": project_hash(),
        "extract": [extract.st_size, extract.st_mtime_ns] if extract else None,
        "references": str(settings.references),
        "own": _stats_of(settings.bronze_path),
        "through": str(recorded_through(Home(settings.home))),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest() + "\n"


def _stats_of(folder: Path | None) -> list[list[object]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder else []
    return [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]


def _range_tags(months: Sequence[str]) -> dict[str, str]:
    return {RANGE_START: min(months), RANGE_END: max(months)}


def _failed_checks(result: dg.ExecuteInProcessResult) -> tuple[str, ...]:
    evaluations = result.get_asset_check_evaluations()
    return tuple(
        f"{'/'.join(evaluation.asset_key.path)}: {evaluation.check_name}"
        for evaluation in evaluations
        if not evaluation.passed
    )


def _cause_of(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else "failed without an error"
