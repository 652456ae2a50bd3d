"""`assemble_month`: the tables of one month, whatever the blocks, threads and memory."""

import contextlib
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABEL_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.truth import FRAUD
from riskfabric_assets.foundation.units import last_day
from riskfabric_assets.ledger.files import EventFile, PaymentFile
from riskfabric_assets.ledger.payments import texts_of
from riskfabric_assets.ledger.ports import Crime, Reports
from riskfabric_assets.ledger.settlement import no_credits, note_credits, refuse_unsettled, settle
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.simulation.changes import agree_with_payments, draw_changes
from riskfabric_assets.simulation.columns import EVENT_ROW, PAYMENT_ROW, Rows, event_rows_of, rows_of
from riskfabric_assets.simulation.month import blocks_of, live_month
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.warehouse.columnar.writer import ArrayFile
from riskfabric_assets.warehouse.parquet import ROW_GROUP_ROWS
from riskfabric_assets.world.clock import EPOCH, Clock, month_clock


class MonthTables(NamedTuple):
    """The frames of one month, in the order of their contracts."""

    transactions: pl.DataFrame
    account_events: pl.DataFrame
    labels: pl.DataFrame
    label_events: pl.DataFrame
    fraud: pl.DataFrame


class Drafts(NamedTuple):
    """Rows of a month before they are put in order."""

    payments: Rows
    """Honest payments."""
    added: Rows
    """Payments that crime adds."""
    events: Rows
    fraud: pl.DataFrame


def assemble_month(
    society: Society,
    month: str,
    *,
    currency_code: str,
    engine: Engine,
    crime: Crime,
    reports: Reports,
    through: dt.date | None = None,
) -> MonthTables:
    """Make the tables of one local month.

    Args:
        society: People and habits.
        month: Local month, "2025-08".
        currency_code: ISO 4217 code of the world.
        engine: How the work is cut; changes no byte.
        crime: What crime adds to a block's honest month.
        reports: What the bank learns of it.
        through: Last day to keep, by default the month's last. Everything is drawn for the whole month, so
            that a day more only appends.
    """
    clock = month_clock(society.timezone, month)
    drafts = cut_days(whole_month(society, clock, month, engine, crime), clock, engine, month, through)
    texts = texts_of(society.dictionaries, currency_code)
    payments, events = io.BytesIO(), io.BytesIO()
    with _array_file(payments, TRANSACTIONS, texts) as first, _array_file(events, ACCOUNT_EVENTS, texts) as second:
        noted = write_drafts(drafts, clock, reports, first, second)
    return MonthTables(pl.read_parquet(payments), pl.read_parquet(events), *noted)


def whole_month(society: Society, clock: Clock, month: str, engine: Engine, crime: Crime) -> Drafts:
    """Draft and settle a month in memory."""
    received, drafts = no_credits(society), []
    for draft in draft_blocks(society, month, engine, crime):
        note_credits(draft.events, received)
        drafts.append(draft)
    whole = drafts[0] if len(drafts) == 1 else merge(drafts)
    settle(whole.events, received, society, clock)
    refuse_unsettled(received, society)
    return whole


def write_drafts(
    drafts: Iterable[Drafts], clock: Clock, reports: Reports, payments: ArrayFile, events: ArrayFile
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Write consecutive days behind each other and let the bank learn of them.

    Args:
        drafts: Days in order; each is given up before the next is asked for.
        clock: Days of the month.
        reports: What the bank learns.
        payments: Takes bronze/transactions.
        events: Takes bronze/account_events.

    Returns:
        bronze/labels, bronze/label_events and truth/fraud.
    """
    paid, noted = PaymentFile(payments, clock), EventFile(events, clock)
    labels, label_events, frauds = [LABELS.empty()], [LABEL_EVENTS.empty()], [FRAUD.empty()]
    for draft in drafts:
        frauds.append(draft.fraud.sort("event_date", "event_id"))
        learned = reports(paid.append(draft.payments, draft.added).frame(), frauds[-1])
        labels.append(learned.labels)
        label_events.append(learned.label_events)
        noted.append(draft.events)
    paid.flush()
    noted.flush()
    return pl.concat(labels, rechunk=True), pl.concat(label_events, rechunk=True), pl.concat(frauds, rechunk=True)


@contextlib.contextmanager
def _array_file(target: io.BytesIO, table: Table, texts: Mapping[str, Sequence[str]]) -> Iterator[ArrayFile]:
    file = ArrayFile(target, table, texts, ROW_GROUP_ROWS)
    yield file
    file.close({})
    target.seek(0)


def draft_blocks(society: Society, month: str, engine: Engine, crime: Crime) -> Iterator[Drafts]:
    """Run block after block of customers: honest life and what happens to accounts besides, then what crime adds."""
    for first, stop in blocks_of(society.people, engine.cards_per_block):
        honest = live_month(society, month, first, stop, engine.count_threads)
        added = crime(honest)
        changes = draw_changes(society, honest.clock, first, stop)
        changes = agree_with_payments(society, honest, changes)
        events = np.concatenate([honest.event_rows, changes, event_rows_of(added.events)])
        yield Drafts(honest.payment_rows, rows_of(added.payments), events, added.fraud)


def no_drafts() -> Drafts:
    """Return no rows."""
    none: Rows = np.empty(0, dtype=PAYMENT_ROW)
    return Drafts(none, none, np.empty(0, dtype=EVENT_ROW), FRAUD.empty())


def merge(drafts: list[Drafts]) -> Drafts:
    """Put the drafts of blocks behind each other."""
    payments, added, events, fraud = zip(no_drafts(), *drafts, strict=True)
    return Drafts(np.concatenate(payments), np.concatenate(added), np.concatenate(events), pl.concat(fraud))


def cut_days(draft: Drafts, clock: Clock, engine: Engine, month: str, through: dt.date | None) -> Iterator[Drafts]:
    """Yield the drafts of `block_days` days at a time, from the month's first day through `through`."""
    end = (min(through or last_day(month), last_day(month)) - EPOCH).days + 1
    for first in range(clock.first_day, end, engine.block_days):
        stop = min(first + engine.block_days, end)
        if first == clock.first_day and stop == clock.first_day + clock.count_days:
            yield draft
            return
        yield Drafts(
            _between(draft.payments, first, stop),
            _between(draft.added, first, stop),
            _between(draft.events, first, stop),
            draft.fraud.filter(pl.col("event_date").cast(pl.Int32).is_between(first, stop - 1)),
        )


def _between(rows: Rows, first: int, stop: int) -> Rows:
    date = rows["event_date"]
    return rows[(date >= first) & (date < stop)]
