"""Windows of 7 and 30 business days: today so far and the 6 or 29 whole days before it.

One row of `days` for each of the last 30 days; the sums over both windows are kept running and move once a day, when
days leave them. Counts share one word, in fields wide enough for 30 days of at most `DAY_LIMIT` payments each.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import Booleans, Settings, Singles
from riskfabric_assets.features.kernels.balances import open_day
from riskfabric_assets.features.kernels.credits import open_credit_day
from riskfabric_assets.features.state import DAY_SLOTS, State
from riskfabric_assets.foundation.jit import inline_lean_kernel

SUM_AMOUNT, SUM_LOG, SUM_SQUARE_LOG, COUNTS, MAX_AMOUNT = range(5)
"""Columns of `days`: minor units, LOG_STEPS, LOG_STEPS**2, packed counts, minor units."""
WEEK = 7
FIELD_BITS = 12
PAYMENTS_BITS = 14
PAYMENTS_MASK, FIELD_MASK = (1 << PAYMENTS_BITS) - 1, (1 << FIELD_BITS) - 1
NIGHT, DECLINE, NEW_MERCHANT, NEW_PAYEE = (PAYMENTS_BITS + FIELD_BITS * field for field in range(4))
"""Where the fields of the packed counts start; payments start at bit 0."""
DAY_LIMIT = 511
"""Payments of a business day that are counted; more make the windows saturated."""


class DayColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    count_payments_today: npt.NDArray[np.int32]
    count_payments_7d: npt.NDArray[np.int32]
    count_payments_30d: npt.NDArray[np.int32]
    count_night_payments_7d: npt.NDArray[np.int32]
    count_declines_7d: npt.NDArray[np.int32]
    count_new_merchants_7d: npt.NDArray[np.int32]
    count_new_payees_7d: npt.NDArray[np.int32]
    count_active_days_30d: npt.NDArray[np.int32]
    sum_amount_minor_7d: Singles
    sum_amount_minor_30d: Singles
    max_amount_minor_30d: Singles
    amount_to_mean_30d: Singles
    amount_to_max_30d: Singles
    amount_deviation_30d: Singles
    are_days_saturated: Booleans


@inline_lean_kernel
def _leave_month(state: State, place: np.int64) -> None:
    days = state.days
    counted = days[place, COUNTS] & PAYMENTS_MASK
    if counted == 0:
        return
    state.sum_amount_30d -= days[place, SUM_AMOUNT]
    state.sum_log_amount_30d -= days[place, SUM_LOG]
    state.sum_square_log_amount_30d -= days[place, SUM_SQUARE_LOG]
    state.count_payments_30d -= counted
    state.count_active_days_30d -= 1
    leaving = days[place, MAX_AMOUNT]
    days[place, :] = 0
    if leaving == state.max_amount_30d:
        highest = np.int64(0)
        for other in range(DAY_SLOTS):
            highest = max(highest, days[other, MAX_AMOUNT])
        state.max_amount_30d = highest


@inline_lean_kernel
def _forget_days(state: State) -> None:
    state.days[:, :] = 0
    none = np.int64(0)
    state.sum_amount_7d = state.counts_7d = none
    state.sum_amount_30d = state.sum_log_amount_30d = state.sum_square_log_amount_30d = none
    state.count_payments_30d = state.count_active_days_30d = state.max_amount_30d = none


@inline_lean_kernel
def roll_days(state: State, day: np.int64) -> None:
    """Make `day` today: what is older than 7 and 30 days leaves the sums."""
    if day - state.day >= DAY_SLOTS:
        _forget_days(state)
        state.day = day - DAY_SLOTS
    for entering in range(np.int64(state.day) + 1, day + 1):
        open_day(state, entering)
        open_credit_day(state, entering)
        week_ago = (entering - WEEK) % DAY_SLOTS
        state.sum_amount_7d -= state.days[week_ago, SUM_AMOUNT]
        state.counts_7d -= state.days[week_ago, COUNTS]
        _leave_month(state, np.int64(entering % DAY_SLOTS))
    state.day = max(day, np.int64(state.day))


@inline_lean_kernel
def deviation_of(
    log_amount: np.int64, count: float, total: np.int64, squares: np.int64, prior_mean: float, use: Settings
) -> float:
    """Return how many standard deviations an amount is from its posterior mean; all but `count` in LOG_STEPS."""
    strength = use.prior_strength
    weight = 1.0 / (strength + count)
    mean = total / max(count, 1.0)
    scatter = max(squares - total * mean, 0.0) + strength * count * weight * (mean - prior_mean) ** 2
    spread = math.sqrt((strength * use.prior_variance + scatter) * weight)
    return (log_amount - (strength * prior_mean + total) * weight) / spread


@inline_lean_kernel
def write_days(
    state: State,
    row: int,
    amount_minor: np.int64,
    log_amount: np.int64,
    prior_mean: float,
    use: Settings,
    out: DayColumns,
) -> None:
    """Write the windows of business days as they stand before the payment."""
    counts, count = state.counts_7d, np.int64(state.count_payments_30d)
    out.count_payments_today[row] = state.days[np.int64(state.day) % DAY_SLOTS, COUNTS] & PAYMENTS_MASK
    out.count_payments_7d[row], out.count_payments_30d[row] = counts & PAYMENTS_MASK, count
    out.count_night_payments_7d[row] = (counts >> NIGHT) & FIELD_MASK
    out.count_declines_7d[row] = (counts >> DECLINE) & FIELD_MASK
    out.count_new_merchants_7d[row] = (counts >> NEW_MERCHANT) & FIELD_MASK
    out.count_new_payees_7d[row] = (counts >> NEW_PAYEE) & FIELD_MASK
    out.count_active_days_30d[row] = state.count_active_days_30d
    out.sum_amount_minor_7d[row], out.sum_amount_minor_30d[row] = state.sum_amount_7d, state.sum_amount_30d
    highest, to_mean, to_max = np.nan, np.nan, np.nan
    if count > 0:
        highest = np.float64(state.max_amount_30d)
        to_mean, to_max = amount_minor * count / state.sum_amount_30d, amount_minor / highest
    out.max_amount_minor_30d[row], out.amount_to_mean_30d[row], out.amount_to_max_30d[row] = highest, to_mean, to_max
    out.amount_deviation_30d[row] = deviation_of(
        log_amount, np.float64(count), state.sum_log_amount_30d, state.sum_square_log_amount_30d, prior_mean, use
    )
    out.are_days_saturated[row] = (state.last_crowded_day > 0) & (state.day - state.last_crowded_day < DAY_SLOTS)


@inline_lean_kernel
def enter_day(state: State, amount_minor: np.int64, log_amount: np.int64, marks: np.int64) -> None:
    """Add a payment to today; `marks` are the fields of the packed counts that it adds to, besides payments."""
    days, today = state.days, np.int64(state.day) % DAY_SLOTS
    counted = days[today, COUNTS] & PAYMENTS_MASK
    if counted == DAY_LIMIT:
        state.last_crowded_day = state.day
        return
    days[today, SUM_AMOUNT] += amount_minor
    days[today, SUM_LOG] += log_amount
    days[today, SUM_SQUARE_LOG] += log_amount * log_amount
    days[today, COUNTS] += marks + 1
    days[today, MAX_AMOUNT] = max(days[today, MAX_AMOUNT], amount_minor)
    state.sum_amount_7d += amount_minor
    state.sum_amount_30d += amount_minor
    state.sum_log_amount_30d += log_amount
    state.sum_square_log_amount_30d += log_amount * log_amount
    state.counts_7d += marks + 1
    state.count_payments_30d += 1
    state.count_active_days_30d += counted == 0
    state.max_amount_30d = max(state.max_amount_30d, amount_minor)
