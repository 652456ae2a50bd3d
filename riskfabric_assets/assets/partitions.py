"""Months as Dagster partitions: keys like "2025-08", a fixed start and an open end."""

import datetime as dt
from typing import Final

import dagster as dg

from riskfabric_assets.foundation.units import month_of, months_between, next_month
from riskfabric_assets.packs.settings import Settings

MONTH_FORMAT: Final = "%Y-%m"
PAST_THE_CLOCK: Final = 12_000
"""Months that may lie ahead of the wall clock: simulated time has nothing to do with it."""


def last_open_month(settings: Settings, through: dt.date | None) -> str:
    """Return the last month that can be asked for: `open_months` past the calendar's end or the mark."""
    calendar = settings.config.calendar
    month = max(calendar.last_month, month_of(through) if through else "")
    for _ in range(calendar.open_months):
        month = next_month(month)
    return month


def monthly_partitions(settings: Settings, through: dt.date | None) -> dg.MonthlyPartitionsDefinition:
    """Return the partitions of every monthly asset of a home."""
    return dg.MonthlyPartitionsDefinition(
        start_date=settings.config.calendar.first_month,
        end_date=next_month(last_open_month(settings, through)),
        timezone=settings.config.world.timezone,
        fmt=MONTH_FORMAT,
        end_offset=PAST_THE_CLOCK,
    )


def first_months(settings: Settings, through: dt.date | None) -> list[str]:
    """Return the months that a whole run makes: the calendar's own, and those that were appended."""
    calendar = settings.config.calendar
    return months_between(calendar.first_month, max(calendar.last_month, month_of(through) if through else ""))
