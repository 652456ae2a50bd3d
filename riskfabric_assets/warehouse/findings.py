"""Rules of the bronze contract: what a column, a row, or rows of several files can say against it.

A `Part` is a table, or a stretch of one, in the types of the contract; its `numbers` say which rows of the file it
holds, so that a month of a large file is told by the file's own row numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.errors import Problem, nearest
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABEL_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.warehouse.typing_columns import typed

ID_SPACES: Final[Mapping[str, str]] = {
    TRANSACTIONS.name: "events",
    ACCOUNT_EVENTS.name: "events",
    LABELS.name: "labels",
    LABEL_EVENTS.name: "label events",
}
"""Table -> the space in which its key is used once; payments and account events share one."""


class Finding(NamedTuple):
    """One thing that is wrong; `row` counts data rows from 1 and is None where it is about the file or column."""

    file: str
    row: int | None
    column: str
    found: str
    expected: str
    remedy: str

    @property
    def place(self) -> str:
        """File, row and column."""
        return f"{self.file}: " + (f"row {self.row}: " if self.row else "") + (self.column or "file")

    @property
    def problem(self) -> Problem:
        """The same as a problem of an input."""
        return Problem(self.place, self.found, self.expected, self.remedy)

    def __str__(self) -> str:
        """Two lines: what is wrong where, and the remedy."""
        return str(self.problem)


class Part(NamedTuple):
    """Rows of one file with the table that they belong to, in the types of the contract where that is possible."""

    file: str
    table: Table
    frame: pl.DataFrame
    numbers: pl.Series


def examine(file: str, table: Table, given: pl.DataFrame, numbers: pl.Series) -> Iterator[Finding | Part]:
    """Yield what is wrong with rows of one file, and at last the rows themselves.

    Args:
        file: Its name, for the findings.
        table: The contract.
        given: Rows as read: typed from Parquet, text from CSV.
        numbers: Number of each row in the file, from 1.
    """
    yield from column_findings(file, table, given.columns)
    known = [column for column in table.columns if column.name in given.columns]
    values = {column.name: typed(given[column.name], column) for column in known}
    part = Part(file, table, pl.DataFrame(values), numbers)
    for column in known:
        yield from value_findings(file, column, given[column.name], values[column.name], numbers)
    yield from _row_findings(part)
    yield part


def column_findings(file: str, table: Table, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield the columns that are missing and those that the contract does not know, with the nearest name."""
    extra = [name for name in columns if name not in table.schema]
    for column in table.columns:
        if column.name not in columns:
            remedy = f"add it: {column.description}" + (" (empty is allowed)" if column.is_nullable else "")
            yield Finding(file, None, column.name, "no such column", column.type, remedy)
    for name in extra:
        remedy = f"rename or remove it; {nearest(name, list(table.schema))}"
        yield Finding(file, None, name, "an extra column", f"the columns of {table.name}", remedy)


def value_findings(
    file: str, column: Column, given: pl.Series, values: pl.Series, numbers: pl.Series | None = None
) -> Iterator[Finding]:
    """Yield values that do not fit the type of a column, and empty cells where none is allowed."""
    wrong = given.is_not_null() & values.is_null()
    for row in wrong.arg_true():
        found, remedy, number = f"'{given[row]}'", _remedy(column, str(given[row])), _number(numbers, row)
        yield Finding(file, number, column.name, found, _expected(column), remedy)
    if not column.is_nullable:
        for row in given.is_null().arg_true():
            remedy = f"fill it: {column.description}"
            yield Finding(file, _number(numbers, row), column.name, "nothing", _expected(column), remedy)


def _number(numbers: pl.Series | None, row: int) -> int:
    return row + 1 if numbers is None else int(numbers[row])


def _expected(column: Column) -> str:
    if column.values:
        return "one of " + ", ".join(column.values)
    return column.type + (f" in {column.unit}" if column.unit else "")


def _remedy(column: Column, text: str) -> str:
    if column.values:
        return nearest(text, column.values)
    moments = {"TIMESTAMP": "write naive UTC, 2025-08-01 18:30:00.000000", "DATE": "write 2025-08-01"}
    return moments.get(column.type, f"write it as {column.type}, without separators or units")


_RULES: Final[tuple[tuple[str, tuple[str, ...], pl.Expr, str], ...]] = (
    ("amount_minor", ("amount_minor", "status"), pl.col("amount_minor") <= 0, "a positive amount"),
    (
        "decline_reason",
        ("decline_reason", "status"),
        (pl.col("status") == "declined") != pl.col("decline_reason").is_not_null(),
        "a reason if and only if the payment is declined",
    ),
    (
        "engine_rule",
        ("engine_rule", "status"),
        pl.col("engine_rule").is_not_null() & (pl.col("status") != "declined"),
        "a rule of the engine only where the payment is declined",
    ),
    (
        "instrument_id",
        ("instrument_id", "card_id", "account_id"),
        pl.col("instrument_id") != pl.coalesce("card_id", "account_id"),
        "card_id where there is one, else account_id",
    ),
    (
        "merchant_id",
        ("merchant_id", "payment_kind"),
        (pl.col("payment_kind") == "transfer") != pl.col("merchant_id").is_null(),
        "a merchant if and only if it is no transfer",
    ),
    (
        "payee_id",
        ("payee_id", "payment_kind"),
        (pl.col("payment_kind") == "transfer") != pl.col("payee_id").is_not_null(),
        "a payee if and only if it is a transfer",
    ),
    ("latitude", ("latitude",), pl.col("latitude").abs() > 90, "-90 to 90 degrees"),
    ("longitude", ("longitude",), pl.col("longitude").abs() > 180, "-180 to 180 degrees"),
    (
        "event_date",
        ("event_date", "event_at_local"),
        pl.col("event_date") != pl.col("event_at_local").dt.date(),
        "the day of event_at_local",
    ),
    ("event_at", ("event_at",), pl.col("event_at") < pl.col("event_at").shift(1), "rows in order of event_at"),
)
"""Column that is told, columns that are needed, what is wrong, and what is expected."""


def _row_findings(part: Part) -> Iterator[Finding]:
    """Yield what the columns of one row, or two rows behind each other, say against each other."""
    for column, needed, is_wrong, expected in _RULES:
        if set(needed) <= set(part.frame.columns):
            yield from broken(part, column, is_wrong, expected)
    ids = [column.name for column in part.table.columns if column.type == "BIGINT" and column.name.endswith("_id")]
    for name in ids:
        if name in part.frame.columns:
            yield from broken(part, name, pl.col(name) < 0, "an id of 0 or more")


def broken(part: Part, column: str, is_wrong: pl.Expr, expected: str) -> Iterator[Finding]:
    """Yield a finding for each row in which the expression is true."""
    wrong = part.frame.select(is_wrong.fill_null(value=False)).to_series()
    for row in wrong.arg_true():
        found = f"'{part.frame[column][row]}'"
        remedy = f"correct {column} or what it depends on"
        yield Finding(part.file, part.numbers[row], column, found, expected, remedy)


def examine_across(parts: Sequence[Part]) -> Iterator[Finding]:
    """Yield what rows of several files say against each other: ids used twice, labels without their payment."""
    for space in dict.fromkeys(ID_SPACES.values()):
        yield from _repeated([part for part in parts if ID_SPACES[part.table.name] == space])
    yield from _label_findings(parts)


def _repeated(parts: Sequence[Part]) -> Iterator[Finding]:
    held = [part for part in parts if part.table.key[0] in part.frame.columns]
    if not held:
        return
    ids = pl.concat(
        pl.DataFrame({"id": part.frame[part.table.key[0]], "part": pl.repeat(place, part.frame.height, eager=True)})
        for place, part in enumerate(held)
    ).with_columns(row=pl.concat([part.numbers for part in held]))
    twice = ids.filter(pl.col("id").is_not_null() & pl.col("id").is_duplicated())
    first = twice.group_by("id").first().rename({"part": "first_part", "row": "first_row"})
    again = twice.filter(~pl.col("id").is_first_distinct()).join(first, on="id", maintain_order="left")
    for each in again.iter_rows(named=True):
        part = held[each["part"]]
        expected = f"an id used once; {held[each['first_part']].file} row {each['first_row']} has it too"
        yield Finding(part.file, each["row"], part.table.key[0], str(each["id"]), expected, "give it an id of its own")


def _label_findings(parts: Sequence[Part]) -> Iterator[Finding]:
    wanted = ["event_id", "event_at", "event_date", "customer_id"]
    paid = [
        each.frame.select(wanted)
        for each in parts
        if each.table is TRANSACTIONS and set(wanted) <= set(each.frame.columns)
    ]
    if not paid:
        return
    payments = pl.concat(paid).unique("event_id").rename({"event_date": "paid_date", "customer_id": "payer_id"})
    for part in (part for part in parts if part.table in (LABELS, LABEL_EVENTS)):
        known = "label_known_at" if part.table is LABELS else "label_event_known_at"
        if not {"event_id", "event_date", "customer_id", known} <= set(part.frame.columns):
            continue
        joined = part.frame.join(payments, on="event_id", how="left", maintain_order="left")
        for row in joined["event_at"].is_null().arg_true():
            found, expected = str(joined["event_id"][row]), "the event_id of a payment in these files"
            remedy = "add the payment or remove the label"
            yield Finding(part.file, part.numbers[row], "event_id", found, expected, remedy)
        beside = part._replace(frame=joined)
        yield from _beside_payment(beside, known)


def _beside_payment(part: Part, known: str) -> Iterator[Finding]:
    """Yield what labels say against their payments, which stand beside them in the same row."""
    for column, other, what in (("event_date", "paid_date", "day"), ("customer_id", "payer_id", "payer")):
        yield from broken(part, column, pl.col(column) != pl.col(other), f"the {what} of the payment")
    early = (part.frame[known] < part.frame["event_at"]).fill_null(value=False)
    for row in early.arg_true():
        found, expected = str(part.frame[known][row]), f"not before the payment at {part.frame['event_at'][row]}"
        yield Finding(part.file, part.numbers[row], known, found, expected, "write when the bank learned of it")
