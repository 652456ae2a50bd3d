"""`write_month`: month files within a memory budget.

A month that fits is assembled in memory. A larger one is drafted block by block into files of raw rows, one per
group of days; each group is then put in order by itself and goes behind the others. Both ways give the same bytes.
"""

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABEL_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.truth import FRAUD
from riskfabric_assets.foundation.units import last_day
from riskfabric_assets.ledger.assemble import Drafts, cut_days, draft_blocks, no_drafts, whole_month, write_drafts
from riskfabric_assets.ledger.payments import texts_of
from riskfabric_assets.ledger.ports import Crime, Reports
from riskfabric_assets.ledger.settlement import SETTLEMENT, no_credits, note_credits, refuse_unsettled, settle
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.simulation.columns import EVENT_ROW, PAYMENT_ROW, Rows
from riskfabric_assets.simulation.society import Society, expected_payments
from riskfabric_assets.warehouse.parquet import array_table, write_table
from riskfabric_assets.world.clock import Clock, month_clock

BYTES_PER_PAYMENT: Final = 700
"""Peak memory of a payment on its way from kernel to file: two copies of its record, columns and frame; measured."""
BYTES_PER_MB: Final = 1_000_000
TABLE_NAMES: Final = {
    "transactions": TRANSACTIONS.name,
    "account_events": ACCOUNT_EVENTS.name,
    "labels": LABELS.name,
    "label_events": LABEL_EVENTS.name,
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
        paths: File of each of these tables, by table name.
        metadata: Key-value metadata of the files.
        through: Last day to keep, by default the month's last.

    Raises:
        ContractError: A frame breaks its contract.
        WarehouseError: The disk is full.
    """
    days, clock = days_at_once(society, month, making.engine), month_clock(society.timezone, month)
    folder = paths[TRANSACTIONS.name].parent
    folder.mkdir(parents=True, exist_ok=True)
    texts = texts_of(society.dictionaries, making.currency_code)
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=".spill-") as spill,
        array_table(TRANSACTIONS, texts, paths[TRANSACTIONS.name], metadata) as payments,
        array_table(ACCOUNT_EVENTS, texts, paths[ACCOUNT_EVENTS.name], metadata) as events,
    ):
        drafts = _in_memory(society, month, making, clock, through)
        if days is not None:
            drafts = _spilled(society, month, making, clock, through, days, Path(spill))
        labels, label_events, fraud = write_drafts(drafts, clock, making.reports, payments, events)
    write_table(LABELS, labels, paths[LABELS.name], metadata)
    write_table(LABEL_EVENTS, label_events, paths[LABEL_EVENTS.name], metadata)
    write_table(FRAUD, fraud, paths[FRAUD.name], metadata)
    counts = (payments.rows, events.rows, labels.height, label_events.height, fraud.height)
    return MonthFiles(dict(zip(TABLE_NAMES.values(), counts, strict=True)))


def days_at_once(society: Society, month: str, engine: Engine) -> int | None:
    """Return how many days fit into memory at once, None when the whole month does."""
    days = last_day(month).day
    bytes_per_day = expected_payments(society, month) / days * BYTES_PER_PAYMENT
    fitting = int(engine.memory_mb * BYTES_PER_MB / max(bytes_per_day, 1.0))
    return None if fitting >= days else max(1, min(fitting, engine.block_days))


def _in_memory(society: Society, month: str, making: Making, clock: Clock, through: dt.date | None) -> Iterator[Drafts]:
    whole = whole_month(society, clock, month, making.engine, making.crime)
    yield from cut_days(whole, clock, making.engine, month, through)


def _spilled(
    society: Society, month: str, making: Making, clock: Clock, through: dt.date | None, days: int, spill: Path
) -> Iterator[Drafts]:
    """Draft every block into files of raw rows, then yield the days of one file after the other."""
    cut = making.engine.model_copy(update={"block_days": days})
    for group in range(_spill_drafts(society, month, making, clock, cut, through, spill)):
        yield _read_group(spill, group)


def _spill_drafts(
    society: Society,
    month: str,
    making: Making,
    clock: Clock,
    cut: Engine,
    through: dt.date | None,
    spill: Path,
) -> int:
    """Write the rows of every block behind each other, one file per group of days; returns the number of groups.

    Settlements wait in a file for each block until all credits are known.
    """
    groups, received = 0, no_credits(society)
    for block, draft in enumerate(draft_blocks(society, month, making.engine, making.crime)):
        note_credits(draft.events, received)
        is_settlement = draft.events["event_kind"] == SETTLEMENT
        draft.events[is_settlement].tofile(spill / f"settlements.{block:06}")
        rest = draft._replace(events=draft.events[~is_settlement])
        for group, part in enumerate(cut_days(rest, clock, cut, month, through)):
            groups = max(groups, group + 1)
            _append(spill, group, part)
            part.fraud.write_parquet(spill / f"{group:02}.fraud.{block:06}")
    for path in sorted(spill.glob("settlements.*")):
        held: Rows = np.fromfile(path, dtype=EVENT_ROW)
        settle(held, received, society, clock)
        for group, part in enumerate(cut_days(no_drafts()._replace(events=held), clock, cut, month, through)):
            _append(spill, group, part)
    refuse_unsettled(received, society)
    return groups


def _append(spill: Path, group: int, part: Drafts) -> None:
    for name, rows in (("payments", part.payments), ("payments", part.added), ("events", part.events)):
        with (spill / f"{group:02}.{name}").open("ab") as file:
            rows.tofile(file)


def _read_group(spill: Path, group: int) -> Drafts:
    payments: Rows = np.fromfile(spill / f"{group:02}.payments", dtype=PAYMENT_ROW)
    events: Rows = np.fromfile(spill / f"{group:02}.events", dtype=EVENT_ROW)
    none: Rows = np.empty(0, dtype=PAYMENT_ROW)
    return Drafts(
        payments,
        none,
        events,
        pl.concat([FRAUD.empty(), *map(pl.read_parquet, sorted(spill.glob(f"{group:02}.fraud.*")))]),
    )
