"""The page that maps every key of RiskFabric's five YAML files to its successor, from a committed table.

Run it to write the page again after the table has changed:

    python docs/scripts/riskfabric_keys.py
"""

import csv
import dataclasses
import pathlib
import sys

import markup

DOCS = pathlib.Path(__file__).parents[1]
TABLE = DOCS / "tables" / "riskfabric_keys.csv"
PAGE = DOCS / "reference" / "riskfabric_keys.md"

INTRODUCTION = """\
<!-- Generated from docs/tables/riskfabric_keys.csv by docs/scripts/riskfabric_keys.py. -->

RiskFabric (Rust) is configured by five YAML files. This page says where each of their keys went. A successor is written
as `file: key`, relative to `config/`. Where there is none, the reason is given. Values are those of its newest revision
(March 2026)."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One key of the source: its file, path and value, and its successor or the reason why there is none."""

    file: str
    key: str
    value: str
    successor: str
    reason: str


def read_rows(path: pathlib.Path = TABLE) -> list[Row]:
    """Read the committed table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Row(**line) for line in csv.DictReader(lines)]


def page(rows: list[Row]) -> str:
    """Return the page, one section for each file of the source."""
    files = dict.fromkeys(row.file for row in rows)
    counts = f"{len(rows)} keys, {sum(bool(row.successor) for row in rows)} with a successor."
    return markup.page("RiskFabric's keys", INTRODUCTION, counts, *[_section(file, rows) for file in files])


def _section(file: str, rows: list[Row]) -> str:
    cells = [
        (markup.code(row.key), row.value, markup.code(row.successor), row.reason) for row in rows if row.file == file
    ]
    return f"## {file}\n\n" + markup.table(("Key", "Value", "Successor", "Note"), cells)


def main() -> int:
    """Write the page from the table."""
    PAGE.write_text(page(read_rows()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
