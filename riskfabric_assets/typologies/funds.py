"""Criminals get what honest life leaves over; beyond that they are declined like anyone.

The pass looks at one account after the other, attacks in order of (start, attack id). What has been taken from
an account lowers what is left for the rest of its month, and one replenishment gives it back before the end.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import Streams, key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, HonestMonth, Rows
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.bundles import Life, Month
from riskfabric_assets.simulation.kernels.decisions import INSUFFICIENT_FUNDS, LIMIT_EXCEEDED, ONLINE
from riskfabric_assets.simulation.kernels.money import MOST_CARDS
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.typologies.payments import APPROVED, DECLINED

Int64s = npt.NDArray[np.int64]

REPLENISHMENT: Final = EVENT_KINDS.index("replenishment")
MOST_DAYS: Final = 31
KIND_ATTACK_EVENT: Final = 11
"""identifiers.Kind.ATTACK_EVENT as a plain number: kernels do not know enumerations."""

DRAIN: Final = np.dtype(
    [("customer", np.int64), ("account", np.int64), ("amount_minor", np.int64), ("last_at", np.int64)]
)
"""What was taken from one account: slots, sum, moment of the last payment."""


class Leftovers(NamedTuple):
    """What honest life leaves in a block; rows count from the block's first account and card. Used up in place."""

    first_account: int
    first_card: int
    balance_minor: Int64s
    account_limit_minor: Int64s
    online_limit_minor: Int64s


def settle(life: Life, honest: HonestMonth, attempts: Rows, payments: Rows) -> Rows:
    """Decline in place what neither balance nor limits cover.

    Args:
        life: People.
        honest: The block's honest month.
        attempts: Records of ATTEMPT of all typologies, shape (n,).
        payments: Their payments, records of PAYMENT_ROW.

    Returns:
        Records of DRAIN, one per account that lost money.
    """
    keys = (payments["event_at"], attempts["attack_id"], attempts["start_at"], attempts["account"])
    order = np.lexsort(keys).astype(np.int64)
    leftovers = Leftovers(
        honest.first_account,
        honest.first_card,
        honest.leftover_minor,
        honest.unused_account_limit_minor,
        honest.unused_online_limit_minor,
    )
    drains = np.zeros(order.shape[0], dtype=DRAIN)
    by_transfer, by_card = np.zeros(MOST_DAYS, np.int64), np.zeros((MOST_CARDS, MOST_DAYS), np.int64)
    count = _settle_kernel(life, attempts, payments, order, leftovers, by_transfer, by_card, drains)
    return drains[:count]


def replenish(life: Life, month: Month, drains: Rows, streams: Streams) -> Rows:
    """Give back what was taken: one movement per account, at any moment left of the month.

    Returns:
        Records of EVENT_ROW, shape (drains,).
    """
    events = np.zeros(drains.shape[0], dtype=EVENT_ROW)
    _replenish_kernel(streams.key("typologies/replenishment"), life, month, drains, events)
    return events


@inline_lean_kernel
def _refusal(wanted: Row, amount: int, left: Leftovers, taken: int, spent: Int64s) -> int:
    """Return why money or limits refuse a payment, or -1; `spent` is the day's spending by transfer or by card."""
    account = wanted.account - left.first_account
    if wanted.channel == ONLINE:
        limit = left.online_limit_minor[wanted.card - left.first_card, wanted.day]
    else:
        limit = left.account_limit_minor[account, wanted.day]
    if spent[wanted.day] + amount > limit:
        return LIMIT_EXCEEDED
    return INSUFFICIENT_FUNDS if taken + amount > left.balance_minor[account, wanted.day] else -1


@lean_kernel
def _settle_kernel(
    life: Life,
    attempts: Rows,
    payments: Rows,
    order: Int64s,
    left: Leftovers,
    by_transfer: Int64s,
    by_card: Int64s,
    drains: Rows,
) -> int:
    current, taken, count = np.int64(-1), np.int64(0), 0
    for position in range(order.shape[0]):
        wanted, payment = attempts[order[position]], payments[order[position]]
        customer = life.customers[wanted.customer]
        if wanted.account != current:
            current, taken = wanted.account, np.int64(0)
            by_transfer[:] = 0
            for card in range(customer.card_stop - customer.card_first):
                by_card[card, :] = 0
        if payment.status != APPROVED:
            continue
        is_card = wanted.channel == ONLINE
        spent = by_card[wanted.card - customer.card_first] if is_card else by_transfer
        reason = _refusal(wanted, int(payment.amount_minor), left, int(taken), spent)
        if reason >= 0:
            payment.status, payment.decline_reason = DECLINED, reason
            continue
        spent[wanted.day] += payment.amount_minor
        count += 1 if taken == 0 else 0
        taken += payment.amount_minor
        drain = drains[count - 1]
        drain.customer, drain.account, drain.amount_minor = wanted.customer, current, taken
        drain.last_at = max(drain.last_at, payment.event_at)
    return count


@lean_kernel
def _replenish_kernel(stream: np.uint64, life: Life, month: Month, drains: Rows, events: Rows) -> None:
    for row in range(drains.shape[0]):
        drain, event = drains[row], events[row]
        customer, account = life.customers[drain.customer], life.accounts[drain.account]
        key = key_of(stream, np.int64(account.account_id), np.int64(month.month_index))
        moment = drain.last_at + 1 + int(uniform_at(key, np.int64(0)) * (month.end - drain.last_at - 1))
        day = month.midnight_at.shape[0] - 1
        while day > 0 and month.midnight_at[day] > moment:
            day -= 1
        event.event_id = identifier_of(
            life.identifiers,
            np.int64(customer.ordinal),
            np.int64(month.first_day - DAYS_TO_2000),
            np.int64(drain.account - customer.account_first),
            np.int64(KIND_ATTACK_EVENT),
        )
        event.customer_id, event.account_id, event.event_kind = customer.customer_id, account.account_id, REPLENISHMENT
        event.account_slot = drain.account
        event.card_id = event.device_id = event.counterparty_id = event.related_event_id = NO_ID
        event.amount_minor, event.event_date, event.event_at = drain.amount_minor, month.first_day + day, moment
