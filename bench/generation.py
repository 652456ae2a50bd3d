"""Generation: payments per CPU-second, with crime, labels and files, by stage and by size of the population.

Beside it stands Polars writing the same frames from memory. BENCH_MILLION=1 adds a million customers: half an hour and
the memory of a spilled month.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl

from bench._country import country
from riskfabric_assets.foundation import jit
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import months_between
from riskfabric_assets.ledger import assemble, files, months
from riskfabric_assets.ledger.assemble import assemble_month
from riskfabric_assets.ledger.books import Books, open_books
from riskfabric_assets.ledger.months import TABLE_NAMES, Making, write_month
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.packs.settings import Settings, resolve
from riskfabric_assets.population.demography import demography_of
from riskfabric_assets.population.draw import draw_population
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.warehouse.columnar.writer import ArrayFile
from riskfabric_assets.warehouse.parquet import write_table
from riskfabric_assets.world.remote import draw_remote_merchants

METADATA = {"riskfabric.synthetic": "true"}


STAGES = {
    "honest life": (assemble, "live_month"),
    "rows of blocks": (assemble, "merge"),
    "order": (files, "order_of"),
    "columns": (files.Gatherer, "gather"),
    "pages": (ArrayFile, "write"),
    "small tables": (months, "write_table"),
}
"""Steps of a month that are one call each; plan, crime and labels are ports, the rest is what is left of the whole."""
SIZES = {1_000: 12, 10_000: 3, 100_000: 1}
"""Customers, and months that are made of them: enough payments to measure, none so many that it takes minutes."""


def measure() -> list[dict[str, object]]:
    settings = settings_of(None)
    jit.use_cache(settings.home / "cache" / "numba")
    calendar, books = settings.config.calendar, books_of(settings)
    names = months_between(calendar.first_month, calendar.last_month)
    with tempfile.TemporaryDirectory() as folder:
        generate(settings, books, names[:1], Path(folder))  # compiles
        kernel = row("generation: honest life, kernel alone", lambda: live(settings, books, names))
        whole = row("generation: month files", lambda: generate(settings, books, names, Path(folder)))
        written = baseline(settings, books, names, Path(folder))
        rows = [written, kernel, against(written, whole), *by_stage(settings, books, names, Path(folder))]
    sizes = SIZES | ({1_000_000: 1} if os.environ.get("BENCH_MILLION") else {})
    return [*rows, *(of_size(customers, count) for customers, count in sizes.items())]


def settings_of(customers: int | None) -> Settings:
    changes = {} if customers is None else {"RISKFABRIC_POPULATION__CUSTOMERS": str(customers)}
    return resolve({"RISKFABRIC_PROFILE": "benchmark", **changes}, Path.cwd())


def of_size(customers: int, count: int) -> dict[str, object]:
    """Generate some months of a population of another size; the peak memory is the process's so far."""
    settings = settings_of(customers)
    books = books_of(settings)
    names = months_between(settings.config.calendar.first_month, settings.config.calendar.last_month)[:count]
    with tempfile.TemporaryDirectory(dir=settings.home.parent if settings.home.parent.exists() else None) as folder:
        return row(f"generation: {customers:,} customers", lambda: generate(settings, books, names, Path(folder)))


def by_stage(settings: Settings, books: Books, names: list[str], folder: Path) -> list[dict[str, object]]:
    """Generate once more with a clock in every step; a row per step, all over the same payments."""
    spent: dict[str, list[float]] = {}
    with ExitStack() as clocks:
        for stage, (owner, name) in STAGES.items():
            timed = clocked(stage, getattr(owner, name), spent)
            clocks.enter_context(mock.patch.object(owner, name, timed))
        making = clocked("plan", Books.making, spent)

        def ports(books: Books, month: str, engine: Engine) -> Making:
            made = making(books, month, engine)
            return replace(
                made, crime=clocked("crime", made.crime, spent), reports=clocked("labels", made.reports, spent)
            )

        clocks.enter_context(mock.patch.object(Books, "making", ports))
        cpu, wall = time.process_time(), time.perf_counter()
        payments = generate(settings, books, names, folder)
        whole = (time.process_time() - cpu, time.perf_counter() - wall)
    rest = [total - sum(times[place] for times in spent.values()) for place, total in enumerate(whole)]
    return [result(f"stage: {name}", payments, *times) for name, times in (spent | {"rest": rest}).items()]


def clocked(stage: str, work: Callable[..., Any], spent: dict[str, list[float]]) -> Callable[..., Any]:
    """Return the same work, adding the CPU and wall time of each call to its stage."""
    times = spent.setdefault(stage, [0.0, 0.0])

    def timed(*given: object, **named: object) -> object:
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            times[0] += time.process_time() - cpu
            times[1] += time.perf_counter() - wall

    return timed


def books_of(settings: Settings) -> Books:
    """Open the books of a made-up country with the people of the benchmark profile."""
    config, frames = settings.config, country()
    streams = Streams(settings.seed)
    drawn = draw_population(demography_of(config), frames["residential"], streams, config.population.customers)
    people = PopulationFrames(*(getattr(drawn, name) for name in PopulationFrames._fields))
    remote_merchants = draw_remote_merchants(config.remote, config.world, streams)
    return open_books(settings, frames["merchants"], frames["financial"], remote_merchants, people, streams)


def live(settings: Settings, books: Books, names: list[str]) -> int:
    customers = books.society.people.count_customers
    return sum(live_month(books.society, month, 0, customers, 1).payment_rows.shape[0] for month in names)


def generate(settings: Settings, books: Books, names: list[str], folder: Path) -> int:
    """Plan, live, attack, report, order and write every month; returns the payments."""
    payments = 0
    for month in names:
        making = books.making(month, settings.config.engine)
        written = write_month(books.society, month, making, paths_of(folder, month), METADATA)
        payments += written.rows["bronze/transactions"]
    return payments


def baseline(settings: Settings, books: Books, names: list[str], folder: Path) -> dict[str, object]:
    """Write the same frames from memory, month by month, with the same writer; making them is not timed."""
    cpu_s, wall_s, payments = 0.0, 0.0, 0
    for month in names:
        tables = tables_of(settings, books, month)
        payments += tables["bronze/transactions"].height
        cpu, wall = time.process_time(), time.perf_counter()
        for name, frame in tables.items():
            write_table(TABLES[name], frame, paths_of(folder, month)[name], METADATA)
        cpu_s, wall_s = cpu_s + time.process_time() - cpu, wall_s + time.perf_counter() - wall
    return result("the same month files, written from memory by Polars", payments, cpu_s, wall_s)


def tables_of(settings: Settings, books: Books, month: str) -> dict[str, pl.DataFrame]:
    making = books.making(month, settings.config.engine)
    tables = assemble_month(
        books.society,
        month,
        currency_code=making.currency_code,
        engine=making.engine,
        crime=making.crime,
        reports=making.reports,
    )
    return {name: getattr(tables, field) for field, name in TABLE_NAMES.items()}


def paths_of(folder: Path, month: str) -> dict[str, Path]:
    return {name: folder / name / f"{month}.parquet" for name in TABLE_NAMES.values()}


def row(name: str, work: Callable[[], int]) -> dict[str, object]:
    cpu, wall = time.process_time(), time.perf_counter()
    payments = work()
    return result(name, payments, time.process_time() - cpu, time.perf_counter() - wall)


def result(name: str, rows: int, cpu_s: float, wall_s: float) -> dict[str, object]:
    return {
        "name": name,
        "rows": rows,
        "cpu_s": round(cpu_s, 3),
        "wall_s": round(wall_s, 3),
        "rows_per_cpu_s": round(rows / max(cpu_s, 1e-9)),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": None,
        "ratio_to_baseline": None,
    }


def against(written: dict[str, object], measured: dict[str, object]) -> dict[str, object]:
    ratio = float(str(measured["rows_per_cpu_s"])) / float(str(written["rows_per_cpu_s"]))
    return measured | {"baseline": written["name"], "ratio_to_baseline": round(ratio, 2)}
