"""Settings as the tables that kernels look up: cumulative shares, quantiles, logarithms, minor units."""

import ipaddress
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import (
    AUTHENTICATIONS,
    CHANNELS,
    DECLINE_REASONS,
    ENTRY_MODES,
)
from riskfabric_assets.foundation.tables.population import CARD_TYPES, MOBILITY_CLASSES
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.foundation.units import KM_PER_DEGREE, MICROSECONDS_PER_DAY
from riskfabric_assets.packs.behaviour import Behaviour, Sessions
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR, MonthPosition, Payments
from riskfabric_assets.packs.remote import Markup
from riskfabric_assets.packs.spending import RENT, Spending
from riskfabric_assets.simulation.columns import Int64s
from riskfabric_assets.simulation.kernels.records import BILLS, GROUPS, NETWORK, RULES, Records

Floats = npt.NDArray[np.float64]
Name = TypeVar("Name", bound=str)

MOMENT_STEPS: Final = 4096
"""Steps of probability of the daily curve: 21 seconds each on average."""
MINUTE: Final = 60_000_000
SECOND: Final = 1_000_000
HOUR: Final = 3_600_000_000
ENDINGS: Final = ("thousand", "coarse", "fine", "whole", "none")
"""Endings of amounts in the order of RULES.steps_minor."""
NEVER_DUE: Final = 0.0
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


def moment_profiles(hour_weights: Sequence[float], hours: Floats) -> tuple[Floats, Int64s]:
    """Return the quantiles of every distinct daily curve of a month, and which one each day has.

    Args:
        hour_weights: Intensity of the 24 local hours.
        hours: Factor on each of them by day, shape (days, 24).
    """
    distinct, which = np.unique(hours, axis=0, return_inverse=True)
    quantiles = [moment_quantiles((np.array(hour_weights) * factors).tolist()) for factors in distinct]
    return np.array(quantiles), np.ascontiguousarray(which.reshape(-1), dtype=np.int64)


def day_factors(payments: Payments, weekdays: npt.NDArray[np.uint8], days_of_month: npt.NDArray[np.uint8]) -> Floats:
    """Return how busy each day is beside an average one, shape (days,); no month is scaled to its own mean."""
    by_weekday = np.array(payments.weekday_weights) / np.mean(payments.weekday_weights)
    position = payments.month_position_weights
    weights = np.array(in_order(position, list(MONTH_POSITION_DAYS)))
    weights /= np.average(weights, weights=list(MONTH_POSITION_DAYS.values()))
    which = np.searchsorted([7, 21, 28], days_of_month)
    return np.asarray(by_weekday[weekdays] * weights[which], dtype=np.float64)


def group_shares(spending: Spending, factors: Floats, is_sold: npt.NDArray[np.bool_]) -> Floats:
    """Return the running shares of spending groups by channel, shape (..., channels, GROUPS).

    Args:
        spending: Weights of the country.
        factors: Factors on the groups, shape (..., GROUPS).
        is_sold: Whether anybody in the market sells a group, shape (GROUPS,).
    """
    weights = np.array([in_order(_weights(spending, channel), SPENDING_GROUPS) for channel in CHANNELS]) * is_sold
    weights += (weights.sum(axis=1, keepdims=True) == 0) * is_sold  # nothing of it is sold here: anything is bought
    shares = np.cumsum(weights * factors[..., None, :], axis=-1)
    shares /= shares[..., -1:]
    shares[..., -1] = 1.0
    return np.ascontiguousarray(shares)


def _weights(spending: Spending, channel: str) -> Mapping[str, float]:
    tables = {str(name): weights for name, weights in spending.groups.weights.items()}
    return tables.get(channel, tables["pos"])


def pack_rules(
    behaviour: Behaviour, payments: Payments, spending: Spending, markup: Markup, score_share: float
) -> Records:
    """Return every share and limit as one record, shape (1,).

    Args:
        behaviour: Mechanics.
        payments: Habits of the country.
        spending: What it spends money on.
        markup: Fees abroad.
        score_share: Of the declines for risk, those that follow no rule.
    """
    rules = np.zeros(1, dtype=RULES)
    _pack_choices(rules, behaviour, payments, spending)
    _pack_places(rules, behaviour)
    _pack_amounts(rules, behaviour, payments, spending)
    _pack_bills(rules, spending)
    _pack_outcomes(rules, behaviour, payments, spending)
    rules["declines"] = _declines(payments, score_share)
    rules["abroad_fee_low"], rules["abroad_fee_high"] = markup.lowest, markup.highest
    rules["opening_log_sd"] = behaviour.balances.cover_log_sd
    for name in ("inflow_log_sd", "least_inflow", "buffer_days"):
        rules[name] = getattr(behaviour.balances, name)
    rules["mean_gap_microseconds"] = behaviour.sessions.mean_gap_minutes * MINUTE
    rules["week_log_sd"], rules["day_log_sd"] = behaviour.moods.week_log_sd, behaviour.moods.day_log_sd
    rules["pay_boost"], rules["pay_decay_days"] = behaviour.pay_cycle.boost, behaviour.pay_cycle.decay_days
    return rules


def _pack_choices(rules: Records, behaviour: Behaviour, payments: Payments, spending: Spending) -> None:
    rules["channel_shares"] = by_channel(payments.channels)
    rules["transfer_shares"] = by_channel(spending.transfers.shares)
    rules["stranger_share"] = behaviour.payees.stranger_share
    rules["remote_shares"] = in_order(spending.groups.remote_shares, SPENDING_GROUPS)
    rules["contactless_share"] = payments.contactless_share
    proofs = [in_order(getattr(payments.authentication, mode), AUTHENTICATIONS) for mode in ENTRY_MODES]
    rules["authentication"] = [cumulative(shares) for shares in proofs]
    rules["device_use"] = cumulative(in_order(behaviour.devices.use, ("primary", "secondary", "borrowed")))
    rules["network_use"] = cumulative(in_order(behaviour.networks.use, ("own", "other", "vpn", "foreign")))
    rules["daily_lease_change"] = behaviour.networks.daily_lease_change
    rules["primary_account"] = behaviour.instruments.primary_account
    rules["credit_preferences"] = by_channel(behaviour.instruments.credit_preferences)
    rules["abroad_online_share"] = payments.abroad.online_share


def _pack_places(rules: Records, behaviour: Behaviour) -> None:
    mobility, favourites = behaviour.mobility, behaviour.favourites
    for name, table in (
        ("local_shares", mobility.local_shares),
        ("excursion_rates", mobility.excursions_per_day),
        ("trip_rates", mobility.journeys_per_month),
        ("trip_abroad_shares", mobility.abroad_shares),
        ("work_shares", mobility.work_shares),
    ):
        rules[name] = in_order(table, MOBILITY_CLASSES)
    rules["trip_days"], rules["trip_region_share"] = mobility.journey_days, mobility.region_share
    rules["distance_exponent"], rules["trip_least_km"] = mobility.distance_exponent, mobility.journey_least_km
    rules["work_start_microseconds"] = mobility.work_first_hour * HOUR
    rules["work_stop_microseconds"] = mobility.work_last_hour * HOUR
    rules["axis_degrees"] = behaviour.jitter.payment_rms_metres / np.sqrt(2.0) / (KM_PER_DEGREE * 1000.0)
    rules["favourite_share"], rules["habit_share"] = favourites.share, favourites.habit_share
    rules["return_exponent"], rules["birth_exponent"] = favourites.return_exponent, favourites.birth_exponent


def _pack_outcomes(rules: Records, behaviour: Behaviour, payments: Payments, spending: Spending) -> None:
    rules["abroad_decline_factor"] = payments.abroad.decline_factor
    rules["retry_shares"] = in_order(behaviour.retries.shares, DECLINE_REASONS)
    rules["retry_repeats"] = in_order(behaviour.retries.repeats, DECLINE_REASONS)
    rules["retry_gap_microseconds"] = behaviour.retries.mean_gap_seconds * SECOND
    rules["top_up_share"] = behaviour.retries.top_up_share
    rules["refund_shares"] = (spending.refunds.on_spot, spending.refunds.remote)
    rules["refund_days"] = spending.refunds.mean_days
    rules["new_device_limit_minor"] = minor(payments.limits.new_device_amount)
    rules["daily_account_limit_minor"] = minor(payments.limits.daily_account_amount)


def _declines(payments: Payments, score_share: float) -> list[Floats]:
    """Return the running sums of the reasons that are drawn, by channel."""
    drawn = np.where([name == "issuer_risk_rule" for name in DECLINE_REASONS], score_share, 1.0)
    return [np.cumsum(in_order(getattr(payments.declines, name), DECLINE_REASONS) * drawn) for name in CHANNELS]


def _pack_amounts(rules: Records, behaviour: Behaviour, payments: Payments, spending: Spending) -> None:
    groups, heaping, limits = spending.groups, spending.heaping, payments.limits
    in_major = np.log(MINOR_PER_MAJOR)
    personal = behaviour.instruments.personal_log_sd
    rules["log_medians"] = np.log(in_order(groups.median_amounts, SPENDING_GROUPS)) + in_major
    rules["log_sds"] = without(in_order(groups.log_sds, SPENDING_GROUPS), personal)
    rules["channel_logs"] = np.log([_amount_factor(spending, channel) for channel in CHANNELS])
    rules["card_logs"] = np.log(in_order(spending.card_amount_factors, CARD_TYPES))
    rules["cash_log_median"] = np.log(spending.cash.median_amount) + in_major
    rules["cash_log_sd"] = without([spending.cash.log_sd], personal)[0]
    medians, sds = spending.transfers.median_amounts, spending.transfers.log_sds
    rules["transfer_log_medians"] = np.log([_of(medians, channel) for channel in CHANNELS]) + in_major
    rules["transfer_log_sds"] = without([_of(sds, channel) for channel in CHANNELS], personal)
    endings = [heaping.fuel if name == "fuel" else heaping.purchases for name in SPENDING_GROUPS]
    rules["endings"] = [cumulative(in_order(table, ENDINGS)) for table in (*endings, heaping.transfers)]
    steps = (heaping.thousand_step, heaping.coarse_step, heaping.fine_step)
    rules["steps_minor"] = [*(minor(step) for step in steps), MINOR_PER_MAJOR, 1]
    rules["online_nines"] = heaping.online_nines
    rules["cash_coarse"] = heaping.cash_coarse
    rules["cash_steps_minor"] = [minor(heaping.cash_coarse_step), minor(heaping.cash_step)]
    rules["smallest_minor"] = minor(limits.minimum_amount)
    rules["largest_minor"] = [minor(amount) for amount in by_channel(limits.payment_amounts)]


def without(log_sds: Sequence[float], personal: float) -> Floats:
    """Return the spread that is left within a person, of spreads over all people."""
    return np.sqrt(np.maximum(np.square(log_sds) - personal**2, np.square(log_sds) / 4.0))


def _amount_factor(spending: Spending, channel: str) -> float:
    return {str(name): factor for name, factor in spending.channel_amount_factors.items()}.get(channel, 1.0)


def _of(table: Mapping[Name, float], channel: str) -> float:
    return {str(name): value for name, value in table.items()}.get(channel, max(table.values()))


def _pack_bills(rules: Records, spending: Spending) -> None:
    hours = spending.mandate_hours
    bounds = (hours.early_first, hours.early_last, hours.late_first, hours.late_last)
    rules["bill_hours_microseconds"] = np.array(bounds) * HOUR
    rules["bill_first_days"] = rules["bill_last_days"] = 1
    rules["bill_shares"] = NEVER_DUE
    for number, bill in enumerate(spending.bills.values()):
        row = rules[0]
        row["bill_shares"][number], row["bill_mandates"][number] = bill.customers, bill.mandates
        row["bill_groups"][number] = GROUPS if bill.group == RENT else SPENDING_GROUPS.index(bill.group)
        row["bill_channels"][number] = CHANNELS.index(bill.channel)
        row["bill_first_days"][number], row["bill_last_days"][number] = bill.first_day, bill.last_day
        row["bill_log_medians"][number] = np.log(bill.median_amount * MINOR_PER_MAJOR)
        row["bill_log_sds"][number] = bill.log_sd
    if len(spending.bills) > BILLS:
        raise ValueError(f"more than {BILLS} standing payments")


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


def mean_payment_minor(payments: Payments, spending: Spending) -> float:
    """Return the expected amount of a payment at the usual price level, minor units; tails end at the limits."""
    total = 0.0
    for channel, share in zip(CHANNELS, by_channel(payments.channels), strict=True):
        limit = {str(name): amount for name, amount in payments.limits.payment_amounts.items()}[channel]
        to_people = by_channel(spending.transfers.shares)[CHANNELS.index(channel)]
        if channel == "atm":
            total += share * capped_mean(spending.cash.median_amount, spending.cash.log_sd, limit)
            continue
        shops = _mean_purchase(spending, channel, limit)
        people = _capped_transfer(spending, channel, limit) if to_people else 0.0
        total += share * ((1.0 - to_people) * shops + to_people * people)
    return total * MINOR_PER_MAJOR


def _mean_purchase(spending: Spending, channel: str, limit: float) -> float:
    weights, groups = _weights(spending, channel), spending.groups
    factor = _amount_factor(spending, channel)
    means = [capped_mean(groups.median_amounts[name] * factor, groups.log_sds[name], limit) for name in weights]
    return float(np.average(means, weights=list(weights.values())))


def _capped_transfer(spending: Spending, channel: str, limit: float) -> float:
    transfers = spending.transfers
    return capped_mean(_of(transfers.median_amounts, channel), _of(transfers.log_sds, channel), limit)


def capped_mean(median: float, log_sd: float, cap: float) -> float:
    """Return the mean of min(X, cap) for a log-normal X."""
    normal = statistics.NormalDist()
    edge = (np.log(cap) - np.log(median)) / log_sd
    below = median * np.exp(log_sd**2 / 2) * normal.cdf(edge - log_sd)
    return float(below + cap * (1.0 - normal.cdf(edge)))


def by_channel(table: Mapping[Name, float]) -> list[float]:
    """Return the values of a table in the order of CHANNELS; what it leaves out is 0."""
    values = {str(name): value for name, value in table.items()}
    return [values.get(name, 0.0) for name in CHANNELS]
