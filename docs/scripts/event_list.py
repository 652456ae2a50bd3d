"""The list of events: what happens in each world, when, where and with what effect, from config/events.yaml."""

from typing import Final

import markup

from riskfabric_assets.packs.documents import read_document
from riskfabric_assets.packs.events import Effects, Event, EventFile, Inflation, OutageRates, PriceSteps
from riskfabric_assets.packs.settings import packaged_config
from riskfabric_assets.packs.validation import validate

INTRODUCTION: Final = """\
Everything in `config/events.yaml`. Ratios are against a usual day of the world; × 1.05 is five per cent more. Sources
of all numbers stand in the [configuration](configuration.md#eventsyaml); how it works and how to add one is told in
[Events](../explanation/events.md)."""


def page() -> str:
    """Return the list, one heading for each world."""
    root = packaged_config()
    file = validate(read_document(root / "events.yaml", root), EventFile)
    return markup.page("List of events", INTRODUCTION, *[_world(file, world) for world in file.trends])


def _world(file: EventFile, name: str) -> str:
    world = file.of_world(name)
    trend = world.trend
    growth = (
        f"Payments grow by {trend.count_growth:.0%} a year and the ticket changes by {trend.ticket_change:+.1%} "
        f"at equal prices; both are 1 in {trend.reference_month}."
    )
    events = [
        (each.title, each.kind, days_of(each), _places(each), effects_of(each.effects))
        for each in world.events.values()
    ]
    prices = [(", ".join(each.covers), _rates(each), "") for each in world.inflation.values()]
    prices += [(", ".join(each.covers), "", _steps(each)) for each in world.price_steps.values()]
    outages = [
        (
            each.title,
            f"{each.first:%Y-%m-%d %H:%M} to {each.last:%H:%M}",
            _targets(each.banks, each.channels),
            f"{each.declined_share:.0%}",
        )
        for each in world.named_outages.values()
    ]
    parts = [
        f"## {name}",
        growth,
        markup.table(("Event", "Kind", "Days", "Where", "Effect"), events),
        "### Prices in " + name,
        markup.table(("Spending", "Change a year", "Steps"), prices),
        "### Outages in " + name,
        "\n".join(f"- {_drawn(each)}" for each in world.outages.values()),
        markup.table(("Outage", "Local time", "Of", "Declined"), outages) if outages else "",
    ]
    return "\n\n".join(part for part in parts if part)


def days_of(event: Event) -> str:
    """Return the days of an event as text."""
    if event.monthly:
        return "every month: " + ", ".join(map(str, event.monthly))
    yearly = [_span(period.first, period.last) for period in event.yearly]
    dated = [_span(str(period.first), str(period.last)) for periods in event.dates.values() for period in periods]
    return ("every year: " if yearly else "") + ", ".join([*yearly, *dated])


def effects_of(effects: Effects) -> str:
    """Return the effects in use as text."""
    words = []
    for name in Effects.model_fields:
        value = getattr(effects, name)
        if name == "technical_declines":
            words += [f"{key} fails {share:.1%} more" for key, share in value.items()]
        elif isinstance(value, dict):
            words += [
                f"{_NOUNS[name]} {key}{'h' if name == 'hours' else ''} × {ratio:g}" for key, ratio in value.items()
            ]
        elif value != 1.0:
            words.append(f"{name} × {value:g}")
    return ", ".join(words)


_NOUNS: Final = {"amounts": "price of", "weights": "share of", "channels": "use of", "hours": "at"}


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _places(event: Event) -> str:
    return ", ".join(event.regions) or "everywhere"


def _rates(inflation: Inflation) -> str:
    return ", ".join(f"{rate:+.1%} from {month}" for month, rate in inflation.rates.items())


def _steps(prices: PriceSteps) -> str:
    steps = ", ".join(f"× {ratio:g} in {month}" for month, ratio in prices.steps.items())
    return steps or "none: agreed or round sums"


def _targets(banks: list[str], channels: list[str]) -> str:
    return f"{', '.join(banks) or 'every bank'}, {', '.join(channels) or 'every channel'}"


def _drawn(rates: OutageRates) -> str:
    shares = ", ".join(f"{target} {share:.2%}" for target, share in rates.lost_shares.items())
    return (
        f"Episodes of {rates.median_duration:g} minutes (median), {rates.declined_share:.0%} of attempts declined; "
        f"lost in the long run: {shares}."
    )
