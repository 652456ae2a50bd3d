"""`draw_reports`: reports of fraud, right and wrong, for any slice of a month."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import Streams, key_of, normal_at, uniform_at
from riskfabric_assets.foundation.tables.bronze import CHANNELS, LABEL_REPORTERS, LABELS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.labels.life import tell_lives
from riskfabric_assets.labels.rules import BANK_RULE, DiscoveryArrays, LabelRules, NoiseArrays

Int64s = npt.NDArray[np.int64]
UInt8s = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

INSTANT, ONLINE = CHANNELS.index("instant"), CHANNELS.index("online")
VICTIM = LABEL_REPORTERS.index("victim")

FILTER_BITS = 16
"""Low bits of an id that the membership filter looks at: 65,536 flags, one cache-sized array."""


class Reports(NamedTuple):
    """What the bank learns of a slice of payments, in the order of the payments."""

    labels: pl.DataFrame
    """bronze/labels."""
    label_events: pl.DataFrame
    """bronze/label_events."""


def draw_reports(payments: pl.DataFrame, fraud: pl.DataFrame, rules: LabelRules, streams: Streams) -> Reports:
    """Return what the bank learns of a slice of payments.

    A fraudulent payment is reported unless it is missed or the report comes too late to be heard; an honest one is
    reported by mistake, in the name of a typology drawn by weight, so that reporter and delay give nothing away; some
    of these reports are taken back and never become labels. Each draw depends on the payment's id alone. Of one
    business day a payer reports no more instant payments than the caps allow; the others the bank finds itself.

    Args:
        payments: Whole business days of event_id, customer_id, event_date, event_at, merchant_id, payee_id, the codes
            of channel and status, and has_card, shape (n,), in order.
        fraud: Columns event_id and typology of `truth/fraud`; rows of other slices are ignored.
        rules: Noise and discovery.
        streams: Random streams of the run.

    Raises:
        ValueError: `fraud` names a typology that has no rules.
    """
    event_id = payments["event_id"].to_numpy()
    known = _known_fraud(fraud, rules.typologies)
    rows, kinds = np.empty(event_id.shape[0], dtype=np.int64), np.empty(event_id.shape[0], dtype=np.int64)
    found = Mistakes(np.empty(event_id.shape[0], dtype=np.bool_), np.empty(event_id.shape[0], dtype=np.bool_))
    count = _reported_kernel(streams.key("labels/reported"), event_id, known, rules.noise, rows, kinds, found)
    reported = payments[rows[:count]]
    reporter, delay = np.empty(count, dtype=np.uint8), np.empty(count, dtype=np.int64)
    _discovery_kernel(
        streams.key("labels/discovery"),
        reported["event_id"].to_numpy(),
        kinds[:count],
        Means((reported["channel"] == INSTANT).to_numpy(), _is_online_card(reported)),
        rules.discovery,
        reporter,
        delay,
    )
    heard = reported.with_columns(
        reporter=pl.Series(reporter),
        delay=pl.Series(delay),
        is_mistaken=pl.Series(found.is_mistaken[:count]),
        is_taken_back=pl.Series(found.is_taken_back[:count]),
    ).filter(pl.col("delay") > 0)
    cases = heard.with_columns(reporter=_within_caps(rules))
    return Reports(_labels(cases), tell_lives(cases, rules.case, rules.discovery.delay_cap_days, streams))


def _labels(cases: pl.DataFrame) -> pl.DataFrame:
    """Return what was confirmed; the code of the reporter becomes its name."""
    return cases.filter(~pl.col("is_taken_back")).select(
        "event_id",
        "customer_id",
        pl.col("reporter").cat.to(LABELS.column("reported_by").polars_type).alias("reported_by"),
        "event_date",
        (pl.col("event_at") + pl.col("delay").cast(pl.Duration("us"))).alias("label_known_at"),
    )


def _is_online_card(payments: pl.DataFrame) -> Bools:
    return payments.select((pl.col("channel") == ONLINE) & pl.col("has_card")).to_series().to_numpy()


def _within_caps(rules: LabelRules) -> pl.Expr:
    """Return the reporter: the bank where the payer has reported enough instant payments of the day already.

    Reports by mistake come first, so that crime changes nothing of them.
    """
    by_victim = (pl.col("reporter") == VICTIM) & (pl.col("channel") == INSTANT) & ~pl.col("is_taken_back")
    mistaken, true = (by_victim & (pl.col("is_mistaken") == is_so) for is_so in (True, False))

    def nth(*of: str) -> pl.Expr:
        among_mistakes, all_mistakes, among_frauds = (
            expression.over(of)
            for expression in (
                mistaken.cast(pl.Int32).cum_sum(),
                mistaken.cast(pl.Int32).sum(),
                true.cast(pl.Int32).cum_sum(),
            )
        )
        return pl.when("is_mistaken").then(among_mistakes).otherwise(all_mistakes + among_frauds)

    payer = ("customer_id", "event_date")
    nth_of_payer, nth_of_payee = nth(*payer), nth(*payer, "payee_id", "merchant_id")
    is_above = by_victim & ((nth_of_payer > rules.most_per_payer) | (nth_of_payee > rules.most_per_payee))
    return pl.when(is_above).then(pl.lit(BANK_RULE, dtype=pl.UInt8)).otherwise(pl.col("reporter"))


class Means(NamedTuple):
    """How reported payments were made, shape (n,) each."""

    is_instant: Bools
    is_online_card: Bools


class Mistakes(NamedTuple):
    """What is wrong with reports, shape (n,) each."""

    is_mistaken: Bools
    """An honest payment."""
    is_taken_back: Bools
    """Before the bank decides."""


class _KnownFraud(NamedTuple):
    event_id: Int64s
    """Ascending."""
    kind: Int64s
    """Row of the rules."""
    flags: npt.NDArray[np.bool_]
    """Whether any of them has these low bits."""


def _known_fraud(fraud: pl.DataFrame, typologies: tuple[str, ...]) -> _KnownFraud:
    kinds = fraud["typology"].replace_strict(
        list(typologies), list(range(len(typologies))), default=-1, return_dtype=pl.Int64
    )
    if (kinds < 0).any():
        raise ValueError("fraud of a typology without rules: " + str(fraud["typology"].unique().sort().to_list()))
    event_id = fraud["event_id"].to_numpy()
    order = np.argsort(event_id)
    flags = np.zeros(1 << FILTER_BITS, dtype=np.bool_)
    flags[event_id & ((1 << FILTER_BITS) - 1)] = True
    return _KnownFraud(event_id[order], kinds.to_numpy()[order], flags)


@kernel
def _reported_kernel(
    stream: np.uint64,
    event_id: Int64s,
    known: _KnownFraud,
    noise: NoiseArrays,
    rows: Int64s,
    kinds: Int64s,
    found: Mistakes,
) -> int:
    count = 0
    mask = known.flags.shape[0] - 1
    for row in range(event_id.shape[0]):
        identifier = event_id[row]
        key = key_of(stream, identifier, np.int64(0))
        draw = uniform_at(key, np.int64(0))
        kind = -1
        if known.flags[identifier & mask]:
            position = np.searchsorted(known.event_id, identifier)
            if position < known.event_id.shape[0] and known.event_id[position] == identifier:
                kind = known.kind[position]
        is_mistaken = kind < 0
        if not is_mistaken:
            if draw < noise.never_share[kind]:
                continue
        elif draw < noise.false_positive_share + noise.taken_back_share:
            kind = min(
                np.searchsorted(noise.disguise, uniform_at(key, np.int64(1)), side="right"), noise.disguise.shape[0] - 1
            )
        else:
            continue
        rows[count], kinds[count] = row, kind
        found.is_mistaken[count] = is_mistaken
        found.is_taken_back[count] = is_mistaken and draw >= noise.false_positive_share
        count += 1
    return count


@kernel
def _discovery_kernel(
    stream: np.uint64,
    event_id: Int64s,
    kinds: Int64s,
    means: Means,
    discovery: DiscoveryArrays,
    reporter: UInt8s,
    delay: Int64s,
) -> None:
    for row in range(event_id.shape[0]):
        key = key_of(stream, event_id[row], np.int64(0))
        draw, kind, found = uniform_at(key, np.int64(0)), kinds[row], 0
        while found < discovery.reporters.shape[1] - 1 and draw >= discovery.reporters[kind, found]:
            found += 1
        log_median, sigma = discovery.log_median[kind], discovery.sigma[kind]
        if means.is_online_card[row] and found != BANK_RULE:
            log_median, sigma = discovery.statement_log_median[kind], discovery.statement_sigma[kind]
        days = np.exp(log_median + sigma * normal_at(key, np.int64(1))) * discovery.delay_factor[found]
        window = discovery.instant_window_days[kind] if means.is_instant[row] else discovery.delay_cap_days
        reporter[row] = found
        delay[row] = 1 + np.int64(days * MICROSECONDS_PER_DAY) if days < window else 0
