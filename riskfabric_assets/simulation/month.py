"""`live_month`: one whole local month of honest life for a block of customers."""

import datetime as dt
import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.tables.population import PAY_DAYS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.payments import Payments
from riskfabric_assets.simulation.columns import EVENT_ROW, PAYMENT_ROW, HonestMonth, Int64s, People, Rows
from riskfabric_assets.simulation.kernels.activity import MOST_PAYMENTS, count_payments_kernel
from riskfabric_assets.simulation.kernels.bundles import Desk, Month, Record
from riskfabric_assets.simulation.kernels.income import LEAST_ROOM
from riskfabric_assets.simulation.kernels.life import live_kernel
from riskfabric_assets.simulation.kernels.money import MOST_ACCOUNTS, MOST_CARDS
from riskfabric_assets.simulation.kernels.records import BILLS
from riskfabric_assets.simulation.kernels.retries import (
    LEAST_EXTRAS,
    LEAST_RETRIES,
    PLANNED_PER_EXTRA,
    PLANNED_PER_RETRY,
)
from riskfabric_assets.simulation.kernels.scratch import ACCOUNT_SCRATCH, CARD_SCRATCH, CREDIT, CUSTOMER_SCRATCH, INTENT
from riskfabric_assets.simulation.outages import OutageRows
from riskfabric_assets.simulation.packing import ACTIVE_ACCOUNT, MICROSECONDS_PER_HOUR
from riskfabric_assets.simulation.society import Society, events_of
from riskfabric_assets.simulation.tables import day_factors, group_shares, minor, moment_profiles
from riskfabric_assets.world.clock import EPOCH, NEVER, Clock, month_clock
from riskfabric_assets.world.fx import rates_of

Floats = npt.NDArray[np.float64]

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
    clock, people, lived = month_clock(society.timezone, month), society.people, lived_month(society, month)
    counts = np.zeros(stop_customer - first_customer, dtype=np.int64)
    sessions = np.zeros((counts.shape[0], clock.count_days), dtype=np.uint8)
    count_payments_kernel(society.life, lived, first_customer, sessions, counts)
    record = empty_record(people, society.life.customers, lived, first_customer, sessions, counts + BILLS)
    slots = by_neighborhood(people, first_customer, stop_customer)

    def run(start: int) -> None:
        live_kernel(society.life, lived, clock, record, empty_desk(), slots[start : start + CUSTOMERS_PER_TASK])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(0, slots.shape[0], CUSTOMERS_PER_TASK)))
    close_gaps_kernel(record.payments, record.payment_first, record.payment_count)
    close_gaps_kernel(record.events, record.event_first, record.event_count)
    return HonestMonth(
        month=month,
        clock=clock,
        first_customer=first_customer,
        stop_customer=stop_customer,
        first_account=record.first_account,
        first_card=record.first_card,
        payment_rows=record.payments[: int(record.payment_count.sum())],
        payment_first=_starts(record.payment_count),
        event_rows=record.events[: int(record.event_count.sum())],
        event_first=_starts(record.event_count),
        leftover_minor=record.leftover_minor,
        unused_account_limit_minor=record.unused_account_limit_minor,
        unused_online_limit_minor=record.unused_online_limit_minor,
        unused_cash_limit_minor=record.unused_cash_limit_minor,
    )


@lean_kernel
def close_gaps_kernel(rows: Rows, first: Int64s, count: Int64s) -> None:
    """Move the rows that each customer used of its room behind those of the customer before, in place."""
    place = 0
    for customer in range(count.shape[0]):
        for number in range(count[customer]):
            rows[place] = rows[first[customer] + number]
            place += 1


def by_neighborhood(people: People, first_customer: int, stop_customer: int) -> Int64s:
    """Return the customer slots of a block ordered by the cell of their home, so that neighbors share the cache."""
    cells = people.home_h3_cell_r7[first_customer:stop_customer]
    return np.argsort(cells, kind="stable").astype(np.int64) + first_customer


@functools.lru_cache(maxsize=4)
def lived_month(society: Society, month: str) -> Month:
    """Bundle what the kernel needs for one month."""
    clock = month_clock(society.timezone, month)
    account, day, minor, microseconds = salaries_of(society, clock)
    happenings, habits = events_of(society, clock), society.habits
    moments, profile = moment_profiles(habits.payments.hour_weights, happenings.hours)
    outages = np.sort(happenings.outages, order=["start_us", "stop_us", "bank", "channel"])
    first, stop = outage_days(outages, clock)
    currencies = society.dictionaries.currencies
    return Month(
        first_day=clock.first_day,
        month_index=int(clock.month_index[0]),
        previous_days=(EPOCH + dt.timedelta(days=clock.first_day - 1)).day,
        end=month_end(clock),
        is_opening_told=month == society.first_month,
        day_factors=day_factors(society.payments, clock.weekday, clock.day_of_month),
        weekday=clock.weekday,
        midnight_at=clock.midnight_at,
        moments=moments,
        moment_profile=profile,
        areas=happenings.areas,
        volume=happenings.volume,
        spending_level=float(np.mean(happenings.volume) * np.exp(np.mean(happenings.amount_logs))),
        groups=group_shares(habits.spending, happenings.group_weights, society.is_sold),
        amount_logs=happenings.amount_logs,
        transfer_weight=happenings.transfer_weight,
        channel_weights=happenings.channel_weights,
        is_special_day=(happenings.channel_weights != 1.0).any(axis=1),
        outages=outages,
        outage_first=first,
        outage_stop=stop,
        lite_limit_minor=lite_limit_of(society.payments, clock),
        fx=rates_of(habits.exchange, society.streams, currencies, clock.first_day, clock.count_days),
        daily_account_limit_minor=int(society.life.rules["daily_account_limit_minor"][0]),
        salary_account=account,
        salary_day=day,
        salary_minor=minor,
        salary_microseconds=microseconds,
    )


def lite_limit_of(payments: Payments, clock: Clock) -> int:
    """Return up to which an app may ask for no proof all month: the least of what is in force in it, minor units."""
    first = EPOCH + dt.timedelta(days=clock.first_day)
    last = first + dt.timedelta(days=clock.count_days - 1)
    amounts = sorted(payments.limits.no_proof_amounts.items())
    before = [amount for since, amount in amounts if since <= first][-1:] or [amounts[0][1]]
    return minor(min(before + [amount for since, amount in amounts if first < since <= last]))


def outage_days(outages: OutageRows, clock: Clock) -> tuple[Int64s, Int64s]:
    """Return from which to which outage each day may meet one; outages are in order of their start."""
    ends = np.append(clock.midnight_at[1:], month_end(clock))
    stop = np.searchsorted(outages["start_us"], ends).astype(np.int64)
    last = np.maximum.accumulate(outages["stop_us"]) if outages.shape[0] else outages["stop_us"]
    first = np.searchsorted(last, clock.midnight_at, side="right").astype(np.int64)
    return np.minimum(first, stop), stop


def month_end(clock: Clock) -> int:
    """Return the first moment after the month, microseconds UTC."""
    end = int(clock.midnight_at[-1]) + MICROSECONDS_PER_DAY
    if clock.change_at[-1] != NEVER:
        end -= int(clock.offset_after_microseconds[-1] - clock.offset_microseconds[-1])
    return end


def salaries_of(society: Society, clock: Clock) -> tuple[Int64s, Int64s, Int64s, Int64s]:
    """Return account slot (-1 for none), days of the month from 0 (-1 for none), amounts, and time after midnight.

    Pay comes in one part or two: days and amounts have the shape (customers, 2). The time is drawn per month.
    """
    people, streams, rules = society.people, society.streams, society.behaviour.salary
    account = society.life.customers["everyday_account"]
    is_credit = (account < 0) | society.life.accounts["is_credit"][np.maximum(account, 0)]
    is_paid = ~is_credit & (people.monthly_income_minor > 0) & (people.pay_day >= 0)
    days = pay_days_of(clock)
    has_advance = is_paid & (people.advance_day >= 0)
    when = np.stack(
        [np.where(is_paid, days[people.pay_day], -1), np.where(has_advance, days[people.advance_day], -1)], axis=1
    )
    early = np.where(has_advance, people.monthly_income_minor * people.advance_share, 0.0).astype(np.int64)
    amounts = np.stack([people.monthly_income_minor - early, early], axis=1)
    draws = streams.uniforms("simulation/salary", people.customer_ordinal, int(clock.month_index[0]))
    hours = rules.first_hour + draws * (rules.last_hour - rules.first_hour)
    paid = np.where(is_paid, account, -1).astype(np.int64)
    return paid, when.astype(np.int64), amounts, (hours * MICROSECONDS_PER_HOUR).astype(np.int64)


def pay_days_of(clock: Clock) -> Int64s:
    """Return the day of the month, from 0, of every code of PAY_DAYS."""
    working = np.flatnonzero(clock.weekday < SATURDAY)
    special = {"last_day": clock.count_days - 1, "last_working_day": int(working[-1])}
    numbers = [special.get(name, min(int(name.rpartition("_")[2]), clock.count_days) - 1 if name not in special else 0)
               for name in PAY_DAYS]  # fmt: skip
    return np.array(numbers, dtype=np.int64)


def empty_record(
    people: People, customers: Rows, month: Month, first_customer: int, sessions: npt.NDArray[np.uint8], planned: Int64s
) -> Record:
    """Allocate the rows of a block, every customer's in a room of its own.

    Args:
        people: Customers and what they own.
        customers: Records of all of them.
        month: The month.
        first_customer: First customer slot.
        sessions: Sessions by customer and day, shape (customers, days).
        planned: Payments of every customer, standing ones included, shape (customers,).
    """
    count, days = sessions.shape
    stop_customer = first_customer + count
    first_account, first_card = people.account_first[first_customer], people.card_first[first_customer]
    is_active = people.account_status[first_account : people.account_first[stop_customer]] == ACTIVE_ACCOUNT
    cards = slice(int(first_card), int(people.card_first[stop_customer]))
    leftover = np.repeat(np.where(is_active, NEVER, 0)[:, None], days + 1, axis=1)
    unused_account = np.repeat(np.where(is_active, month.daily_account_limit_minor, 0)[:, None], days, axis=1)
    payment_first = _starts(planned + LEAST_RETRIES + planned // PLANNED_PER_RETRY)
    extras = LEAST_EXTRAS + planned // PLANNED_PER_EXTRA
    room = inflow_room(customers[first_customer:stop_customer]["inflow_rate"], days)
    event_first = _starts(count_events(people, month, first_customer, stop_customer) + room + extras)
    return Record(
        first_day=month.first_day,
        first_customer=first_customer,
        first_account=int(first_account),
        first_card=int(first_card),
        sessions=sessions,
        planned=planned,
        payment_first=payment_first,
        event_first=event_first,
        payment_count=np.zeros(count, dtype=np.int64),
        event_count=np.zeros(count, dtype=np.int64),
        payments=np.empty(int(payment_first[-1]), dtype=PAYMENT_ROW),
        events=np.empty(int(event_first[-1]), dtype=EVENT_ROW),
        leftover_minor=leftover,
        unused_account_limit_minor=unused_account,
        unused_online_limit_minor=np.tile(people.daily_online_limit_minor[cards, None], days),
        unused_cash_limit_minor=np.tile(people.daily_atm_limit_minor[cards, None], days),
    )


def inflow_room(rates: Floats, days: int) -> Int64s:
    """Return for how many inflows of a month each customer has room: `income.room_of`, shape (customers,)."""
    return np.minimum(days, (2.0 * rates * days).astype(np.int64) + LEAST_ROOM)


def count_events(people: People, month: Month, first_customer: int, stop_customer: int) -> Int64s:
    """Return one settlement (and opening) per active account and the parts of a salary, shape (customers,)."""
    active_before = _starts((people.account_status == ACTIVE_ACCOUNT).astype(np.int64))
    active = np.diff(active_before[people.account_first[first_customer : stop_customer + 1]])
    paid = (month.salary_day[first_customer:stop_customer] >= 0).sum(axis=1)
    return np.asarray(active * (2 if month.is_opening_told else 1) + paid, dtype=np.int64)


def empty_desk() -> Desk:
    """Return scratch space for one call of the kernel."""
    return Desk(
        moments=np.zeros(MOST_PAYMENTS + BILLS + 1, dtype=np.int64),
        accounts=np.zeros(MOST_ACCOUNTS, dtype=ACCOUNT_SCRATCH),
        cards=np.zeros(MOST_CARDS, dtype=CARD_SCRATCH),
        today=np.zeros(1, dtype=CUSTOMER_SCRATCH),
        intent=np.zeros(1, dtype=INTENT),
        credits=np.zeros(MOST_DAYS + 1, dtype=CREDIT),
        closing=np.zeros((MOST_ACCOUNTS, MOST_DAYS), dtype=np.int64),
    )


def _starts(counts: Int64s) -> Int64s:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
