"""`write_month`: month files within a memory budget.

A month that fits is assembled in memory. A larger one is drafted block by block into files of raw rows, one per
group of days; each group is then put in order by itself and joined to the month file as a stream. Both ways
give the same bytes.
"""

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.truth import FRAUD
from riskfabric_assets.foundation.units import last_day
from riskfabric_assets.ledger.assemble import (
    Drafts,
    MonthTables,
    assemble_month,
    cut_days,
    draft_blocks,
    finish,
)
from riskfabric_assets.ledger.ports import Crime, Reports
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.simulation.columns import EVENT_ROW, PAYMENT_ROW, Rows
from riskfabric_assets.simulation.society import Society, expected_payments
from riskfabric_assets.warehouse.parquet import join_parts, write_table
from riskfabric_assets.world.clock import Clock, month_clock

BYTES_PER_PAYMENT: Final = 700
"""Peak memory of a payment on its way from kernel to file: two copies of its record, columns and frame; measured."""
BYTES_PER_MB: Final = 1_000_000
TABLE_NAMES: Final = {
    "transactions": TRANSACTIONS.name,
    "account_events": ACCOUNT_EVENTS.name,
    "labels": LABELS.name,
    "fraud": FRAUD.name,
}
"""Fields of MonthTables and the tables they are."""


@dataclasses.dataclass(frozen=True)
class Making:
    """How a month is made, beside the society it is about."""

    currency_code: str
    engine: Engine
    crime: Crime
    reports: Reports


class MonthFiles(NamedTuple):
    """Rows of the written tables, by table name."""

    rows: dict[str, int]


def write_month(
    society: Society,
    month: str,
    making: Making,
    paths: Mapping[str, Path],
    metadata: Mapping[str, str],
    through: dt.date | None = None,
) -> MonthFiles:
    """Make one month and write its files, each atomically.

    Args:
        society: People and habits.
        month: Local month, "2025-08".
        making: Currency, cut of the work, crime and labels.
        paths: File of each of the four tables, by table name.
        metadata: Key-value metadata of the files.
        through: Last day to keep, by default the month's last.

    Raises:
        ContractError: A frame breaks its contract.
        WarehouseError: The disk is full.
    """
    days = days_at_once(society, month, making.engine)
    if days is not None:
        return _write_spilled(society, month, making, paths, metadata, through, days)
    tables = assemble_month(
        society,
        month,
        currency_code=making.currency_code,
        engine=making.engine,
        crime=making.crime,
        reports=making.reports,
        through=through,
    )
    for field, name in TABLE_NAMES.items():
        write_table(TABLES[name], getattr(tables, field), paths[name], metadata)
    return MonthFiles({name: getattr(tables, field).height for field, name in TABLE_NAMES.items()})


def days_at_once(society: Society, month: str, engine: Engine) -> int | None:
    """Return how many days fit into memory at once, None when the whole month does."""
    days = last_day(month).day
    bytes_per_day = expected_payments(society, month) / days * BYTES_PER_PAYMENT
    fitting = int(engine.memory_mb * BYTES_PER_MB / max(bytes_per_day, 1.0))
    return None if fitting >= days else max(1, min(fitting, engine.block_days))


def _write_spilled(
    society: Society,
    month: str,
    making: Making,
    paths: Mapping[str, Path],
    metadata: Mapping[str, str],
    through: dt.date | None,
    days: int,
) -> MonthFiles:
    clock = month_clock(society.timezone, month)
    cut = making.engine.model_copy(update={"block_days": days})
    folder = paths[TRANSACTIONS.name].parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".spill-") as name:
        spill = Path(name)
        groups = _spill_drafts(society, month, making, clock, cut, through, spill)
        small: list[MonthTables] = []
        rows = 0
        for group in range(groups):
            tables = finish(_spilled(spill, group), society, clock, making.currency_code, making.reports)
            TRANSACTIONS.check(tables.transactions).write_ipc(spill / f"{group:02}.arrow")
            rows += tables.transactions.height
            small.append(tables._replace(transactions=TRANSACTIONS.empty()))
        join_parts(sorted(spill.glob("*.arrow")), rows, TRANSACTIONS, paths[TRANSACTIONS.name], metadata)
    counts = {TRANSACTIONS.name: rows}
    rest = MonthTables.of(small)
    for field, name in TABLE_NAMES.items():
        if name != TRANSACTIONS.name:
            frame: pl.DataFrame = getattr(rest, field)
            write_table(TABLES[name], frame, paths[name], metadata)
            counts[name] = frame.height
    return MonthFiles(counts)


def _spill_drafts(
    society: Society,
    month: str,
    making: Making,
    clock: Clock,
    cut: Engine,
    through: dt.date | None,
    spill: Path,
) -> int:
    """Write the rows of every block behind each other, one file per group of days; returns the number of groups."""
    groups = 0
    for block, draft in enumerate(draft_blocks(society, month, making.engine, making.crime)):
        for group, part in enumerate(cut_days(draft, clock, cut, month, through)):
            groups = max(groups, group + 1)
            for name, rows in (("payments", part.payments), ("payments", part.added), ("events", part.events)):
                with (spill / f"{group:02}.{name}").open("ab") as file:
                    rows.tofile(file)
            part.fraud.write_parquet(spill / f"{group:02}.fraud.{block:06}")
    return groups


def _spilled(spill: Path, group: int) -> Drafts:
    payments: Rows = np.fromfile(spill / f"{group:02}.payments", dtype=PAYMENT_ROW)
    events: Rows = np.fromfile(spill / f"{group:02}.events", dtype=EVENT_ROW)
    none: Rows = np.empty(0, dtype=PAYMENT_ROW)
    return Drafts(
        payments,
        none,
        events,
        pl.concat([FRAUD.empty(), *map(pl.read_parquet, sorted(spill.glob(f"{group:02}.fraud.*")))]),
    )
