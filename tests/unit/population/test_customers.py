import datetime as dt

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.units import haversine_km
from riskfabric_assets.population.draw import draw_population
from riskfabric_assets.world.cells import cells_at, parents_of
from tests.people import demography, population
from tests.worlds import small_world

COUNT = 10_000
INDIA = demography()
CUSTOMERS = population(COUNT).customers
START = INDIA.start


def within(share, wanted, n, sigmas=4):
    """Tell whether a share of n independent draws is the wanted one."""
    return abs(share - wanted) < sigmas * np.sqrt(wanted * (1 - wanted) / n)


def test_homes_go_to_residences_by_population():
    lived = CUSTOMERS.group_by("residence_id").len()
    homes = small_world().residential.join(lived, on="residence_id", how="left").fill_null(0)
    shares = homes.group_by("settlement_id").agg(pl.col("population_weight").sum(), pl.col("len").sum() / COUNT)
    households = COUNT / 4  # the largest ones weigh most, and move as one
    assert all(within(found, wanted, households) for _, wanted, found in shares.rows())


def test_a_home_lies_about_half_a_kilometre_from_its_residence():
    pairs = (
        CUSTOMERS.unique("household_id", maintain_order=True)
        .join(small_world().residential, on="residence_id")
        .select("home_latitude", "home_longitude", "latitude", "longitude")
    )
    distance = np.array([haversine_km(*row) for row in pairs.rows()])
    assert np.sqrt(np.mean(distance**2)) == pytest.approx(0.5, rel=0.03)


def test_a_home_lies_in_every_direction_of_its_residence():
    pairs = CUSTOMERS.unique("household_id", maintain_order=True).join(small_world().residential, on="residence_id")
    north = (pairs["home_latitude"] - pairs["latitude"]).to_numpy()
    east = (
        (pairs["home_longitude"] - pairs["longitude"]) * np.cos(np.radians(pairs["latitude"].to_numpy()))
    ).to_numpy()
    assert abs(np.corrcoef(north, east)[0, 1]) < 4 / np.sqrt(len(north))
    assert np.std(north) == pytest.approx(np.std(east), rel=0.05)


def test_cells_are_those_of_the_told_position():
    cells = cells_at(CUSTOMERS["home_latitude"].to_numpy(), CUSTOMERS["home_longitude"].to_numpy())
    assert np.array_equal(cells, CUSTOMERS["home_h3_cell_r7"].to_numpy())
    assert np.array_equal(parents_of(cells, 5), CUSTOMERS["home_h3_cell_r5"].to_numpy())


def test_ages_reach_from_18_to_90_and_follow_the_pyramid():
    age = START.year - CUSTOMERS["birth_year"]
    assert (age.min(), age.max()) == (18, 90)
    bands = {(18, 25): 0.20, (26, 35): 0.25, (36, 45): 0.20, (46, 60): 0.21, (61, 90): 0.14}
    assert all(within(age.is_between(*band).mean(), share, COUNT) for band, share in bands.items())


def test_scores_stay_on_the_bureaus_scale_and_hold_its_quantiles():
    score = CUSTOMERS["credit_score"].drop_nulls()
    assert score.min() >= 300
    assert score.max() <= 900
    assert score.mean() == pytest.approx(722, abs=4)
    assert (score < 680).mean() == pytest.approx(0.17, abs=0.02)
    assert (score > 770).mean() == pytest.approx(0.17, abs=0.02)


def test_scores_go_with_income_and_age_as_configured():
    scored = CUSTOMERS.filter(pl.col("credit_score").is_not_null(), location_type="Metro")
    log_income = np.log(scored["monthly_income_minor"].to_numpy())
    correlation = np.corrcoef(log_income, scored["credit_score"].to_numpy())[0, 1]
    assert 0.15 < correlation < 0.40


def test_nobody_below_21_has_a_credit_history():
    young = CUSTOMERS.filter(START.year - pl.col("birth_year").cast(pl.Int32) < 21)
    assert young.height > 100
    assert young["credit_score"].is_null().all()


def test_incomes_are_positive_ordered_by_settlement_and_above_spending():
    assert (CUSTOMERS["monthly_income_minor"] > 0).all()
    assert (CUSTOMERS["monthly_spend_minor"] > 0).all()
    assert (CUSTOMERS["monthly_spend_minor"] <= CUSTOMERS["monthly_income_minor"]).all()
    median = dict(CUSTOMERS.group_by("location_type").agg(pl.col("monthly_income_minor").median()).rows())
    assert median["Metro"] > median["Urban"] > median["Semi-Urban"]


def test_gender_and_email_shares_are_the_configured_ones():
    assert within((CUSTOMERS["gender"] == "female").mean(), 0.46, COUNT)
    assert within(CUSTOMERS["email_address"].is_null().mean(), 0.11, COUNT)
    having = CUSTOMERS["email_provider"].drop_nulls()
    assert 0.88 < (having == "gmail").mean() < 0.92


def test_older_people_have_mail_less_often_and_at_older_providers():
    older = START.year - CUSTOMERS["birth_year"].cast(pl.Int32) >= 45
    old, young = CUSTOMERS.filter(older), CUSTOMERS.filter(~older)
    assert old["email_address"].is_null().mean() > 1.3 * young["email_address"].is_null().mean()
    for people, share in ((old, 0.075), (young, 0.018)):
        having = people["email_provider"].drop_nulls()
        assert within((having == "yahoo").mean(), share, len(having))


def test_networks_follow_the_kind_of_settlement():
    metro = CUSTOMERS.filter(location_type="Metro")
    assert within((metro["mobile_network_name"] == "Jio").mean(), 0.43, metro.height)
    households = metro.unique("household_id")
    assert within(households["home_network_name"].is_not_null().mean(), 0.55, households.height)
    assert not (CUSTOMERS.filter(location_type="Rural")["home_network_name"] == "ACT").any()


def test_nobody_registered_after_the_start_before_the_look_back_or_as_a_child():
    assert CUSTOMERS["registered_date"].max() <= START
    assert CUSTOMERS["registered_date"].min() >= START - dt.timedelta(days=1825)
    assert (CUSTOMERS["registered_date"].dt.year() - CUSTOMERS["birth_year"] >= 16).all()


def test_addresses_name_city_and_region():
    mumbai = CUSTOMERS.filter(city_name="Mumbai")["address_text"].unique().to_list()
    assert mumbai == ["Mumbai, Maharashtra, 400001"]


def test_places_outside_every_boundary_have_an_address_too():
    farm = small_world().residential.filter(region_id=0)
    people = draw_population(INDIA, farm, Streams(1), 20).customers
    assert set(people["address_text"]) == {"unknown place"}
    assert people["full_name"].null_count() == 0


def test_a_map_without_residences_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="RISKFABRIC_OSM_PATH"):
        draw_population(INDIA, small_world().residential.head(0), Streams(1), 1)


def test_residences_where_nobody_lives_are_refused():
    empty = small_world().residential.with_columns(population_weight=pl.lit(0.0))
    with pytest.raises(InputError, match="population_weight"):
        draw_population(INDIA, empty, Streams(1), 1)


def test_a_population_has_somebody():
    with pytest.raises(ValueError, match="at least one"):
        draw_population(INDIA, small_world().residential, Streams(1), 0)
