"""What payments cost and how amounts end."""

import numpy as np
import pytest

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.simulation.kernels.amounts import TRANSFERS, heap
from riskfabric_assets.simulation.month import lived_month
from riskfabric_assets.simulation.tables import capped_mean, without
from tests.societies import honest, society

RULES = society().life.rules.view(np.recarray)[0]
GROCERY = SPENDING_GROUPS.index("grocery")
ONLINE, ATM, INSTANT = (CHANNELS.index(name) for name in ("online", "atm", "instant"))


def test_the_first_draws_round_to_thousands_and_hundreds():
    assert heap(RULES, GROCERY, INSTANT, 234_567.0, 0.0) == 200_000
    assert heap(RULES, GROCERY, INSTANT, 34_567.0, 0.2) == 30_000


def test_a_small_amount_falls_to_the_next_finer_step():
    assert heap(RULES, GROCERY, INSTANT, 4_567.0, 0.0) == 5_000
    assert heap(RULES, GROCERY, INSTANT, 567.0, 0.0) == 600


def test_the_last_draws_stay_exact():
    assert heap(RULES, GROCERY, INSTANT, 34_567.2, 0.999) == 34_567


def test_sums_between_people_are_rounder_than_prices():
    draws = (np.arange(1000) + 0.5) / 1000
    shares = [np.mean([heap(RULES, group, INSTANT, 345_678.0, draw) % 10_000 == 0 for draw in draws])
              for group in (TRANSFERS, GROCERY)]  # fmt: skip
    assert shares[0] > shares[1] + 0.3


def test_online_prices_end_in_nine():
    assert heap(RULES, GROCERY, ONLINE, 34_567.0, 0.0) == 34_900


def test_cash_comes_in_notes():
    assert heap(RULES, TRANSFERS, ATM, 123_456.0, 0.0) == 100_000
    assert heap(RULES, TRANSFERS, ATM, 123_456.0, 0.99) == 120_000
    assert heap(RULES, TRANSFERS, ATM, 10.0, 0.99) == 10_000


@pytest.mark.parametrize("channel", range(len(CHANNELS)))
def test_no_amount_leaves_its_bounds(channel):
    payments = honest(400).payments
    amounts = payments.amount_minor[payments.channel == channel]
    assert amounts.min() >= RULES.smallest_minor
    assert amounts.max() <= RULES.largest_minor[channel]


def test_withdrawals_are_multiples_of_the_smallest_note():
    payments = honest(400).payments
    assert (payments.amount_minor[payments.channel == ATM] % RULES.cash_steps_minor[1] == 0).all()


def test_the_median_of_a_group_is_its_median_times_the_personal_level():
    month, people = honest(400), society(400)
    payments, groups = month.payments, people.habits.spending.groups
    owner = np.repeat(np.arange(400), np.diff(month.payment_first))
    rows = (payments.merchant_category_code == 5411) & (payments.channel == INSTANT)
    level = np.log(payments.amount_minor[rows]) - people.life.customers["amount_log"][owner[rows]]
    day = payments.event_date[rows] - month.clock.first_day
    lived = lived_month(people, month.month)
    level -= lived.amount_logs[day, lived.areas[people.life.customers["region"][owner[rows]]], GROCERY]
    level -= np.log(people.habits.spending.channel_amount_factors["instant"])
    median, spread = np.log(groups.median_amounts["grocery"] * 100), groups.log_sds["grocery"]
    rounding = 0.05  # heaping to tens moves the middle of small amounts a little
    assert abs(np.median(level) - median) < 4 * 1.2533 * spread / np.sqrt(rows.sum()) + rounding


def test_a_spread_within_a_person_is_what_the_persons_leave():
    assert np.allclose(without([1.3], 0.5), np.sqrt(1.3**2 - 0.5**2))
    assert without([0.3], 0.5)[0] > 0


def test_the_mean_below_a_cap_is_that_of_the_capped_draws():
    draws = np.minimum(np.exp(np.log(900) + 1.4 * np.random.default_rng(1).normal(size=400_000)), 5_000)
    assert abs(capped_mean(900, 1.4, 5_000) / draws.mean() - 1) < 0.01
