"""`month_events`: the events, trends, prices and outages of one month as tables that kernels look up.

Regions with equal effects share an area, so that the tables stay small whatever the number of regions. All draws are
addressed by (outage, target, month index); everything else follows from the calendar alone.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.event_fields import CATEGORY_GROUPS, HOURS_PER_DAY
from riskfabric_assets.packs.events import Events, Occurrence
from riskfabric_assets.simulation.outages import OUTAGE, OutageRows, month_outages
from riskfabric_assets.simulation.prices import growth_of_days, price_logs
from riskfabric_assets.world.clock import EPOCH, Clock

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class EventTables(NamedTuple):
    """One local month; area 0 is where no regional event happens, and holds the events of the whole world too."""

    areas: Int64s
    """Area of each region, shape (regions,), in the order of the region ids that were asked for."""
    volume: Floats
    """Factor on the number of sessions, shape (days, areas): events and growth since the reference month."""
    hours: Floats
    """Factor on the intensity of local hours, shape (days, 24)."""
    group_weights: Floats
    """Factor on the weight of each spending group, shape (days, areas, groups)."""
    amount_logs: Floats
    """Added to the log of an amount, shape (days, areas, groups): events, prices and the trend of the ticket."""
    transfer_weight: Floats
    """Factor on the share of transfers to persons, shape (days, areas)."""
    channel_weights: Floats
    """Factor on the use of each channel, shape (days, channels)."""
    outages: OutageRows
    """Rows (bank, channel, start_us, stop_us, declined_share), by bank and start; -1 is every bank or channel."""


def month_events(
    events: Events,
    clock: Clock,
    region_ids: Int64s,
    region_names: Sequence[str],
    banks: Sequence[str],
    streams: Streams,
) -> EventTables:
    """Return the tables of the days of a clock.

    Args:
        events: What happens in the world.
        clock: The days of one local month.
        region_ids: Regions of the map, ascending, shape (regions,).
        region_names: Name of each region; an event that names none of them does not happen on this map.
        banks: Codes of the banks, in the order of the indices that outages shall carry.
        streams: Random streams of the run; they draw outages.

    Raises:
        ValueError: The regions are not ascending or not all named.
    """
    if region_ids.shape[0] != len(region_names) or np.any(np.diff(region_ids) <= 0):
        raise ValueError(f"{region_ids.shape[0]} region ids, ascending, need as many names; got {len(region_names)}")
    first = EPOCH + dt.timedelta(days=clock.first_day)
    found = events.occurrences(first, first + dt.timedelta(days=clock.count_days - 1))
    areas, members = areas_of(found, region_names)
    tables = _ordinary(events, clock, areas, len(members))
    for occurrence in found:
        days = slice((occurrence.first - first).days, (occurrence.last - first).days + 1)
        inside = np.flatnonzero([not occurrence.event.regions or occurrence.name in names for names in members])
        _apply(tables, occurrence, days, inside)
    return tables._replace(outages=month_outages(events, found, clock, banks, streams))


def areas_of(found: Sequence[Occurrence], region_names: Sequence[str]) -> tuple[Int64s, list[frozenset[str]]]:
    """Return the area of each region, and of each area the names of the regional events that happen there."""
    regional = {each.name: frozenset(each.event.regions) for each in found if each.event.regions}
    own = [frozenset(name for name, regions in regional.items() if region in regions) for region in region_names]
    nothing: frozenset[str] = frozenset()
    members = [nothing, *sorted(set(own) - {nothing}, key=sorted)]
    return np.array([members.index(names) for names in own], dtype=np.int64), members


def _ordinary(events: Events, clock: Clock, areas: Int64s, count_areas: int) -> EventTables:
    """Return the tables of a month without events: growth and prices alone."""
    days, groups = clock.count_days, len(SPENDING_GROUPS)
    prices = price_logs(events, int(clock.month_index[0]))
    return EventTables(
        areas=areas,
        volume=np.repeat(growth_of_days(events.trend, clock)[:, None], count_areas, axis=1),
        hours=np.ones((days, HOURS_PER_DAY)),
        group_weights=np.ones((days, count_areas, groups)),
        amount_logs=np.tile(prices, (days, count_areas, 1)),
        transfer_weight=np.ones((days, count_areas)),
        channel_weights=np.ones((days, len(CHANNELS))),
        outages=np.zeros(0, dtype=OUTAGE),
    )


def _apply(tables: EventTables, occurrence: Occurrence, days: slice, areas: Int64s) -> None:
    """Multiply the effects of one occurrence into the tables, in place."""
    effects = occurrence.event.effects
    rows = np.arange(days.start, days.stop)[:, None]
    tables.volume[rows, areas] *= effects.volume
    tables.transfer_weight[rows, areas] *= effects.transfers
    tables.group_weights[rows, areas] *= by_group(effects.weights)
    tables.amount_logs[rows, areas] += np.log(effects.amount) + np.log(by_group(effects.amounts))
    for channel, ratio in effects.channels.items():
        tables.channel_weights[days, CHANNELS.index(channel)] *= ratio
    for hour, ratio in effects.hours.items():
        tables.hours[days, hour] *= ratio


def by_group(ratios: dict[str, float]) -> Floats:
    """Return a ratio per spending group, shape (groups,): its own, else its category's, else 1."""
    wide = {group: ratios[category] for category, groups in CATEGORY_GROUPS.items() if category in ratios
            for group in groups}  # fmt: skip
    return np.array([ratios.get(group, wide.get(group, 1.0)) for group in SPENDING_GROUPS])
