"""Charts of one kind of fraud: when it happens, how an attack unfolds, where, and when the bank learns of it.

Orange is what happened in truth, blue what the bank knows, grey honest life; hollow dots were declined.
"""

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.foundation.charts import PLOT_HEIGHT, PLOT_WIDTH, Plot, percent, plot, svg
from riskfabric_assets.foundation.money import short_money
from riskfabric_assets.learning.maps import WIDTH, Projection, Ring, draw_outlines

SIZE: Final = (PLOT_WIDTH, PLOT_HEIGHT)
WIDE: Final = (1080, 210)
SHOWN_ATTACKS: Final = 16
"""Attacks that fit on half a page."""
AGES: Final = ((0, "start"), (1, "1 min"), (10, "10 min"), (60, "1 h"), (360, "6 h"), (1440, "1 d"), (10_080, "7 d"))
"""Minutes since the first payment that get a tick, on a scale of log(1 + minutes)."""
DELAYS: Final = (0.25, 1, 3, 7, 14, 30, 60, 120)
LARGEST_DOT: Final = 9.0
SMALLEST_DOT: Final = 2.5
MINUTE: Final = dt.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True)
class Backdrop:
    """The map under every page: made once."""

    projection: Projection
    outlines: str


def calendar(frauds: pl.DataFrame, first: dt.date, last: dt.date) -> str:
    """Draw payments per business day, those that were approved below those that were declined."""
    days = (last - first).days + 1
    counts = {name: [0] * days for name in ("approved", "declined")}
    for date, status in frauds.select("event_date", "status").iter_rows():
        counts[status][(date - first).days] += 1
    top = max(1, *(one + two for one, two in zip(counts["approved"], counts["declined"], strict=True)))
    frame = plot((-0.5, days - 0.5), (0, top), WIDE, (24, 10, 34, 46))
    marks = [frame.y_axis([(tick, f"{tick:.0f}") for tick in _whole(top)], "payments a day")]
    for day, (approved, declined) in enumerate(zip(counts["approved"], counts["declined"], strict=True)):
        span, date = (day - 0.42, day + 0.42), first + dt.timedelta(days=day)
        if approved:
            marks.append(frame.bar(span, (0, approved), "orange", f"{date:%-d %b}: {approved} approved"))
        if declined:
            declined_bar = (approved, approved + declined)
            marks.append(frame.bar(span, declined_bar, "pale-orange", f"{date:%-d %b}: {declined} declined"))
    dates = [first + dt.timedelta(days=day) for day in range(days)]
    shown = [date for date in dates if date.day == 1 or (days < 200 and date.day == 15)]
    marks.append(frame.x_axis([((date - first).days, f"{date:%-d %b}") for date in shown]))
    return svg(marks, WIDE, "Payments per day")


def hours(frauds: pl.DataFrame, honest: pl.DataFrame) -> str:
    """Draw the share of payments by local hour, beside that of all payments."""
    mine = np.bincount(frauds["event_at_local"].dt.hour().to_numpy(), minlength=24) / max(1, frauds.height)
    theirs = np.zeros(24)
    theirs[honest["hour"].to_numpy()] = honest["count_payments"].to_numpy() / max(1, honest["count_payments"].sum())
    frame = plot((-0.5, 23.5), (0, max(float(mine.max()), float(theirs.max()))), SIZE)
    marks = [frame.y_axis([(tick, percent(tick)) for tick in frame.y.ticks(4)], "share of payments")]
    marks += [frame.bar((hour - 0.4, hour + 0.4), (0, float(mine[hour])), "orange") for hour in range(24) if mine[hour]]
    marks.append(frame.line(list(range(24)), theirs.tolist(), "grey"))
    marks.append(frame.x_axis([(hour, f"{hour:02}") for hour in range(0, 24, 3)], "hour of the day, local"))
    return svg(marks, SIZE, "Payments by hour")


def anatomy(frauds: pl.DataFrame, currency_code: str) -> str:
    """Draw the longest attacks, one per row, from their first payment on; the size of a dot is the amount."""
    attacks = longest(frauds)
    size = (PLOT_WIDTH, 60 + 22 * max(4, len(attacks)))
    own = frauds.filter(pl.col("attack_id").is_in(attacks))
    starts = dict(own.group_by("attack_id").agg(pl.col("event_at").min()).iter_rows())
    ages = [(at - starts[attack]) / MINUTE for attack, at in own.select("attack_id", "event_at").iter_rows()]
    end = max(10.0, *ages)
    frame = plot((0, math.log10(1 + end) * 1.04), (len(attacks), 0), size, (14, 16, 40, 120))
    ticks = [(math.log10(1 + age), text) for age, text in AGES if age <= end * 1.1]
    marks = [frame.rule((at, 0), (at, len(attacks)), "guide") for at, _ in ticks]
    marks.append(frame.x_axis(ticks, "time since the first payment (log)"))
    top = max(1, own["amount_minor"].to_numpy().max() if own.height else 1)
    for row, attack in enumerate(attacks):
        steps = own.filter(pl.col("attack_id") == attack)
        marks.append(frame.label(0, row + 0.5, _attack_name(steps, currency_code), "axis end", (-14, 4)))
        marks += _dots(frame, row, steps, starts[attack], (float(top), currency_code))
    return svg(marks, size, "How attacks unfold")


def longest(frauds: pl.DataFrame) -> list[int]:
    """Return the attacks with the most payments, by their first moment."""
    grouped = frauds.group_by("attack_id").agg(pl.len().alias("count"), pl.col("event_at").min())
    chosen = grouped.sort("count", "event_at", "attack_id", descending=[True, False, False]).head(SHOWN_ATTACKS)
    return chosen.sort("event_at", "attack_id")["attack_id"].to_list()


def _attack_name(steps: pl.DataFrame, currency_code: str) -> str:
    return f"{steps['event_at_local'][0]:%-d %b %H:%M}, {short_money(int(steps['amount_minor'].sum()), currency_code)}"


def _dots(frame: Plot, row: int, steps: pl.DataFrame, start: dt.datetime, scale: tuple[float, str]) -> list[str]:
    top, currency_code = scale
    marks = []
    columns = steps.select("event_at", "amount_minor", "status", "step", "phase")
    for at, minor, status, step, phase in columns.iter_rows():
        radius = max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(minor / top))
        title = f"step {step} ({phase}), {short_money(minor, currency_code)}, {status}"
        style = "orange" if status == "approved" else "hollow"
        marks.append(frame.dot(math.log10(1 + (at - start) / MINUTE), row + 0.5, style, radius, title))
    return marks


def delays(frauds: pl.DataFrame) -> str:
    """Draw the share of frauds with a label by days since the payment."""
    known = frauds.filter(pl.col("label_known_at").is_not_null())
    days = sorted(((known["label_known_at"] - known["event_at"]).dt.total_seconds() / 86_400).to_list())
    frame = plot((DELAYS[0], DELAYS[-1]), (0, 1), SIZE, logs=(True, False))
    marks = [frame.y_axis([(tick / 5, percent(tick / 5)) for tick in range(6)], "share of frauds the bank knows")]
    texts = {0.25: "6 h"}
    marks.append(frame.x_axis([(day, texts.get(day, f"{day:g} d")) for day in DELAYS], "days since the payment (log)"))
    shares = [(rank + 1) / max(1, frauds.height) for rank in range(len(days))]
    xs = [DELAYS[0], *(max(DELAYS[0], day) for day in days), DELAYS[-1]]
    marks.append(frame.steps(xs, [0.0, *shares, shares[-1] if shares else 0.0], "blue"))
    return svg(marks, SIZE, "When the bank learns of it")


def draw_map(frauds: pl.DataFrame, backdrop: Backdrop) -> str:
    """Draw homes of victims, the places of the payments, and a line between the two."""
    projection, marks = backdrop.projection, [backdrop.outlines]
    homes = projection.points(frauds.select("home_longitude", "home_latitude").to_numpy())
    places = projection.points(frauds.select("longitude", "latitude").to_numpy())
    for (x1, y1), (x2, y2) in zip(homes, places, strict=True):
        if math.hypot(x2 - x1, y2 - y1) > 2 and _is_inside(x2, y2, projection):
            marks.append(f'<line class="way" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    marks += [f'<circle class="home" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' for x, y in homes]
    marks += [
        f'<circle class="dot orange" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/>'
        for x, y in places
        if _is_inside(x, y, projection)
    ]
    return svg(marks, (WIDTH, projection.height), "Map of victims and payments")


def outside(frauds: pl.DataFrame, projection: Projection) -> int:
    """Return how many payments were made beyond the edge of the map."""
    places = projection.points(frauds.select("longitude", "latitude").to_numpy())
    return sum(not _is_inside(x, y, projection) for x, y in places)


def backdrop_of(frauds: pl.DataFrame, rings: Sequence[Ring]) -> Backdrop:
    """Fit the outlines into the picture, or the homes of the victims where a world has no outlines."""
    homes = frauds.select("home_longitude", "home_latitude").to_numpy()
    points = np.concatenate(list(rings)) if rings else homes
    pad = 0.02 * float(np.ptp(points, axis=0).max()) + 0.01
    (west, south), (east, north) = points.min(axis=0) - pad, points.max(axis=0) + pad
    projection = Projection.around(float(west), float(south), float(east), float(north))
    return Backdrop(projection, draw_outlines(projection, rings))


def _is_inside(x: float, y: float, projection: Projection) -> bool:
    return 0 <= x <= WIDTH and 0 <= y <= projection.height


def _whole(top: int) -> list[float]:
    step = max(1, math.ceil(top / 4))
    return [float(value) for value in range(0, top + 1, step)]
