"""Income, counts, prices and scores go together as measured in the world."""

import numpy as np
import polars as pl
import pytest

from tests.people import demography, population

COUNT = 20_000
INDIA = demography()
POPULATION = population(COUNT)
PEOPLE = POPULATION.traits.join(POPULATION.customers, on="customer_id")
PAYMENTS, AMOUNTS = PEOPLE["payments_per_year"].to_numpy(), PEOPLE["amount_factor"].to_numpy()
LOG_INCOME = np.log(PEOPLE["monthly_income_minor"].to_numpy())


def gini(values):
    ordered = np.sort(values)
    shares = np.cumsum(ordered) / ordered.sum()
    return 1 - 2 * shares.mean()


def test_people_make_nine_hundred_payments_a_year_on_average():
    assert PAYMENTS.mean() == pytest.approx(900, rel=0.04)


def test_payments_cost_the_usual_price_on_average():
    assert (PAYMENTS * AMOUNTS).sum() / PAYMENTS.sum() == pytest.approx(1, abs=0.04)
    assert np.log(AMOUNTS).std() == pytest.approx(0.45, abs=0.05)


def test_activity_is_heavy_tailed_as_measured():
    """Fact 4.15 and R22, of the expectations; the counts of a month are a little more uneven."""
    assert 0.35 < gini(PAYMENTS) < 0.58
    ordered = np.sort(PAYMENTS)
    assert 0.26 < ordered[-COUNT // 10 :].sum() / ordered.sum() < 0.44
    assert 0.6 < PAYMENTS.mean() ** 2 / PAYMENTS.var() < 2.2


def test_spending_is_as_unequal_as_measured():
    """R23."""
    spend = PAYMENTS * AMOUNTS
    assert 0.45 < gini(spend) < 0.68
    assert 0.8 < np.log(spend).std() < 1.4


def test_counts_and_prices_rise_with_income_by_the_measured_elasticities():
    """Fact 4.16; medians by income band, so that the noise of counts does not matter."""
    bands = np.digitize(LOG_INCOME, np.quantile(LOG_INCOME, np.linspace(0, 1, 11)[1:-1]))
    income = np.array([LOG_INCOME[bands == band].mean() for band in range(10)])
    price = np.array([np.log(AMOUNTS[bands == band]).mean() for band in range(10)])
    assert 0.35 < np.polyfit(income, price, 1)[0] < 0.6
    count = np.array([np.log(PAYMENTS[bands == band].mean()) for band in range(10)])
    assert 0.3 < np.polyfit(income, count, 1)[0] < 0.8


def test_income_covers_spending():
    assert (PEOPLE["monthly_spend_minor"] <= 0.95 * PEOPLE["monthly_income_minor"] + 1000).all()
    raised = (PEOPLE["monthly_spend_minor"] > 0.9 * PEOPLE["monthly_income_minor"]).mean()
    assert raised < 0.25


def test_scores_are_those_of_the_bureau():
    """R53."""
    score = PEOPLE["credit_score"].drop_nulls()
    assert score.min() >= 300
    assert score.max() <= 900
    assert 705 < score.mean() < 735
    assert 0.55 < (score >= 720).mean() < 0.68


@pytest.mark.parametrize(("column", "low", "high"), [("thrift", 0.5, 0.8), ("monthly_income_minor", 0.15, 0.4)])
def test_scores_go_with_thrift_and_income(column, low, high):
    scored = PEOPLE.filter(pl.col("credit_score").is_not_null())
    values = np.log(scored[column].to_numpy())
    assert low < np.corrcoef(values, scored["credit_score"].to_numpy())[0, 1] < high
