"""Money that comes in: the salary on its day, and what people outside the simulated banks send on others.

An inflow is a pure draw of (customer, day). The amounts of a month make up, on average, for what the salary does not
cover: what goes out to people comes back from people, and who has no salary lives on what others pay.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import uniform_at
from riskfabric_assets.foundation.tables.bronze import CHANNELS, EVENT_KINDS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels import books
from riskfabric_assets.simulation.kernels.amounts import TRANSFERS, clamp, heap
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month, Record
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.world.clock import NEVER, Clock, utc_of

SALARY: Final = EVENT_KINDS.index("salary_credit")
TRANSFER_CREDIT: Final = EVENT_KINDS.index("transfer_credit")
INSTANT: Final = CHANNELS.index("instant")
INFLOW_DRAW, MOMENT_DRAW, AMOUNT_DRAW, ENDING_DRAW, ACCOUNT_DRAW, PAYER_DRAW = range(243, 249)
"""Draws of a customer-day, beside those of payments."""
FIRST_OF_DAY, LAST_OF_DAY = 0.29, 0.92
"""People send money between seven in the morning and ten at night; shares of a day. Source: assumed."""
LEAST_ROOM: Final = 6


@inline_lean_kernel
def room_of(rate: float, days: int) -> int:
    """Return for how many inflows of a month there is room."""
    return min(days, int(2.0 * rate * days) + LEAST_ROOM)


@inline_lean_kernel
def expect(
    life: Life, month: Month, clock: Clock, desk: Desk, customer: Row, slot: int, day: int, key: np.uint64
) -> None:
    """Write on the desk what comes in on a day and when: a part of the salary, else perhaps an inflow."""
    today = desk.today[0]
    today.credit_at = NEVER
    account = month.salary_account[slot]
    for number in range(2):
        if account >= 0 and month.salary_day[slot, number] == day:
            today.credit_at = utc_of(clock, day, month.salary_microseconds[slot])
            today.credit_kind, today.credit_account = SALARY, account
            today.credit_minor = month.salary_minor[slot, number]
            return
    if today.inflows_left > 0 and uniform_at(key, np.int64(INFLOW_DRAW)) < customer.inflow_rate:
        expect_inflow(life, month, clock, desk, customer, slot, day, key)


@inline_lean_kernel
def expect_inflow(
    life: Life, month: Month, clock: Clock, desk: Desk, customer: Row, slot: int, day: int, key: np.uint64
) -> None:
    """Write an inflow on the desk: its share of what the month's salary does not cover."""
    today, rules, account = desk.today[0], life.rules[0], customer.everyday_account
    if account < 0 or life.accounts[account].is_credit:
        return
    turnover = customer.turnover_minor * month.spending_level
    salary = month.salary_minor[slot, 0] + month.salary_minor[slot, 1] if month.salary_account[slot] >= 0 else 0
    needed = max(turnover - salary, rules.least_inflow * turnover)
    mean = needed / (customer.inflow_rate * month.midnight_at.shape[0])
    deviate = normal_of(uniform_at(key, np.int64(AMOUNT_DRAW)), life.normal_body, life.normal_tail)
    amount = mean * np.exp(rules.inflow_log_sd * (deviate - 0.5 * rules.inflow_log_sd))
    ending = uniform_at(key, np.int64(ENDING_DRAW))
    today.credit_minor = clamp(rules, INSTANT, heap(rules, TRANSFERS, INSTANT, amount, ending))
    part = FIRST_OF_DAY + (LAST_OF_DAY - FIRST_OF_DAY) * uniform_at(key, np.int64(MOMENT_DRAW))
    today.credit_at = utc_of(clock, day, int(part * MICROSECONDS_PER_DAY))
    today.credit_kind = TRANSFER_CREDIT
    today.credit_account = account_of(life, customer, uniform_at(key, np.int64(ACCOUNT_DRAW)))


@inline_lean_kernel
def account_of(life: Life, customer: Row, uniform: float) -> int:
    """Return the account that an inflow goes to: the everyday one, or as often as it pays, another one."""
    primary = life.rules[0].primary_account
    if uniform < primary:
        return int(customer.everyday_account)
    count = customer.account_stop - customer.account_first
    account = customer.account_first + int((uniform - primary) / (1.0 - primary) * count)
    is_fit = life.accounts[account].is_active and not life.accounts[account].is_credit
    return int(account if is_fit else customer.everyday_account)


@inline_lean_kernel
def payer_of(life: Life, customer: Row, uniform: float) -> int:
    """Return who sent an inflow: one of the outsiders one sends money to, NO_ID where there is none."""
    count = customer.payee_stop - customer.payee_first
    for number in range(count):
        payee = life.payees[customer.payee_first + (int(uniform * count) + number) % count]
        if payee.customer_id == NO_ID and not payee.is_landlord:
            return int(payee.payee_id)
    return NO_ID


@inline_lean_kernel
def note_credit(desk: Desk, event: Row) -> None:
    """Keep an inflow for the bank's rules."""
    credit = desk.credits[desk.today[0].credits]
    credit.account_id, credit.moment, credit.amount_minor = event.account_id, event.event_at, event.amount_minor
    desk.today[0].credits += 1
    desk.credits[desk.today[0].credits].moment = NEVER


@inline_lean_kernel
def receive(life: Life, record: Record, desk: Desk, customer: Row, day: int, key: np.uint64) -> None:
    """Credit what the desk expects."""
    today = desk.today[0]
    account, moment, amount = int(today.credit_account), int(today.credit_at), int(today.credit_minor)
    books.move(life, record, desk, customer, account, day, amount)
    held = desk.accounts[account - customer.account_first]
    held.last_at = max(held.last_at, moment)
    event = books.next_event(record, desk)
    books.write_event(life, event, customer, account, today.credit_kind, amount, record.first_day + day, moment)
    if today.credit_kind == SALARY:
        event.counterparty_id = customer.employer_id
    else:
        today.inflows_left -= 1
        note_credit(desk, event)
        event.counterparty_id = payer_of(life, customer, uniform_at(key, np.int64(PAYER_DRAW)))
    today.credit_at = NEVER
