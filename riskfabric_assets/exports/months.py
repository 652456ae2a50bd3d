"""Sheets that grow month by month, several at a time."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from riskfabric_assets.exports.sheets import Sheet, open_sheet
from riskfabric_assets.exports.source import Source


def write_months(source: Source, folder: Path, queries: Mapping[Sheet, str]) -> dict[str, int]:
    """Write sheets whose queries read the views of `month`; returns rows by path."""
    rows = {sheet.path: 0 for sheet in queries}
    with contextlib.ExitStack() as stack:
        appends = {sheet: stack.enter_context(open_sheet(source.connection, sheet, folder)) for sheet in queries}
        for _ in source.each_month():
            for sheet, query in queries.items():
                rows[sheet.path] += appends[sheet](query)
    return rows
