"""`inspect_files`: a team's own payments, account events and labels against the contracts of bronze, row by row.

A file is Parquet or CSV and holds one table, told by its columns. Every file is read whole and every problem is
collected, up to a cap; nothing is repaired. What one row says about another (a payment twice, a label of an unknown
payment) is asked over all files of the call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABEL_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.warehouse.findings import Finding, Part, examine, examine_across

BRONZE: Final = (TRANSACTIONS, ACCOUNT_EVENTS, LABELS, LABEL_EVENTS)
READERS: Final[Mapping[str, Callable[[Path], pl.DataFrame]]] = {
    ".parquet": pl.read_parquet,
    ".csv": lambda path: pl.read_csv(path, infer_schema=False),
}
LEAST_SHARED: Final = 0.3
"""Share of a table's columns that a file must have to be taken for it."""


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
    for finding in examine_across(parts):
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
    yield from examine(file, table, frame, pl.int_range(1, frame.height + 1, eager=True))


def table_of(columns: Sequence[str]) -> Table | None:
    """Return the table that a file with these columns holds, None when it is none of bronze."""
    shares = {table.name: len(set(columns) & set(table.schema)) / len(table.columns) for table in BRONZE}
    best = max(BRONZE, key=lambda table: shares[table.name])
    return best if shares[best.name] >= LEAST_SHARED else None
