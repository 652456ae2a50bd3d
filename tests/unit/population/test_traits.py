import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.distributions import gammas, mean_over_ages, normal_probabilities
from tests.people import demography, population

COUNT = 10_000
INDIA = demography()
CUSTOMERS, *_, TRAITS = population(COUNT)
JOINED = TRAITS.join(CUSTOMERS, on="customer_id")


def test_ordinals_are_the_positions():
    assert TRAITS["customer_ordinal"].to_list() == list(range(COUNT))
    assert TRAITS["customer_id"].to_list() == CUSTOMERS["customer_id"].to_list()


def test_the_daily_curve_is_shifted_by_hours():
    assert TRAITS["phase_hours"].mean() == pytest.approx(0, abs=4 * 1.5 / np.sqrt(COUNT))
    assert TRAITS["phase_hours"].std() == pytest.approx(1.5, rel=0.04)


def test_thrift_is_a_share():
    assert TRAITS["thrift"].is_between(0, 1, closed="none").all()
    assert TRAITS["thrift"].median() == pytest.approx(0.12, abs=0.01)


def test_weights_are_positive():
    for column in ("payments_per_year", "amount_factor", "online_affinity", "susceptibility", "dispute_propensity"):
        assert TRAITS[column].min() > 0


def test_exposure_makes_victims():
    logs = np.log(TRAITS.select("susceptibility", "payments_per_year", "online_affinity").to_numpy())
    assert np.corrcoef(logs[:, 0], logs[:, 1])[0, 1] > 0.4
    assert np.corrcoef(logs[:, 0], logs[:, 2])[0, 1] > 0.2


def test_mobility_classes_follow_the_kind_of_settlement():
    rural = JOINED.filter(location_type="Semi-Urban")
    share = (rural["mobility_class"] == "rural").mean()
    assert abs(share - 0.10) < 4 * np.sqrt(0.09 / rural.height)
    assert not (JOINED.filter(location_type="Metro")["mobility_class"] == "rural").any()


@pytest.mark.parametrize("attribute", ["gender", "region_name", "mobile_network_name"])
def test_who_people_are_does_not_make_them_victims(attribute):
    """Given exposure, the rest of susceptibility differs between groups by chance only."""
    rest = np.log(JOINED["susceptibility"].to_numpy()) - 0.5 * np.log(JOINED["payments_per_year"].to_numpy() / 900)
    rest -= 0.5 * np.log(JOINED["online_affinity"].to_numpy())
    groups = (
        JOINED.with_columns(rest=rest)
        .group_by(attribute)
        .agg(pl.col("rest").mean(), pl.len())
        .filter(pl.col("len") > 50)
    )
    assert groups.height >= 2
    assert ((groups["rest"] - rest.mean()).abs() < 4.5 * rest.std() / groups["len"].sqrt()).all()


@pytest.mark.parametrize("shape", [0.4, 1.0, 1.4, 6.0])
def test_gammas_have_mean_one_and_variance_one_over_shape(shape):
    n = 40_000
    draws = gammas(Streams(3), "test", np.arange(n), shape)
    assert draws.min() >= 0
    assert draws.mean() == pytest.approx(1, abs=4 / np.sqrt(shape * n))
    assert draws.var() == pytest.approx(1 / shape, rel=0.08)


def test_normal_probabilities_are_those_of_the_tables():
    assert normal_probabilities(np.array([-1.96, 0.0, 1.0])) == pytest.approx([0.0249979, 0.5, 0.8413447], abs=1e-6)


def test_the_mean_over_ages_is_the_realised_one():
    points = INDIA.rules.activity.age_factors
    age = (INDIA.start.year - CUSTOMERS["birth_year"]).to_numpy()
    realised = np.interp(age, sorted(points), [points[key] for key in sorted(points)])
    expected = mean_over_ages(points, INDIA.people.ages, 91)
    assert realised.mean() == pytest.approx(expected, abs=4 * realised.std() / np.sqrt(COUNT))
