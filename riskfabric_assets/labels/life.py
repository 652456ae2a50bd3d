"""`tell_lives`: the life of a report, from the first word to the end of the dispute, as `bronze/label_events`.

A report is confirmed, in whole or in part, at the moment that `bronze/labels` calls `label_known_at`; or its payer
takes it back at that moment, and it never becomes a label. A confirmed payment to a merchant may be charged back, and
the merchant may win the dispute. That moves the money, not the label: a bank's report of fraud to its scheme stands
when the dispute is lost. So a payment is labelled from its confirmation on, whatever comes later.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS, LABEL_EVENTS, LABEL_REPORTERS, STATUSES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.labels import Case

INSTANT, VICTIM = CHANNELS.index("instant"), LABEL_REPORTERS.index("victim")
NOT_CHARGED_BACK: Final = (CHANNELS.index("atm"), CHANNELS.index("bank_transfer"))
APPROVED: Final = STATUSES.index("approved")
MASK_63: Final = np.uint64(0x7FFFFFFFFFFFFFFF)


def tell_lives(cases: pl.DataFrame, case: Case, delay_cap_days: float, streams: Streams) -> pl.DataFrame:
    """Return the events of reported payments as `bronze/label_events`, in the order of payments and of each life.

    Args:
        cases: One row per reported payment, shape (n,): event_id, customer_id, event_date, event_at, the codes of
            channel, status and reporter, payee_id (negative beside a merchant), delay in microseconds and
            is_taken_back.
        case: What happens to a report.
        delay_cap_days: Age of a payment at which nothing is disputed any more.
        streams: Random streams of the run; every draw is keyed by the payment's id alone.
    """
    chances = _Chances(cases["event_id"].to_numpy(), case, streams)
    told = cases.with_row_index("row").with_columns(**chances.columns())
    decided = told.with_columns(happened=pl.col("delay"), known=pl.col("delay"))
    confirmed = decided.filter(~pl.col("is_taken_back"))
    charged_back = _charged_back(confirmed, case, delay_cap_days)
    stages = (
        _stage(decided.with_columns(happened="until_report", known="until_report"), "reported", _reporter()),
        _stage(decided.filter("is_taken_back"), "withdrawn", pl.lit("victim")),
        _stage(confirmed.filter(~pl.col("is_partial")), "confirmed", pl.lit("bank"), pl.lit(1.0)),
        _stage(confirmed.filter("is_partial"), "partly_confirmed", pl.lit("bank"), pl.col("accepted")),
        _stage(charged_back, "charged_back", pl.lit("bank")),
        _stage(_represented(charged_back, case), "represented", pl.lit("merchant")),
    )
    events = pl.concat(stages).sort("row", "label_event_kind").drop("row")
    return events.with_columns(label_event_id=_identify(events, streams)).select(*LABEL_EVENTS.schema)


class _Chances:
    """Draws per payment."""

    def __init__(self, event_id: npt.NDArray[np.int64], case: Case, streams: Streams) -> None:
        self._event_id, self._case, self._streams = event_id, case, streams

    def columns(self) -> dict[str, pl.Expr]:
        case = self._case
        handling = 2 * case.investigation_share * self._uniform("investigation")
        accepted = case.accepted_low + (case.accepted_high - case.accepted_low) * self._uniform("accepted")
        until_report = ((1.0 - pl.lit(pl.Series(handling))) * pl.col("delay")).cast(pl.Int64)
        return {
            "until_report": pl.max_horizontal(until_report, pl.lit(1, dtype=pl.Int64)),
            "is_partial": pl.lit(pl.Series(self._uniform("partial") < case.partly_confirmed_share)),
            "accepted": pl.lit(pl.Series(accepted)),
            "is_filed": pl.lit(pl.Series(self._uniform("chargeback") < case.charged_back_share)),
            "is_won": pl.lit(pl.Series(self._uniform("dispute") < case.contested_share * case.won_share)),
            "until_filed": self._delay(
                "chargeback_delay", case.charged_back_delay_median, case.charged_back_delay_sigma
            ),
            "until_won": self._delay("dispute_delay", case.represented_delay_median, case.represented_delay_sigma),
        }

    def _uniform(self, name: str) -> npt.NDArray[np.float64]:
        return self._streams.uniforms(f"labels/case/{name}", self._event_id)

    def _delay(self, name: str, median_days: float, sigma: float) -> pl.Expr:
        normal = self._streams.normals(f"labels/case/{name}", self._event_id)
        return pl.lit(pl.Series((median_days * np.exp(sigma * normal) * MICROSECONDS_PER_DAY).astype(np.int64)))


def _charged_back(confirmed: pl.DataFrame, case: Case, delay_cap_days: float) -> pl.DataFrame:
    """Keep approved payments to merchants whose window is open; of instant ones, those that the payer may dispute."""
    is_instant = pl.col("channel") == INSTANT
    window = pl.when(is_instant).then(case.instant_window).otherwise(delay_cap_days) * MICROSECONDS_PER_DAY
    filed = pl.col("happened") + pl.col("until_filed")
    to_merchant = (pl.col("payee_id") < 0) & ~pl.col("channel").is_in(NOT_CHARGED_BACK)
    may_dispute = ~is_instant | (pl.col("reporter") == VICTIM)
    paid = pl.col("status") == APPROVED
    kept = confirmed.filter("is_filed", to_merchant, may_dispute, paid, filed < window)
    return kept.with_columns(happened=filed, known=filed + _days(case.clearing_lag))


def _represented(charged_back: pl.DataFrame, case: Case) -> pl.DataFrame:
    """Keep disputes that merchants win within the time they have to answer."""
    won = charged_back.filter("is_won", pl.col("until_won") < _days(case.answer_window))
    happened = pl.col("known") + pl.col("until_won")
    return won.with_columns(happened=happened, known=happened + _days(case.clearing_lag))


def _days(days: float) -> int:
    return round(days * MICROSECONDS_PER_DAY)


def _reporter() -> pl.Expr:
    return pl.col("reporter").cat.to(LABEL_EVENTS.column("made_by").polars_type)


def _stage(rows: pl.DataFrame, kind: str, by: pl.Expr, accepted: pl.Expr | None = None) -> pl.DataFrame:
    moment = {"happened_at": "happened", "label_event_known_at": "known"}
    return rows.select(
        "row",
        "event_id",
        "customer_id",
        pl.lit(kind).cast(LABEL_EVENTS.column("label_event_kind").polars_type).alias("label_event_kind"),
        by.cast(LABEL_EVENTS.column("made_by").polars_type).alias("made_by"),
        (pl.lit(None) if accepted is None else accepted).cast(pl.Float64).alias("accepted_share"),
        "event_date",
        *((pl.col("event_at") + pl.col(name).cast(pl.Duration("us"))).alias(column) for column, name in moment.items()),
    )


def _identify(events: pl.DataFrame, streams: Streams) -> pl.Series:
    """Return 63 random bits by payment and kind."""
    event_id, kind = events["event_id"].to_numpy(), events["label_event_kind"].to_physical().to_numpy()
    identifiers = np.empty(event_id.shape[0], dtype=np.uint64)
    for code in np.unique(kind):
        chosen = kind == code
        identifiers[chosen] = streams.bits("labels/events", event_id[chosen], number=int(code))
    return pl.Series((identifiers & MASK_63).astype(np.int64))
