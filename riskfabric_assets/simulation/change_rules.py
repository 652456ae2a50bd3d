"""Settings and people as what changes are drawn from."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import numpy as np

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.account_events import AccountEvents
from riskfabric_assets.simulation.columns import Bools, Floats, Int32s, People
from riskfabric_assets.simulation.kernels.episodes import AGES, CHANGE_RULES, PROCESSES, Changes, Span
from riskfabric_assets.simulation.kernels.records import Records
from riskfabric_assets.simulation.people import FOREVER
from riskfabric_assets.simulation.tables import cumulative, moment_quantiles
from riskfabric_assets.world.clock import EPOCH, Clock

MICROSECONDS_PER_MINUTE: Final = 60_000_000
DAYS_PER_MONTH: Final = 30.44
DAYS_PER_YEAR: Final = 365.25
HANDOVER_DAYS: Final = 1
"""A device that comes on the day after another one's last day replaces it."""


def open_changes(rules: AccountEvents, people: People, streams: Streams) -> Changes:
    """Prepare everything about changes that does not depend on the month."""
    return Changes(
        rules=pack_change_rules(rules),
        birth_year=people.birth_year,
        registered_day=people.registered_day,
        return_rate=return_rates(people.payments_per_year, rules.logins.silence_days),
        replaces_device=replacing_devices(people),
        card_blocked_day=blocked_days(people),
        card_reissued_day=reissued_days(people),
        moments=moment_quantiles(rules.hours),
        burst_sizes=cumulative(rules.links.burst_sizes),
        stream=streams.key("simulation/changes"),
        belongings_stream=streams.key("simulation/changes/belongings"),
    )


def pack_change_rules(rules: AccountEvents) -> Records:
    """Return every rate and share as one record, shape (1,)."""
    packed = np.zeros(1, dtype=CHANGE_RULES)
    packed["rates"] = rates_by_age(rules)
    packed["mean_step_microseconds"] = rules.pace.minutes * MICROSECONDS_PER_MINUTE
    packed["mean_link_microseconds"] = rules.links.burst_minutes * MICROSECONDS_PER_MINUTE
    packed["follow_up_days"], packed["remote_share"] = rules.pace.follow_up_days, rules.pace.remote_share
    packed["device_pin_reset_share"] = rules.devices.pin_reset_share
    packed["device_sim_change_share"] = rules.devices.sim_change_share
    packed["device_email_change_share"] = rules.devices.email_change_share
    packed["device_relink_share"] = rules.devices.relink_share
    packed["new_number_share"] = rules.sim.new_number_share
    packed["rebinding_share"] = rules.sim.rebinding_share
    packed["address_email_share"] = rules.address.email_share
    packed["address_new_number_share"] = rules.address.new_number_share
    packed["failed_again_share"] = 1.0 - 1.0 / rules.logins.failed_attempts
    packed["failed_pin_reset_share"] = rules.logins.failed_pin_reset_share
    return packed


def rates_by_age(rules: AccountEvents) -> Floats:
    """Return the expected episodes per month of every process and age, shape (processes, ages).

    What returns after a silence depends on the customer and not on age; it is 0 here.
    """
    ages = np.arange(AGES)

    def at(factors: Mapping[int, float]) -> Floats:
        known = sorted(factors)
        return np.interp(ages, known, [factors[age] for age in known])

    links, logins, same = at(rules.links.age_factors), rules.logins, np.ones(AGES)
    by_process = {
        "sim": rules.sim.change_rate * same,
        "email": rules.email.change_rate * at(rules.email.age_factors),
        "address": rules.address.change_rate * at(rules.address.age_factors),
        "pin": rules.pin.reset_rate * at(rules.pin.age_factors),
        "link": rules.links.single_rate * links,
        "link_burst": rules.links.burst_rate * links,
        "new_network": logins.new_network_rate * same,
        "unknown_device": logins.unknown_device_rate * same,
        "failed_logins": logins.failed_rate * same,
        "return": np.zeros(AGES),
    }
    return np.stack([by_process[process] for process in PROCESSES])


def return_rates(payments_per_year: Floats, silence_days: float) -> Floats:
    """Return how often a month somebody pays again after a silence, shape (customers,).

    Of payments at a constant rate, the share exp(-rate * silence) comes after a gap that long.
    """
    per_day = payments_per_year / DAYS_PER_YEAR
    return np.asarray(per_day * DAYS_PER_MONTH * np.exp(-per_day * silence_days), dtype=np.float64)


def replacing_devices(people: People) -> Bools:
    """Tell of every device whether it comes when another one of the same customer goes, shape (devices,)."""
    owner = np.repeat(np.arange(people.count_customers), np.diff(people.device_first))
    gone = people.device_last_seen_day < FOREVER
    replaces = np.zeros(owner.shape[0], dtype=np.bool_)
    for step in range(1, int(np.diff(people.device_first).max(initial=1))):
        for mine, other in ((slice(step, None), slice(None, -step)), (slice(None, -step), slice(step, None))):
            gap = people.device_first_seen_day[mine].astype(np.int64) - people.device_last_seen_day[other]
            replaces[mine] |= (owner[mine] == owner[other]) & gone[other] & (np.abs(gap) <= HANDOVER_DAYS)
    return replaces


def blocked_days(people: People) -> Int32s:
    """Return the last day of every card that is lost before its time, FOREVER for others."""
    return np.where(people.card_is_lost, people.card_closed_day, FOREVER).astype(np.int32)


def reissued_days(people: People) -> Int32s:
    """Return the first day of every card that follows another one, FOREVER for others."""
    return np.where(people.card_replaces >= 0, people.card_issued_day, FOREVER).astype(np.int32)


def span_of(clock: Clock) -> Span:
    """Return the month of a clock and the one before it."""
    first = EPOCH + dt.timedelta(days=clock.first_day)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    starts = np.array([(before - EPOCH).days, clock.first_day], dtype=np.int64)
    index = int(clock.month_index[0])
    return Span(
        first_days=starts,
        count_days=np.array([starts[1] - starts[0], clock.count_days], dtype=np.int64),
        month_indices=np.array([index - 1, index], dtype=np.int64),
        years=np.array([before.year, first.year], dtype=np.int64),
    )
