"""Pictures of the profiles, as SVG text: one per profile, from the table realism/profiles alone."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from riskfabric_assets.foundation.charts import PLOT_HEIGHT, PLOT_WIDTH, Plot, percent, plot, svg

STYLES: Final = ("blue", "orange", "grey")
SIZE: Final = (PLOT_WIDTH, PLOT_HEIGHT)
HEADROOM: Final = 1.08
"""Space above the highest mark."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """One figure of the report; `name` is its profile."""

    name: str
    title: str
    caption: str
    svg: str


@dataclasses.dataclass(frozen=True)
class Sketch:
    """How a profile is drawn: as bars or lines, on which axes, from which height."""

    title: str
    caption: str
    axis: str
    tick: Callable[[float], str]
    is_bars: bool = False
    logs: tuple[bool, bool] = (False, False)
    floor: float | None = 0.0
    height: Callable[[float], str] = percent


def _number(value: float) -> str:
    return f"{value:g}"


def _power(value: float) -> str:
    return f"{10**value:,.0f}" if value >= 0 else f"{10**value:g}"


def _ratio(value: float) -> str:
    return f"{value:.2g}×"


SKETCHES: Final[dict[str, Sketch]] = {
    "hours": Sketch("Hours", "Share of payments by local hour.", "hour of the day", _number),
    "weekdays": Sketch("Weekdays", "Mean day over all days.", "", _number, is_bars=True, height=_ratio),
    "amounts": Sketch("Amounts", "Share of payments by size, logarithmic.", "amount, major units", _power),
    "heaping": Sketch("Round numbers", "Largest round number that divides the amount.", "", _number, is_bars=True),
    "favourites": Sketch(
        "Own shops", "Mean share of visits by rank; a straight line is a power law.", "rank of the shop", _number,
        logs=(True, True), floor=None,
    ),
    "distance": Sketch(
        "Distance from home", "Density of present purchases per km, both axes logarithmic.", "km from home", _power,
        logs=(False, True), floor=None, height=lambda value: f"{value:.0e}",
    ),
    "burstiness": Sketch(
        "Burstiness", "Customers by B_n: 0 is a Poisson process, -1 a clock.", "B_n", _number, is_bars=True
    ),
    "pay_cycle": Sketch(
        "Running short", "Share of attempts declined for insufficient funds.", "days since pay", _number
    ),
    "diwali": Sketch(
        "Diwali", "Instant payments over their usual day.", "days from Diwali", _number, height=_ratio
    ),
}  # fmt: skip


def pictures(profiles: pl.DataFrame, sketches: Mapping[str, Sketch] = SKETCHES) -> list[Picture]:
    """Draw every sketched profile that has points."""
    drawn = []
    for name, sketch in sketches.items():
        points = profiles.filter((pl.col("profile") == name) & pl.col("value").is_not_null())
        points = points.filter(pl.col("value") > 0) if sketch.logs[1] else points
        if points.height:
            drawn.append(Picture(name, sketch.title, _caption(sketch, points), _draw(sketch, points)))
    return drawn


def _caption(sketch: Sketch, points: pl.DataFrame) -> str:
    series = points["series"].unique(maintain_order=True).to_list()
    if len(series) == 1:
        return sketch.caption
    colours = ", ".join(f"{style}: {name}" for style, name in zip(STYLES, series, strict=False))
    return f"{sketch.caption} {colours[:1].upper()}{colours[1:]}."


def _draw(sketch: Sketch, points: pl.DataFrame) -> str:
    xs, ys = points["position"].to_list(), points["value"].to_list()
    margin = _gap(points) / 2 if sketch.is_bars else 0.0
    low = min(ys) if sketch.floor is None else sketch.floor
    frame = plot((min(xs) - margin, max(xs) + margin), (low, HEADROOM * max(ys)), SIZE, logs=sketch.logs)
    marks = [frame.y_axis([(tick, sketch.height(tick)) for tick in frame.y.ticks(4)])]
    series = list(points.partition_by("series", maintain_order=True))
    for place, (style, own) in enumerate(zip(STYLES, series, strict=False)):
        marks += _bars(frame, own, style, place, len(series)) if sketch.is_bars else [_line(frame, own, style)]
    return svg([*marks, frame.x_axis(_ticks(sketch, frame, points), sketch.axis)], SIZE, sketch.title)


def _line(frame: Plot, own: pl.DataFrame, style: str) -> str:
    return frame.line(own["position"].to_list(), own["value"].to_list(), style)


def _bars(frame: Plot, own: pl.DataFrame, style: str, place: int, count: int) -> list[str]:
    gap = _gap(own)
    width = 0.84 * gap / count
    bars = []
    for x, y in zip(own["position"], own["value"], strict=True):
        left = x - 0.42 * gap + place * width
        bars.append(frame.bar((left, left + width), (frame.y.low, y), style, f"{y:.3g}"))
    return bars


def _gap(points: pl.DataFrame) -> float:
    places = points["position"].unique().sort()
    smallest = places.diff().min()
    return float(str(smallest)) if smallest is not None else 1.0


def _ticks(sketch: Sketch, frame: Plot, points: pl.DataFrame) -> list[tuple[float, str]]:
    labelled = points.filter(pl.col("label") != "").unique("position", maintain_order=True)
    if labelled.height:
        return list(zip(labelled["position"], labelled["label"], strict=True))
    return [(tick, sketch.tick(tick)) for tick in frame.x.ticks(6)]
