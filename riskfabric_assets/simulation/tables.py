"""Settings as the tables that kernels look up: cumulative shares, quantiles, logarithms, minor units."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import (
    AUTHENTICATIONS,
    CHANNELS,
    DECLINE_REASONS,
    ENTRY_MODES,
    MERCHANT_CATEGORIES,
)
from riskfabric_assets.foundation.units import KM_PER_DEGREE, MICROSECONDS_PER_DAY
from riskfabric_assets.packs.behaviour import Behaviour, Sessions
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR, Channel, MonthPosition, Payments
from riskfabric_assets.simulation.columns import Int64s
from riskfabric_assets.simulation.kernels.records import NETWORK, RULES, Records

Floats = npt.NDArray[np.float64]
Name = TypeVar("Name", bound=str)

MOMENT_STEPS: Final = 4096
"""Steps of probability of the daily curve: 21 seconds each on average."""
MINUTE: Final = 60_000_000
TIER_NAMES: Final = ("super_local", "district", "region", "any")
"""Tiers of behaviour in the order of world.tiers.TIERS."""
MONTH_POSITION_DAYS: Final[dict[MonthPosition, float]] = {
    "days_1_to_7": 7,
    "days_8_to_21": 14,
    "days_22_to_28": 7,
    "days_29_to_31": 2.44,
}
"""Average number of such days in a month of the Gregorian calendar."""


def minor(major: float) -> int:
    """Return minor units."""
    return round(major * MINOR_PER_MAJOR)


def cumulative(shares: Iterable[float]) -> Floats:
    """Return running sums of shares, the last exactly 1."""
    sums = np.cumsum(np.array(list(shares), dtype=np.float64))
    sums /= sums[-1]
    sums[-1] = 1.0
    return sums


def in_order(table: Mapping[Name, float], names: Sequence[Name]) -> list[float]:
    """Return the values of a table in the order of `names`; what the table leaves out is 0."""
    return [table.get(name, 0.0) for name in names]


def session_sizes(sessions: Sessions) -> Floats:
    """Return the cumulative distribution of 1 + geometric, cut at the largest session."""
    more = 1.0 - 1.0 / sessions.mean_payments
    return cumulative(
        (1.0 - more) * more**extra if more else float(extra == 0) for extra in range(sessions.max_payments)
    )


def mean_session(sizes: Floats) -> float:
    """Return the mean of a distribution of session sizes given as running sums."""
    return float(np.sum(np.diff(sizes, prepend=0.0) * np.arange(1, sizes.shape[0] + 1)))


def moment_quantiles(hour_weights: Sequence[float]) -> Floats:
    """Return microseconds since midnight at equal steps of probability, shape (MOMENT_STEPS + 1,)."""
    hours = np.concatenate([np.zeros(1), cumulative(hour_weights)])
    steps = np.linspace(0.0, 1.0, MOMENT_STEPS + 1)
    ends = np.linspace(0.0, float(MICROSECONDS_PER_DAY), hours.shape[0])
    return np.interp(steps, hours, ends)


def day_factors(payments: Payments, weekdays: npt.NDArray[np.uint8], days_of_month: npt.NDArray[np.uint8]) -> Floats:
    """Return how busy each day is beside an average one, shape (days,); no month is scaled to its own mean."""
    by_weekday = np.array(payments.weekday_weights) / np.mean(payments.weekday_weights)
    position = payments.month_position_weights
    weights = np.array(in_order(position, list(MONTH_POSITION_DAYS)))
    weights /= np.average(weights, weights=list(MONTH_POSITION_DAYS.values()))
    which = np.searchsorted([7, 21, 28], days_of_month)
    return np.asarray(by_weekday[weekdays] * weights[which], dtype=np.float64)


def pack_rules(behaviour: Behaviour, payments: Payments) -> Records:
    """Return every share and limit as one record, shape (1,)."""
    rules = np.zeros(1, dtype=RULES)
    _pack_choices(rules, behaviour, payments)
    _pack_amounts(rules, payments)
    rules["opening_log_sd"] = behaviour.balances.cover_log_sd
    rules["mean_gap_microseconds"] = behaviour.sessions.mean_gap_minutes * MINUTE
    rules["daily_account_limit_minor"] = minor(payments.limits.daily_account_amount)
    return rules


def _pack_choices(rules: Records, behaviour: Behaviour, payments: Payments) -> None:
    rules["channel_shares"] = by_channel(payments.channels)
    rules["remote_shares"] = by_channel(payments.remote_shares)
    rules["contactless_share"] = payments.contactless_share
    proofs = [in_order(getattr(payments.authentication, mode), AUTHENTICATIONS) for mode in ENTRY_MODES]
    rules["authentication"] = [cumulative(shares) for shares in proofs]
    rules["declines"] = [np.cumsum(in_order(getattr(payments.declines, name), DECLINE_REASONS)) for name in CHANNELS]
    tiers = (behaviour.tiers.present, behaviour.tiers.remote)
    rules["tiers"] = [cumulative(in_order(shares, TIER_NAMES)) for shares in tiers]
    rules["axis_degrees"] = behaviour.jitter.payment_rms_metres / np.sqrt(2.0) / (KM_PER_DEGREE * 1000.0)
    rules["device_use"] = cumulative(in_order(behaviour.devices.use, ("primary", "secondary", "borrowed")))
    rules["network_use"] = cumulative(in_order(behaviour.networks.use, ("own", "other", "vpn", "foreign")))
    rules["daily_lease_change"] = behaviour.networks.daily_lease_change
    rules["primary_account"] = behaviour.instruments.primary_account


def _pack_amounts(rules: Records, payments: Payments) -> None:
    categories, heaping, limits = payments.categories, payments.heaping, payments.limits
    rules["log_medians"] = np.log(in_order(categories.median_amounts, MERCHANT_CATEGORIES)) + np.log(MINOR_PER_MAJOR)
    rules["log_sds"] = in_order(categories.log_sds, MERCHANT_CATEGORIES)
    rules["channel_logs"] = np.log(by_channel(payments.channel_amount_factors))
    rules["rounding"] = cumulative(in_order(heaping.rounding, ("coarse", "fine", "whole", "none")))
    rules["steps_minor"] = [minor(heaping.coarse_step), minor(heaping.fine_step), MINOR_PER_MAJOR, 1]
    rules["online_nines"] = heaping.online_nines
    rules["cash_coarse"] = heaping.cash_coarse
    rules["cash_steps_minor"] = [minor(heaping.cash_coarse_step), minor(heaping.cash_step)]
    rules["smallest_minor"] = minor(limits.minimum_amount)
    rules["largest_minor"] = [minor(amount) for amount in by_channel(limits.payment_amounts)]


def pack_networks(payments: Payments, slices: Sequence[str], household_networks: npt.NDArray[np.int16]) -> Records:
    """Return the networks, those of households in code order, then VPN and foreign.

    Args:
        payments: The slices that are no household's.
        slices: Address slice of every household network, in code order.
        household_networks: Network of every customer, shape (customers,): the market shares.
    """
    bases, sizes = address_slices([*slices, payments.addresses.vpn, payments.addresses.foreign])
    networks = np.zeros(bases.shape[0], dtype=NETWORK)
    networks["base"], networks["size"] = bases, sizes
    networks["market"] = 1.0
    networks["market"][: len(slices)] = cumulative(np.bincount(household_networks, minlength=len(slices)))
    return networks


def address_slices(slices: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Int64s]:
    """Return first address and size of IPv4 networks."""
    networks = [ipaddress.IPv4Network(text) for text in slices]
    bases = np.array([int(network.network_address) for network in networks], dtype=np.uint32)
    return bases, np.array([network.num_addresses for network in networks], dtype=np.int64)


def mean_payment_minor(payments: Payments) -> float:
    """Return the expected amount of a payment at the usual price level, minor units, before heaping and limits."""
    categories = payments.categories
    levels = np.array(in_order(categories.median_amounts, MERCHANT_CATEGORIES)) * MINOR_PER_MAJOR
    means = levels * np.exp(np.square(in_order(categories.log_sds, MERCHANT_CATEGORIES)) / 2.0)
    weights = np.array(in_order(categories.volume_weights, MERCHANT_CATEGORIES))
    shops = float(np.average(means, weights=weights))
    cash = float(means[MERCHANT_CATEGORIES.index("CASH")])
    shares, factors = by_channel(payments.channels), by_channel(payments.channel_amount_factors)
    return sum(
        share * factor * (cash if name == "atm" else shops)
        for name, share, factor in zip(CHANNELS, shares, factors, strict=True)
    )


def by_channel(table: Mapping[Channel, float]) -> list[float]:
    """Return the values of a table in the order of CHANNELS."""
    return in_order(table, CHANNELS)
