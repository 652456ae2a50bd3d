"""`live_month`: one whole local month of honest life for a block of customers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.population import PAY_DAYS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, PAYMENT_ROW, HonestMonth, Int64s, People
from riskfabric_assets.simulation.kernels.activity import MOST_PAYMENTS, count_payments_kernel
from riskfabric_assets.simulation.kernels.life import live_kernel
from riskfabric_assets.simulation.kernels.money import MOST_ACCOUNTS, MOST_CARDS
from riskfabric_assets.simulation.kernels.records import (
    ACCOUNT_SCRATCH,
    CARD_SCRATCH,
    CUSTOMER_SCRATCH,
    Desk,
    Month,
    Record,
)
from riskfabric_assets.simulation.packing import ACTIVE_ACCOUNT, MICROSECONDS_PER_HOUR
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.simulation.tables import day_factors
from riskfabric_assets.world.clock import NEVER, Clock, month_clock

SATURDAY: Final = 5
MOST_DAYS: Final = 31
CUSTOMERS_PER_TASK: Final = 512
"""Small enough that threads end together; no byte depends on it."""


def blocks_of(people: People, cards_per_block: int) -> list[tuple[int, int]]:
    """Cut customers into consecutive blocks of at most `cards_per_block` cards, at least one customer each."""
    blocks, start = [], 0
    while start < people.count_customers:
        limit = people.card_first[start] + cards_per_block
        stop = int(np.searchsorted(people.card_first, limit, side="right")) - 1
        stop = min(max(stop, start + 1), people.count_customers)
        blocks.append((start, stop))
        start = stop
    return blocks


def live_month(society: Society, month: str, first_customer: int, stop_customer: int, threads: int = 1) -> HonestMonth:
    """Simulate the whole month of customer slots `first_customer` to `stop_customer`.

    Args:
        society: People and habits.
        month: Local month, "2025-08"; every day of it is made, whatever is kept later.
        first_customer: First customer slot.
        stop_customer: Slot after the last.
        threads: How many threads share the work; changes no byte.
    """
    clock, people = month_clock(society.timezone, month), society.people
    lived = month_of_clock(society, month, clock)
    counts = np.zeros(stop_customer - first_customer, dtype=np.int64)
    sessions = np.zeros((counts.shape[0], clock.count_days), dtype=np.uint8)
    count_payments_kernel(society.life, lived, first_customer, sessions, counts)
    record = empty_record(people, lived, first_customer, sessions, _starts(counts))

    slots = by_neighborhood(people, first_customer, stop_customer)

    def run(start: int) -> None:
        live_kernel(society.life, lived, clock, record, empty_desk(), slots[start : start + CUSTOMERS_PER_TASK])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(0, slots.shape[0], CUSTOMERS_PER_TASK)))
    return HonestMonth(
        month=month,
        clock=clock,
        first_customer=first_customer,
        stop_customer=stop_customer,
        first_account=record.first_account,
        first_card=record.first_card,
        payment_rows=record.payments,
        payment_first=record.payment_first,
        event_rows=record.events,
        leftover_minor=record.leftover_minor,
        unused_account_limit_minor=record.unused_account_limit_minor,
        unused_online_limit_minor=record.unused_online_limit_minor,
        unused_cash_limit_minor=record.unused_cash_limit_minor,
    )


def by_neighborhood(people: People, first_customer: int, stop_customer: int) -> Int64s:
    """Return the customer slots of a block ordered by the cell of their home, so that neighbors share the cache."""
    cells = people.home_h3_cell_r7[first_customer:stop_customer]
    return np.argsort(cells, kind="stable").astype(np.int64) + first_customer


def month_of_clock(society: Society, month: str, clock: Clock) -> Month:
    """Bundle what the kernel needs for one month."""
    salary_account, salary_day, salary_microseconds = salaries_of(society, clock)
    return Month(
        first_day=clock.first_day,
        month_index=int(clock.month_index[0]),
        end=month_end(clock),
        is_opening_told=month == society.first_month,
        day_factors=day_factors(society.payments, clock.weekday, clock.day_of_month),
        midnight_at=clock.midnight_at,
        daily_account_limit_minor=int(society.life.rules["daily_account_limit_minor"][0]),
        salary_account=salary_account,
        salary_day=salary_day,
        salary_microseconds=salary_microseconds,
    )


def month_end(clock: Clock) -> int:
    """Return the first moment after the month, microseconds UTC."""
    end = int(clock.midnight_at[-1]) + MICROSECONDS_PER_DAY
    if clock.change_at[-1] != NEVER:
        end -= int(clock.offset_after_microseconds[-1] - clock.offset_microseconds[-1])
    return end


def salaries_of(society: Society, clock: Clock) -> tuple[Int64s, Int64s, Int64s]:
    """Return account slot (-1 for none), day of the month from 0 and time after midnight of every salary.

    The pay day is a habit of the customer's employer, the time is drawn per month. Who has no pay day gets no salary.
    """
    people, streams, rules = society.people, society.streams, society.behaviour.salary
    month_index = int(clock.month_index[0])
    draws = streams.uniforms("simulation/salary", people.customer_ordinal, month_index)
    hours = rules.first_hour + draws * (rules.last_hour - rules.first_hour)
    account = society.life.customers["everyday_account"]
    is_credit = (account < 0) | society.life.accounts["is_credit"][np.maximum(account, 0)]
    is_paid = ~is_credit & (people.monthly_income_minor > 0) & (people.pay_day != NO_ID)
    paid = np.where(is_paid, account, -1).astype(np.int64)
    day = pay_days_of(clock)[np.maximum(people.pay_day, 0)]
    return paid, day - 1, (hours * MICROSECONDS_PER_HOUR).astype(np.int64)


def pay_days_of(clock: Clock) -> Int64s:
    """Return the day of the month, from 1, of every kind of pay day in the order of PAY_DAYS, for one month."""
    working = np.nonzero(clock.weekday[: clock.count_days] < SATURDAY)[0]
    ends = {"last_day": clock.count_days, "last_working_day": int(working[-1]) + 1}
    return np.array([ends.get(name) or int(name.removeprefix("day_")) for name in PAY_DAYS], dtype=np.int64)


def empty_record(
    people: People, month: Month, first_customer: int, sessions: npt.NDArray[np.uint8], payment_first: Int64s
) -> Record:
    """Allocate the rows of a block, every customer's at their place; `sessions` has the shape (customers, days)."""
    count, days = sessions.shape
    stop_customer = first_customer + count
    first_account, first_card = people.account_first[first_customer], people.card_first[first_customer]
    is_active = people.account_status[first_account : people.account_first[stop_customer]] == ACTIVE_ACCOUNT
    cards = slice(int(first_card), int(people.card_first[stop_customer]))
    leftover = np.repeat(np.where(is_active, NEVER, 0)[:, None], days + 1, axis=1)
    unused_account = np.repeat(np.where(is_active, month.daily_account_limit_minor, 0)[:, None], days, axis=1)
    event_first = _starts(count_events(people, month, first_customer, stop_customer))
    return Record(
        first_day=month.first_day,
        first_customer=first_customer,
        first_account=int(first_account),
        first_card=int(first_card),
        sessions=sessions,
        payment_first=payment_first,
        event_first=event_first,
        payments=np.empty(int(payment_first[-1]), dtype=PAYMENT_ROW),
        events=np.empty(int(event_first[-1]), dtype=EVENT_ROW),
        leftover_minor=leftover,
        unused_account_limit_minor=unused_account,
        unused_online_limit_minor=np.tile(people.daily_online_limit_minor[cards, None], days),
        unused_cash_limit_minor=np.tile(people.daily_atm_limit_minor[cards, None], days),
    )


def count_events(people: People, month: Month, first_customer: int, stop_customer: int) -> Int64s:
    """Return one settlement (and opening) per active account and one salary per paid customer, shape (customers,)."""
    active_before = _starts((people.account_status == ACTIVE_ACCOUNT).astype(np.int64))
    active = np.diff(active_before[people.account_first[first_customer : stop_customer + 1]])
    is_paid = month.salary_account[first_customer:stop_customer] >= 0
    return np.asarray(active * (2 if month.is_opening_told else 1) + is_paid, dtype=np.int64)


def empty_desk() -> Desk:
    """Return scratch space for one call of the kernel."""
    return Desk(
        moments=np.zeros(MOST_PAYMENTS, dtype=np.int64),
        accounts=np.zeros(MOST_ACCOUNTS, dtype=ACCOUNT_SCRATCH),
        cards=np.zeros(MOST_CARDS, dtype=CARD_SCRATCH),
        today=np.zeros(1, dtype=CUSTOMER_SCRATCH),
        closing=np.zeros((MOST_ACCOUNTS, MOST_DAYS), dtype=np.int64),
    )


def _starts(counts: Int64s) -> Int64s:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
