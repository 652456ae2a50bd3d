"""What payments cost and how amounts end."""

import numpy as np
import pytest

from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.simulation.kernels.amounts import heap
from tests.societies import honest, society

RULES = society().life.rules.view(np.recarray)[0]
ONLINE, ATM, INSTANT = (CHANNELS.index(name) for name in ("online", "atm", "instant"))


def test_the_first_draws_round_to_the_coarse_step():
    assert heap(RULES, INSTANT, 34_567.0, 0.0) == 30_000


def test_a_small_amount_falls_to_the_next_finer_step():
    assert heap(RULES, INSTANT, 4_567.0, 0.0) == 5_000
    assert heap(RULES, INSTANT, 567.0, 0.0) == 600


def test_the_last_draws_stay_exact():
    assert heap(RULES, INSTANT, 34_567.2, 0.999) == 34_567


def test_online_prices_end_in_nine():
    assert heap(RULES, ONLINE, 34_567.0, 0.0) == 34_900


def test_cash_comes_in_notes():
    assert heap(RULES, ATM, 123_456.0, 0.0) == 100_000
    assert heap(RULES, ATM, 123_456.0, 0.99) == 120_000
    assert heap(RULES, ATM, 10.0, 0.99) == 10_000


@pytest.mark.parametrize("channel", range(len(CHANNELS)))
def test_no_amount_leaves_its_bounds(channel):
    payments = honest(400).payments
    amounts = payments.amount_minor[payments.channel == channel]
    assert amounts.min() >= RULES.smallest_minor
    assert amounts.max() <= RULES.largest_minor[channel]


def test_withdrawals_are_multiples_of_the_smallest_note():
    payments = honest(400).payments
    assert (payments.amount_minor[payments.channel == ATM] % RULES.cash_steps_minor[1] == 0).all()


def test_the_median_of_a_category_is_its_median_times_the_personal_level():
    month, people = honest(400), society(400)
    payments = month.payments
    owner = np.repeat(np.arange(400), np.diff(month.payment_first))
    grocery = MERCHANT_CATEGORIES.index("GROCERY")
    rows = (payments.merchant_category == grocery) & (payments.channel == INSTANT)
    level = np.log(payments.amount_minor[rows]) - people.life.customers["amount_log"][owner[rows]]
    spread, count = people.payments.categories.log_sds["GROCERY"], rows.sum()
    median = np.log(people.payments.categories.median_amounts["GROCERY"] * 100)
    rounding = 0.03  # heaping to tens moves the middle of small amounts a little
    assert abs(np.median(level) - median) < 4 * 1.2533 * spread / np.sqrt(count) + rounding
