"""When banks and channels fail for technical reasons in one month: episodes that are drawn, and named ones.

Draws of a target (a bank or channel of one entry of the file), stream "events/outages/<entry>/<target>", day = month
index: entity 0 how bad the month is (normal), entity 1 the number of episodes, entity 2 + i start and duration of
episode i. An episode stays inside its month.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.event_fields import OTHER_BANKS
from riskfabric_assets.packs.events import Events, NamedOutage, Occurrence, OutageRates
from riskfabric_assets.world.clock import EPOCH, NEVER, Clock

OUTAGE: Final = np.dtype(
    [("bank", np.int64), ("channel", np.int64), ("start_us", np.int64), ("stop_us", np.int64),
     ("declined_share", np.float64)]
)  # fmt: skip
"""One outage: index of the bank and of the channel (-1 is every), from start to before stop (microseconds UTC)."""
OutageRows = npt.NDArray[np.void]

EVERY: Final = -1
MICROSECONDS_PER_MINUTE: Final = 60_000_000
MOST_EPISODES: Final = 120
"""Of one target in a month: four a day."""

Row = tuple[int, int, int, int, float]


def month_outages(
    events: Events, found: Sequence[Occurrence], clock: Clock, banks: Sequence[str], streams: Streams
) -> OutageRows:
    """Return the outages of a month, ordered by bank, start, channel and stop; they may overlap.

    Args:
        events: What happens in the world.
        found: The events of the month; some strain channels.
        clock: The days of the month.
        banks: Codes of the banks, in the order of their indices; outages of other banks are left out.
        streams: Random streams of the run.
    """
    rows = [row for name, rates in events.outages.items() for row in _drawn(name, rates, clock, banks, streams)]
    rows += [row for outage in events.named_outages.values() for row in _named(outage, clock, banks)]
    rows += [row for occurrence in found for row in _strained(occurrence, clock)]
    table = np.array([row for row in rows if row[2] < row[3]], dtype=OUTAGE)
    return np.sort(table, order=("bank", "start_us", "channel", "stop_us"))


def _drawn(name: str, rates: OutageRates, clock: Clock, banks: Sequence[str], streams: Streams) -> Iterator[Row]:
    for target, lost_share in shares_by_target(rates, banks).items():
        bank, channel = (EVERY, CHANNELS.index(target)) if target in CHANNELS else (banks.index(target), EVERY)
        for start, stop in draw_episodes(f"events/outages/{name}/{target}", rates, lost_share, clock, streams):
            yield bank, channel, start, stop, rates.declined_share


def shares_by_target(rates: OutageRates, banks: Sequence[str]) -> dict[str, float]:
    """Return the share that is lost in the long run, by channel and by each of the banks that are asked for."""
    others = rates.lost_shares.get(OTHER_BANKS, 0.0)
    own = {bank: rates.lost_shares.get(bank, others) for bank in banks}
    own |= {channel: rates.lost_shares.get(channel, 0.0) for channel in CHANNELS}
    return {target: share for target, share in own.items() if share > 0}


def draw_episodes(
    stream: str, rates: OutageRates, lost_share: float, clock: Clock, streams: Streams
) -> list[tuple[int, int]]:
    """Draw start and stop of the episodes of one target; in the long run they lose `lost_share` of the time."""
    month, (begin, end) = int(clock.month_index[0]), _span(clock)
    mean_duration = rates.median_duration * np.exp(rates.duration_log_sd**2 / 2.0) * MICROSECONDS_PER_MINUTE
    mood = float(streams.normals(stream, [0], month)[0])
    badness = np.exp(rates.monthly_log_sd * mood - rates.monthly_log_sd**2 / 2.0)
    expected = lost_share * badness * (end - begin) / (mean_duration * rates.declined_share)
    count = _poisson(float(streams.uniforms(stream, [1], month)[0]), float(expected))
    numbers = np.arange(2, 2 + count)
    starts = begin + (streams.uniforms(stream, numbers, month, 0) * (end - begin)).astype(np.int64)
    logs = rates.duration_log_sd * streams.normals(stream, numbers, month, 1)
    lengths = (rates.median_duration * np.exp(logs) * MICROSECONDS_PER_MINUTE).astype(np.int64)
    stops = np.minimum(starts + lengths, end)
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _named(outage: NamedOutage, clock: Clock, banks: Sequence[str]) -> Iterator[Row]:
    begin, end = _span(clock)
    start, stop = max(_moment(outage.first, clock), begin), min(_moment(outage.last, clock), end)
    own_banks = [banks.index(bank) for bank in outage.banks if bank in banks] if outage.banks else [EVERY]
    for bank in own_banks:
        for channel in [CHANNELS.index(name) for name in outage.channels] or [EVERY]:
            yield bank, channel, start, stop, outage.declined_share


def _strained(occurrence: Occurrence, clock: Clock) -> Iterator[Row]:
    """Yield what an event loses, over its days."""
    first = dt.datetime.combine(occurrence.first, dt.time())
    after = dt.datetime.combine(occurrence.last + dt.timedelta(days=1), dt.time())
    for channel, share in occurrence.event.effects.technical_declines.items():
        yield EVERY, CHANNELS.index(channel), _moment(first, clock), _moment(after, clock), share


def _poisson(uniform: float, mean: float) -> int:
    """Return the number of events at a quantile of the Poisson distribution, at most MOST_EPISODES."""
    probability = np.exp(-mean)
    cumulative, count = probability, 0
    while uniform >= cumulative and count < MOST_EPISODES:
        count += 1
        probability *= mean / count
        cumulative += probability
    return count


def _span(clock: Clock) -> tuple[int, int]:
    """Return the first moment of the month and the first after it, microseconds UTC."""
    end = int(clock.midnight_at[-1]) + MICROSECONDS_PER_DAY
    if clock.change_at[-1] != NEVER:
        end -= int(clock.offset_after_microseconds[-1] - clock.offset_microseconds[-1])
    return int(clock.midnight_at[0]), end


def _moment(local: dt.datetime, clock: Clock) -> int:
    """Return the moment of a local time, cut to the month, microseconds UTC."""
    begin, end = _span(clock)
    row = (local.date() - EPOCH).days - clock.first_day
    if row < 0:
        return begin
    if row >= clock.count_days:
        return end
    shown = (local - dt.datetime.combine(EPOCH, dt.time())) // dt.timedelta(microseconds=1)
    moment = shown - int(clock.offset_microseconds[row])
    if moment >= clock.change_at[row]:
        return max(int(clock.change_at[row]), shown - int(clock.offset_after_microseconds[row]))
    return moment
