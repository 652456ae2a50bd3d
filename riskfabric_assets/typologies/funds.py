"""Criminals get what the bank's rules and honest life leave them; beyond that they are declined like anyone.

The pass looks at one account after the other, attacks in order of (start, attack id). What has been taken from
an account lowers what is left for the rest of its month, what crime brings in raises it, and one movement makes up for
the difference before the end: a replenishment, or the reversal of what a mule did not send on.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import Streams, key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.packs.crime import Reactions
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_CODE, NO_ID, HonestMonth, Rows
from riskfabric_assets.simulation.kernels import bank_rules
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.bundles import Life, Month
from riskfabric_assets.simulation.kernels.decisions import (
    ATM,
    BILL,
    INSUFFICIENT_FUNDS,
    ISSUER_RISK_RULE,
    LIMIT_EXCEEDED,
    ONLINE,
    POS,
)
from riskfabric_assets.simulation.kernels.money import MOST_CARDS
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.typologies.histories import Histories, begin, histories_of, note, read_until
from riskfabric_assets.typologies.payments import APPROVED, DECLINED
from riskfabric_assets.typologies.reactions import REDUCE, RETRY, STOP

Int64s = npt.NDArray[np.int64]

REPLENISHMENT: Final = EVENT_KINDS.index("replenishment")
REVERSAL: Final = EVENT_KINDS.index("reversal")
MOST_DAYS: Final = 31
NO_LIMIT: Final = 1 << 62
STEP_MINOR: Final = 10_000
"""A reduced amount is a multiple of this."""
LEAST_PART: Final = 0.2
"""For less than this part of what was wanted nobody bothers."""
KIND_ATTACK_EVENT: Final = 11
"""identifiers.Kind.ATTACK_EVENT as a plain number: kernels do not know enumerations."""

DRAIN: Final = np.dtype(
    [("customer", np.int64), ("account", np.int64), ("amount_minor", np.int64), ("last_at", np.int64)]
)
"""What was taken from one account, less what came in: slots, sum, moment of the last movement."""


class Leftovers(NamedTuple):
    """What honest life leaves in a block; rows count from the block's first account and card. Used up in place."""

    first_account: int
    first_card: int
    balance_minor: Int64s
    account_limit_minor: Int64s
    online_limit_minor: Int64s
    cash_limit_minor: Int64s


class Spent(NamedTuple):
    """What crime has spent of an account's limits, day by day; used for one account after the other."""

    by_transfer: Int64s
    """Shape (days,)."""
    online: Int64s
    """Shape (cards, days)."""
    cash: Int64s
    """Shape (cards, days)."""


class Temper(NamedTuple):
    """How criminals answer refusals, as `config/crime.yaml` says."""

    reduced_to: float
    most_refusals: int


def settle(life: Life, honest: HonestMonth, attempts: Rows, payments: Rows, reactions: Reactions) -> Rows:
    """Decline in place what breaks a rule or neither balance nor limits cover, and mark what is never tried as absent.

    Args:
        life: People.
        honest: The block's honest month.
        attempts: Records of ATTEMPT of all typologies, shape (n,).
        payments: Their payments, records of PAYMENT_ROW.
        reactions: How criminals answer a refusal.

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
        honest.unused_cash_limit_minor,
    )
    drains = np.zeros(order.shape[0], dtype=DRAIN)
    by_card = (np.zeros((MOST_CARDS, MOST_DAYS), np.int64) for _ in range(2))
    spent = Spent(np.zeros(MOST_DAYS, np.int64), *by_card)
    temper = Temper(reactions.reduced_to, reactions.most_refusals)
    histories = histories_of(honest, attempts)
    count = _settle_kernel(life, attempts, payments, order, leftovers, spent, drains, temper, histories)
    return drains[:count]


def replenish(life: Life, month: Month, drains: Rows, streams: Streams) -> Rows:
    """Make up for what was taken or left: one movement per account, at any moment left of the month.

    Returns:
        Records of EVENT_ROW, shape (drains,).
    """
    events = np.zeros(drains.shape[0], dtype=EVENT_ROW)
    _replenish_kernel(streams.key("typologies/replenishment"), life, month, drains, events)
    return events


@inline_lean_kernel
def _limit(wanted: Row, left: Leftovers) -> int:
    """Return what honest life leaves of the limit of the day; standing debits have none."""
    if wanted.channel == POS or wanted.kind == BILL:
        return NO_LIMIT
    if wanted.channel == ONLINE:
        return int(left.online_limit_minor[wanted.card - left.first_card, wanted.day])
    if wanted.channel == ATM:
        return int(left.cash_limit_minor[wanted.card - left.first_card, wanted.day])
    return int(left.account_limit_minor[wanted.account - left.first_account, wanted.day])


@inline_lean_kernel
def _fits(wanted: Row, payment: Row, left: Leftovers, taken: int) -> bool:
    """Ask for less where limit or money is short; who sees that hardly anything is left does not try.

    `taken` is what this attack took: other attacks are not foreseen.
    """
    money = int(left.balance_minor[wanted.account - left.first_account, wanted.day]) - taken
    fitting = min(_limit(wanted, left), money) // STEP_MINOR * STEP_MINOR
    if fitting >= payment.amount_minor:
        return True
    if LEAST_PART * payment.amount_minor > fitting:
        return False
    payment.amount_minor = fitting
    return True


@inline_lean_kernel
def _refusal(life: Life, wanted: Row, amount: int, left: Leftovers, spent: Spent, taken: int) -> int:
    """Return why money or limits refuse a payment, or -1; one that they allow is counted among what is spent."""
    card, day = wanted.card - life.customers[wanted.customer].card_first, wanted.day
    channel = POS if wanted.kind == BILL else wanted.channel
    used = 0
    if channel == ONLINE:
        used = spent.online[card, day]
    elif channel == ATM:
        used = spent.cash[card, day]
    elif channel != POS:
        used = spent.by_transfer[day]
    if used + amount > _limit(wanted, left):
        return LIMIT_EXCEEDED
    if taken + amount > left.balance_minor[wanted.account - left.first_account, day]:
        return INSUFFICIENT_FUNDS
    if channel == ONLINE:
        spent.online[card, day] += amount
    elif channel == ATM:
        spent.cash[card, day] += amount
    elif channel != POS:
        spent.by_transfer[day] += amount
    return -1


@inline_lean_kernel
def _is_given_up(wanted: Row, refusals: int, failure: int, temper: Temper) -> bool:
    """Tell whether a payment is not even tried.

    Standing debits come once, whatever happened. Spare ones follow a refusal only: the same again where a proof or a
    machine failed, else less.
    """
    if wanted.kind == BILL:
        return bool(wanted.is_spare)
    if refusals > 0 and (wanted.mood == STOP or refusals >= temper.most_refusals):
        return True
    is_short = failure in (INSUFFICIENT_FUNDS, LIMIT_EXCEEDED, ISSUER_RISK_RULE)
    return wanted.is_spare and (failure == NO_CODE or wanted.mood != (REDUCE if is_short else RETRY))


@inline_lean_kernel
def _is_tried(
    wanted: Row, payment: Row, left: Leftovers, own: int, refusals: int, failure: int, temper: Temper
) -> bool:
    """Tell whether a payment is made, and set for how much after a refusal; events around payments always happen."""
    if wanted.is_absent:
        return False
    if wanted.event_kind == NO_CODE:
        if _is_given_up(wanted, refusals, failure, temper):
            return False
        if refusals > 0:
            payment.amount_minor = _reduced(wanted, payment.amount_minor, refusals, temper)
    return not wanted.is_fitting or _fits(wanted, payment, left, own)


@inline_lean_kernel
def _reduced(wanted: Row, amount: int, refusals: int, temper: Temper) -> int:
    """Return what is asked for after a refusal for money, limits or rules: fixed prices and what must rise stay."""
    if wanted.is_escalating or wanted.is_abroad or wanted.kind == BILL:
        return amount
    less = int(amount * temper.reduced_to**refusals) // STEP_MINOR * STEP_MINOR
    return less if less > 0 else amount


@lean_kernel  # other attacks on the account count by the most they ever took: what they brought in may come later
def _settle_kernel(
    life: Life,
    attempts: Rows,
    payments: Rows,
    order: Int64s,
    left: Leftovers,
    spent: Spent,
    drains: Rows,
    temper: Temper,
    histories: Histories,
) -> int:
    current, taken, count, has_moved = np.int64(-1), np.int64(0), 0, False
    attack, own, refusals, failure = np.int64(-1), np.int64(0), 0, NO_CODE
    before, net, peak = np.int64(0), np.int64(0), np.int64(0)
    for position in range(order.shape[0]):
        wanted, payment = attempts[order[position]], payments[order[position]]
        if wanted.account != current:
            current, taken, has_moved = wanted.account, np.int64(0), False
            before, net, peak = np.int64(0), np.int64(0), np.int64(0)
            _forget(life.customers[wanted.customer], spent)
            attack = np.int64(-1)
        if wanted.attack_id != attack:
            attack, own, refusals, failure = wanted.attack_id, np.int64(0), 0, NO_CODE
            before, net, peak = before + peak, np.int64(0), np.int64(0)
            begin(histories, wanted.customer)
        is_credit = wanted.event_kind != NO_CODE
        if not _is_tried(wanted, payment, left, int(own), refusals, failure, temper):
            wanted.is_absent = True
            continue
        if payment.status == APPROVED and not is_credit:
            _ask_engine(life, wanted, payment, histories)
        if payment.status != APPROVED:
            failure = int(payment.decline_reason)
            refusals += 1 if failure == ISSUER_RISK_RULE else 0
        if payment.status != APPROVED or payment.amount_minor == 0:
            continue
        amount = -payment.amount_minor if is_credit else payment.amount_minor
        if is_credit or own + amount <= left.balance_minor[wanted.account - left.first_account, wanted.day]:
            own += amount
        reason = -1 if is_credit else _refusal(life, wanted, int(amount), left, spent, int(before + net))
        failure = reason if reason >= 0 else NO_CODE
        if reason >= 0:
            payment.status, payment.decline_reason = DECLINED, reason
            refusals += 1
            continue
        note(histories, payment, is_credit)
        count += 0 if has_moved else 1
        taken, net, has_moved = taken + amount, net + amount, True
        peak = max(peak, net)
        drain = drains[count - 1]
        drain.customer, drain.account, drain.amount_minor = wanted.customer, current, taken
        drain.last_at = max(drain.last_at, payment.event_at)
    return count


@inline_lean_kernel
def _ask_engine(life: Life, wanted: Row, payment: Row, histories: Histories) -> None:
    """Decline a payment by the first of the bank's rules that it breaks, if there is one."""
    read_until(histories, payment.event_at)
    rows, state = histories.payments, histories.state[0]
    customer = life.customers[wanted.customer]
    rule = bank_rules.judge(life, customer, rows, 0, state.payments, histories.credits, payment, payment.amount_minor)
    if rule != NO_CODE:
        payment.status, payment.decline_reason, payment.engine_rule = DECLINED, ISSUER_RISK_RULE, rule


@inline_lean_kernel
def _forget(customer: Row, spent: Spent) -> None:
    """Start on another account."""
    spent.by_transfer[:] = 0
    for card in range(customer.card_stop - customer.card_first):
        spent.online[card, :] = 0
        spent.cash[card, :] = 0


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
        event.customer_id, event.account_id = customer.customer_id, account.account_id
        event.event_kind = REPLENISHMENT if drain.amount_minor >= 0 else REVERSAL
        event.account_slot = drain.account
        event.card_id = event.device_id = event.counterparty_id = event.related_event_id = NO_ID
        event.amount_minor, event.event_date, event.event_at = drain.amount_minor, month.first_day + day, moment
