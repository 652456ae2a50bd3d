"""Who stands behind the head of a relay, and that nobody else uses their limits meanwhile.

Everything here follows from the plan, so that every block knows it: `docs/decisions/attacks_with_several_accounts.md`.
"""

import dataclasses
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.tables.population import ACCOUNT_TYPES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import HonestMonth, People
from riskfabric_assets.simulation.packing import everyday_accounts
from riskfabric_assets.typologies.attacks import Attacks, Bools, Floats, Int64s, PlanContext
from riskfabric_assets.typologies.crews import dealt
from riskfabric_assets.typologies.draws import keys_of, uniforms_of
from riskfabric_assets.typologies.planning import MICROSECONDS_PER_HOUR
from riskfabric_assets.typologies.pools import small_pool
from riskfabric_assets.world.clock import Clock

CREDIT = ACCOUNT_TYPES.index("credit")
_DRAW_LIFE = 24
"""Draw of an attack: how long a member lasts who begins with it."""


class Reservations(NamedTuple):
    """Accounts that relays use, shape (n,) each."""

    account: Int64s
    """Slot of the everyday account of a member."""
    first_day: Int64s
    """Clock row."""
    stop_day: Int64s
    """Clock row after the last, or the number of days."""


def can_relay(people: People, clock: Clock) -> Bools:
    """Tell whose everyday account holds money and is open all month, shape (customers,)."""
    everyday = everyday_accounts(people)
    last_day = clock.first_day + clock.count_days - 1
    return np.asarray(
        (everyday >= 0)
        & (people.account_type[everyday] != CREDIT)
        & (people.account_opened_day[everyday] <= clock.first_day)
        & (people.account_closed_day[everyday] > last_day)
        & (people.registered_day <= clock.first_day)
    )


def recruit(context: PlanContext, attacks: Attacks, roles: int) -> Attacks:
    """Give every attack so many members of its own; a single attack for which nobody is left does not happen.

    Nobody serves two relays in a month: each typology deals from its own part of the customers without putting back.

    Raises:
        ConfigError: There are too few members for several attacks.
    """
    places = np.arange(attacks.ordinal.shape[0] * roles, dtype=np.int64).reshape(-1, roles)
    return _with_members(context, attacks, places)


def hire(context: PlanContext, attacks: Attacks, roles: int, span_hours: float, life_days: float) -> Attacks:
    """Give every attack members who serve others as well while they last; a single one without any does not happen.

    Nobody serves two attacks on one day, so that what one of them may take follows from the plan alone.

    Args:
        context: Month, people, clock.
        attacks: Those to be served, shape (n,).
        roles: Members of each.
        span_hours: Longest attack.
        life_days: From the beginning of a member's first attack to the end of the last, at the mean; half of it to one
            and a half.

    Raises:
        ConfigError: There are too few members for several attacks.
    """
    lives = life_days * (0.5 + uniforms_of(attacks.key, _DRAW_LIFE))
    places = np.empty((attacks.ordinal.shape[0], roles), dtype=np.int64)
    order = np.lexsort((attacks.ordinal, attacks.start_at)).astype(np.int64)
    free_from, leaves = np.zeros(places.size, dtype=np.int64), np.zeros(places.size)
    stop = _stop_days(attacks, span_hours, context.clock)
    _hire_kernel(order, attacks.day, stop, lives, free_from, leaves, places)
    return _with_members(context, attacks, places)


@lean_kernel
def _hire_kernel(
    order: Int64s,
    first_day: Int64s,
    stop_day: Int64s,
    lives: Floats,
    free_from: Int64s,
    leaves: Floats,
    places: Int64s,
) -> None:
    """Let every attack have the free members who began earliest, and new ones where there are none."""
    roles, count = places.shape[1], 0
    for position in range(order.shape[0]):
        attack, member = order[position], 0
        for role in range(roles):
            while member < count and (free_from[member] > first_day[attack] or stop_day[attack] > leaves[member]):
                member += 1
            if member == count:
                leaves[count], count = first_day[attack] + lives[attack], count + 1
            places[attack, role], free_from[member] = member, stop_day[attack]


def _with_members(context: PlanContext, attacks: Attacks, places: Int64s) -> Attacks:
    """Let those who were dealt take their places, shape (n, roles); a single attack without them is called off."""
    people, month = context.people, int(context.clock.month_index[0])
    lanes = keys_of(context.streams.key("typologies/recruits"), people.customer_ordinal, month)
    is_free = can_relay(people, context.clock)
    is_free &= (uniforms_of(lanes, 0) * context.lanes).astype(np.int64) == context.lane
    is_free[attacks.customer] = False
    turns = keys_of(context.streams.key(f"typologies/{context.name}/member"), people.customer_ordinal, month)
    needed = int(places.max(initial=-1)) + 1
    members = dealt(is_free.astype(np.float64), turns, needed)
    if places.shape[0] > 1 and members.shape[0] < needed:
        name = f"members (mules, partners) of {context.name} in {context.month}"
        raise ConfigError([small_pool(name, members.shape[0], needed, "customers with an account all month")])
    is_served = (places < members.shape[0]).all(axis=1)
    return attacks.take(is_served)._replace(members=members[places[is_served]])


def reservations_of(plans: Iterable[tuple[Attacks, float]], people: People, clock: Clock) -> Reservations:
    """Return the accounts of all members, for as long as their attack can last.

    Args:
        plans: Attacks of every typology of relays, and its longest attack in hours.
        people: Customers and what they own.
        clock: Local days of the month.
    """
    everyday = everyday_accounts(people)
    parts = [Reservations(*(np.empty(0, dtype=np.int64) for _ in Reservations._fields))]
    for attacks, hours in plans:
        roles = attacks.members.shape[1]
        stop = np.repeat(_stop_days(attacks, hours, clock), roles)
        parts.append(Reservations(everyday[attacks.members.ravel()], np.repeat(attacks.day, roles), stop))
    return Reservations._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _stop_days(attacks: Attacks, hours: float, clock: Clock) -> Int64s:
    """Return the clock row after the last on which an attack of at most so many hours can move money."""
    end = attacks.local_microseconds + int((hours + 1) * MICROSECONDS_PER_HOUR)
    return np.asarray(np.minimum(attacks.day + end // MICROSECONDS_PER_DAY + 1, clock.count_days), dtype=np.int64)


def reserve(honest: HonestMonth, reservations: Reservations, people: People) -> HonestMonth:
    """Return a block's month in which nothing is left of the limits of reserved accounts; `honest` stays."""
    stop_account = honest.first_account + honest.unused_account_limit_minor.shape[0]
    chosen = np.flatnonzero(
        (reservations.account >= honest.first_account) & (reservations.account < stop_account)
    ).tolist()
    if not chosen:
        return honest
    by_account, online, cash = (
        limits.copy()
        for limits in (
            honest.unused_account_limit_minor,
            honest.unused_online_limit_minor,
            honest.unused_cash_limit_minor,
        )
    )
    for row in chosen:
        account, days = reservations.account[row], slice(reservations.first_day[row], reservations.stop_day[row])
        owner = people.account_owner[account]
        cards = slice(people.card_first[owner], people.card_first[owner + 1])
        own = np.flatnonzero(people.card_account[cards] == account) + people.card_first[owner] - honest.first_card
        by_account[account - honest.first_account, days] = 0
        for limits in (online, cash):
            limits[own, days] = 0
    return dataclasses.replace(
        honest,
        unused_account_limit_minor=by_account,
        unused_online_limit_minor=online,
        unused_cash_limit_minor=cash,
    )
