"""Drawing: scales, axes and marks as SVG text. Knows shapes and styles, no fraud.

Colours, fonts and line styles are CSS classes of the page (so that dark screens and paper each get their own); a
chart holds geometry alone. Every chart has a title for those who hear the page.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

PLOT_WIDTH: Final = 520
PLOT_HEIGHT: Final = 300


@dataclasses.dataclass(frozen=True)
class Scale:
    """Maps values from `low` to `high` onto pixels from `start` to `end`, evenly or by logarithm."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def at(self, value: float) -> float:
        """Return the pixel of a value; values outside are clipped to the ends."""
        low, high = self.low, self.high
        here = min(max(value, min(low, high)), max(low, high))
        if self.is_log:
            low, high, here = math.log10(low), math.log10(high), math.log10(here)
        share = (here - low) / (high - low) if high != low else 0.0
        return self.start + share * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Return round values inside the scale: 1, 2 or 5 times a power of ten, or the powers themselves."""
        if self.is_log:
            exponents = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            return [10.0**exponent for exponent in exponents]
        span = (self.high - self.low) or 1.0
        raw = span / max(1, count)
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        return [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


@dataclasses.dataclass(frozen=True)
class Plot:
    """A rectangle with two scales; its methods return marks as SVG."""

    x: Scale
    y: Scale
    width: float
    height: float

    def line(self, xs: Sequence[float], ys: Sequence[float], style: str) -> str:
        """Draw a line through points."""
        return f'<path class="line {style}" d="{_path(self._points(xs, ys))}"/>'

    def steps(self, xs: Sequence[float], ys: Sequence[float], style: str) -> str:
        """Draw a line that keeps each value until the next x."""
        points = self._points(xs, ys)
        corners = [corner for before, after in itertools.pairwise(points) for corner in (before, (after[0], before[1]))]
        return f'<path class="line {style}" d="{_path([*corners, *points[-1:]])}"/>'

    def area(self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], style: str) -> str:
        """Fill between two lines."""
        outline = self._points(xs, highs) + self._points(xs, lows)[::-1]
        return f'<path class="area {style}" d="{_path(outline)}Z"/>'

    def bar(self, x: tuple[float, float], y: tuple[float, float], style: str, title: str = "") -> str:
        """Fill a rectangle between two values on each axis."""
        left, right = sorted((self.x.at(x[0]), self.x.at(x[1])))
        top, bottom = sorted((self.y.at(y[0]), self.y.at(y[1])))
        hint = f"<title>{escape(title)}</title>" if title else ""
        return (
            f'<rect class="bar {style}" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{bottom - top:.1f}">{hint}</rect>'
        )

    def dot(self, x: float, y: float, style: str, radius: float = 3.5, title: str = "") -> str:
        """Draw a dot."""
        hint = f"<title>{escape(title)}</title>" if title else ""
        across, down = self.x.at(x), self.y.at(y)
        return f'<circle class="dot {style}" cx="{across:.1f}" cy="{down:.1f}" r="{radius:g}">{hint}</circle>'

    def label(self, x: float, y: float, text: str, style: str = "", offset: tuple[float, float] = (0, 0)) -> str:
        """Write a text at a point, moved by `offset` pixels."""
        across, down = self.x.at(x) + offset[0], self.y.at(y) + offset[1]
        return f'<text class="{style}" x="{across:.1f}" y="{down:.1f}">{escape(text)}</text>'

    def rule(self, start: tuple[float, float], end: tuple[float, float], style: str) -> str:
        """Draw a straight line between two points."""
        (left, top), (right, bottom) = self._points((start[0], end[0]), (start[1], end[1]))
        return f'<line class="{style}" x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}"/>'

    def x_axis(self, ticks: Iterable[tuple[float, str]], title: str = "") -> str:
        """Draw labels below the plot, and a title at its lower right."""
        bottom = max(self.y.start, self.y.end)
        marks = [
            f'<line class="tick" x1="{self.x.at(value):.1f}" x2="{self.x.at(value):.1f}" y1="{bottom:.1f}" '
            f'y2="{bottom + 4:.1f}"/><text class="axis mid" x="{self.x.at(value):.1f}" y="{bottom + 17:.1f}">'
            f"{escape(text)}</text>"
            for value, text in ticks
        ]
        base = f'<line class="base" x1="{self.x.start:.1f}" x2="{self.x.end:.1f}" y1="{bottom:.1f}" y2="{bottom:.1f}"/>'
        name = f'<text class="axis end title" x="{self.x.end:.1f}" y="{bottom + 34:.1f}">{escape(title)}</text>'
        return base + "".join(marks) + (name if title else "")

    def y_axis(self, ticks: Iterable[tuple[float, str]], title: str = "") -> str:
        """Draw grid lines with labels at the left, and a title above them."""
        marks = [
            f'<line class="grid" x1="{self.x.start:.1f}" x2="{self.x.end:.1f}" y1="{self.y.at(value):.1f}" '
            f'y2="{self.y.at(value):.1f}"/><text class="axis end" x="{self.x.start - 7:.1f}" '
            f'y="{self.y.at(value) + 3.5:.1f}">{escape(text)}</text>'
            for value, text in ticks
        ]
        top = min(self.y.start, self.y.end)
        name = f'<text class="axis title" x="{self.x.start - 38:.1f}" y="{top - 10:.1f}">{escape(title)}</text>'
        return "".join(marks) + (name if title else "")

    def _points(self, xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
        return [(self.x.at(x), self.y.at(y)) for x, y in zip(xs, ys, strict=True)]


def plot(
    x: tuple[float, float],
    y: tuple[float, float],
    size: tuple[int, int] = (PLOT_WIDTH, PLOT_HEIGHT),
    margins: tuple[int, int, int, int] = (26, 20, 40, 46),
    logs: tuple[bool, bool] = (False, False),
) -> Plot:
    """Return a plot for values from x[0] to x[1] and y[0] to y[1]; margins are top, right, bottom, left in pixels."""
    top, right, bottom, left = margins
    width, height = size
    return Plot(
        Scale(x[0], x[1], left, width - right, logs[0]), Scale(y[0], y[1], height - bottom, top, logs[1]), width, height
    )


def svg(marks: Iterable[str], size: tuple[float, float], title: str) -> str:
    """Wrap marks as one picture that scales with its column."""
    width, height = size
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(marks)}</svg>"
    )


def percent(value: float) -> str:
    """Write a share as a percentage with as many digits as it needs."""
    if math.isnan(value):
        return "–"
    number = 100.0 * value
    digits = 0 if number >= 10 or number == 0 or abs(number - round(number)) < 1e-9 else 1 if number >= 1 else 2
    return f"{number:.{digits}f} %"


def short(value: float) -> str:
    """Write a count in at most four characters: 950, 1.2k, 34k, 5.6M."""
    for limit, divisor, suffix in ((1e6, 1e6, "M"), (1e3, 1e3, "k")):
        if abs(value) >= limit:
            number = value / divisor
            return f"{number:.0f}{suffix}" if number >= 10 or number == round(number) else f"{number:.1f}{suffix}"
    return f"{value:.0f}"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
