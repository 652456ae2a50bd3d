"""`inspect_files`: a team's own payments, account events and labels against the contracts of bronze, row by row.

A file is Parquet or CSV and holds one table, told by its columns. Every file is read whole and every problem is
collected, up to a cap; nothing is repaired. What one row says about another (a payment twice, a label of an unknown
payment) is asked over all files of the call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.errors import nearest
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.warehouse.typing_columns import typed

BRONZE: Final = (TRANSACTIONS, ACCOUNT_EVENTS, LABELS)
READERS: Final[Mapping[str, Callable[[Path], pl.DataFrame]]] = {
    ".parquet": pl.read_parquet,
    ".csv": lambda path: pl.read_csv(path, infer_schema=False),
}
LEAST_SHARED: Final = 0.3
"""Share of a table's columns that a file must have to be taken for it."""


class Finding(NamedTuple):
    """One thing that is wrong; `row` counts data rows from 1 and is None where it is about the file or column."""

    file: str
    row: int | None
    column: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Two lines: what is wrong where, and the remedy."""
        place = f"{self.file}: " + (f"row {self.row}: " if self.row else "") + (self.column or "file")
        return f"{place}: found {self.found}; expected {self.expected}\n  fix: {self.remedy}"


class Part(NamedTuple):
    """One file with the table that it holds, in the types of the contract where that is possible."""

    file: str
    table: Table
    frame: pl.DataFrame


def inspect_files(paths: Sequence[Path], cap: int) -> tuple[list[Finding], dict[str, tuple[str, int]]]:
    """Check files against the bronze contract.

    Args:
        paths: Parquet or CSV files.
        cap: Findings after which the search ends, at least 1.

    Returns:
        Findings, and for each readable file its table and its rows.
    """
    findings: list[Finding] = []
    parts: list[Part] = []
    for path in paths:
        for item in _inspect(path):
            if isinstance(item, Part):
                parts.append(item)
            elif len(findings) < cap:
                findings.append(item)
    for finding in _across(parts):
        if len(findings) >= cap:
            break
        findings.append(finding)
    return findings, {part.file: (part.table.name, part.frame.height) for part in parts}


def _inspect(path: Path) -> Iterator[Finding | Part]:
    file = str(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        yield Finding(file, None, "", f"a file ending in '{path.suffix}'", ".parquet or .csv", "convert the file")
        return
    try:
        frame = reader(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        yield Finding(file, None, "", f"unreadable: {error}".splitlines()[0], "a readable file", "write it again")
        return
    table = table_of(frame.columns)
    if table is None:
        expected = "the columns of " + ", ".join(each.name for each in BRONZE)
        yield Finding(file, None, "", "columns " + ", ".join(frame.columns), expected, "name them as the contract does")
        return
    yield from _column_findings(file, table, frame.columns)
    known = [column for column in table.columns if column.name in frame.columns]
    values = {column.name: typed(frame[column.name], column) for column in known}
    for column in known:
        yield from _value_findings(file, column, frame[column.name], values[column.name])
    part = Part(file, table, pl.DataFrame(values))
    yield from _row_findings(part)
    yield part


def table_of(columns: Sequence[str]) -> Table | None:
    """Return the table that a file with these columns holds, None when it is none of bronze."""
    shares = {table.name: len(set(columns) & set(table.schema)) / len(table.columns) for table in BRONZE}
    best = max(BRONZE, key=lambda table: shares[table.name])
    return best if shares[best.name] >= LEAST_SHARED else None


def _column_findings(file: str, table: Table, columns: Sequence[str]) -> Iterator[Finding]:
    extra = [name for name in columns if name not in table.schema]
    for column in table.columns:
        if column.name not in columns:
            remedy = f"add it: {column.description}" + (" (empty is allowed)" if column.is_nullable else "")
            yield Finding(file, None, column.name, "no such column", column.type, remedy)
    for name in extra:
        remedy = f"rename or remove it; {nearest(name, list(table.schema))}"
        yield Finding(file, None, name, "an extra column", f"the columns of {table.name}", remedy)


def _value_findings(file: str, column: Column, given: pl.Series, values: pl.Series) -> Iterator[Finding]:
    wrong = given.is_not_null() & values.is_null()
    for row in wrong.arg_true():
        yield Finding(
            file, row + 1, column.name, f"'{given[row]}'", _expected(column), _remedy(column, str(given[row]))
        )
    if not column.is_nullable:
        for row in given.is_null().arg_true():
            yield Finding(file, row + 1, column.name, "nothing", _expected(column), f"fill it: {column.description}")


def _expected(column: Column) -> str:
    if column.values:
        return "one of " + ", ".join(column.values)
    return column.type + (f" in {column.unit}" if column.unit else "")


def _remedy(column: Column, text: str) -> str:
    if column.values:
        return nearest(text, column.values)
    moments = {"TIMESTAMP": "write naive UTC, 2025-08-01 18:30:00.000000", "DATE": "write 2025-08-01"}
    return moments.get(column.type, f"write it as {column.type}, without separators or units")


def _row_findings(part: Part) -> Iterator[Finding]:
    """Yield what the columns of one row, or two rows behind each other, say against each other."""
    rules = (
        ("amount_minor", ("amount_minor", "status"), pl.col("amount_minor") <= 0, "a positive amount"),
        (
            "decline_reason",
            ("decline_reason", "status"),
            (pl.col("status") == "declined") != pl.col("decline_reason").is_not_null(),
            "a reason if and only if the payment is declined",
        ),
        (
            "event_date",
            ("event_date", "event_at_local"),
            pl.col("event_date") != pl.col("event_at_local").dt.date(),
            "the day of event_at_local",
        ),
        ("event_at", ("event_at",), pl.col("event_at") < pl.col("event_at").shift(1), "rows in order of event_at"),
    )
    for column, needed, is_wrong, expected in rules:
        if set(needed) <= set(part.frame.columns):
            wrong = part.frame.select(is_wrong.fill_null(value=False)).to_series()
            for row in wrong.arg_true():
                found = f"'{part.frame[column][row]}'"
                yield Finding(part.file, row + 1, column, found, expected, f"correct {column} or what it depends on")


def _across(parts: Sequence[Part]) -> Iterator[Finding]:
    """Yield what rows of all files say against each other."""
    seen: dict[str, dict[int, str]] = {"events": {}, "labels": {}}
    for part in (part for part in parts if "event_id" in part.frame.columns):
        space = seen["labels" if part.table is LABELS else "events"]
        for row, event_id in enumerate(part.frame["event_id"].to_list(), start=1):
            if event_id is None:
                continue
            if event_id in space:
                expected = f"an id used once; {space[event_id]} has it too"
                yield Finding(part.file, row, "event_id", str(event_id), expected, "give it an id of its own")
            space.setdefault(event_id, f"{part.file} row {row}")
    yield from _label_findings(parts)


def _label_findings(parts: Sequence[Part]) -> Iterator[Finding]:
    needed = {"event_id", "event_at"}
    paid = [
        each.frame.select(*needed) for each in parts if each.table is TRANSACTIONS and needed <= set(each.frame.columns)
    ]
    if not paid:
        return
    payments = pl.concat(paid).unique("event_id")
    for part in (part for part in parts if part.table is LABELS):
        if not {"event_id", "label_known_at"} <= set(part.frame.columns):
            continue
        joined = part.frame.join(payments, on="event_id", how="left", maintain_order="left")
        for row in joined["event_at"].is_null().arg_true():
            found, expected = str(joined["event_id"][row]), "the event_id of a payment in these files"
            yield Finding(part.file, row + 1, "event_id", found, expected, "add the payment or remove the label")
        early = (joined["label_known_at"] < joined["event_at"]).fill_null(value=False)
        for row in early.arg_true():
            found, expected = str(joined["label_known_at"][row]), f"not before the payment at {joined['event_at'][row]}"
            yield Finding(part.file, row + 1, "label_known_at", found, expected, "write when the bank learned of it")
