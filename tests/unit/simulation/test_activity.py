"""When people pay."""

import numpy as np
import pytest

from riskfabric_assets.foundation.streams import key_of
from riskfabric_assets.simulation.kernels.activity import MOST_SESSIONS, count_sessions
from riskfabric_assets.simulation.month import month_of_clock
from riskfabric_assets.simulation.tables import day_factors, mean_session, moment_quantiles
from riskfabric_assets.world.clock import build_clock
from tests.oracles.honest_life_oracle import moments_of_day
from tests.societies import honest, society


def test_moments_equal_the_session_by_session_oracle():
    month, people = honest(), society()
    for customer in range(25):
        rows = month.payment_rows[month.payment_first[customer] : month.payment_first[customer + 1]]
        for day in (0, 11, 30):
            mine = rows["event_at"][rows["event_date"] == month.clock.first_day + day]
            assert mine.tolist() == moments_of_day(people, month, customer, day)


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


def test_number_of_payments_follows_rate_and_calendar():
    month, people = honest(400), society(400)
    lived = month_of_clock(people, month.month, month.clock)
    expected = people.life.customers["session_rate"].sum() * mean_session(people.life.session_sizes)
    expected *= lived.day_factors.sum()
    sizes = np.diff(people.life.session_sizes, prepend=0.0)
    second_moment = (sizes * np.arange(1, len(sizes) + 1) ** 2).sum() / mean_session(people.life.session_sizes)
    assert abs(len(month.payment_rows) - expected) < 4 * np.sqrt(expected * second_moment)


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
