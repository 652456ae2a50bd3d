"""What a story is told from: rows of a few tables about one event, its attack and its day."""

import dataclasses
import datetime as dt

import polars as pl


@dataclasses.dataclass(frozen=True, eq=False)
class Evidence:
    """Frames, with the columns that the queries of `reading` name.

    `payments` and `events` are those of the attack, of the customer's day and of the accounts that the attack went
    through, in order of time; `fraud` holds the attack's rows of truth/fraud, `attacks` the planned attacks of its
    campaign (of a single attack: itself) with what came of them; `label_events` and `labels` are about the payments of
    the attack, or about the one payment.
    """

    event_id: int
    """Payment or account event that is asked about."""
    near_payment_id: int | None
    """For an account event that answers no payment: the nearest fraud in time on its account, if any is near."""
    through: dt.date
    """Last simulated day."""
    payments: pl.DataFrame
    events: pl.DataFrame
    fraud: pl.DataFrame
    attacks: pl.DataFrame
    label_events: pl.DataFrame
    labels: pl.DataFrame
