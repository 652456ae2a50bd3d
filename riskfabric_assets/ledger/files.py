"""The two long tables of a month as files that grow by days; rows are in order within and between the days.

A row group is full before the next begins, whatever the days bring, so that no cut of the work changes a byte.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.ledger.events import event_values_of, room_for_events
from riskfabric_assets.ledger.ordering import order_of
from riskfabric_assets.ledger.payments import Gatherer, room_for_payments, values_of
from riskfabric_assets.simulation.columns import Bools, Int32s, Int64s, Rows, UInt8s
from riskfabric_assets.warehouse.columnar.writer import ArrayFile
from riskfabric_assets.warehouse.parquet import ROW_GROUP_ROWS
from riskfabric_assets.world.clock import Clock


class Told(NamedTuple):
    """What the bank's reports need to know of payments, in order, all of shape (n,)."""

    event_id: Int64s
    customer_id: Int64s
    event_date: Int32s
    event_at: Int64s
    merchant_id: Int64s
    payee_id: Int64s
    """NO_ID beside a merchant."""
    channel: UInt8s
    status: UInt8s
    has_card: Bools

    def frame(self) -> pl.DataFrame:
        """Return the columns in the types of their contract; channel and status as their codes."""
        frame = pl.DataFrame(self._asdict())
        return frame.with_columns(pl.col("event_date").cast(pl.Date), pl.col("event_at").cast(pl.Datetime("us")))


class PaymentFile:
    """bronze/transactions."""

    def __init__(self, file: ArrayFile, clock: Clock) -> None:
        """Begin with an empty file.

        Args:
            file: Takes the row groups.
            clock: Days of the month.
        """
        self._file, self._gatherer = file, Gatherer(clock)
        self._room, self._filled = room_for_payments(ROW_GROUP_ROWS), 0

    def append(self, rows: Rows, added: Rows) -> Told:
        """Put payments of days in order behind those of earlier days; returns what reports need to know of them."""
        order = order_of(rows, added)
        told = Told(*(np.empty(order.shape[0], dtype=getattr(self._room, name).dtype) for name in Told._fields))
        start = 0
        while start < order.shape[0]:
            part = order[start : start + ROW_GROUP_ROWS - self._filled]
            self._gatherer.gather(rows, added, part, self._room, self._filled)
            stop, end = start + part.shape[0], self._filled + part.shape[0]
            for name in Told._fields:
                getattr(told, name)[start:stop] = getattr(self._room, name)[self._filled : end]
            start, self._filled = stop, end
            if end == ROW_GROUP_ROWS:
                self.flush()
        return told

    def flush(self) -> None:
        """Write what is held as a row group."""
        if self._filled:
            self._file.write(values_of(self._room, self._filled), self._filled)
        self._filled = 0


class EventFile:
    """bronze/account_events."""

    def __init__(self, file: ArrayFile, clock: Clock) -> None:
        """Begin with an empty file.

        Args:
            file: Takes the row groups.
            clock: Days of the month.
        """
        self._file, self._clock = file, clock
        self._room, self._filled = room_for_events(ROW_GROUP_ROWS), 0

    def append(self, rows: Rows) -> None:
        """Put events of days in order behind those of earlier days."""
        order, start = order_of(rows, rows[:0]), 0
        while start < order.shape[0]:
            part = order[start : start + ROW_GROUP_ROWS - self._filled]
            self._room[self._filled : self._filled + part.shape[0]] = rows[part]
            start, self._filled = start + part.shape[0], self._filled + part.shape[0]
            if self._filled == ROW_GROUP_ROWS:
                self.flush()

    def flush(self) -> None:
        """Write what is held as a row group."""
        if self._filled:
            self._file.write(event_values_of(self._room[: self._filled], self._clock), self._filled)
        self._filled = 0
