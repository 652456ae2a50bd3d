"""Business days of a time zone, daylight saving included, as arrays that kernels read.

A day is named by the days since 1970-01-01 of its local date. On most days the offset is one number; on the
day of a clock change it changes once, at `change_at`. A local time that a change skips is moved past the gap;
of a local time that happens twice the first is meant.
"""

import datetime as dt
import functools
import zoneinfo
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY, first_day, last_day

Int64s = npt.NDArray[np.int64]

EPOCH: Final = dt.date(1970, 1, 1)
NEVER: Final = np.iinfo(np.int64).max
_MONTHS_PER_YEAR: Final = 12


@bundle
class Clock(NamedTuple):
    """Consecutive local days; row i is day `first_day + i`, every array of shape (days,)."""

    first_day: int
    """Days since 1970-01-01."""
    midnight_at: Int64s
    """Start of the day, microseconds UTC."""
    offset_microseconds: Int64s
    """Local time minus UTC at the start of the day."""
    change_at: Int64s
    """Moment of a clock change inside the day, microseconds UTC; the largest int64 on other days."""
    offset_after_microseconds: Int64s
    """Local time minus UTC from `change_at` on."""
    weekday: npt.NDArray[np.uint8]
    """0 is Monday."""
    day_of_month: npt.NDArray[np.uint8]
    """From 1."""
    month_index: npt.NDArray[np.int32]
    """Months since 1970-01."""

    @property
    def count_days(self) -> int:
        """Number of days."""
        return int(self.midnight_at.shape[0])


@inline_lean_kernel
def utc_of(clock: Clock, row: int, local_microseconds: int) -> int:
    """Return the moment (microseconds UTC) at which the clock of day `row` shows a time since local midnight."""
    local_midnight = (clock.first_day + row) * MICROSECONDS_PER_DAY
    moment = int(local_midnight + local_microseconds - clock.offset_microseconds[row])
    if moment >= clock.change_at[row]:
        later = int(local_midnight + local_microseconds - clock.offset_after_microseconds[row])
        return later if later >= clock.change_at[row] else moment
    return moment


@inline_lean_kernel
def local_of(clock: Clock, row: int, moment: int) -> int:
    """Return what the clock of day `row` shows at a moment: microseconds since 1970-01-01 local time."""
    if moment >= clock.change_at[row]:
        return int(moment + clock.offset_after_microseconds[row])
    return int(moment + clock.offset_microseconds[row])


def build_clock(timezone: str, first: dt.date, last: dt.date) -> Clock:
    """Return the clock of the days from `first` to `last`, both included; a day does not depend on the range.

    Raises:
        ValueError: `last` is before `first`.
    """
    if last < first:
        raise ValueError(f"no days from {first} to {last}")
    zone = zoneinfo.ZoneInfo(timezone)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 2)]
    starts = [_midnight(day, zone) for day in days]
    offsets = [_offset(start, zone) for start in starts]
    changes = [
        _change(starts[row], starts[row + 1], zone) if offsets[row] != offsets[row + 1] else NEVER
        for row in range(len(days) - 1)
    ]
    kept = days[:-1]
    return Clock(
        first_day=(first - EPOCH).days,
        midnight_at=np.array(starts[:-1], dtype=np.int64),
        offset_microseconds=np.array(offsets[:-1], dtype=np.int64),
        change_at=np.array(changes, dtype=np.int64),
        offset_after_microseconds=np.array(offsets[1:], dtype=np.int64),
        weekday=np.array([day.weekday() for day in kept], dtype=np.uint8),
        day_of_month=np.array([day.day for day in kept], dtype=np.uint8),
        month_index=np.array([month_index(day) for day in kept], dtype=np.int32),
    )


@functools.cache
def month_clock(timezone: str, month: str) -> Clock:
    """Return the clock of one month, "2025-08"."""
    return build_clock(timezone, first_day(month), last_day(month))


def month_index(day: dt.date) -> int:
    """Return the months since 1970-01."""
    return (day.year - EPOCH.year) * _MONTHS_PER_YEAR + day.month - 1


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return _microseconds(dt.datetime.combine(day, dt.time(), tzinfo=zone))


def _microseconds(moment: dt.datetime) -> int:
    since = moment.astimezone(dt.UTC) - dt.datetime.combine(EPOCH, dt.time(), tzinfo=dt.UTC)
    return since // dt.timedelta(microseconds=1)


def _offset(moment: int, zone: dt.tzinfo) -> int:
    utc = dt.datetime.combine(EPOCH, dt.time(), tzinfo=dt.UTC) + dt.timedelta(microseconds=moment)
    shift = utc.astimezone(zone).utcoffset() or dt.timedelta()
    return shift // dt.timedelta(microseconds=1)


def _change(start: int, stop: int, zone: dt.tzinfo) -> int:
    """Moment of the one clock change between two midnights, by bisection to the microsecond."""
    before = _offset(start, zone)
    low, high = start, stop
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
