"""What a realism check is: statistics with target intervals, where they apply, and how much data they need."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final, Literal

from riskfabric_assets.realism.lake import Lake

Subject = Literal["honest", "crime", "labels"]
Found = Mapping[str, float | None]
"""Values by the name of their measure; `count` (optional) is how many rows or people they rest on."""
Statistic = Callable[[Lake], Found]

COUNT: Final = "count"
EVERYWHERE: Final = ("anywhere", "india", "russia", "south_africa")
INDIA: Final = ("india",)
SOUTH_AFRICA: Final = ("south_africa",)
RUSSIA: Final = ("russia",)
INFINITY: Final = float("inf")
ROUNDING: Final = 1e-9
"""Relative: what a sum of floats may miss an end by."""


@dataclasses.dataclass(frozen=True)
class Interval:
    """A closed interval of values that pass; an open side is infinite."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """Its width, or the size of its finite end where a side is open."""
        if self.low == -INFINITY:
            return abs(self.high)
        return abs(self.low) if self.high == INFINITY else self.high - self.low

    def __contains__(self, value: float) -> bool:
        """Tell whether a value passes."""
        return self.low <= value <= self.high

    def distance(self, value: float) -> float:
        """Return how far outside a value lies; 0 inside."""
        outside = max(self.low - value, value - self.high, 0.0)
        return outside if outside > ROUNDING * max(1.0, abs(value)) else 0.0

    def __str__(self) -> str:
        """Write it as 0.60-0.68, >= 0.8, <= 120 or = 0."""
        if self.low == self.high:
            return f"= {self.low:g}"
        if self.high == INFINITY:
            return f">= {self.low:g}"
        return f"<= {self.high:g}" if self.low == -INFINITY else f"{self.low:g} .. {self.high:g}"


def at_least(low: float) -> Interval:
    """Return the interval from `low` upwards."""
    return Interval(low, INFINITY)


def at_most(high: float) -> Interval:
    """Return the interval up to `high`."""
    return Interval(-INFINITY, high)


def exactly(value: float) -> Interval:
    """Return the interval of one value."""
    return Interval(value, value)


@dataclasses.dataclass(frozen=True)
class Measure:
    """One figure of a check: its name, unit and target; `by_year` where the target moved, `worlds` where narrower.

    A `natural` figure means something only where crime is as rare as in the world.
    """

    name: str
    unit: str
    target: Interval
    by_year: Mapping[int, Interval] = dataclasses.field(default_factory=dict)
    worlds: tuple[str, ...] = ()
    natural: bool = False

    def target_of(self, year: int) -> Interval:
        """Return the target of a year: of the nearest known year, the later one where two are equally near."""
        known = sorted(self.by_year, key=lambda other: (abs(other - year), -other))
        return self.by_year[known[0]] if known else self.target


@dataclasses.dataclass(frozen=True)
class Needs:
    """The least data a check judges: customers, days, and rows that the statistic counts itself."""

    customers: int = 0
    days: int = 28
    rows: int = 0

    @property
    def is_monthly(self) -> bool:
        """Tell whether one month is enough."""
        return self.days <= 28

    def __str__(self) -> str:
        """Write it for a table."""
        parts = [f"{self.customers:,} customers" if self.customers else "", f"{self.days} days"]
        parts += [f"{self.rows:,} rows" if self.rows else ""]
        return ", ".join(part for part in parts if part)


@dataclasses.dataclass(frozen=True)
class Check:
    """One row of the table of realism checks.

    `basis` is A (official figure), B (well known) or C (reasoned estimate); `source` says whose figure it is. `reads`
    names what must be there besides payments: tables ("accounts"), or columns of payments ("payments.user_agent").
    """

    id: str
    title: str
    definition: str
    statistic: Statistic
    measures: tuple[Measure, ...]
    basis: str
    source: str
    worlds: tuple[str, ...] = EVERYWHERE
    subject: Subject = "honest"
    needs: Needs = Needs()
    reads: tuple[str, ...] = ()

    def measures_in(self, world: str) -> tuple[Measure, ...]:
        """Return the measures that apply in a world."""
        return tuple(measure for measure in self.measures if world in (measure.worlds or self.worlds))
