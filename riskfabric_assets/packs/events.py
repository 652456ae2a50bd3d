"""config/events.yaml: what makes one day differ from another, in every world.

Festivals, sales, pay days, seasons and closures act on chosen days (and regions, and hours); trends and prices move
from month to month; outages last minutes or hours. The file holds all worlds; `of_world` keeps what one of them needs.
"""

import calendar
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.event_fields import (
    COMMON_YEAR,
    OTHER_BANKS,
    ChannelName,
    ChannelRatios,
    DayOfYear,
    Factor,
    HourRatios,
    KnownNames,
    LostShare,
    MonthKey,
    Ratio,
    SpendingName,
    SpendingRatios,
    World,
    YearlyRate,
    refuse_unknown,
)
from riskfabric_assets.packs.measured import Measured, Section

EventKind = Literal["festival", "holiday", "sale", "season", "pay_day", "closure", "change", "sport"]
Worlds = Annotated[list[World], Field(min_length=1)]
Log = Annotated[float, Field(ge=0, le=3), Measured("log")]
DeclinedShare = Annotated[float, Field(gt=0, le=1), Measured("share")]


class Period(Section):
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date


class YearlyPeriod(Section):
    """The same days of every year; they do not run over its end."""

    first: DayOfYear
    last: DayOfYear


class Effects(Section):
    """What an event does; ratios are against a usual day, and those of several events multiply."""

    volume: Ratio = 1.0
    """On the number of shopping trips."""
    amount: Ratio = 1.0
    """On every amount."""
    amounts: SpendingRatios = Field(default_factory=dict)
    """On amounts of a spending group, or of all groups of a category; a group beats its category."""
    weights: SpendingRatios = Field(default_factory=dict)
    """On how often a spending group is chosen, or all groups of a category; a group beats its category."""
    transfers: Ratio = 1.0
    """On how often a payment goes to a person."""
    channels: ChannelRatios = Field(default_factory=dict)
    """On how often a channel is used."""
    hours: HourRatios = Field(default_factory=dict)
    """On how busy a local hour is."""
    technical_declines: Annotated[dict[ChannelName, LostShare], Measured("share")] = Field(default_factory=dict)
    """Attempts that fail for technical reasons while the event lasts, by channel, on top of the usual ones."""

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("no effect|at least one effect|add e.g. volume, or remove the event")
        return self

    @property
    def of_whole_worlds(self) -> list[str]:
        """Names of the effects in use that cannot be told apart by region."""
        return [name for name in ("channels", "hours", "technical_declines") if getattr(self, name)]


class Event(Section):
    """Something that makes days special: `dates` of single years, `yearly` days, or `monthly` days."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    kind: EventKind
    worlds: Worlds
    dates: dict[int, Annotated[list[Period], Field(min_length=1)]] = Field(default_factory=dict)
    yearly: list[YearlyPeriod] = Field(default_factory=list)
    monthly: Annotated[list[Annotated[int, Field(ge=1, le=31)]], Measured("day of month")] = Field(default_factory=list)
    """Days of the month; 31 is the last day of shorter months."""
    regions: list[str] = Field(default_factory=list)
    """Where; nothing named is everywhere."""
    effects: Effects

    @field_validator("dates")
    @classmethod
    def _dates_follow_each_other(cls, dates: dict[int, list[Period]]) -> dict[int, list[Period]]:
        periods = [period for by_year in dates.values() for period in by_year]
        strange = [
            f"{period.first} under {year}"
            for year, by_year in dates.items()
            for period in by_year
            if period.first.year != year
        ]
        _refuse_disorder([(f"{period.first}", f"{period.last}") for period in periods], strange)
        return dates

    @field_validator("yearly")
    @classmethod
    def _days_follow_each_other(cls, yearly: list[YearlyPeriod]) -> list[YearlyPeriod]:
        _refuse_disorder([(period.first, period.last) for period in yearly], [])
        return yearly

    @field_validator("regions")
    @classmethod
    def _are_regions_of_the_world(cls, regions: list[str], info: ValidationInfo) -> list[str]:
        if isinstance(info.context, KnownNames) and info.context.world in info.data.get("worlds", []):
            refuse_unknown(regions, info.context.regions, f"a region of the pack config/worlds/{info.context.world}")
        return regions

    @model_validator(mode="after")
    def _happens_in_one_way(self) -> Self:
        ways = [name for name in ("dates", "yearly", "monthly") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError(f"{' and '.join(ways) or 'no days'}|either dates, yearly or monthly|keep one of them")
        if self.regions and self.effects.of_whole_worlds:
            names = ", ".join(self.effects.of_whole_worlds)
            raise ValueError(f"regions together with {names}|effects that differ by region|remove regions, or {names}")
        return self

    def periods_between(self, first: dt.date, last: dt.date) -> Iterator[Period]:
        """Yield the periods that touch the days from `first` to `last`, in order, cut to them."""
        for period in sorted(self._periods_of(range(first.year, last.year + 1)), key=lambda each: each.first):
            if period.first <= last and period.last >= first:
                yield Period(first=max(period.first, first), last=min(period.last, last))

    def _periods_of(self, years: Iterable[int]) -> Iterator[Period]:
        for periods in self.dates.values():  # a dated period may run into the next year
            yield from periods
        for year in years:
            for rule in self.yearly:
                yield Period(first=_date(year, rule.first), last=_date(year, rule.last))
            if self.monthly:
                for month in range(1, 13):
                    yield from _runs(year, month, self.monthly)


class Trend(Section):
    """How payments of a world grow from the month that its pack describes."""

    reference_month: MonthKey
    count_growth: YearlyRate
    """Of the number of payments a person makes."""
    ticket_change: YearlyRate
    """Of the amount at equal prices: more and smaller things are paid without cash."""


class Inflation(Section):
    """Prices of some kinds of spending; each rate holds from its month on."""

    worlds: Worlds
    covers: Annotated[list[SpendingName], Field(min_length=1)]
    rates: Annotated[
        dict[MonthKey, Annotated[float, Field(gt=-1, lt=10)]], Field(min_length=1), Measured("share per year")
    ]


class PriceSteps(Section):
    """Prices that stand still and jump in named months: plans, fares. Neither inflation nor trends move them."""

    worlds: Worlds
    covers: Annotated[list[SpendingName], Field(min_length=1)]
    steps: Annotated[dict[MonthKey, Factor], Measured("ratio")]


class OutageRates(Section):
    """Technical failures that come in episodes, drawn for every target and month."""

    worlds: Worlds
    lost_shares: Annotated[dict[str, LostShare], Field(min_length=1), Measured("share")]
    """Attempts that are lost in the long run, by bank or channel; `other_banks` is each bank that is not named."""
    monthly_log_sd: Log
    """How much months differ."""
    median_duration: Annotated[float, Field(gt=0, le=1440), Measured("minutes")]
    duration_log_sd: Log
    declined_share: DeclinedShare
    """Attempts that fail during an episode."""

    @field_validator("lost_shares")
    @classmethod
    def _are_banks_or_channels(cls, shares: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        if isinstance(info.context, KnownNames) and info.context.world in info.data.get("worlds", []):
            known = [*CHANNELS, *info.context.banks, OTHER_BANKS]
            refuse_unknown(list(shares), known, f"a channel, or a bank of config/worlds/{info.context.world}")
        return shares


class NamedOutage(Section):
    """An outage that happened: some channels of some banks (none named is all) between two local times."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    worlds: Worlds
    banks: list[str]
    channels: list[ChannelName]
    first: dt.datetime
    last: dt.datetime
    declined_share: DeclinedShare

    @field_validator("banks")
    @classmethod
    def _are_banks_of_the_world(cls, banks: list[str], info: ValidationInfo) -> list[str]:
        if isinstance(info.context, KnownNames) and info.context.world in info.data.get("worlds", []):
            refuse_unknown(banks, info.context.banks, f"a bank of config/worlds/{info.context.world}/people.yaml")
        return banks

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last <= self.first:
            raise ValueError(f"{self.first} to {self.last}|an end after the beginning|swap or correct them")
        return self


class Occurrence(NamedTuple):
    """Days on which an event happens."""

    name: str
    event: Event
    first: dt.date
    last: dt.date


class Events(Section):
    """What happens in one world."""

    trend: Trend
    inflation: dict[str, Inflation]
    price_steps: dict[str, PriceSteps]
    events: dict[str, Event]
    outages: dict[str, OutageRates]
    named_outages: dict[str, NamedOutage]

    def occurrences(self, first: dt.date, last: dt.date) -> list[Occurrence]:
        """Return what happens from `first` to `last`, by day and name."""
        found = [
            Occurrence(name, event, period.first, period.last)
            for name, event in self.events.items()
            for period in event.periods_between(first, last)
        ]
        return sorted(found, key=lambda each: (each.first, each.name))


class EventFile(Section):
    """The whole file."""

    trends: dict[World, Trend]
    inflation: dict[str, Inflation]
    price_steps: dict[str, PriceSteps]
    events: dict[str, Event]
    outages: dict[str, OutageRates]
    named_outages: dict[str, NamedOutage]

    @field_validator("trends")
    @classmethod
    def _has_the_world_of_the_run(cls, trends: dict[str, Trend], info: ValidationInfo) -> dict[str, Trend]:
        if isinstance(info.context, KnownNames) and info.context.world not in trends:
            world = info.context.world
            raise ValueError(f"nothing for '{world}'|a trend of every world|add trends.{world}; growth may be 0")
        return trends

    @field_validator("inflation", "price_steps")
    @classmethod
    def _cover_spending_once(cls, tables: dict[str, Inflation]) -> dict[str, Inflation]:
        twice = [
            f"{', '.join(sorted(set(one.covers) & set(two.covers)))} in {name} and {other}"
            for (name, one), (other, two) in itertools.combinations(tables.items(), 2)
            if set(one.covers) & set(two.covers) and set(one.worlds) & set(two.worlds)
        ]
        if twice:
            fix = "remove it from one of the two"
            raise ValueError(f"{'; '.join(twice)}|every kind of spending once in a world|{fix}")
        return tables

    def of_world(self, world: str) -> Events:
        """Return what concerns one world."""
        return Events(
            trend=self.trends[world],
            inflation={name: each for name, each in self.inflation.items() if world in each.worlds},
            price_steps={name: each for name, each in self.price_steps.items() if world in each.worlds},
            events={name: each for name, each in self.events.items() if world in each.worlds},
            outages={name: each for name, each in self.outages.items() if world in each.worlds},
            named_outages={name: each for name, each in self.named_outages.items() if world in each.worlds},
        )


def _refuse_disorder(periods: list[tuple[str, str]], strange: list[str]) -> None:
    """Raise ValueError for periods that end before they begin, overlap or stand under another year."""
    reversed_ones = [f"{first} to {last} (reversed)" for first, last in periods if last < first]
    overlaps = [
        f"{one[0]} to {one[1]} and {two[0]} to {two[1]} (overlapping)"
        for one, two in itertools.pairwise(sorted(period for period in periods if period[0] <= period[1]))
        if two[0] <= one[1]
    ]
    found = [*reversed_ones, *overlaps, *strange]
    if found:
        raise ValueError(f"{'; '.join(found)}|periods in order, apart, under their year|correct the dates")


def _date(year: int, day_of_year: str) -> dt.date:
    return dt.date.fromisoformat(f"{COMMON_YEAR}-{day_of_year}").replace(year=year)


def _runs(year: int, month: int, days: Iterable[int]) -> Iterator[Period]:
    """Yield runs of consecutive days of a month; days beyond its end are its last day."""
    length = calendar.monthrange(year, month)[1]
    inside = sorted({min(day, length) for day in days})
    for _, group in itertools.groupby(enumerate(inside), key=lambda each: each[1] - each[0]):
        run = [day for _, day in group]
        yield Period(first=dt.date(year, month, run[0]), last=dt.date(year, month, run[-1]))
