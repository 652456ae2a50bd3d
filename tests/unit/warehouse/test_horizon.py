import datetime as dt

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.engine import Calendar
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.horizon import record_through, recorded_through, through_of

CALENDAR = Calendar.model_validate(
    {
        "start": dt.date(2025, 8, 1),
        "months": {"value": 2, "unit": "months", "source": "test"},
        "open_months": {"value": 3, "unit": "months", "source": "test"},
    }
)


@pytest.mark.parametrize(
    ("months", "wanted", "recorded", "expected"),
    [
        (["2025-08", "2025-09"], None, None, "2025-09-30"),  # a new home: to the calendar's end
        (["2025-08"], None, None, "2025-08-31"),  # a month behind the end: whole
        (["2025-10"], None, dt.date(2025, 10, 5), "2025-10-05"),  # the month of the mark: up to the mark
        (["2025-08"], None, dt.date(2025, 10, 5), "2025-08-31"),
        (["2025-11"], None, dt.date(2025, 10, 5), "2025-11-30"),  # a month ahead: whole
        (["2025-10"], dt.date(2025, 10, 6), dt.date(2025, 10, 5), "2025-10-06"),  # one more day
    ],
)
def test_the_last_day_follows_from_what_is_asked_for(months, wanted, recorded, expected):
    assert through_of(months, wanted, recorded, CALENDAR) == dt.date.fromisoformat(expected)


def test_a_day_outside_the_partition_is_refused():
    with pytest.raises(ConfigError, match="a day of the last partition 2025-09"):
        through_of(["2025-09"], dt.date(2025, 10, 1), None, CALENDAR)


def test_a_partition_before_the_calendar_is_refused():
    with pytest.raises(ConfigError, match="2025-07"):
        through_of(["2025-07"], None, None, CALENDAR)


def test_the_mark_survives_the_process(tmp_path):
    home = Home(tmp_path)
    assert recorded_through(home) is None
    record_through(home, dt.date(2025, 9, 3))
    assert recorded_through(home) == dt.date(2025, 9, 3)


def test_a_gap_behind_the_first_month_is_refused():
    with pytest.raises(ConfigError, match="a month up to 2025-11"):
        through_of(["2025-12"], None, dt.date(2025, 10, 5), CALENDAR)


def test_several_months_may_be_appended_at_once():
    wanted = dt.date(2026, 1, 9)
    assert through_of(["2025-10", "2025-11", "2025-12", "2026-01"], wanted, dt.date(2025, 10, 5), CALENDAR) == wanted


def test_the_mark_does_not_go_back():
    with pytest.raises(ConfigError, match="a day from 2025-10-05 on"):
        through_of(["2025-10"], dt.date(2025, 10, 4), dt.date(2025, 10, 5), CALENDAR)
