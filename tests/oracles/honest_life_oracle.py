"""Slow twins of honest life: sessions, neighborhoods and books, each as the obvious loop."""

import bisect
import math
from typing import Any

import numpy as np

from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.simulation.month import lived_month
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.simulation.society import Society

DAY = 86_400_000_000
OPENING, SETTLEMENT = 4, 1
CREDIT, REFUND = 5, 6


def mood(society: Society, ordinal: int, day: int, log_sd: float, purpose: int) -> float:
    """A factor with mean 1 of a week or day."""
    key = np.uint64(key_of(society.life.days_stream, ordinal, day))
    deviate = normal_of(uniform_at(key, purpose), society.life.normal_body, society.life.normal_tail)
    return math.exp(log_sd * deviate - log_sd**2 / 2)


def rate_of_day(society: Society, month: str, customer: int, day: int) -> float:
    """Expected sessions of a customer-day: habit, calendar, events, moods and pay day."""
    lived, person, rules = lived_month(society, month), society.life.customers[customer], society.life.rules[0]
    number, days = lived.first_day + day - 10957, len(lived.day_factors)
    rate = float(person["session_rate"] * lived.day_factors[day] * lived.volume[day, lived.areas[person["region"]]])
    rate *= mood(society, int(person["ordinal"]), number - number % 7, float(rules["week_log_sd"]), 241)
    rate *= mood(society, int(person["ordinal"]), number, float(rules["day_log_sd"]), 240)
    paid = [int(day) for day in lived.salary_day[customer] if day >= 0]
    if lived.salary_account[customer] >= 0:
        since = min((day - pay_day) % days for pay_day in paid)
        boost, decay = float(rules["pay_boost"]), float(rules["pay_decay_days"])
        rate *= 1 + boost * math.exp(-since / decay) - boost * decay / days
    return rate


def moments_of_day(society: Society, honest: HonestMonth, customer: int, day: int) -> list[int]:
    """Microseconds UTC of the spontaneous payments of one customer-day, in order, drawn session by session."""
    month, person, rules = lived_month(society, honest.month), society.life.customers[customer], society.life.rules[0]
    key = np.uint64(key_of(society.life.days_stream, int(person["ordinal"]), month.first_day + day - 10957))
    rate, draw, sessions = rate_of_day(society, honest.month, customer, day), uniform_at(key, 0), 0
    cumulative = math.exp(-rate)
    while draw >= cumulative and sessions < 60:
        sessions += 1
        cumulative += math.exp(-rate) * rate**sessions / math.factorial(sessions)
    quantiles = month.moments[month.moment_profile[day]]
    moments, steps = [], np.linspace(0, 1, quantiles.shape[0])
    for session in range(sessions):
        size = 1 + bisect.bisect_right(society.life.session_sizes[:-1].tolist(), uniform_at(key, 1 + 2 * session))
        start = int(np.interp(uniform_at(key, 2 + 2 * session), steps, quantiles))
        local = (start + int(person["phase_microseconds"])) % DAY
        for position in range(size):
            if position:
                gap = -math.log(1 - uniform_at(key, 256 + len(moments))) * float(rules["mean_gap_microseconds"])
                local += int(gap) + 1
            reflected = local if local < DAY else 2 * DAY - 1 - local
            moments.append(int(honest.clock.midnight_at[day]) + max(reflected, 0))
    return sorted(moments)


def _is_late(row: Any, account_id: int) -> bool:
    return bool(row["event_kind"] == REFUND and row["account_id"] == account_id)


def _is_from_customer(row: Any) -> bool:
    return bool(row["event_kind"] == CREDIT and row["related_event_id"] >= 0)


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

    Refunds and credits of others fund no decision before the month is settled. The last element of the lows is what
    is available after the settlement.
    """
    late = sum(int(row["amount_minor"]) for row in honest.event_rows if _is_late(row, account_id))
    moves = [
        (
            int(row["event_at"]),
            int(row["amount_minor"]) + late * int(row["event_kind"] == SETTLEMENT),
            int(row["event_date"]),
            None,
        )
        for row in honest.event_rows[honest.event_rows["account_id"] == account_id]
        if row["event_kind"] != OPENING and not _is_from_customer(row) and not _is_late(row, account_id)
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
