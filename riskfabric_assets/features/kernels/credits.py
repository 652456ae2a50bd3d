"""Money that comes in from others, and how fast it goes out again.

Each credit on the ring knows what had come in and gone out in total before it, so that a sum over the last day is a
difference. A week is kept by business day, sum and count in one word.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import DAY_US, Singles
from riskfabric_assets.features.kernels.changes import hours_of
from riskfabric_assets.features.kernels.recency import Index
from riskfabric_assets.features.state import CREDIT_SLOTS, CREDIT_WEEK, State
from riskfabric_assets.foundation.jit import inline_lean_kernel

AT, RECEIVED_BEFORE, PAID_BEFORE = range(3)
"""Columns of `credits`: microseconds, and minor units of all credits and approved payments before."""
COUNT_BITS = 12
COUNT_MASK = (1 << COUNT_BITS) - 1
CREDIT_LIMIT = 511
"""Credits of a business day that are counted; more make the windows of days saturated."""
LARGEST_CREDIT = 1 << 38
"""Minor units that a credit may have for a week of them to fit into its word; a larger one saturates as well."""


class CreditColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    count_credits_24h: npt.NDArray[np.int32]
    count_credits_7d: npt.NDArray[np.int32]
    sum_credit_minor_24h: Singles
    sum_credit_minor_7d: Singles
    hours_since_credit: Singles
    amount_to_credits_24h: Singles
    pass_through_ratio_24h: Singles


@inline_lean_kernel
def write_credits(state: State, row: int, now: np.int64, amount_minor: np.int64, out: CreditColumns) -> bool:
    """Write windows of credits before `now`; returns whether the ring has lost some of the day's."""
    ring, count = state.credits, np.int64(state.count_credits)
    back, kept, since = count, max(count - CREDIT_SLOTS, np.int64(0)), np.nan
    if count > 0:
        since = hours_of(now - ring[(count - 1) % CREDIT_SLOTS, AT])
    while back > kept and now - ring[(back - 1) % CREDIT_SLOTS, AT] <= DAY_US:
        back -= 1
    received, to_received, passed = np.int64(0), np.nan, np.nan
    if back < count:
        oldest = back % CREDIT_SLOTS
        received = state.sum_received - ring[oldest, RECEIVED_BEFORE]
        if received > 0:
            to_received, passed = amount_minor / received, (state.sum_paid - ring[oldest, PAID_BEFORE]) / received
    out.count_credits_24h[row], out.count_credits_7d[row] = count - back, state.credits_7d & COUNT_MASK
    out.sum_credit_minor_24h[row], out.sum_credit_minor_7d[row] = received, state.credits_7d >> COUNT_BITS
    out.hours_since_credit[row] = since
    out.amount_to_credits_24h[row], out.pass_through_ratio_24h[row] = to_received, passed
    return bool(now - state.last_forgotten_credit_at <= DAY_US)


@inline_lean_kernel
def enter_credit(state: State, now: np.int64, amount_minor: np.int64) -> None:
    """Put a credit on the ring, in the place of the oldest when it is full, and add it to today."""
    ring, place = state.credits, np.int64(state.count_credits) % CREDIT_SLOTS
    if state.count_credits >= CREDIT_SLOTS:
        state.last_forgotten_credit_at = ring[place, AT]
    ring[place, AT] = now
    ring[place, RECEIVED_BEFORE], ring[place, PAID_BEFORE] = state.sum_received, state.sum_paid
    state.sum_received += amount_minor
    state.count_credits += 1
    today = np.int64(state.day) % CREDIT_WEEK
    if state.credit_days[today] & COUNT_MASK == CREDIT_LIMIT or abs(amount_minor) > LARGEST_CREDIT:
        state.last_crowded_day = state.day
        return
    word = (amount_minor << COUNT_BITS) + 1
    state.credit_days[today] += word
    state.credits_7d += word


@inline_lean_kernel
def open_credit_day(state: State, day: Index) -> None:
    """Let the credits of a week ago leave the sums as a business day begins."""
    place = day % CREDIT_WEEK
    state.credits_7d -= state.credit_days[place]
    state.credit_days[place] = 0
