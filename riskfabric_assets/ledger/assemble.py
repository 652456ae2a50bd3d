"""`assemble_month`: the tables of one month, whatever the blocks, threads and memory."""

import datetime as dt
import os
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.foundation.tables.truth import FRAUD
from riskfabric_assets.foundation.units import last_day
from riskfabric_assets.ledger.frames import account_events_frame, transactions_frame
from riskfabric_assets.ledger.ports import Crime, Reports
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.simulation.columns import EVENT_ROW, PAYMENT_ROW, Rows, event_rows_of, rows_of
from riskfabric_assets.simulation.month import blocks_of, live_month
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.world.clock import EPOCH, Clock, month_clock


class MonthTables(NamedTuple):
    """The frames of one month, or of consecutive days of it, in the order of their contracts."""

    transactions: pl.DataFrame
    account_events: pl.DataFrame
    labels: pl.DataFrame
    fraud: pl.DataFrame

    @classmethod
    def of(cls, parts: "list[MonthTables]") -> "MonthTables":
        """Put consecutive parts behind each other."""
        if len(parts) == 1:
            return parts[0]
        empty = cls(TRANSACTIONS.empty(), ACCOUNT_EVENTS.empty(), LABELS.empty(), FRAUD.empty())
        return cls(*(pl.concat(frames, rechunk=True) for frames in zip(*(parts or [empty]), strict=True)))


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
    drafts = list(draft_blocks(society, month, engine, crime))
    clock = month_clock(society.timezone, month)
    merged = drafts[0] if len(drafts) == 1 else merge(drafts)
    parts = (
        finish(draft, society, clock, currency_code, reports)
        for draft in cut_days(merged, clock, engine, month, through)
    )
    return MonthTables.of(list(parts))


def draft_blocks(society: Society, month: str, engine: Engine, crime: Crime) -> Iterator[Drafts]:
    """Run block after block of customers: honest life, then what crime adds."""
    threads = engine.threads or os.cpu_count() or 1
    for first, stop in blocks_of(society.people, engine.cards_per_block):
        honest = live_month(society, month, first, stop, threads)
        added = crime(honest)
        events = np.concatenate([honest.event_rows, event_rows_of(added.events)])
        yield Drafts(honest.payment_rows, rows_of(added.payments), events, added.fraud)


def merge(drafts: list[Drafts]) -> Drafts:
    """Put the drafts of blocks behind each other."""
    return Drafts(
        np.concatenate([np.empty(0, dtype=PAYMENT_ROW), *(draft.payments for draft in drafts)]),
        np.concatenate([np.empty(0, dtype=PAYMENT_ROW), *(draft.added for draft in drafts)]),
        np.concatenate([np.empty(0, dtype=EVENT_ROW), *(draft.events for draft in drafts)]),
        pl.concat([FRAUD.empty(), *(draft.fraud for draft in drafts)]),
    )


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


def finish(draft: Drafts, society: Society, clock: Clock, currency_code: str, reports: Reports) -> MonthTables:
    """Put days in order and let the bank learn of them."""
    transactions = transactions_frame(draft.payments, draft.added, clock, society.dictionaries, currency_code)
    events = account_events_frame(draft.events, clock, currency_code)
    fraud = draft.fraud.sort("event_date", "event_id")
    return MonthTables(transactions, events, reports(transactions, fraud), fraud)


def _between(rows: Rows, first: int, stop: int) -> Rows:
    date = rows["event_date"]
    return rows[(date >= first) & (date < stop)]
