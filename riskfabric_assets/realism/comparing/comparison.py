"""Two data sets side by side: the quality report of samples, and the figures of the realism checks of both."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.checks import Check
from riskfabric_assets.realism.comparing.columns import COMPARED
from riskfabric_assets.realism.comparing.quality import Quality, quality
from riskfabric_assets.realism.comparing.sources import ColumnMap, source_at
from riskfabric_assets.realism.lake import Lake, NoPaymentsError, Rules, open_lake

SAMPLE_ROWS: Final = 100_000
"""Payments of a side that shapes and trends are measured on; enough for two digits of any share."""
ROW_IDENTITY: Final = ("customer_id", "merchant_id", "payee_id", "event_at")
MADE: Final = {
    "amount": "amount",
    "event_hour": "hour(event_at_local) + minute(event_at_local) / 60",
    "event_weekday": "isodow(event_date)",
    "event_day_of_month": "day(event_date)",
}
"""Compared columns that are made from others."""


@dataclasses.dataclass(frozen=True)
class Side:
    """What is known of one data set: where it is from, how large, a sample, and figures by (check id, measure)."""

    name: str
    payments: int
    customers: int
    days: int
    sample: pl.DataFrame
    figures: dict[tuple[str, str], float | None]


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure of a realism check in both data sets; `difference` is relative to A."""

    check: Check
    measure: str
    unit: str
    a: float | None
    b: float | None

    @property
    def difference(self) -> float | None:
        """B over A, minus one; None where it cannot be said."""
        return None if self.a is None or self.b is None or self.a == 0 else self.b / self.a - 1


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Everything that is said about two data sets."""

    a: Side
    b: Side
    quality: Quality
    figures: tuple[Figure, ...]


def compare(
    path_a: Path, path_b: Path, map_a: ColumnMap, map_b: ColumnMap, memory_mb: int, checks: Sequence[Check] = CHECKS
) -> Comparison:
    """Compare two data sets; A takes the place of the real one.

    Raises:
        InputError: A side cannot be read.
    """
    chosen = [check for check in checks if check.subject == "honest"]
    a, b = (look_at(path, names, memory_mb, chosen) for path, names in ((path_a, map_a), (path_b, map_b)))
    figures = tuple(
        Figure(check, measure.name, measure.unit, a.figures[check.id, measure.name], b.figures[check.id, measure.name])
        for check in chosen
        for measure in check.measures
        if a.figures.get((check.id, measure.name)) is not None or b.figures.get((check.id, measure.name)) is not None
    )
    return Comparison(a, b, quality(a.sample, b.sample), figures)


def look_at(path: Path, names: ColumnMap, memory_mb: int, checks: Sequence[Check]) -> Side:
    """Read one side and measure it; the data is let go of again."""
    with duckdb.connect(":memory:", config={"memory_limit": f"{memory_mb}MB"}) as connection:
        source = source_at(connection, path, names)
        try:
            lake = open_lake(connection, source.tables, Rules())
        except NoPaymentsError as error:
            raise InputError([Problem(str(path), "no payments", "at least one", "choose another file")]) from error
        given = {f"payments.{name}" for name in source.columns}
        lake = dataclasses.replace(lake, available=frozenset({*source.tables} - {"transactions"} | given))
        size = lake.row("select count(*) as n, count(distinct customer_id) as people from attempts")
        return Side(
            source.name, int(size["n"] or 0), int(size["people"] or 0), lake.days, _sample(lake), _figures(lake, checks)
        )


def _figures(lake: Lake, checks: Sequence[Check]) -> dict[tuple[str, str], float | None]:
    figures: dict[tuple[str, str], float | None] = {}
    for check in checks:
        is_there = set(check.reads) <= lake.available and lake.days >= check.needs.days
        found = check.statistic(lake) if is_there else {}
        figures |= {(check.id, measure.name): found.get(measure.name) for measure in check.measures}
    return figures


def _sample(lake: Lake) -> pl.DataFrame:
    """Return the compared columns of a sample that the ids decide, so that equal data gives an equal sample."""
    held = [name for name in (*COMPARED, *ROW_IDENTITY) if f"payments.{name}" in lake.available and name not in MADE]
    columns = ", ".join([*held, *(f"{sql} as {name}" for name, sql in MADE.items())])
    return lake.connection.execute(f"""
        with size as (select {SAMPLE_ROWS} / count(*) as sample_share from attempts)
        select {columns} from attempts cross join size
        where hash(event_id, customer_id) / {1 << 64} < sample_share
        order by event_at, event_id
    """).pl()
