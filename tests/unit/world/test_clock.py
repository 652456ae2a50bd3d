import datetime as dt
import zoneinfo

import numpy as np
import pytest

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.world.clock import NEVER, build_clock, local_of, month_clock, utc_of

HOUR = 3_600_000_000


@kernel
def utc_kernel(clock, rows, times, out):
    for i in range(rows.shape[0]):
        out[i] = utc_of(clock, rows[i], times[i])


@kernel
def local_kernel(clock, rows, moments, out):
    for i in range(rows.shape[0]):
        out[i] = local_of(clock, rows[i], moments[i])


def moments_of(clock, rows, times):
    out = np.empty(len(rows), dtype=np.int64)
    utc_kernel(clock, np.array(rows), np.array(times), out)
    return out


def locals_of(clock, rows, moments):
    out = np.empty(len(rows), dtype=np.int64)
    local_kernel(clock, np.array(rows), np.array(moments), out)
    return out


def test_a_month_has_its_days_and_weekdays():
    clock = month_clock("Asia/Kolkata", "2025-08")
    assert clock.count_days == 31
    assert clock.first_day == (dt.date(2025, 8, 1) - dt.date(1970, 1, 1)).days
    assert clock.weekday[:3].tolist() == [4, 5, 6]
    assert clock.day_of_month[[0, 30]].tolist() == [1, 31]
    assert set(clock.month_index) == {55 * 12 + 7}


def test_india_is_five_and_a_half_hours_ahead_all_year():
    clock = build_clock("Asia/Kolkata", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert set(clock.offset_microseconds) == {5.5 * HOUR}
    assert set(clock.change_at) == {NEVER}


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"]
)
def test_local_times_agree_with_the_time_zone_database(zone):
    clock = build_clock(zone, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    rows = np.repeat(np.arange(365), 24)
    times = np.tile(np.arange(24) * HOUR + 17 * 60_000_000, 365)
    moments = moments_of(clock, rows, times)
    shown = locals_of(clock, rows, moments)
    info = zoneinfo.ZoneInfo(zone)
    for row, time, moment, local in list(zip(rows, times, moments, shown, strict=True))[::7]:
        midnight = dt.datetime(2025, 1, 1, tzinfo=info)
        aware = midnight + dt.timedelta(days=int(row), microseconds=int(time))
        wanted = aware.timestamp()
        assert moment / 1e6 == wanted, aware
        assert local == (moment + dt.datetime.fromtimestamp(wanted, info).utcoffset().total_seconds() * 1e6)


def test_a_skipped_hour_is_moved_past_the_gap():
    clock = build_clock("Europe/Berlin", dt.date(2025, 3, 30), dt.date(2025, 3, 30))
    moment = moments_of(clock, [0], [int(2.5 * HOUR)])
    shown = locals_of(clock, [0], moment)[0] - clock.first_day * 24 * HOUR
    assert shown == 3.5 * HOUR


def test_days_join_without_gap_or_overlap():
    clock = build_clock("Europe/Berlin", dt.date(2025, 10, 20), dt.date(2025, 10, 31))
    hours = np.diff(clock.midnight_at) / HOUR
    assert sorted(set(hours)) == [24, 25]


def test_a_day_does_not_depend_on_the_range():
    year = build_clock("Europe/Berlin", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    month = month_clock("Europe/Berlin", "2025-03")
    row = month.first_day - year.first_day
    for name in ("midnight_at", "offset_microseconds", "change_at", "offset_after_microseconds", "weekday"):
        assert np.array_equal(getattr(year, name)[row : row + 31], getattr(month, name)), name


def test_an_empty_range_is_refused():
    with pytest.raises(ValueError, match="no days"):
        build_clock("UTC", dt.date(2025, 2, 1), dt.date(2025, 1, 1))
