import numpy as np
import pytest

from riskfabric_assets.population.homes import share_out

WEIGHTS = np.array([60.0, 20.0, 10.0, 10.0])
REGIONS = np.array(["Town", "Town", "Veld", "Elsewhere"], dtype=object)


def share_of(weights, region):
    return weights[region == REGIONS].sum() / weights.sum()


def test_named_regions_share_their_people_as_told():
    weights = share_out(WEIGHTS, REGIONS, {"Town": 1000, "Veld": 2000})
    assert share_of(weights, "Veld") / share_of(weights, "Town") == pytest.approx(2.0)


def test_other_regions_keep_their_weights():
    weights = share_out(WEIGHTS, REGIONS, {"Town": 1000, "Veld": 2000})
    assert weights[3] == WEIGHTS[3]
    assert weights.sum() == pytest.approx(WEIGHTS.sum())


def test_settlements_of_a_region_keep_their_proportions():
    weights = share_out(WEIGHTS, REGIONS, {"Town": 1000, "Veld": 2000})
    assert weights[0] / weights[1] == pytest.approx(3.0)


@pytest.mark.parametrize("people", [{}, {"Town": 5}, {"Nowhere": 5}, {"Town": 5, "Nowhere": 7}])
def test_nothing_moves_without_two_regions_to_balance(people):
    np.testing.assert_allclose(share_out(WEIGHTS, REGIONS, people), WEIGHTS)


def test_a_region_where_nobody_can_live_stays_empty():
    weights = share_out(np.array([1.0, 3.0, 0.0, 0.0]), REGIONS, {"Town": 1000, "Veld": 2000})
    np.testing.assert_allclose(weights, [1.0, 3.0, 0.0, 0.0])
