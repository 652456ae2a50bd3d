"""Which days are made: the high-water mark `through` of a home."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Final

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.foundation.units import last_day, month_of, next_month
from riskfabric_assets.packs.engine import Calendar
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.parquet import atomic_path

MARKER: Final = "calendar.json"


def recorded_through(home: Home) -> dt.date | None:
    """Return the last day made so far, or None in a new home."""
    path = home.root / MARKER
    return dt.date.fromisoformat(json.loads(path.read_text())["through"]) if path.exists() else None


def record_through(home: Home, through: dt.date) -> None:
    """Move the mark to `through` (it may be moved back: the current month is then made again up to there)."""
    with atomic_path(home.root / MARKER) as unfinished:
        unfinished.write_text(json.dumps({"through": through.isoformat()}) + "\n")


def through_of(months: Sequence[str], wanted: dt.date | None, recorded: dt.date | None, calendar: Calendar) -> dt.date:
    """Return the last day to make when the given months are asked for.

    An explicit `wanted` wins. Otherwise a month that lies behind the mark (or behind the calendar's first end)
    is made again up to the mark, and asking for a month ahead of it makes that month whole.

    Raises:
        ConfigError: `wanted` lies outside the last month asked for or before the mark, a month lies before the
            calendar's start, or the first month leaves a gap behind the mark.
    """
    last = max(months)
    _refuse_gap_or_return(min(months), wanted, recorded, calendar)
    if min(months) < calendar.first_month:
        place = f"partition {min(months)}"
        raise ConfigError(
            [Problem(place, min(months), f"a month from {calendar.first_month} on", "choose a later partition")]
        )
    if wanted is not None:
        if month_of(wanted) != last:
            fix = f"choose a day of {last}, or the partition {month_of(wanted)}"
            raise ConfigError([Problem("through", wanted.isoformat(), f"a day of the last partition {last}", fix)])
        return wanted
    mark = max(recorded or calendar.end, calendar.end) if recorded is None else recorded
    return mark if month_of(mark) == last else last_day(last)


def _refuse_gap_or_return(first: str, wanted: dt.date | None, recorded: dt.date | None, calendar: Calendar) -> None:
    if recorded is None:
        return
    furthest = max(next_month(month_of(recorded)), calendar.last_month)
    if first > furthest:
        fix = f"make {furthest} first, or riskfabric append --days N"
        raise ConfigError([Problem(f"partition {first}", first, f"a month up to {furthest}", fix)])
    if wanted is not None and wanted < recorded:
        fix = "leave `through` out: the month is made again up to the mark"
        raise ConfigError([Problem("through", wanted.isoformat(), f"a day from {recorded} on", fix)])
