"""When people pay."""

import numpy as np
import pytest

from riskfabric_assets.foundation.streams import key_of
from riskfabric_assets.simulation.kernels.activity import (
    MOST_PAYMENTS,
    MOST_SESSIONS,
    TAG_BITS,
    TAG_MASK,
    count_sessions,
    draw_moments,
    pay_cycle_factor,
)
from riskfabric_assets.simulation.kernels.plans import plan_month
from riskfabric_assets.simulation.month import empty_desk, lived_month
from riskfabric_assets.simulation.society import expected_payments
from riskfabric_assets.simulation.tables import day_factors, moment_profiles, moment_quantiles
from riskfabric_assets.world.clock import build_clock
from tests.oracles.honest_life_oracle import moments_of_day, rate_of_day
from tests.societies import honest, society


def planned(customer, day):
    """Moments and tags of a customer-day as the kernel lays them out."""
    people, month = society(), honest()
    lived, desk, person = lived_month(people, month.month), empty_desk(), people.life.customers[customer]
    plan_month(people.life, lived, person, desk)
    key = key_of(people.life.days_stream, int(person["ordinal"]), lived.first_day + day - 10957)
    sessions = _sessions(customer, day)
    count = draw_moments(people.life, lived, month.clock, desk, person, sessions, day, np.uint64(key))
    return [(int(moment) >> TAG_BITS, int(moment) & TAG_MASK) for moment in desk.moments[:count]]


def _sessions(customer, day):
    people, month = society(), honest()
    key = key_of(
        people.life.days_stream, int(people.life.customers["ordinal"][customer]), month.clock.first_day + day - 10957
    )
    return count_sessions(np.uint64(key), rate_of_day(people, month.month, customer, day))


def test_moments_equal_the_session_by_session_oracle():
    for customer in range(12):
        for day in (0, 11, 30):
            mine = [moment for moment, tag in planned(customer, day) if tag < MOST_PAYMENTS]
            assert mine == moments_of_day(society(), honest(), customer, day)


def test_standing_payments_stand_among_the_others_in_time_order():
    days = [planned(customer, day) for customer in range(8) for day in range(31)]
    assert all(day == sorted(day) for day in days)
    assert any(tag >= MOST_PAYMENTS for day in days for _, tag in day)


def test_payments_of_a_customer_stand_in_time_order():
    month = honest()
    for customer in range(60):
        rows = slice(month.payment_first[customer], month.payment_first[customer + 1])
        assert (np.diff(month.payments.event_at[rows]) >= 0).all()


def test_every_moment_lies_in_its_business_day():
    month = honest()
    day = month.payments.event_date - month.clock.first_day
    since = month.payments.event_at - month.clock.midnight_at[day]
    assert since.min() >= 0
    assert since.max() < 86_400_000_000


@pytest.mark.parametrize("month", ["2025-03", "2025-11"])
def test_clock_changes_lose_no_order(month):
    lived = honest(60, month, "America/New_York")
    for customer in range(60):
        rows = slice(lived.payment_first[customer], lived.payment_first[customer + 1])
        assert (np.diff(lived.payments.event_at[rows]) >= 0).all()


def test_session_counts_have_the_mean_and_variance_of_poisson():
    draws, rate = 20_000, 2.5
    counts = np.array([count_sessions(np.uint64(key_of(np.uint64(9), entity, 1)), rate) for entity in range(draws)])
    error = 4 * np.sqrt(rate / draws)
    assert abs(counts.mean() - rate) < error
    assert abs(counts.var() - rate) < 4 * np.sqrt((rate + 2 * rate**2) / draws)


def test_session_counts_are_bounded():
    assert (
        max(count_sessions(np.uint64(key_of(np.uint64(9), entity, 1)), 59.0) for entity in range(300)) == MOST_SESSIONS
    )


def test_number_of_payments_is_the_expected_one():
    expected = expected_payments(society(400), honest(400).month)
    assert abs(len(honest(400).payment_rows) / expected - 1) < 0.08  # moods and retries; 4 standard errors


def test_more_is_paid_after_pay_day_and_the_cycle_averages_to_one():
    people = society()
    lived = lived_month(people, honest().month)
    paid = int(np.flatnonzero(lived.salary_account >= 0)[0])
    factors = np.array([pay_cycle_factor(people.life, lived, paid, day) for day in range(31)])
    assert abs(factors.mean() - 1) < 0.02
    assert factors.argmax() == lived.salary_day[paid, 0]


def test_day_factors_average_to_one_over_years():
    clock = build_clock("Asia/Kolkata", *(np.datetime64(day).astype(object) for day in ("2001-01-01", "2028-12-31")))
    factors = day_factors(society().payments, clock.weekday, clock.day_of_month)
    assert abs(factors.mean() - 1) < 0.001


def test_the_daily_curve_has_the_configured_hours():
    weights = society().payments.hour_weights
    quantiles = moment_quantiles(weights)
    draws = np.interp((np.arange(100_000) + 0.5) / 100_000, np.linspace(0, 1, len(quantiles)), quantiles)
    shares = np.bincount((draws // 3_600_000_000).astype(int), minlength=24) / 100_000
    assert np.abs(shares - np.array(weights) / sum(weights)).max() < 1 / 4096


def test_days_with_equal_hours_share_a_daily_curve():
    hours = np.ones((5, 24))
    hours[3, 22:] = 2.0
    curves, which = moment_profiles([1.0] * 24, hours)
    assert curves.shape[0] == 2
    assert which[3] != which[0] == which[4]
    assert curves[which[3]][2048] > curves[which[0]][2048]
