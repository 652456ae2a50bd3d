from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.spending import GROUP_CATEGORIES, GROUP_CODES, SPENDING_GROUPS
from riskfabric_assets.foundation.units import haversine_km
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve
from riskfabric_assets.world.outside import outside_of, reach_shops
from riskfabric_assets.world.remote import draw_remote_merchants
from tests.worlds import small_world

WORLDS = known_worlds(packaged_config())
CONFIG = resolve({}, Path("nowhere")).config
REMOTE, HOME = CONFIG.remote, CONFIG.world.country_code
SHOPS = draw_remote_merchants(REMOTE, CONFIG.world, Streams(5))
OUTSIDE = outside_of(REMOTE, CONFIG.world)
REACHED = reach_shops(SHOPS, OUTSIDE)
GROUPS = len(SPENDING_GROUPS)


def changed(**sections):
    return draw_remote_merchants(REMOTE.model_copy(update=sections), CONFIG.world, Streams(5))


@pytest.mark.parametrize("world", WORLDS)
def test_every_world_has_shops_of_every_group_and_country_it_names(world):
    config = resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config
    shops = draw_remote_merchants(config.remote, config.world, Streams(5))
    reached, outside = (
        reach_shops(shops, outside_of(config.remote, config.world)),
        outside_of(config.remote, config.world),
    )
    home = np.diff(reached.online_by_group.first)
    assert {SPENDING_GROUPS[group] for group in np.flatnonzero(home)} == set(config.remote.home.merchants)
    online = np.diff(reached.abroad_online_by_group.first)
    assert {SPENDING_GROUPS[group] for group in np.flatnonzero(online)} == set(
        config.remote.abroad.online.group_weights
    )
    cities = np.diff(reached.abroad_by_city.first).reshape(len(outside.city_names), GROUPS)
    assert {SPENDING_GROUPS[group] for group in np.flatnonzero(cities.min(axis=0))} == set(
        config.remote.abroad.visited.group_weights
    )
    assert outside.cities.weight.sum() == pytest.approx(1.0)
    assert outside.countries[0] == config.world.country_code


def test_ids_are_unique_and_belong_to_no_place_of_the_map():
    assert SHOPS["merchant_id"].is_unique().all()
    assert (SHOPS["merchant_id"] > 0).all()
    assert not set(SHOPS["merchant_id"]) & set(small_world().merchants["merchant_id"])


def test_the_number_of_shops_is_the_configured_one():
    home = SHOPS.filter(pl.col("country_code") == HOME)["spending_group"].value_counts()
    assert dict(home.cast({"spending_group": pl.String}).iter_rows()) == REMOTE.home.merchants
    abroad = SHOPS.filter(pl.col("country_code") != HOME)
    for is_online, reach in ((True, REMOTE.abroad.online), (False, REMOTE.abroad.visited)):
        found = abroad.filter(is_online=is_online)["country_code"].value_counts()
        assert dict(found.iter_rows()) == reach.merchants


def test_shares_of_a_group_at_home_add_up_and_follow_the_ranks():
    telecom = SHOPS.filter((pl.col("country_code") == HOME) & (pl.col("spending_group") == "telecom"))
    shares = np.sort(telecom["popularity"].to_numpy())[::-1]
    ranks = np.arange(1, shares.shape[0] + 1)
    assert shares.sum() == pytest.approx(1.0)
    assert np.allclose(shares / shares[0], ranks ** -REMOTE.home.concentration["telecom"])


def test_online_countries_have_the_configured_shares_of_each_group():
    online = SHOPS.filter((pl.col("country_code") != HOME) & pl.col("is_online"))
    shares = online.group_by("spending_group", "country_code").agg(pl.col("popularity").sum())
    weights, total = REMOTE.abroad.online.country_weights, sum(REMOTE.abroad.online.country_weights.values())
    for _, country, share in shares.iter_rows():
        assert share == pytest.approx(weights[country] / total)


def test_cities_have_the_share_of_their_country_in_visits():
    visited = REMOTE.abroad.visited.country_weights
    for country, weight in visited.items():
        own = OUTSIDE.cities.weight[OUTSIDE.cities.country == OUTSIDE.countries.index(country)]
        assert own.sum() == pytest.approx(weight / sum(visited.values()))


def test_shops_that_one_can_stand_in_lie_about_their_city_and_no_others_have_a_place():
    spots = SHOPS.filter(~pl.col("is_online"))
    cities, distances = REMOTE.abroad.cities, []
    for row in spots.iter_rows(named=True):
        middle = cities.latitudes[row["city_name"]], cities.longitudes[row["city_name"]]
        distances.append(haversine_km(row["latitude"], row["longitude"], *middle))
        assert cities.countries[row["city_name"]] == row["country_code"]
    rms_km = float(np.sqrt(np.mean(np.square(distances))))
    assert rms_km == pytest.approx(cities.spread / 1000, rel=0.1)
    elsewhere = SHOPS.filter("is_online").select("city_name", "latitude", "longitude", "h3_cell_r7")
    assert elsewhere.null_count().sum_horizontal().item() == 4 * elsewhere.height


def test_category_code_and_currency_follow_group_and_country():
    for row in SHOPS.iter_rows(named=True):
        assert row["merchant_category"] == GROUP_CATEGORIES[row["spending_group"]]
        assert row["merchant_category_code"] == GROUP_CODES[row["spending_group"]][0]
        home = {HOME: CONFIG.world.currency_code}
        assert row["currency_code"] == (home | REMOTE.abroad.currencies)[row["country_code"]]


def test_more_shops_of_one_group_change_nobody_elses_id_name_or_place():
    more = REMOTE.home.model_copy(update={"merchants": REMOTE.home.merchants | {"telecom": 40}})
    kept = ["merchant_id", "merchant_name", "spending_group", "latitude", "longitude", "country_code"]
    larger = changed(home=more)
    assert larger.height == SHOPS.height + 40 - REMOTE.home.merchants["telecom"]
    assert SHOPS.select(kept).join(larger.select(kept), on=kept, how="inner", nulls_equal=True).height == SHOPS.height


def test_shops_of_one_kind_in_one_country_are_called_differently():
    names = SHOPS.select("merchant_name", "spending_group", "country_code", "is_online")
    assert not names.is_duplicated().any()


def test_codes_of_countries_and_currencies_are_those_of_the_frame():
    frame = SHOPS.filter((pl.col("country_code") != HOME) & pl.col("is_online")).sort("merchant_id")
    assert [OUTSIDE.countries[code] for code in REACHED.abroad_online.country] == frame["country_code"].to_list()
    assert [OUTSIDE.currencies[code] for code in REACHED.abroad_online.currency] == frame["currency_code"].to_list()
    assert not REACHED.online.country.any()
    assert not REACHED.online.currency.any()


def test_every_slot_holds_shops_of_its_group_and_city():
    for slices, places in (
        (REACHED.online_by_group, REACHED.online),
        (REACHED.abroad_online_by_group, REACHED.abroad_online),
        (REACHED.abroad_by_city, REACHED.abroad),
    ):
        slots = np.repeat(np.arange(slices.count_slots), np.diff(slices.first))
        assert (places.group[slices.members] == slots % GROUPS).all()
    city = np.repeat(np.arange(REACHED.abroad_by_city.count_slots), np.diff(REACHED.abroad_by_city.first)) // GROUPS
    assert (OUTSIDE.cities.country[city] == REACHED.abroad.country[REACHED.abroad_by_city.members]).all()
    assert (OUTSIDE.cities.currency[city] == REACHED.abroad.currency[REACHED.abroad_by_city.members]).all()
