"""Against the customer's own habits: hours, days of the week, categories, amounts so far."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import (
    DAY_US,
    HOUR_US,
    LOG_STEPS,
    MINUTE_US,
    Booleans,
    Floats,
    Payments,
    Settings,
    Singles,
)
from riskfabric_assets.features.kernels.days import deviation_of
from riskfabric_assets.features.state import State
from riskfabric_assets.foundation.jit import inline_lean_kernel

RADIANS_PER_HOUR = 0.2617993877991494
NIGHT_END, NIGHT_START = 6, 22
EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday; Monday is 0."""
SATURDAY = 5


class HabitColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    hours_since_midnight: Singles
    hour_deviation: Floats
    hour_share: Singles
    category_share: Singles
    night_share: Singles
    weekend_share: Singles
    amount_deviation: Floats
    count_categories: npt.NDArray[np.int32]
    is_night: Booleans
    is_weekend: Booleans
    is_round_amount: Booleans
    is_new_category: Booleans


@inline_lean_kernel
def _hour_deviation(state: State, of_day_us: np.int64) -> float:
    """Return hours between the time of day and the mean time of day so far, 0 to 12."""
    if state.sum_cosine_hour == 0 and state.sum_sine_hour == 0:
        return np.nan
    mean_hour = math.atan2(state.sum_sine_hour, state.sum_cosine_hour) / RADIANS_PER_HOUR
    apart = abs(of_day_us / HOUR_US - mean_hour)
    apart = apart - 24.0 if apart >= 24.0 else apart
    return min(apart, 24.0 - apart)


@inline_lean_kernel
def write_hours(state: State, row: int, local_at: np.int64, use: Settings, out: HabitColumns) -> bool:
    """Write what hour and day of the week say; enter them. Returns whether it is night."""
    count, day = np.float64(state.count_payments), local_at // DAY_US
    of_day = local_at - day * DAY_US
    minute, hour = of_day // MINUTE_US, of_day // HOUR_US
    is_night, is_weekend = (hour < NIGHT_END) | (hour >= NIGHT_START), (day + EPOCH_WEEKDAY) % 7 >= SATURDAY
    out.hours_since_midnight[row] = of_day / HOUR_US
    out.hour_deviation[row] = _hour_deviation(state, of_day)
    weight = 1.0 / max(count, 1.0)
    is_known = 0.0 if count > 0 else np.nan
    out.hour_share[row] = state.hours[hour] * weight + is_known
    out.night_share[row] = state.count_night_payments * weight + is_known
    out.weekend_share[row] = state.count_weekend_payments * weight + is_known
    out.is_night[row], out.is_weekend[row] = is_night, is_weekend
    state.hours[hour] += 1
    state.count_night_payments += is_night
    state.count_weekend_payments += is_weekend
    state.sum_cosine_hour += use.cosine_of_minute[minute]
    state.sum_sine_hour += use.sine_of_minute[minute]
    return bool(is_night)


@inline_lean_kernel
def write_category(state: State, row: int, category: np.int64, out: HabitColumns) -> None:
    """Write how usual the category is; enter it."""
    before, count = state.categories[category], np.float64(state.count_payments)
    out.category_share[row] = before / count if count > 0 else np.nan
    out.count_categories[row], out.is_new_category[row] = state.count_categories, before == 0
    state.count_categories += before == 0
    state.categories[category] = before + 1


@inline_lean_kernel
def write_amount(state: State, row: int, payments: Payments, use: Settings, out: HabitColumns) -> np.int64:
    """Write how the amount stands against all before; enter it. Returns its logarithm in LOG_STEPS."""
    amount, segment = payments.amount_minor[row], payments.segment[row]
    log_amount = np.int64(math.floor((math.log(amount) + use.log_scale[segment]) * LOG_STEPS + 0.5))
    out.amount_deviation[row] = deviation_of(
        log_amount,
        np.float64(state.count_payments),
        state.sum_log_amount,
        state.sum_square_log_amount,
        use.prior_mean[segment],
        use,
    )
    out.is_round_amount[row] = amount % use.round_amount_minor == 0
    state.sum_log_amount += log_amount
    state.sum_square_log_amount += log_amount * log_amount
    return log_amount
