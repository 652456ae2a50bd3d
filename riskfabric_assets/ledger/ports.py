"""What the ledger asks of crime and of labels, so that it knows neither."""

from typing import NamedTuple, Protocol

import polars as pl

from riskfabric_assets.foundation.tables.bronze import LABEL_EVENTS, LABELS
from riskfabric_assets.foundation.tables.truth import FRAUD
from riskfabric_assets.simulation.columns import (
    EventColumns,
    HonestMonth,
    PaymentColumns,
    empty_events,
    empty_payments,
)


class Injected(Protocol):
    """What crime adds to the honest month of a block."""

    @property
    def payments(self) -> PaymentColumns:
        """New payments, in any order."""

    @property
    def events(self) -> EventColumns:
        """New account events, in any order."""

    @property
    def fraud(self) -> pl.DataFrame:
        """Rows of truth/fraud, for new payments and for honest ones that are claimed."""


class Crime(Protocol):
    """Turns the honest month of a block into what crime adds to it."""

    def __call__(self, honest: HonestMonth) -> Injected:
        """Return the additions; `honest` is not changed."""


class Learned(Protocol):
    """What the bank learns of a slice of a month."""

    @property
    def labels(self) -> pl.DataFrame:
        """Rows of bronze/labels."""

    @property
    def label_events(self) -> pl.DataFrame:
        """Rows of bronze/label_events."""


class Reports(Protocol):
    """Turns payments and truth into what the bank learns."""

    def __call__(self, payments: pl.DataFrame, fraud: pl.DataFrame) -> Learned:
        """Return what is learned of a slice of a month."""


class Nothing(NamedTuple):
    """No crime."""

    payments: PaymentColumns
    events: EventColumns
    fraud: pl.DataFrame


def no_crime(_honest: HonestMonth) -> Nothing:
    """Add nothing to honest life."""
    return Nothing(empty_payments(0), empty_events(0), FRAUD.empty())


class Silence(NamedTuple):
    """No reports."""

    labels: pl.DataFrame
    label_events: pl.DataFrame


def no_reports(_payments: pl.DataFrame, _fraud: pl.DataFrame) -> Silence:
    """Report nothing."""
    return Silence(LABELS.empty(), LABEL_EVENTS.empty())
