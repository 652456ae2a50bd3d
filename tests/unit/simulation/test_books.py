"""Balances: what is approved, what is left over, and that nothing gets lost."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, EVENT_KINDS, PAYMENT_KINDS, STATUSES
from riskfabric_assets.foundation.tables.population import PAY_DAYS
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.month import live_month, lived_month, pay_days_of
from riskfabric_assets.world.clock import month_clock
from tests.oracles.honest_life_oracle import books
from tests.societies import honest, society

COUNT = 60
OPENING, SALARY, SETTLEMENT, CREDIT = (
    EVENT_KINDS.index(name) for name in ("opening", "salary_credit", "settlement", "transfer_credit")
)
BILL = PAYMENT_KINDS.index("bill")
APPROVED = STATUSES.index("approved")
INSUFFICIENT_FUNDS = DECLINE_REASONS.index("insufficient_funds")


def openings(month):
    events = month.events
    is_opening = events.event_kind == OPENING
    return dict(zip(events.account_id[is_opening].tolist(), events.amount_minor[is_opening].tolist(), strict=True))


def active_accounts():
    accounts = society(COUNT).life.accounts
    return [(slot, row) for slot, row in enumerate(accounts) if row["is_active"]]


def is_from_customers(events):
    return (events.event_kind == CREDIT) & (events.related_event_id != NO_ID)


def test_opening_and_movements_give_the_next_opening():
    """Credits of other customers are left out on both sides: the ledger takes them off the settlement."""
    first, events, payments = openings(honest(COUNT)), honest(COUNT).events, honest(COUNT).payments
    later = live_month(society(COUNT), "2025-09", 0, COUNT)
    ends = {}
    for account in first:
        moved = events.amount_minor[(events.account_id == account) & ~is_from_customers(events)].sum()
        spent = payments.amount_minor[(payments.account_id == account) & (payments.status == APPROVED)].sum()
        ends[account] = moved - spent
    settled = later.events.account_id[later.events.event_kind == SETTLEMENT]
    for account in settled.tolist():
        mine = (later.events.account_id == account) & ~is_from_customers(later.events)
        moved = later.events.amount_minor[mine].sum()
        spent = later.payments.amount_minor[
            (later.payments.account_id == account) & (later.payments.status == APPROVED)
        ].sum()
        slot = np.flatnonzero(society(COUNT).life.accounts["account_id"] == account)[0]
        end = later.leftover_minor[slot, -1] - society(COUNT).life.accounts["credit_limit_minor"][slot]
        assert ends[account] + moved - spent == end


def test_leftovers_and_decisions_equal_the_replay():
    month, first = honest(COUNT), openings(honest(COUNT))
    days = month.clock.count_days
    for slot, account in active_accounts():
        identifier, limit = int(account["account_id"]), int(account["credit_limit_minor"])
        lows, covered = books(month, identifier, limit, first[identifier], days)
        assert month.leftover_minor[slot, -1] == lows[-1]
        assert (month.leftover_minor[slot] <= lows).all()
        settled = lows.index(lows[-1])
        assert month.leftover_minor[slot, :settled].tolist() == lows[:settled]
        mine = month.payment_rows[month.payment_rows["account_id"] == identifier]
        approved = mine["status"] == APPROVED
        assert all(was_covered for was_covered, ok in zip(covered, approved, strict=True) if ok)
        refused = mine["decline_reason"] == INSUFFICIENT_FUNDS
        assert not any(was_covered for was_covered, no in zip(covered, refused, strict=True) if no)


def test_leftovers_are_never_negative_and_only_rise():
    left = honest(400).leftover_minor
    assert left.min() >= 0
    assert (np.diff(left, axis=1) >= 0).all()


def test_settlements_come_after_the_last_payment_and_before_the_month_ends():
    events, payments = honest(COUNT).events, honest(COUNT).payments
    end = honest(COUNT).clock.midnight_at[-1] + 86_400_000_000
    for row in np.flatnonzero(events.event_kind == SETTLEMENT):
        before = payments.event_at[payments.account_id == events.account_id[row]]
        assert before.max(initial=0) < events.event_at[row] < end


def test_limits_of_the_day_hold_and_their_rest_is_told():
    month, rules = honest(400), society(400).life.rules[0]
    payments, life = month.payments, society(400).life
    online = (payments.channel == 3) & (payments.status == APPROVED) & (payments.payment_kind != BILL)
    spent = np.zeros_like(month.unused_online_limit_minor)
    slots = {int(card): slot for slot, card in enumerate(life.cards["card_id"])}
    for row in np.flatnonzero(online):
        spent[slots[int(payments.card_id[row])], payments.event_date[row] - month.clock.first_day] += (
            payments.amount_minor[row]
        )
    assert (life.cards["daily_online_limit_minor"][:, None] - spent == month.unused_online_limit_minor).all()
    assert month.unused_account_limit_minor.min() >= 0
    assert month.unused_account_limit_minor.max() == rules["daily_account_limit_minor"]


def test_the_parts_of_a_salary_are_the_income_of_the_month():
    events, people = honest(COUNT).events, society(COUNT).people
    lived = lived_month(society(COUNT), honest(COUNT).month)
    for customer in range(COUNT):
        paid = events.amount_minor[(events.event_kind == SALARY) & (events.customer_id == people.customer_id[customer])]
        has_pay_day = lived.salary_account[customer] >= 0
        assert paid.sum() == (people.monthly_income_minor[customer] if has_pay_day else 0)
        assert len(paid) == (lived.salary_day[customer] >= 0).sum()
    assert (lived.salary_account >= 0).mean() > 0.4


def test_last_working_days_are_no_weekends():
    clock = month_clock("Asia/Kolkata", "2025-08")  # the 31st is a Sunday
    days = dict(zip(PAY_DAYS, pay_days_of(clock).tolist(), strict=True))
    assert (days["last_day"], days["last_working_day"], days["day_1"]) == (30, 28, 0)


def test_money_runs_out_late_in_the_month_not_early():
    month = honest(400)
    day = month.payments.event_date - month.clock.first_day
    short = month.payments.decline_reason == INSUFFICIENT_FUNDS
    early, late = short[day < 7].mean(), short[day >= 21].mean()
    assert late > 1.2 * early


def test_opening_balances_are_told_in_the_first_month_only():
    assert (honest(COUNT).events.event_kind == OPENING).sum() == len(active_accounts())
    assert not (honest(COUNT, "2025-09").events.event_kind == OPENING).any()


def test_inflows_make_up_for_what_the_salary_does_not_cover():
    month, people = honest(400), society(400)
    events, customers = month.events, people.life.customers
    lived = lived_month(people, month.month)
    outside = (events.event_kind == CREDIT) & (events.related_event_id == NO_ID)
    salary = np.where(lived.salary_account >= 0, lived.salary_minor.sum(axis=1), 0)
    turnover = customers["turnover_minor"] * lived.spending_level
    least = people.behaviour.balances.least_inflow
    wanted = np.where(customers["everyday_account"] >= 0, np.maximum(turnover - salary, least * turnover), 0.0).sum()
    assert 0.75 < events.amount_minor[outside].sum() / wanted < 1.25
    days = (events.event_at[outside] - month.clock.midnight_at[0]) / 86_400_000_000
    assert 0.4 < np.mean(days < month.clock.count_days / 2) < 0.6
