"""A share of customers: what it takes, who is found, and when it cannot be had."""

import numpy as np
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.typologies.customer_share import Exposure, hazard_per_row, rows_for_share
from riskfabric_assets.typologies.engine import inject_month, plan_month
from tests.underworld import CUSTOMERS, honest, injection, settings, underworld_with, with_params

YEAR = [f"2025-{month:02}" for month in range(1, 13)]


def test_one_typology_and_equal_weights_follow_the_chance_of_being_spared():
    """1 - (1 - 1/n)^attacks is nearly 1 - exp(-attacks / n)."""
    exposures = [Exposure(0.5, np.ones(1_000))]
    rows = rows_for_share(exposures, injection("customer_share", 0.3, months=4))
    attacks = 4 * rows * 0.5
    assert 1 - (1 - 1 / 1_000) ** attacks == pytest.approx(0.3, rel=1e-3)


def test_who_cannot_be_attacked_makes_the_others_suffer_more():
    half = np.repeat([1.0, 0.0], 500)
    everybody, some = (
        rows_for_share([Exposure(1.0, weights)], injection("customer_share", 0.3)) for weights in (np.ones(1_000), half)
    )
    assert some > everybody


def test_typologies_that_choose_alike_hit_the_same_people_twice():
    careless = np.repeat([9.0, 1.0], 500)
    alike = [Exposure(0.5, careless), Exposure(0.5, careless)]
    apart = [Exposure(0.5, careless), Exposure(0.5, careless[::-1])]
    assert rows_for_share(alike, injection("customer_share", 0.5)) > rows_for_share(
        apart, injection("customer_share", 0.5)
    )


def test_nobody_is_wanted_nobody_is_attacked():
    world = underworld_with(injection("customer_share", 0.0))
    assert (world.share, world.monthly_rows) == (0.0, 0.0)
    assert all(len(each.ordinal) == 0 for each in plan_month(world, "2025-08").attacks.values())


@pytest.mark.parametrize(("share", "months"), [(0.3, 12), (0.1, 3)])
def test_the_wanted_share_of_customers_is_attacked_in_the_period(share, months):
    """Four standard deviations of a count of customers, who are hit independently."""
    world = underworld_with(injection("customer_share", share, months))
    victims = [attacks.customer for month in YEAR[:months] for attacks in plan_month(world, month).attacks.values()]
    found = np.unique(np.concatenate(victims)).shape[0] / CUSTOMERS
    assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / CUSTOMERS)


def test_attacks_that_come_to_nothing_are_made_up_for():
    """The customers on whom a payment was made, not those on whom an attack was planned."""
    share, months = 0.3, YEAR[7:9]
    realized = settings().config.crime.injection.realized_share
    world = underworld_with(injection("customer_share", share, len(months), realized))
    plans = {month: plan_month(world, month) for month in months}
    made = {each for month in months for each in inject_month(world, plans[month], honest(month)).fraud["attack_id"]}
    victims = {
        int(customer)
        for plan in plans.values()
        for attacks in plan.attacks.values()
        for customer, attack in zip(attacks.customer, attacks.attack_id, strict=True)
        if int(attack) in made
    }
    assert abs(len(victims) / CUSTOMERS - share) < 4 * np.sqrt(share * (1 - share) / CUSTOMERS)
    bare = underworld_with(injection("customer_share", share, len(months)))
    assert world.monthly_rows == pytest.approx(bare.monthly_rows / realized)


def test_the_number_of_attacks_does_not_follow_the_season():
    world = underworld_with(injection("customer_share", 0.3))
    plans = [plan_month(world, month).attacks.values() for month in YEAR]
    rows = [sum(int(each.count_steps.sum()) for each in attacks) for attacks in plans]
    assert abs(np.mean(rows) - world.monthly_rows) < 4 * np.sqrt(world.monthly_rows * 3 / len(YEAR))


def test_switching_a_typology_off_leaves_the_others_alone():
    wanted = injection("customer_share", 0.3)
    whole = plan_month(underworld_with(wanted), "2025-08").attacks
    without = plan_month(underworld_with(wanted, of=with_params("upi_scam", is_enabled=False)), "2025-08").attacks
    assert {name: each.attack_id.tolist() for name, each in without.items()} == {
        name: each.attack_id.tolist() for name, each in whole.items() if name != "upi_scam"
    }


def test_more_than_can_be_attacked_is_refused_with_both_numbers():
    few = np.where(np.arange(1_000) < 200, 1.0, 0.0)
    with pytest.raises(
        ConfigError, match="found 200 customers who can be attacked; expected at least 301 of the 1,000"
    ):
        rows_for_share([Exposure(1.0, few)], injection("customer_share", 0.3))


def test_everybody_cannot_be_found_by_chance():
    with pytest.raises(ConfigError, match="at least 1,001 of the 1,000"):
        rows_for_share([Exposure(1.0, np.ones(1_000))], injection("customer_share", 1.0))


def test_hazards_add_up_to_the_attacks():
    exposures = [Exposure(0.5, np.arange(10.0)), Exposure(0.25, np.ones(10)), Exposure(9.0, np.zeros(10))]
    assert hazard_per_row(exposures).sum() == pytest.approx(0.75)


def test_a_typology_without_weight_is_not_counted():
    lighter = underworld_with(injection("customer_share", 0.3), of=with_params("upi_scam", weight=0.0))
    assert len(plan_month(lighter, "2025-08").attacks["upi_scam"].ordinal) == 0
