"""When people pay: sessions per day, payments per session, moments within the day.

Draws of a customer-day, key (stream, customer ordinal, days since 2000-01-01): 0 number of sessions;
1 + 2 s and 2 + 2 s size and time of session s; 240 mood of the day; 256 + g gap before the g-th payment of the day.
The mood of a week is draw 241 of its first day, counted from 2000-01-01.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, uniform_at
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month
from riskfabric_assets.simulation.kernels.records import BILLS, Row
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.world.clock import Clock, utc_of

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

DAYS_TO_2000: Final = 10957
"""2000-01-01 in days since 1970-01-01: where the day of a draw and of an id counts from."""
DAYS_PER_WEEK: Final = 7
MOST_SESSIONS: Final = 60
"""Per customer and day; the expected number of the busiest customers stays below a third of it."""
DAY_MOOD_DRAW: Final = 240
WEEK_MOOD_DRAW: Final = 241
FIRST_GAP_DRAW: Final = 256
MOST_PAYMENTS: Final = 512
"""Room for one customer-day, standing payments apart."""
TAG_BITS: Final = 10
"""Of a moment on the desk: which payment of the day it is, standing payments from MOST_PAYMENTS on."""
TAG_MASK: Final = (1 << TAG_BITS) - 1


@inline_lean_kernel
def count_sessions(key: np.uint64, rate: float) -> int:
    """Draw a Poisson number by inversion, at most MOST_SESSIONS."""
    draw = uniform_at(key, np.int64(0))
    probability = np.exp(-rate)
    cumulative, count = probability, 0
    while draw >= cumulative and count < MOST_SESSIONS:
        count += 1
        probability *= rate / count
        cumulative += probability
    return count


@inline_lean_kernel
def size_of_session(key: np.uint64, session: int, cumulative: Floats) -> int:
    """Draw the payments of a session, 1 to len(cumulative)."""
    draw = uniform_at(key, np.int64(1 + 2 * session))
    size = 0
    while size < cumulative.shape[0] - 1 and draw >= cumulative[size]:
        size += 1
    return size + 1


@inline_lean_kernel
def mood_of(life: Life, ordinal: int, day: int, log_sd: float, purpose: int) -> float:
    """Return a factor with mean 1 that a customer's day or week has."""
    key = key_of(life.days_stream, np.int64(ordinal), np.int64(day))
    deviate = normal_of(uniform_at(key, np.int64(purpose)), life.normal_body, life.normal_tail)
    return float(np.exp(log_sd * deviate - 0.5 * log_sd * log_sd))


@inline_lean_kernel
def pay_cycle_factor(life: Life, month: Month, slot: int, day: int) -> float:
    """Return how much more is paid after the last pay day; about 1 over a cycle."""
    rules, days = life.rules[0], month.day_factors.shape[0]
    if month.salary_account[slot] < 0:
        return 1.0
    since = day - month.salary_day[slot, 0]
    if month.salary_day[slot, 1] >= 0:
        other = day - month.salary_day[slot, 1]
        since = min(since % days, other % days)
    rise = rules.pay_boost * np.exp(-(since % days) / rules.pay_decay_days)
    return float(1.0 + rise - rules.pay_boost * rules.pay_decay_days / days)


@lean_kernel
def count_payments_kernel(
    life: Life, month: Month, first_customer: int, sessions: npt.NDArray[np.uint8], counts: Int64s
) -> None:
    """Count the sessions of every customer-day of a block, shape (customers, days), and the payments, (customers,)."""
    rules = life.rules[0]
    for row in range(counts.shape[0]):
        slot = first_customer + row
        customer, total, week_mood = life.customers[slot], 0, 0.0
        area = month.areas[customer.region]
        for day in range(month.day_factors.shape[0]):
            number = month.first_day + day - DAYS_TO_2000
            if day == 0 or number % DAYS_PER_WEEK == 0:
                week = number - number % DAYS_PER_WEEK
                week_mood = mood_of(life, customer.ordinal, week, rules.week_log_sd, WEEK_MOOD_DRAW)
            rate = customer.session_rate * month.day_factors[day] * month.volume[day, area] * week_mood
            rate *= mood_of(life, customer.ordinal, number, rules.day_log_sd, DAY_MOOD_DRAW)
            rate *= pay_cycle_factor(life, month, slot, day)
            key = key_of(life.days_stream, customer.ordinal, np.int64(number))
            sessions[row, day] = count_sessions(key, rate)
            for session in range(sessions[row, day]):
                total += size_of_session(key, session, life.session_sizes)
        counts[row] = total


@inline_lean_kernel
def moment_of_day(uniform: float, quantiles: Floats, phase: int) -> int:
    """Return microseconds since local midnight: the daily curve, shifted by the personal phase, wrapped."""
    position = uniform * (quantiles.shape[0] - 1)
    step = int(position)
    moment = quantiles[step] + (position - step) * (quantiles[step + 1] - quantiles[step])
    return (int(moment) + phase) % MICROSECONDS_PER_DAY


@inline_lean_kernel
def sort_ascending(values: Int64s, count: int) -> None:
    """Sort the first `count` values in place by insertion: a day is short."""
    for row in range(1, count):
        value, place = values[row], row
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@inline_lean_kernel
def draw_moments(
    life: Life, month: Month, clock: Clock, desk: Desk, customer: Row, sessions: int, day: int, key: np.uint64
) -> int:
    """Fill the desk with the payments of a customer-day in order, microseconds UTC and tag; returns their number.

    What would run past midnight is reflected into the evening, so a session stays inside its business day.
    """
    count, mean_gap, moments = 0, life.rules[0].mean_gap_microseconds, desk.moments
    quantiles = month.moments[month.moment_profile[day]]
    for session in range(sessions):
        size = size_of_session(key, session, life.session_sizes)
        moment = moment_of_day(uniform_at(key, np.int64(2 + 2 * session)), quantiles, customer.phase_microseconds)
        for position in range(size):
            if position > 0:
                moment += int(exponential_at(key, np.int64(FIRST_GAP_DRAW + count)) * mean_gap) + 1
            inside = moment if moment < MICROSECONDS_PER_DAY else 2 * MICROSECONDS_PER_DAY - 1 - moment
            moments[count] = (utc_of(clock, day, max(inside, 0)) << TAG_BITS) | count
            count += 1
    for bill in range(BILLS):
        if desk.today[0].bill_day[bill] == day:
            moment = utc_of(clock, day, desk.today[0].bill_at[bill])
            moments[count] = (moment << TAG_BITS) | (MOST_PAYMENTS + bill)
            count += 1
    sort_ascending(moments, count)
    return count
