"""The month's book-keeping: openings, movements, the day's limits, what is left over, the settlement."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month, Record
from riskfabric_assets.simulation.kernels.money import MOST_ACCOUNTS, opening_minor
from riskfabric_assets.simulation.kernels.records import Int64s, Row

SETTLEMENT: Final = EVENT_KINDS.index("settlement")
OPENING: Final = EVENT_KINDS.index("opening")
UNMOVED: Final = -1
"""No account has less than 0 available, so this marks a day without movements."""
KINDS_PER_ACCOUNT: Final = 32
"""Room for the kinds of event of one account and day in an id's ordinal."""
KIND_ACCOUNT_EVENT: Final = 10
"""identifiers.Kind.ACCOUNT_EVENT as a plain number: kernels do not know enumerations."""


@inline_lean_kernel
def opening_of(life: Life, customer: Row, account: int, month_index: int) -> int:
    """Return T(account, month)."""
    entity = customer.ordinal * MOST_ACCOUNTS + account - customer.account_first
    return opening_minor(
        life.balances_stream,
        entity,
        month_index,
        life.accounts[account],
        life.rules[0].opening_log_sd,
        life.normal_body,
        life.normal_tail,
    )


@inline_lean_kernel
def write_event(
    life: Life, event: Row, customer: Row, account: int, kind: int, amount: int, date: int, moment: int
) -> None:
    """Write one account event; `date` is days since 1970-01-01."""
    ordinal = (account - customer.account_first) * KINDS_PER_ACCOUNT + kind
    event.event_id = identifier_of(
        life.identifiers,
        np.int64(customer.ordinal),
        np.int64(date - DAYS_TO_2000),
        np.int64(ordinal),
        np.int64(KIND_ACCOUNT_EVENT),
    )
    event.customer_id = customer.customer_id
    event.account_id = life.accounts[account].account_id
    event.account_slot = account
    event.card_id = event.device_id = event.counterparty_id = event.related_event_id = NO_ID
    event.event_kind = kind
    event.amount_minor = amount
    event.event_date = date
    event.event_at = moment


@inline_lean_kernel
def open_month(life: Life, month: Month, record: Record, desk: Desk, customer: Row) -> None:
    """Set every account to its opening."""
    desk.today[0].until = month.first_day
    for account in range(customer.account_first, customer.account_stop):
        scratch = desk.accounts[account - customer.account_first]
        is_active = life.accounts[account].is_active
        scratch.balance = opening_of(life, customer, account, month.month_index) if is_active else 0
        scratch.last_at = month.midnight_at[0]
        scratch.given_back = 0
        desk.closing[account - customer.account_first] = UNMOVED
        if is_active and month.is_opening_told:
            event = next_event(record, desk)
            write_event(life, event, customer, account, OPENING, scratch.balance, month.first_day, month.midnight_at[0])
    desk.today[0].lease = -month.month_index - 1


@inline_lean_kernel
def move(life: Life, record: Record, desk: Desk, customer: Row, account: int, day: int, amount: int) -> None:
    """Book a movement: positive credits the account; a debit may be the lowest point of its day."""
    position, row = account - customer.account_first, account - record.first_account
    scratch = desk.accounts[position]
    scratch.balance += amount
    available = scratch.balance + life.accounts[account].credit_limit_minor
    desk.closing[position, day] = available
    if amount < 0:
        record.leftover_minor[row, day] = min(record.leftover_minor[row, day], available)


@inline_lean_kernel
def has_event_room(desk: Desk) -> bool:
    """Tell whether the customer has room for one more event beside those that always happen."""
    return bool(desk.today[0].extra_events < desk.today[0].extra_room)


@inline_lean_kernel
def next_event(record: Record, desk: Desk) -> Row:
    """Take the customer's next free event row."""
    row = desk.today[0].event_row
    desk.today[0].event_row = row + 1
    return record.events[row]


@inline_lean_kernel
def write_movement(
    life: Life,
    record: Record,
    desk: Desk,
    payment: Row,
    payer: int,
    account: int,
    owner_id: int,
    kind: int,
    number: int,
) -> Row:
    """Write an event that belongs to a payment, on an account of anybody; kind is an event kind, number an id kind.

    `payer` is the ordinal of who pays. Amount, moment and date are those of the payment until the caller says
    otherwise.
    """
    event = next_event(record, desk)
    desk.today[0].extra_events += 1
    event.event_id = identifier_of(
        life.identifiers,
        np.int64(payer),
        np.int64(payment.event_date - DAYS_TO_2000),
        np.int64(desk.intent[0].ordinal),
        np.int64(number),
    )
    event.customer_id = owner_id
    event.account_id = life.accounts[account].account_id
    event.account_slot = account
    event.card_id = event.device_id = NO_ID
    event.counterparty_id, event.related_event_id = payment.account_id, payment.event_id
    event.event_kind, event.amount_minor = kind, payment.amount_minor
    event.event_date, event.event_at = payment.event_date, payment.event_at
    return event


@inline_lean_kernel
def close_month(life: Life, month: Month, record: Record, desk: Desk, customer: Row) -> None:
    """Settle every account to its next opening, and turn the daily lows into what is left over."""
    for account in range(customer.account_first, customer.account_stop):
        if not life.accounts[account].is_active:
            continue
        scratch, row = desk.accounts[account - customer.account_first], account - record.first_account
        following = opening_of(life, customer, account, month.month_index + 1)
        entity = customer.ordinal * MOST_ACCOUNTS + account - customer.account_first
        draw = uniform_at(key_of(life.balances_stream, np.int64(entity), np.int64(month.month_index)), np.int64(1))
        moment = scratch.last_at + 1 + int(draw * (month.end - scratch.last_at - 1))
        day = month.midnight_at.shape[0] - 1
        while day > 0 and month.midnight_at[day] > moment:
            day -= 1
        amount = following - scratch.balance - scratch.given_back
        write_event(
            life, next_event(record, desk), customer, account, SETTLEMENT, amount, month.first_day + day, moment
        )
        left, limit = record.leftover_minor[row], life.accounts[account].credit_limit_minor
        opened = opening_of(life, customer, account, month.month_index) + limit
        close_leftovers(left, desk.closing[account - customer.account_first], opened, following + limit, day)


@inline_lean_kernel
def close_leftovers(left: Int64s, closing: Int64s, opened: int, settled: int, settlement_day: int) -> None:
    """Turn the lowest points of days into the lowest available money from each day on, shape (days + 1,).

    A day starts with what the day before closed with, the first with what the month opened with; from the day after
    the settlement on there is what it left, or less: credits of others may put the settlement off.
    """
    days = left.shape[0] - 1
    for day in range(settlement_day + 1):
        left[day] = min(left[day], opened)
        opened = closing[day] if closing[day] != UNMOVED else opened
    for day in range(settlement_day + 1, days):
        left[day] = min(opened, settled)
    left[days] = settled
    low = settled
    for day in range(settlement_day, -1, -1):
        low = min(low, left[day])
        left[day] = low
