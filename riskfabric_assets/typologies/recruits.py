"""Who stands behind the head of a relay, and that nobody else uses their limits meanwhile.

Everything here follows from the plan, so that every block knows it: `docs/decisions/attacks_with_several_accounts.md`.
"""

import dataclasses
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from riskfabric_assets.foundation.tables.population import ACCOUNT_TYPES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import HonestMonth, People
from riskfabric_assets.simulation.packing import everyday_accounts
from riskfabric_assets.typologies.attacks import Attacks, Bools, Int64s, PlanContext
from riskfabric_assets.typologies.crews import dealt
from riskfabric_assets.typologies.draws import keys_of, uniforms_of
from riskfabric_assets.typologies.planning import MICROSECONDS_PER_HOUR
from riskfabric_assets.world.clock import Clock

CREDIT = ACCOUNT_TYPES.index("credit")


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
    """Give every attack so many members of its own; attacks for which nobody is left do not happen.

    Nobody serves two relays in a month: each typology deals from its own part of the customers without putting back.
    """
    people, month = context.people, int(context.clock.month_index[0])
    lanes = keys_of(context.streams.key("typologies/recruits"), people.customer_ordinal, month)
    is_free = can_relay(people, context.clock)
    is_free &= (uniforms_of(lanes, 0) * context.lanes).astype(np.int64) == context.lane
    is_free[attacks.customer] = False
    turns = keys_of(context.streams.key(f"typologies/{context.name}/member"), people.customer_ordinal, month)
    members = dealt(is_free.astype(np.float64), turns, attacks.ordinal.shape[0] * roles)
    count = members.shape[0] // roles
    return attacks.take(np.arange(count))._replace(members=members[: count * roles].reshape(count, roles))


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
        end = attacks.local_microseconds + int((hours + 1) * MICROSECONDS_PER_HOUR)
        stop = np.minimum(attacks.day + end // MICROSECONDS_PER_DAY + 1, clock.count_days)
        account = everyday[attacks.members.ravel()]
        parts.append(Reservations(account, np.repeat(attacks.day, roles), np.repeat(stop, roles)))
    return Reservations._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


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
