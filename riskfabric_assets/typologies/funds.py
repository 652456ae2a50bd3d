"""Criminals get what honest life leaves over; beyond that they are declined like anyone.

The pass looks at one account after the other, attacks in order of (start, attack id). What has been taken from
an account lowers what is left for the rest of its month, and one replenishment gives it back at the end.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import Streams, key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import EventColumns, HonestMonth, PaymentColumns
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.decisions import INSUFFICIENT_FUNDS, LIMIT_EXCEEDED, ONLINE
from riskfabric_assets.typologies.payments import APPROVED, DECLINED, Outcome

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REPLENISHMENT: Final = EVENT_KINDS.index("replenishment")
MOST_DAYS: Final = 31
MOST_CARDS: Final = 128
KIND_ATTACK_EVENT: Final = 11
"""identifiers.Kind.ATTACK_EVENT as a plain number: kernels do not know enumerations."""


class Leftovers(NamedTuple):
    """What honest life leaves in a block; rows count from the block's first account and card."""

    first_account: int
    first_card: int
    balance_minor: Int64s
    account_limit_minor: Int64s
    online_limit_minor: Int64s


class Drains(NamedTuple):
    """What was taken from accounts, shape (accounts touched,)."""

    account: Int64s
    """Account slot."""
    amount_minor: Int64s
    last_at: Int64s
    """Moment of the last payment."""


def settle(life: Life, honest: HonestMonth, outcome: Outcome, start_at: Int64s, attack_id: Int64s) -> Drains:
    """Decline in place what neither balance nor limits cover; return what was taken.

    Args:
        life: People and clock.
        honest: The block's honest month.
        outcome: Attempted payments of all typologies, shape (n,).
        start_at: Start of each payment's attack, shape (n,).
        attack_id: Attack of each payment, shape (n,).
    """
    event_at = outcome.payments.event_at
    order = np.lexsort((event_at, attack_id, start_at, outcome.account)).astype(np.int64)
    leftovers = Leftovers(
        honest.first_account,
        honest.first_card,
        honest.leftover_minor,
        honest.unused_account_limit_minor,
        honest.unused_online_limit_minor,
    )
    account, amount, last_at = (np.empty(order.shape[0], dtype=np.int64) for _ in range(3))
    count = _settle_kernel(life, outcome, order, leftovers, Drains(account, amount, last_at))
    return Drains(account[:count], amount[:count], last_at[:count])


def replenish(life: Life, drains: Drains, streams: Streams) -> EventColumns:
    """Give back what was taken: one movement per account, at any moment left of the month."""
    count = drains.account.shape[0]
    events = EventColumns(
        event_id=np.empty(count, dtype=np.int64),
        customer_id=np.empty(count, dtype=np.int64),
        account_id=np.empty(count, dtype=np.int64),
        event_kind=np.full(count, REPLENISHMENT, dtype=np.uint8),
        amount_minor=drains.amount_minor.copy(),
        event_date=np.empty(count, dtype=np.int32),
        event_at=np.empty(count, dtype=np.int64),
    )
    _replenish_kernel(streams.key("typologies/replenishment"), life, drains, events)
    return events


@inline_kernel
def _refusal(
    outcome: Outcome, left: Leftovers, row: int, taken: int, spent: Int64s, online_spent: Int64s, first_card: int
) -> int:
    """Return why money or limits refuse a payment, or -1."""
    amount, day = outcome.payments.amount_minor[row], outcome.day[row]
    account = outcome.account[row] - left.first_account
    if outcome.payments.channel[row] == ONLINE:
        card = outcome.card[row]
        used = online_spent[(card - first_card) * MOST_DAYS + day]
        if used + amount > left.online_limit_minor[card - left.first_card, day]:
            return LIMIT_EXCEEDED
    elif spent[day] + amount > left.account_limit_minor[account, day]:
        return LIMIT_EXCEEDED
    return INSUFFICIENT_FUNDS if taken + amount > left.balance_minor[account, day] else -1


@kernel
def _settle_kernel(life: Life, outcome: Outcome, order: Int64s, left: Leftovers, drains: Drains) -> int:
    spent, online_spent = np.zeros(MOST_DAYS, dtype=np.int64), np.zeros(MOST_CARDS * MOST_DAYS, dtype=np.int64)
    payments: PaymentColumns = outcome.payments
    current, taken, first_card, count = -1, 0, 0, 0
    for position in range(order.shape[0]):
        row = order[position]
        if outcome.account[row] != current:
            current, taken = outcome.account[row], 0
            first_card = life.people.card_first[life.people.account_owner[current]]
            spent[:] = 0
            online_spent[:] = 0
        if payments.status[row] != APPROVED:
            continue
        day = outcome.day[row]
        reason = _refusal(outcome, left, row, taken, spent, online_spent, first_card)
        if reason >= 0:
            payments.status[row], payments.decline_reason[row] = DECLINED, reason
            continue
        amount = payments.amount_minor[row]
        if payments.channel[row] == ONLINE:
            online_spent[(outcome.card[row] - first_card) * MOST_DAYS + day] += amount
        else:
            spent[day] += amount
        if taken == 0:
            drains.account[count], drains.last_at[count] = current, 0
            count += 1
        taken += amount
        drains.amount_minor[count - 1] = taken
        drains.last_at[count - 1] = max(drains.last_at[count - 1], payments.event_at[row])
    return count


@kernel
def _replenish_kernel(stream: np.uint64, life: Life, drains: Drains, events: EventColumns) -> None:
    people = life.people
    for row in range(drains.account.shape[0]):
        account = drains.account[row]
        customer = people.account_owner[account]
        ordinal, position = people.customer_ordinal[customer], account - people.account_first[customer]
        key = key_of(stream, people.account_id[account], np.int64(life.month_index))
        room = life.month_end - drains.last_at[row] - 1
        moment = drains.last_at[row] + 1 + int(uniform_at(key, np.int64(0)) * room)
        day = life.clock.midnight_at.shape[0] - 1
        while day > 0 and life.clock.midnight_at[day] > moment:
            day -= 1
        events.event_id[row] = identifier_of(
            life.means.identifiers,
            ordinal,
            np.int64(life.clock.first_day - DAYS_TO_2000),
            np.int64(position),
            np.int64(KIND_ATTACK_EVENT),
        )
        events.customer_id[row], events.account_id[row] = people.customer_id[customer], people.account_id[account]
        events.event_date[row], events.event_at[row] = life.clock.first_day + day, moment
