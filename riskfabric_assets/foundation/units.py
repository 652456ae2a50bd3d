"""Units, great circles and calendar arithmetic shared by every room."""

import datetime as dt

import numpy as np

from riskfabric_assets.foundation.jit import inline_kernel

EARTH_RADIUS_KM = 6371.0088
"""Mean Earth radius (IUGG)."""
KM_PER_DEGREE = 111.19508
"""Length of one degree of a great circle at the mean Earth radius."""
MICROSECONDS_PER_SECOND = 1_000_000
MICROSECONDS_PER_DAY = 86_400_000_000


@inline_kernel
def haversine_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in km between two points in degrees."""
    half_lat = np.radians(lat_b - lat_a) * 0.5
    half_lon = np.radians(lon_b - lon_a) * 0.5
    chord = np.sin(half_lat) ** 2 + np.cos(np.radians(lat_a)) * np.cos(np.radians(lat_b)) * np.sin(half_lon) ** 2
    return float(2.0 * 6371.0088 * np.arcsin(np.sqrt(min(1.0, chord))))


def month_of(date: dt.date) -> str:
    """Return the month key of a date, "2025-08"."""
    return f"{date:%Y-%m}"


def first_day(month: str) -> dt.date:
    """Return the first day of a month key; raises ValueError for anything else than "YYYY-MM"."""
    if len(month) != len("2025-08"):
        raise ValueError(f"not a month key: {month}")
    return dt.date.fromisoformat(f"{month}-01")


def next_month(month: str) -> str:
    """Return the month key after `month`."""
    return month_of(first_day(month) + dt.timedelta(days=32))


def last_day(month: str) -> dt.date:
    """Return the last day of a month key."""
    return first_day(next_month(month)) - dt.timedelta(days=1)


def months_between(first: str, last: str) -> list[str]:
    """Return the month keys from `first` to `last`, both included; empty if `last` is earlier."""
    months, month = [], first
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months


def previous_month(month: str) -> str:
    """Return the month key before `month`."""
    return month_of(first_day(month) - dt.timedelta(days=1))
