"""The annotated timeline: payments and money per day and channel, under what happened in the world and to its crime."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import polars as pl

from riskfabric_assets.foundation.charts import Plot, plot, short, svg
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.packs.crime import Change
from riskfabric_assets.packs.events import Events

WIDTH: Final = 1080
LEFT: Final = 46
RIGHT: Final = 10
LANE: Final = 17
"""Height of a row of names, pixels."""
PANEL: Final = 120
GAP: Final = 34
BELOW: Final = 24
LETTER: Final = 6.2
"""Width of a letter of a name at its size of 11.5, pixels."""
LONG_DAYS: Final = 14
"""What lasts longer is named, but drawn through no curve: it would colour everything."""
UNMARKED: Final = "pay_day"
"""The kind that comes every month and would hide the others."""
SHADES: Final = dict(zip(CHANNELS, ("p5", "p4", "p3", "p2", "p1", "p0"), strict=True))
MINOR_PER_MAJOR: Final = 100


@dataclasses.dataclass(frozen=True)
class Mark:
    """Something that happened on some days, and what to say to those who point at it."""

    title: str
    kind: str
    first: dt.date
    last: dt.date
    hint: str

    @property
    def count_days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def timeline(daily: pl.DataFrame, events: Events, drift: Sequence[Change] = ()) -> str:
    """Draw payments above and money below, stacked by channel, with bands and names of events.

    Args:
        daily: event_date, channel, count_payments, approved_amount_minor; any number of rows per day and channel.
        events: What happens in the world.
        drift: What changes about crime, and when.
    """
    first, last = daily.select(first=pl.col("event_date").min(), last=pl.col("event_date").max()).row(0)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    lanes = lay_out(marks_between(events, first, last, drift), first, len(days))
    top = LANE * len(lanes) + GAP
    height = top + 2 * PANEL + GAP + BELOW
    columns = (("count_payments", 1, "payments a day"), ("approved_amount_minor", MINOR_PER_MAJOR, "amount a day"))
    marks: list[str] = []
    for number, (column, divisor, title) in enumerate(columns):
        start = top + number * (PANEL + GAP)
        layers = stacked(daily, days, column, divisor)
        highest = max(layers[-1][1]) * 1.05 or 1.0
        frame = plot(
            (-0.5, len(days) - 0.5), (0, highest), (WIDTH, height), (start, RIGHT, height - start - PANEL, LEFT)
        )
        marks.append(frame.y_axis([(tick, short(tick)) for tick in frame.y.ticks(3)], title))
        marks += [frame.area(range(len(days)), low, high, SHADES[name]) for name, low, high in _bands(layers)]
        marks += [_band(frame, mark, first) for lane in lanes for mark in lane if mark.count_days <= LONG_DAYS]
    marks += [_name(frame, mark, first, row) for row, lane in enumerate(lanes) for mark in lane]
    marks.append(frame.x_axis([(float((day - first).days), f"{day:%-d %b}") for day in _ticks(days)]))
    return svg(marks, (WIDTH, height), "Payments and money per day and channel, with the events of the world")


def marks_between(events: Events, first: dt.date, last: dt.date, drift: Sequence[Change] = ()) -> list[Mark]:
    """Return the events, the outages and the change points of crime that happened, by day; pay days are left out."""
    found = [
        Mark(each.event.title, each.event.kind, each.first, each.last, _where(each.event.regions))
        for each in events.occurrences(first, last)
        if each.event.kind != UNMARKED
    ]
    found += [
        Mark(outage.title, "outage", outage.first.date(), outage.last.date(), f"{outage.declined_share:.0%} declined")
        for outage in events.named_outages.values()
        if first <= outage.first.date() and outage.last.date() <= last
    ]
    found += [mark for mark in _change_points(drift) if first <= mark.first <= last]
    return sorted(found, key=lambda mark: (mark.first, mark.title))


def _change_points(drift: Sequence[Change]) -> list[Mark]:
    """Return one mark per month in which crime changes, on its first day."""
    return [
        Mark("Crime changes", "crime", first_day(month), first_day(month), "; ".join(_told(drift, month)))
        for month in sorted({change.month for change in drift})
    ]


def _told(drift: Sequence[Change], month: str) -> list[str]:
    return [f"{change.typology}: {', '.join(change.lines)}" for change in drift if change.month == month]


def lay_out(marks: Iterable[Mark], first: dt.date, count_days: int) -> list[list[Mark]]:
    """Put marks into as few rows as keep their names apart."""
    day_width = (WIDTH - LEFT - RIGHT) / max(1, count_days)
    lanes: list[list[Mark]] = []
    ends: list[float] = []
    for mark in marks:
        start, stop = _reach(mark, first, day_width)
        row = next((row for row, end in enumerate(ends) if end <= start), len(lanes))
        if row == len(lanes):
            lanes.append([])
            ends.append(0.0)
        lanes[row].append(mark)
        ends[row] = stop
    return lanes


def stacked(daily: pl.DataFrame, days: Sequence[dt.date], column: str, divisor: int) -> list[tuple[str, list[float]]]:
    """Return the channels in use, each with its own sum and that of the channels below it on every day."""
    sums = daily.group_by("event_date", pl.col("channel").cast(pl.String)).agg(pl.col(column).sum())
    values = {(day, channel): value / divisor for day, channel, value in sums.iter_rows()}
    used = [channel for channel in CHANNELS if any((day, channel) in values for day in days)]
    layers: list[tuple[str, list[float]]] = []
    below = [0.0] * len(days)
    for channel in used:
        below = [under + values.get((day, channel), 0.0) for under, day in zip(below, days, strict=True)]
        layers.append((channel, below))
    return layers


def channels_of(daily: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the channels in use with the shade of each, from below."""
    used = set(daily["channel"].cast(pl.String).unique())
    return [(channel, shade) for channel, shade in SHADES.items() if channel in used]


def _bands(layers: list[tuple[str, list[float]]]) -> list[tuple[str, list[float], list[float]]]:
    lows = [[0.0] * len(layers[0][1]), *(high for _, high in layers)]
    return [(name, low, high) for (name, high), low in zip(layers, lows, strict=False)]


def _reach(mark: Mark, first: dt.date, day_width: float) -> tuple[float, float]:
    """Return where a mark and its name begin and end, pixels; a name that would leave the picture stands before."""
    start = (mark.first - first).days * day_width
    width = LETTER * len(mark.title) + 10
    if start + mark.count_days * day_width + width > WIDTH - LEFT - RIGHT:
        return start - width, start + mark.count_days * day_width + 4
    return start, start + max(mark.count_days * day_width, 3.0) + width


def _band(frame: Plot, mark: Mark, first: dt.date) -> str:
    start = (mark.first - first).days
    span = (start - 0.5, start + mark.count_days - 0.5)
    return frame.bar(span, (frame.y.low, frame.y.high), f"event {mark.kind} through", mark.title)


def _name(frame: Plot, mark: Mark, first: dt.date, row: int) -> str:
    start = (mark.first - first).days
    left, right = frame.x.at(start - 0.5), frame.x.at(start + mark.count_days - 0.5)
    right = max(right, left + 3.0)
    top = LANE * row + 4
    is_before = right + LETTER * len(mark.title) + 10 > WIDTH - RIGHT
    across, style = (left - 4, "axis end") if is_before else (right + 4, "axis")
    days = f"{mark.first:%-d %B}" if mark.count_days == 1 else f"{mark.first:%-d %B} to {mark.last:%-d %B}"
    hint = escape(f"{mark.title}, {days}: {mark.hint}")
    return (
        f'<rect class="bar event {mark.kind}" x="{left:.1f}" y="{top}" width="{right - left:.1f}" height="9">'
        f"<title>{hint}</title></rect>"
        f'<text class="{style}" x="{across:.1f}" y="{top + 9}">{escape(mark.title)}</text>'
    )


def _where(regions: Sequence[str]) -> str:
    return ", ".join(regions) if regions else "everywhere"


def _ticks(days: list[dt.date]) -> list[dt.date]:
    return [day for day in days if day.day == 1] or days[:: max(1, len(days) // 6)]
