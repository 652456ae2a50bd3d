"""Slow twins of honest life: sessions, neighborhoods and books, each as the obvious loop."""

import bisect
import math
from typing import Any

import numpy as np

from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.simulation.month import month_of_clock
from riskfabric_assets.simulation.society import Society

DAY = 86_400_000_000
OPENING = 4


def moments_of_day(society: Society, honest: HonestMonth, customer: int, day: int) -> list[int]:
    """Microseconds UTC of the payments of one customer-day, in order, drawn session by session."""
    month, person, rules = (
        month_of_clock(society, honest.month, honest.clock),
        society.life.customers[customer],
        society.life.rules[0],
    )
    key = np.uint64(key_of(society.life.days_stream, int(person["ordinal"]), month.first_day + day - 10957))
    rate, draw, sessions = float(person["session_rate"] * month.day_factors[day]), uniform_at(key, 0), 0
    cumulative = math.exp(-rate)
    while draw >= cumulative and sessions < 60:
        sessions += 1
        cumulative += math.exp(-rate) * rate**sessions / math.factorial(sessions)
    moments, steps = [], np.linspace(0, 1, society.life.moments.shape[0])
    for session in range(sessions):
        size = 1 + bisect.bisect_right(society.life.session_sizes[:-1].tolist(), uniform_at(key, 1 + 2 * session))
        start = int(np.interp(uniform_at(key, 2 + 2 * session), steps, society.life.moments))
        local = (start + int(person["phase_microseconds"])) % DAY
        for position in range(size):
            if position:
                gap = -math.log(1 - uniform_at(key, 256 + len(moments))) * float(rules["mean_gap_microseconds"])
                local += int(gap) + 1
            reflected = local if local < DAY else 2 * DAY - 1 - local
            moments.append(int(honest.clock.midnight_at[day]) + max(reflected, 0))
    return sorted(moments)


def nearest_merchants(society: Society, market: Any, home_cells: dict[int, int], home_region: int) -> list[set[int]]:
    """Places of each tier around a home, by looking at every merchant; an empty tier takes the next wider one.

    `home_cells` maps the resolutions 6 and 4 to the home's parents; `market` has a set of places per cell.
    """
    tiers = [market[6].get(home_cells[6], set()), market[4].get(home_cells[4], set())]
    tiers += [market["region"].get(home_region, set()), market["all"]]
    return [next(tier for tier in tiers[reach:] if tier) for reach in range(4)]


def books(
    honest: HonestMonth, account_id: int, credit_limit: int, opening: int, days: int
) -> tuple[list[int], list[bool]]:
    """Replay one account: lowest available money from each day on, and whether each debit was covered.

    The last element of the lows is what is available after the settlement.
    """
    moves = [
        (int(row["event_at"]), int(row["amount_minor"]), int(row["event_date"]), None)
        for row in honest.event_rows[honest.event_rows["account_id"] == account_id]
        if row["event_kind"] != OPENING
    ]
    moves += [
        (int(row["event_at"]), -int(row["amount_minor"]), int(row["event_date"]), bool(row["status"] == 0))
        for row in honest.payment_rows[honest.payment_rows["account_id"] == account_id]
    ]
    balance, lows, covered = opening, [opening + credit_limit] * days, []
    day = 0
    for _, amount, date, approved in sorted(moves, key=lambda move: move[:2]):
        row = date - honest.clock.first_day
        while day < row:
            day += 1
            lows[day] = balance + credit_limit
        if approved is not None:
            covered.append(balance + amount + credit_limit >= 0)
        if approved is None or approved:
            balance += amount
        lows[row] = min(lows[row], balance + credit_limit)
    while day < days - 1:
        day += 1
        lows[day] = balance + credit_limit
    lows.append(balance + credit_limit)
    return [min(lows[day:]) for day in range(days + 1)], covered
