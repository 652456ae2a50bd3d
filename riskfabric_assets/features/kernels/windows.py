"""Windows that slide: payments of the last minute, hour and day, on a ring of the last 64.

The day's sums are kept running: each payment enters once and leaves once. The hour is counted back from the newest.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import DAY_US, HOUR_US, MINUTE_US, Booleans, Singles
from riskfabric_assets.features.state import RING_SLOTS, State
from riskfabric_assets.foundation.jit import inline_lean_kernel

OUTCOME_BITS = 2
OUTCOMES = (1 << OUTCOME_BITS) - 1
"""The ring holds the moment, shifted, with the outcome in the bits below: declined, and declined for a limit."""
LARGEST_AMOUNT = (1 << 32) - 1
"""What the ring holds of an amount, in minor units; a larger one makes the window saturated."""
RING_BYTES = 4
"""Bytes of an amount on the ring."""


class WindowColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,)."""

    count_payments_60s: npt.NDArray[np.int32]
    count_payments_1h: npt.NDArray[np.int32]
    count_payments_24h: npt.NDArray[np.int32]
    count_declines_24h: npt.NDArray[np.int32]
    count_limit_declines_24h: npt.NDArray[np.int32]
    sum_amount_minor_1h: Singles
    sum_amount_minor_24h: Singles
    is_burst: Booleans
    is_window_saturated: Booleans


@inline_lean_kernel
def _leave_day(state: State, place: np.int64) -> None:
    outcome = state.ring_at[place] & OUTCOMES
    state.sum_amount_24h -= np.int64(state.ring_amount[place])
    state.count_declines_24h -= outcome & 1
    state.count_limit_declines_24h -= outcome >> 1


@inline_lean_kernel
def write_windows(state: State, row: int, now: np.int64, burst_payments: np.int64, out: WindowColumns) -> None:
    """Write counts and sums of the windows before `now`; what is older than a day leaves it."""
    ring_at, ring_amount = state.ring_at, state.ring_amount
    count, tail = np.int64(state.count_payments), np.int64(state.ring_tail)
    while tail < count and now - (ring_at[tail & (RING_SLOTS - 1)] >> OUTCOME_BITS) > DAY_US:
        _leave_day(state, tail & (RING_SLOTS - 1))
        tail += 1
    state.ring_tail = tail
    back, in_minute, sum_hour = count, np.int64(0), np.int64(0)
    while back > tail:
        place = (back - 1) & (RING_SLOTS - 1)
        age = now - (ring_at[place] >> OUTCOME_BITS)
        if age > HOUR_US:
            break
        sum_hour += np.int64(ring_amount[place])
        in_minute += age <= MINUTE_US
        back -= 1
    out.count_payments_60s[row], out.count_payments_1h[row] = in_minute, count - back
    out.count_payments_24h[row] = count - tail
    out.count_declines_24h[row] = state.count_declines_24h
    out.count_limit_declines_24h[row] = state.count_limit_declines_24h
    out.sum_amount_minor_1h[row], out.sum_amount_minor_24h[row] = sum_hour, state.sum_amount_24h
    out.is_burst[row] = in_minute + 1 > burst_payments
    out.is_window_saturated[row] = (state.last_forgotten_at > 0) & (now - state.last_forgotten_at <= DAY_US)


@inline_lean_kernel
def enter_windows(state: State, now: np.int64, amount_minor: np.int64, outcome: np.int64) -> None:
    """Put a payment on the ring, in the place of the oldest when it is full."""
    count = np.int64(state.count_payments)
    place = count & (RING_SLOTS - 1)
    if count >= RING_SLOTS:
        state.last_forgotten_at = max(state.last_forgotten_at, state.ring_at[place] >> OUTCOME_BITS)
        if count - state.ring_tail == RING_SLOTS:
            _leave_day(state, place)
            state.ring_tail += 1
    kept = min(amount_minor, np.int64(LARGEST_AMOUNT))
    if kept < amount_minor:
        state.last_forgotten_at = now
    state.ring_at[place] = (now << OUTCOME_BITS) | outcome
    state.ring_amount[place] = kept
    state.sum_amount_24h += kept
    state.count_declines_24h += outcome & 1
    state.count_limit_declines_24h += outcome >> 1
