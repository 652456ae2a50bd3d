"""A team's own bronze (RISKFABRIC_BRONZE_PATH): its files found, counted by day and read one month at a time.

The folder holds each table as one file (`transactions.parquet`, `labels.csv`) or as a folder of files
(`transactions/2025-08.parquet`). A file may hold any stretch of days; only the rows of one month are in memory.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import duckdb
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem, nearest
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABEL_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.units import month_of
from riskfabric_assets.warehouse.findings import (
    ID_SPACES,
    Finding,
    Part,
    broken,
    column_findings,
    examine,
    examine_across,
)
from riskfabric_assets.warehouse.typing_columns import typed

REQUIRED: Final = (TRANSACTIONS, ACCOUNT_EVENTS, LABELS)
OPTIONAL: Final = (LABEL_EVENTS,)
OWN_TABLES: Final = (*REQUIRED, *OPTIONAL)
SUFFIXES: Final = (".parquet", ".csv")
MOST_FINDINGS: Final = 20
"""Findings that an error tells; the first ones usually tell the rest, and `riskfabric validate` has them all."""
DAY: Final = "event_date"


class OwnFile(NamedTuple):
    """One file of one table, and how many rows it has on each day."""

    path: Path
    table: Table
    days: Mapping[dt.date, int]

    @property
    def months(self) -> set[str]:
        """Months that the file has rows of."""
        return {month_of(day) for day in self.days}


class OwnBronze(NamedTuple):
    """Every file of a folder, in order of their names."""

    folder: Path
    files: tuple[OwnFile, ...]

    @property
    def payment_days(self) -> list[dt.date]:
        """Days with payments, ascending."""
        return sorted({day for file in self.files if file.table is TRANSACTIONS for day in file.days})

    @property
    def tables(self) -> tuple[Table, ...]:
        """Tables that the folder holds."""
        held = {file.table.name for file in self.files}
        return tuple(table for table in OWN_TABLES if table.name in held)


def find_own_bronze(folder: Path) -> OwnBronze:
    """Find the files of a folder and count their days.

    Raises:
        InputError: The folder or a required table is missing, a file is of no table or cannot be read, a column is
            missing or unknown, or a day is unreadable; all of them at once.
    """
    if not folder.is_dir():
        fix = "correct RISKFABRIC_BRONZE_PATH"
        raise InputError([Problem(str(folder), "no such folder", "a folder with your own bronze tables", fix)])
    problems = [*_unknown_files(folder), *_absent_tables(folder)]
    files: list[OwnFile] = []
    for table in OWN_TABLES:
        for path in _paths(folder, table):
            wrong = [*_unfit(path, table)]
            problems += [each.problem for each in wrong]
            if not wrong:
                files.append(OwnFile(path, table, _count_days(path)))
    if problems:
        raise InputError(_capped(problems))
    return OwnBronze(folder, tuple(files))


def read_own_month(own: OwnBronze, month: str, timezone: str) -> dict[str, pl.DataFrame]:
    """Return the rows of one month under the contracts of bronze, in order of time, by table.

    Args:
        own: The files.
        month: Month key; a row belongs to the month of its `event_date`.
        timezone: Time zone of the world, whose clock `event_at_local` must show.

    Raises:
        InputError: A row breaks the contract; names file, row and column of the first ones.
    """
    found: list[Finding] = []
    parts: list[Part] = []
    for file in own.files:
        if month in file.months:
            given = _month_of_file(file, month)
            for item in examine(str(file.path), file.table, given.drop("row"), given["row"]):
                parts.append(item) if isinstance(item, Part) else found.append(item)
    for part in parts:
        found += _clock_findings(part, timezone)
    found += examine_across(parts)
    if found:
        raise InputError(_capped([each.problem for each in found]))
    return {table.name: _joined(table, [part.frame for part in parts if part.table is table]) for table in own.tables}


def refuse_ids_of_other_months(
    lake: Mapping[str, Sequence[Path]], frames: Mapping[str, pl.DataFrame], memory_mb: int
) -> None:
    """Refuse ids of a month that another month has used; the other months are read from disk, not held.

    Args:
        lake: Files of the other months by table.
        frames: The rows of the month by table.
        memory_mb: Memory for the search, MB.

    Raises:
        InputError: Ids are used again; names the first ones.
    """
    problems = []
    for space in dict.fromkeys(ID_SPACES.values()):
        names = [name for name in frames if ID_SPACES[name] == space]
        others = [str(path) for name in names for path in lake.get(name, ())]
        if not others:
            continue
        key = next(table.key[0] for table in OWN_TABLES if table.name == names[0])
        ids = pl.concat(frames[name].select(key) for name in names)
        with duckdb.connect(config={"memory_limit": f"{memory_mb}MB"}) as connection:
            connection.register("ids", ids.to_arrow())
            again = connection.execute(
                f"select {key}, filename from read_parquet(?, filename = true) semi join ids using ({key}) "
                f"order by all limit {MOST_FINDINGS}",
                [others],
            ).fetchall()
        problems += [
            Problem(
                f"{names[0]}: {key}", str(value), f"an id used once; {Path(file).stem} has it too", "give it its own"
            )
            for value, file in again
        ]
    if problems:
        raise InputError(_capped(problems))


def refuse_missing_days(own: OwnBronze, first: dt.date, through: dt.date) -> None:
    """Refuse a folder without payments on a day that shall be made, or with payments before the calendar.

    Args:
        own: The files.
        first: First day of the calendar; payments may begin later in the month that it begins.
        through: Last day that shall be made.

    Raises:
        InputError: Days are missing or lie before the calendar; names them.
    """
    days = own.payment_days
    place = f"{own.folder}: {TRANSACTIONS.name.split('/')[1]}: {DAY}"
    problems = []
    early = [day for day in days if day < first]
    if early:
        start = early[0].replace(day=1)
        fix = f"set RISKFABRIC_CALENDAR__START={start}, or remove the earlier days"
        problems.append(Problem(place, f"{len(early)} days from {early[0]} on", f"days from {first} on", fix))
    begins = next((day for day in days if day >= first), through)
    if month_of(begins) != month_of(first):
        fix = f"set RISKFABRIC_CALENDAR__START={begins.replace(day=1)}, or add the days before"
        problems.append(Problem(place, f"no payment before {begins}", f"payments in {month_of(first)}", fix))
    held = set(days)
    span = [begins + dt.timedelta(days=each) for each in range((through - begins).days + 1)]
    missing = [day for day in span if day not in held]
    if missing:
        shown = ", ".join(str(day) for day in missing[:5]) + (" ..." if len(missing) > 5 else "")
        fix = f"add the days; or end before the gap with --through {max(missing[0] - dt.timedelta(days=1), begins)}"
        found = f"no payment on {len(missing)} of {len(span)} days: {shown}"
        problems.append(Problem(place, found, f"payments on every day up to {through}", fix))
    if problems:
        raise InputError(problems)


def _paths(folder: Path, table: Table) -> list[Path]:
    stem = table.name.split("/")[1]
    single = [folder / f"{stem}{suffix}" for suffix in SUFFIXES]
    inside = sorted((folder / stem).iterdir()) if (folder / stem).is_dir() else []
    return [path for path in (*single, *inside) if path.is_file() and path.suffix in SUFFIXES]


def _unknown_files(folder: Path) -> Iterator[Problem]:
    stems = [*(table.name.split("/")[1] for table in OWN_TABLES), "merchants"]
    for path in sorted(folder.iterdir()):
        is_data = path.is_dir() or path.suffix in SUFFIXES
        if is_data and path.stem not in stems and not path.name.startswith("."):
            fix = f"rename or remove it; {nearest(path.stem, stems)}"
            yield Problem(str(path), "no table of bronze", "one of " + ", ".join(stems), fix)


def _absent_tables(folder: Path) -> Iterator[Problem]:
    for table in REQUIRED:
        if not _paths(folder, table):
            stem = table.name.split("/")[1]
            expected = f"{stem}.parquet, {stem}.csv or files in {stem}/"
            fix = f"add it; a table without rows is a file with its columns. {table.grain}"
            yield Problem(f"{folder}: {table.name}", "no such table", expected, fix)


def _unfit(path: Path, table: Table) -> Iterator[Finding]:
    """Yield what makes a file unusable as a whole: unreadable, wrong columns, rows without a day."""
    try:
        columns = _scan(path).collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as error:
        text = str(error).splitlines()[0]
        yield Finding(str(path), None, "", f"unreadable: {text}", "a readable file", "write it again")
        return
    wrong = list(column_findings(str(path), table, columns))
    yield from wrong
    if not any(each.column == DAY for each in wrong):
        scanned = _scan(path).select(DAY).with_row_index("row", offset=1)
        without = scanned.filter(_day_of(table).is_null()).head(MOST_FINDINGS).collect(engine="streaming")
        for row, found in without.select("row", DAY).iter_rows():
            yield Finding(str(path), row, DAY, f"'{found}'" if found else "nothing", "DATE", "write 2025-08-01")


def _count_days(path: Path) -> dict[dt.date, int]:
    counted = _scan(path).group_by(_day_of(TRANSACTIONS).alias("day")).len().collect(engine="streaming")
    return dict(counted.sort("day").iter_rows())


def _month_of_file(file: OwnFile, month: str) -> pl.DataFrame:
    day = _day_of(file.table)
    is_inside = day.dt.strftime("%Y-%m") == month
    return _scan(file.path).with_row_index("row", offset=1).filter(is_inside).collect(engine="streaming").sort("row")


def _day_of(table: Table) -> pl.Expr:
    column = table.column(DAY)
    return pl.col(DAY).map_batches(lambda values: typed(values, column), return_dtype=pl.Date, is_elementwise=True)


def _scan(path: Path) -> pl.LazyFrame:
    return pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)


def _clock_findings(part: Part, timezone: str) -> Iterator[Finding]:
    """Yield moments whose local time is not the same moment on the clock of the world."""
    if {"event_at", "event_at_local"} <= set(part.frame.columns):
        zone = str(zoneinfo.ZoneInfo(timezone))
        local = pl.col("event_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        yield from broken(part, "event_at_local", pl.col("event_at_local") != local, f"event_at on the clock of {zone}")


def _joined(table: Table, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put files behind each other, columns in the table's order and rows in the order of bronze."""
    moment = next(name for name in ("event_at", "label_event_known_at", "label_known_at") if name in table.schema)
    whole = pl.concat([table.empty(), *(frame.select(list(table.schema)) for frame in frames)])
    return whole.sort(moment, table.key[0])


def _capped(problems: Sequence[Problem]) -> list[Problem]:
    if len(problems) <= MOST_FINDINGS:
        return list(problems)
    rest = Problem(
        "and more", f"{len(problems) - MOST_FINDINGS} problems", "none", "riskfabric validate FILE... tells all"
    )
    return [*problems[:MOST_FINDINGS], rest]
