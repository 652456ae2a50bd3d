"""Rates of currencies by day: a closed form of (seed, currency, day), so that any month can be asked for alone.

Between the yearly anchors of the pack the logarithm runs straight, plus a bridge: the sum of the working days'
Student-t steps since the start of the year, minus its share of the year's sum, so that every year starts and ends on
its anchors. The hub (the dollar) moves against home; every other currency moves against the hub and with it. Nothing
moves at weekends, and a pegged currency is the hub divided by its peg, exactly.
"""

import datetime as dt
import functools
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import TWO_PI, Streams
from riskfabric_assets.foundation.tables.exchange import EXCHANGE_RATES
from riskfabric_assets.packs.remote import Exchange, Remote
from riskfabric_assets.packs.world import World
from riskfabric_assets.world.clock import EPOCH
from riskfabric_assets.world.outside import currencies_of

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

_SATURDAY: Final = 5
_DAYS_PER_WEEK: Final = 7
_EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday."""


def rates_of(rules: Exchange, streams: Streams, currencies: tuple[str, ...], first_day: int, days: int) -> Floats:
    """Return what a unit of each currency costs, in units of home.

    Args:
        rules: Anchors, noise and pegs.
        streams: Random streams of the run.
        currencies: ISO 4217 codes, the currency of home first.
        first_day: Days since 1970-01-01.
        days: Number of days, >= 1.

    Returns:
        Rates, shape (currencies, days); the first row is 1.
    """
    rates = np.ones((len(currencies), days), dtype=np.float64)
    hub = _log_rates(rules, streams, rules.hub, first_day, days)
    for row, currency in enumerate(currencies[1:], start=1):
        if currency in rules.pegs:
            rates[row] = np.exp(hub) / rules.pegs[currency]
        else:
            rates[row] = np.exp(hub if currency == rules.hub else _log_rates(rules, streams, currency, first_day, days))
    return rates


def tell_rates(remote: Remote, world: World, streams: Streams, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return bronze/exchange_rates of the days from `first` to `last`, both included."""
    home, *abroad = currencies_of(remote, world)
    days = (last - first).days + 1
    rates = rates_of(remote.exchange, streams, (home, *abroad), (first - EPOCH).days, days)[1:]
    frame = pl.DataFrame(
        {
            "currency_code": np.tile(np.array(abroad, dtype=str), days),
            "home_currency_code": [home] * (days * len(abroad)),
            "rate": rates.T.ravel(),
            "event_date": pl.date_range(first, last, eager=True).gather(np.repeat(np.arange(days), len(abroad))),
        },
        schema=EXCHANGE_RATES.schema,
    )
    return EXCHANGE_RATES.check(frame)


def _log_rates(rules: Exchange, streams: Streams, currency: str, first_day: int, days: int) -> Floats:
    wanted = np.arange(first_day, first_day + days)
    logs = np.empty(days, dtype=np.float64)
    for year in range(_year_of(int(wanted[0])), _year_of(int(wanted[-1])) + 1):
        start = _day_of(year)
        inside = (wanted >= start) & (wanted < _day_of(year + 1))
        logs[inside] = _year_of_logs(rules, streams, currency, year)[wanted[inside] - start]
    return logs


def _year_of_logs(rules: Exchange, streams: Streams, currency: str, year: int) -> Floats:
    """Logarithm of the rate on every day of a year; the last day is the anchor."""
    days = np.arange(_day_of(year), _day_of(year + 1))
    is_open = (days + _EPOCH_WEEKDAY) % _DAYS_PER_WEEK < _SATURDAY
    passed = np.cumsum(is_open) / np.count_nonzero(is_open)
    noise = _bridge(rules, streams, currency, days, is_open)
    if currency != rules.hub:
        noise = noise + _bridge(rules, streams, rules.hub, days, is_open)
    before, after = (_anchor(rules, currency, each) for each in (year - 1, year))
    return np.asarray(before + (after - before) * passed + noise, dtype=np.float64)


def _bridge(rules: Exchange, streams: Streams, currency: str, days: Int64s, is_open: npt.NDArray[np.bool_]) -> Floats:
    walk = np.cumsum(np.where(is_open, _steps(rules, streams, currency, days), 0.0))
    return np.asarray(walk - walk[-1] * np.cumsum(is_open) / np.count_nonzero(is_open), dtype=np.float64)


def _steps(rules: Exchange, streams: Streams, currency: str, days: Int64s) -> Floats:
    """Student-t steps of the configured deviation, one per day (Bailey's polar method, Math. Comp. 62, 1994)."""
    degrees, name = rules.tail_degrees, f"world/fx/{currency}"
    radius = degrees * ((1.0 - streams.uniforms(name, days)) ** (-2.0 / degrees) - 1.0)
    steps = np.sqrt(radius) * np.cos(TWO_PI * streams.uniforms(name, days, number=1))
    return np.asarray(steps * np.sqrt((degrees - 2.0) / degrees) * rules.daily_sds[currency], dtype=np.float64)


def _anchor(rules: Exchange, currency: str, year: int) -> float:
    """Logarithm of the rate at the end of a year: given, between given ones, or by the trend beyond them."""
    known = sorted(rules.anchors[currency])
    logs = [float(np.log(rules.anchors[currency][each])) for each in known]
    if year < known[0]:
        return logs[0] - rules.drifts[currency] * (known[0] - year)
    if year > known[-1]:
        return logs[-1] + rules.drifts[currency] * (year - known[-1])
    return float(np.interp(year, known, logs))


@functools.cache
def _day_of(year: int) -> int:
    return (dt.date(year, 1, 1) - EPOCH).days


def _year_of(day: int) -> int:
    return (EPOCH + dt.timedelta(days=day)).year
