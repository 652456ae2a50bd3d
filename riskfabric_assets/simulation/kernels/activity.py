"""When people pay: sessions per day, payments per session, moments within the day.

Draws of a customer-day, key (stream, customer ordinal, days since 2000-01-01): 0 number of sessions;
1 + 2 s and 2 + 2 s size and time of session s; 256 + g gap before the g-th payment of the day.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, uniform_at
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.kernels.records import Life, Month
from riskfabric_assets.world.clock import Clock, utc_of

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

DAYS_TO_2000: Final = 10957
"""2000-01-01 in days since 1970-01-01: where the day of a draw and of an id counts from."""
MOST_SESSIONS: Final = 60
"""Per customer and day; the expected number of the busiest customers stays below a third of it."""
FIRST_GAP_DRAW: Final = 256
MOST_PAYMENTS: Final = 512
"""Room for one customer-day."""


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


@lean_kernel
def count_payments_kernel(
    life: Life, month: Month, first_customer: int, sessions: npt.NDArray[np.uint8], counts: Int64s
) -> None:
    """Count the sessions of every customer-day of a block, shape (customers, days), and the payments, (customers,)."""
    for row in range(counts.shape[0]):
        customer = life.customers[first_customer + row]
        total = 0
        for day in range(month.day_factors.shape[0]):
            key = key_of(life.days_stream, customer.ordinal, np.int64(month.first_day + day - DAYS_TO_2000))
            sessions[row, day] = count_sessions(key, customer.session_rate * month.day_factors[day])
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
def draw_moments(life: Life, clock: Clock, sessions: int, phase: int, day: int, key: np.uint64, moments: Int64s) -> int:
    """Fill `moments` with the payments of a customer-day in order, microseconds UTC; returns their number.

    What would run past midnight is reflected into the evening, so a session stays inside its business day.
    """
    count, mean_gap = 0, life.rules[0].mean_gap_microseconds
    for session in range(sessions):
        size = size_of_session(key, session, life.session_sizes)
        moment = moment_of_day(uniform_at(key, np.int64(2 + 2 * session)), life.moments, phase)
        for position in range(size):
            if position > 0:
                moment += int(exponential_at(key, np.int64(FIRST_GAP_DRAW + count)) * mean_gap) + 1
            inside = moment if moment < MICROSECONDS_PER_DAY else 2 * MICROSECONDS_PER_DAY - 1 - moment
            moments[count] = utc_of(clock, day, max(inside, 0))
            count += 1
    sort_ascending(moments, count)
    return count
