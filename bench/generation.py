"""Generation: payments per CPU-second at benchmark size, with crime, labels and files, beside Polars writing alone."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from bench._country import country
from riskfabric_assets.foundation import jit
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import months_between
from riskfabric_assets.ledger.assemble import assemble_month
from riskfabric_assets.ledger.books import Books, open_books
from riskfabric_assets.ledger.months import TABLE_NAMES, write_month
from riskfabric_assets.packs.settings import Settings, resolve
from riskfabric_assets.population.demography import demography_of
from riskfabric_assets.population.draw import draw_population
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.warehouse.parquet import write_table
from riskfabric_assets.world.remote import draw_remote_merchants

METADATA = {"riskfabric.synthetic": "true"}


def measure() -> list[dict[str, object]]:
    settings = resolve({"RISKFABRIC_PROFILE": "benchmark"}, Path.cwd())
    jit.use_cache(settings.home / "cache" / "numba")
    calendar, books = settings.config.calendar, books_of(settings)
    months = months_between(calendar.first_month, calendar.last_month)
    with tempfile.TemporaryDirectory() as folder:
        generate(settings, books, months[:1], Path(folder))  # compiles
        kernel = row("generation: honest life, kernel alone", lambda: live(settings, books, months))
        whole = row("generation: month files", lambda: generate(settings, books, months, Path(folder)))
        written = baseline(settings, books, months, Path(folder))
    return [written, kernel, against(written, whole)]


def books_of(settings: Settings) -> Books:
    """Open the books of a made-up country with the people of the benchmark profile."""
    config, frames = settings.config, country()
    streams = Streams(settings.seed)
    drawn = draw_population(demography_of(config), frames["residential"], streams, config.population.customers)
    people = PopulationFrames(*(getattr(drawn, name) for name in PopulationFrames._fields))
    remote_merchants = draw_remote_merchants(config.remote, config.world, streams)
    return open_books(settings, frames["merchants"], frames["financial"], remote_merchants, people, streams)


def live(settings: Settings, books: Books, months: list[str]) -> int:
    customers = books.society.people.count_customers
    return sum(live_month(books.society, month, 0, customers, 1).payment_rows.shape[0] for month in months)


def generate(settings: Settings, books: Books, months: list[str], folder: Path) -> int:
    """Plan, live, attack, report, order and write every month; returns the payments."""
    payments = 0
    for month in months:
        making = books.making(month, settings.config.engine)
        written = write_month(books.society, month, making, paths_of(folder, month), METADATA)
        payments += written.rows["bronze/transactions"]
    return payments


def baseline(settings: Settings, books: Books, months: list[str], folder: Path) -> dict[str, object]:
    """Write the same frames from memory, month by month, with the same writer; making them is not timed."""
    cpu_s, wall_s, payments = 0.0, 0.0, 0
    for month in months:
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
        "rows_per_cpu_s": round(rows / cpu_s),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": None,
        "ratio_to_baseline": None,
    }


def against(written: dict[str, object], measured: dict[str, object]) -> dict[str, object]:
    ratio = float(str(measured["rows_per_cpu_s"])) / float(str(written["rows_per_cpu_s"]))
    return measured | {"baseline": written["name"], "ratio_to_baseline": round(ratio, 2)}
