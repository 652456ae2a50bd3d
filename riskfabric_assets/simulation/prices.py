"""How much payments grow and cost from month to month, beside the month that the pack describes."""

import datetime as dt
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.packs.event_fields import CATEGORY_GROUPS
from riskfabric_assets.packs.events import Events, Inflation, PriceSteps, Trend
from riskfabric_assets.world.clock import EPOCH, Clock, month_index

Floats = npt.NDArray[np.float64]

DAYS_PER_YEAR: Final = 365.25
MONTHS_PER_YEAR: Final = 12
MIDDLE_OF_MONTH: Final = dt.timedelta(days=15)


def growth_of_days(trend: Trend, clock: Clock) -> Floats:
    """Return how many payments a day sees beside the middle of the reference month, shape (days,)."""
    middle = (first_day(trend.reference_month) + MIDDLE_OF_MONTH - EPOCH).days
    years = (clock.first_day + np.arange(clock.count_days) - middle) / DAYS_PER_YEAR
    return np.asarray((1.0 + trend.count_growth) ** years, dtype=np.float64)


def price_logs(events: Events, month: int) -> Floats:
    """Return the log price of each spending group beside the reference month, shape (groups,).

    Args:
        events: Trend, inflation and price steps of a world.
        month: Months since 1970-01.
    """
    reference = month_number(events.trend.reference_month)
    ticket = np.log1p(events.trend.ticket_change) * (month - reference) / MONTHS_PER_YEAR
    logs = np.full(len(SPENDING_GROUPS), ticket)
    for inflation in events.inflation.values():
        logs[covered(inflation.covers)] += inflation_log(inflation, reference, month)
    for steps in events.price_steps.values():
        logs[covered(steps.covers)] = step_log(steps, reference, month)
    return logs


def inflation_log(inflation: Inflation, reference: int, month: int) -> float:
    """Return the log price level of a month beside the reference month: a twelfth of the yearly rate per month."""
    if month < reference:
        return -inflation_log(inflation, month, reference)
    starts = {month_number(key): rate for key, rate in sorted(inflation.rates.items())}
    numbers = np.array(list(starts), dtype=np.int64)
    rates = np.array(list(starts.values()))
    passed = np.arange(reference + 1, month + 1)
    in_force = np.maximum(np.searchsorted(numbers, passed, side="right") - 1, 0)
    return float(np.sum(np.log1p(rates[in_force])) / MONTHS_PER_YEAR)


def step_log(steps: PriceSteps, reference: int, month: int) -> float:
    """Return the log of the steps between the reference month and another one."""
    passed = [np.log(ratio) for key, ratio in steps.steps.items() if _lies_between(key, reference, month)]
    return float(np.sum(passed)) * (1.0 if month >= reference else -1.0)


def covered(names: list[str]) -> list[int]:
    """Return the spending groups behind names of groups and categories."""
    groups = [group for name in names for group in CATEGORY_GROUPS.get(name, (name,))]
    return [SPENDING_GROUPS.index(group) for group in dict.fromkeys(groups)]


def month_number(key: str) -> int:
    """Return the months since 1970-01 of a month key."""
    return month_index(first_day(key))


def _lies_between(key: str, reference: int, month: int) -> bool:
    return min(reference, month) < month_number(key) <= max(reference, month)
