"""What follows from an outcome: another try, a top-up first, the payee's credit, a refund, a returned debit."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import exponential_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID
from riskfabric_assets.simulation.kernels import books, decisions
from riskfabric_assets.simulation.kernels.activity import MOST_PAYMENTS
from riskfabric_assets.simulation.kernels.amounts import TRANSFERS, clamp, heap
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month, Record
from riskfabric_assets.simulation.kernels.choices import (
    FORESIGHT_DRAW,
    REFUND_DAY_DRAW,
    REFUND_DRAW,
    RETRY_DRAW,
    RETRY_GAP_DRAW,
    choice,
)
from riskfabric_assets.simulation.kernels.records import Row

LEAST_RETRIES, PLANNED_PER_RETRY = 4, 8
"""Room for second tries: four, and one for every eight planned payments of the month."""
LEAST_EXTRAS, PLANNED_PER_EXTRA = 8, 2
"""Room for events beside openings, salaries and settlements."""
FIRST_RETRY: Final = 2 * MOST_PAYMENTS
"""Ordinal within the day of the second try of the day's first payment."""
SHORTEST_GAP: Final = 8_000_000
LONGEST_GAP: Final = 540_000_000
"""Nine minutes: later it is another payment."""
SMALLEST_REDUCTION, LARGEST_REDUCTION = 0.3, 0.8
"""What is left of an amount that was tried again because money or limit did not cover it. Source: assumed."""
REDUCED_ENDING: Final = 0.2
"""Draw of the ending of a reduced amount: hundreds, where there are so many. Source: assumed."""
DAYS_PER_MONTH: Final = 30.0
TRANSFER_CREDIT: Final = EVENT_KINDS.index("transfer_credit")
REPLENISHMENT: Final = EVENT_KINDS.index("replenishment")
REFUND: Final = EVENT_KINDS.index("refund")
RETURNED_DEBIT: Final = EVENT_KINDS.index("returned_debit")
KIND_TRANSFER_CREDIT, KIND_REFUND, KIND_RETURNED_DEBIT, KIND_TOP_UP = 17, 18, 19, 22
"""identifiers.Kind as plain numbers: kernels do not know enumerations."""


@inline_lean_kernel
def wants_retry(life: Life, desk: Desk, payment: Row) -> bool:
    """Tell whether a declined payment is tried again, soon and before the day ends."""
    intent, today = desk.intent[0], desk.today[0]
    if intent.is_mandate or today.retries_left == 0:
        return False
    if choice(desk, RETRY_GAP_DRAW) >= life.rules[0].retry_shares[payment.decline_reason]:
        return False
    return bool(intent.moment + LONGEST_GAP < today.day_end)


@inline_lean_kernel
def prepare(life: Life, record: Record, desk: Desk, customer: Row, payment: Row, day: int, tag: int) -> None:
    """Turn the desk's intent into its second try: later, and with money or a smaller amount where that was missing."""
    intent, today, rules = desk.intent[0], desk.today[0], life.rules[0]
    gap = int(exponential_at(intent.key, np.int64(intent.base + RETRY_DRAW)) * rules.retry_gap_microseconds)
    reason, first_at = payment.decline_reason, intent.moment
    today.retries_left -= 1
    intent.moment = first_at + min(SHORTEST_GAP + gap, LONGEST_GAP)
    today.free_at, today.busy_until = first_at + 1, intent.moment
    if intent.is_present:
        today.last_present_at = intent.moment
    draw = choice(desk, REFUND_DAY_DRAW)
    if reason == decisions.INSUFFICIENT_FUNDS and draw < rules.top_up_share and books.has_event_room(desk):
        intent.ordinal = FIRST_RETRY + tag
        bring(life, record, desk, customer, day)
        write_top_up(life, record, desk, customer, payment, (first_at + intent.moment) // 2)
    elif reason in (decisions.INSUFFICIENT_FUNDS, decisions.LIMIT_EXCEEDED) and intent.kind != decisions.BILL:
        left = SMALLEST_REDUCTION + (LARGEST_REDUCTION - SMALLEST_REDUCTION) * draw
        group = TRANSFERS if intent.kind == decisions.TRANSFER else intent.group
        reduced = heap(rules, group, intent.channel, intent.amount * left, REDUCED_ENDING)
        intent.amount = clamp(rules, intent.channel, min(reduced, intent.amount))
    intent.ordinal, intent.failed_for = FIRST_RETRY + tag, reason if intent.rule == NO_CODE else NO_CODE


@inline_lean_kernel
def foresees(life: Life, desk: Desk, customer: Row) -> bool:
    """Tell whether a payer who lacks money has looked at the balance before, and moves money in."""
    intent = desk.intent[0]
    if intent.is_mandate or life.accounts[intent.account].is_credit or not books.has_event_room(desk):
        return False
    return bool(choice(desk, FORESIGHT_DRAW) < customer.foresight)


@inline_lean_kernel
def bring(life: Life, record: Record, desk: Desk, customer: Row, day: int) -> None:
    """Move money in from an account elsewhere: what the payment lacks and some days' spending, in round units."""
    intent, rules = desk.intent[0], life.rules[0]
    held = desk.accounts[intent.account - customer.account_first]
    missing = intent.amount - held.balance - life.accounts[intent.account].credit_limit_minor
    wanted = missing + customer.turnover_minor * rules.buffer_days / DAYS_PER_MONTH
    intent.brought = (int(wanted) // rules.steps_minor[1] + 1) * rules.steps_minor[1]
    books.move(life, record, desk, customer, intent.account, day, intent.brought)


@inline_lean_kernel
def write_top_up(life: Life, record: Record, desk: Desk, customer: Row, payment: Row, moment: int) -> None:
    """Write the event of the money that was brought."""
    intent = desk.intent[0]
    event = books.write_movement(
        life, record, desk, payment, customer.ordinal, intent.account, customer.customer_id, REPLENISHMENT, KIND_TOP_UP
    )
    event.amount_minor, event.event_at, event.counterparty_id = intent.brought, moment, NO_ID
    event.related_event_id, intent.brought = NO_ID, 0


@inline_lean_kernel
def follow_up(
    life: Life,
    month: Month,
    record: Record,
    desk: Desk,
    customer: Row,
    payment: Row,
    day: int,
) -> None:
    """Write what the outcome of a payment brings about on accounts."""
    intent = desk.intent[0]
    if not books.has_event_room(desk):
        return
    if payment.status != 0:
        if intent.is_mandate and payment.decline_reason == decisions.INSUFFICIENT_FUNDS:
            event = books.write_movement(
                life, record, desk, payment, customer.ordinal, intent.account, customer.customer_id, RETURNED_DEBIT,
                KIND_RETURNED_DEBIT,
            )  # fmt: skip
            event.amount_minor, event.counterparty_id = 0, payment.merchant_id
        return
    if intent.kind == decisions.TRANSFER:
        if intent.payee >= 0 and life.payees[intent.payee].account >= 0:
            payee = life.payees[intent.payee]
            books.write_movement(
                life, record, desk, payment, customer.ordinal, payee.account, payee.customer_id, TRANSFER_CREDIT,
                KIND_TRANSFER_CREDIT,
            )  # fmt: skip
    elif intent.kind == decisions.PURCHASE:
        give_back(life, month, record, desk, customer, payment, day)


@inline_lean_kernel
def give_back(
    life: Life,
    month: Month,
    record: Record,
    desk: Desk,
    customer: Row,
    payment: Row,
    day: int,
) -> None:
    """Refund a purchase now and then, days later and within the month; it funds decisions from the next month on."""
    intent, rules = desk.intent[0], life.rules[0]
    if choice(desk, REFUND_DRAW) >= rules.refund_shares[0 if intent.is_present else 1]:
        return
    draw = choice(desk, REFUND_DAY_DRAW)
    later = 1 + int(-np.log(1.0 - draw) * rules.refund_days)
    if day + later >= month.midnight_at.shape[0]:
        return
    event = books.write_movement(
        life, record, desk, payment, customer.ordinal, intent.account, customer.customer_id, REFUND, KIND_REFUND
    )
    event.counterparty_id = payment.merchant_id
    event.event_date = month.first_day + day + later
    offset = payment.event_at - month.midnight_at[day]
    last = month.midnight_at.shape[0] - 1
    end = month.midnight_at[day + later + 1] if day + later < last else month.end - 1
    event.event_at = min(month.midnight_at[day + later] + offset, end - 1)
    held = desk.accounts[intent.account - customer.account_first]
    held.given_back += payment.amount_minor
    held.last_at = max(held.last_at, event.event_at)
