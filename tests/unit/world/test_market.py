import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.packs.market import Market as MarketRules
from riskfabric_assets.world.market import CASH_CATEGORY, build_market
from riskfabric_assets.world.tiers import TIERS, locate
from tests.oracles.tiers_oracle import candidates, cascaded_candidates
from tests.worlds import small_world

RULES = MarketRules.model_validate(
    {
        "popularity_exponent": {"value": 0.8, "unit": "exponent", "source": "test"},
        "popularity_cap": {"value": 200, "unit": "ratio", "source": "test"},
    }
)
WORLD = small_world()
MARKET = build_market(WORLD.merchants, WORLD.financial, Streams(1), RULES)
HOMES = WORLD.residential
NEIGHBOURHOODS = locate(MARKET.merchant_tiers, HOMES["h3_cell_r7"].to_numpy(), HOMES["region_id"].to_numpy())


def members(slices, slot):
    return (
        []
        if slot < 0
        else MARKET.merchants.place_id[slices.members[slices.first[slot] : slices.first[slot + 1]]].tolist()
    )


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_holds_what_a_search_through_all_merchants_finds(tier):
    for row, home in enumerate(HOMES.iter_rows(named=True)):
        if row % 23 and home["location_type"] != "Rural":
            continue
        found = members(MARKET.merchant_tiers.slices, NEIGHBOURHOODS.slots[row, TIERS.index(tier)])
        assert found == candidates(WORLD.merchants, home["h3_cell_r7"], home["region_id"], tier)


@pytest.mark.parametrize("tier", TIERS)
def test_an_empty_tier_falls_to_the_next_wider_one(tier):
    for row, home in enumerate(HOMES.iter_rows(named=True)):
        if home["location_type"] == "Rural":
            found = members(MARKET.merchant_tiers.slices, NEIGHBOURHOODS.cascaded[row, TIERS.index(tier)])
            assert found == cascaded_candidates(WORLD.merchants, home["h3_cell_r7"], home["region_id"], tier)


def test_a_hamlet_in_a_region_with_shops_never_shops_nationwide_for_lack_of_neighbours():
    hamlet = (HOMES["settlement_id"] == 4).to_numpy()
    region = NEIGHBOURHOODS.slots[hamlet, 2]
    assert (NEIGHBOURHOODS.slots[hamlet, 0] == -1).all()
    assert (NEIGHBOURHOODS.cascaded[hamlet, 0] == region).all()
    assert (region != NEIGHBOURHOODS.slots[hamlet, 3]).all()


def test_every_merchant_is_in_one_slot_of_each_tier():
    assert sorted(MARKET.merchant_tiers.slices.members) == sorted(list(range(WORLD.merchants.height)) * len(TIERS))


def test_merchants_stand_in_canonical_order_whatever_the_frame_order():
    shuffled = build_market(
        WORLD.merchants.sample(fraction=1, shuffle=True, seed=3), WORLD.financial, Streams(1), RULES
    )
    assert np.array_equal(shuffled.merchants.place_id, np.sort(WORLD.merchants["merchant_id"].to_numpy()))
    assert np.array_equal(shuffled.merchants.popularity, MARKET.merchants.popularity)
    assert np.array_equal(shuffled.merchant_tiers.slices.cumulative, MARKET.merchant_tiers.slices.cumulative)


def test_another_shop_changes_nobody_elses_popularity():
    fewer = build_market(WORLD.merchants.slice(1), WORLD.financial, Streams(1), RULES)
    assert np.array_equal(fewer.merchants.popularity, MARKET.merchants.popularity[1:])


def test_popularity_follows_a_rank_size_law():
    ids = pl.int_range(20_000, eager=True) + 1
    many = pl.concat([WORLD.merchants] * 67).head(20_000).with_columns(merchant_id=ids)
    weights = np.sort(build_market(many, WORLD.financial, Streams(1), RULES).merchants.popularity)[::-1]
    ranks = np.arange(50, 2000)
    slope = np.polyfit(np.log(ranks), np.log(weights[ranks - 1]), 1)[0]
    assert slope == pytest.approx(-0.8, abs=0.1)
    assert weights.max() <= 200


def test_categories_are_codes_of_the_contract():
    names = WORLD.merchants.sort("merchant_id")["merchant_category"].to_list()
    assert [MERCHANT_CATEGORIES[code] for code in MARKET.merchants.category] == names


def test_the_category_index_finds_the_shops_of_a_category_in_a_region():
    category = MERCHANT_CATEGORIES.index("GROCERY")
    region = int(np.searchsorted(MARKET.merchant_tiers.region_ids, 2))
    wanted = WORLD.merchants.filter(merchant_category="GROCERY", region_id=2)["merchant_id"].sort().to_list()
    assert members(MARKET.merchant_categories, region * len(MERCHANT_CATEGORIES) + category) == wanted
    anywhere = MARKET.merchant_tiers.region_ids.shape[0] * len(MERCHANT_CATEGORIES) + category
    wanted = WORLD.merchants.filter(merchant_category="GROCERY")["merchant_id"].sort().to_list()
    assert members(MARKET.merchant_categories, anywhere) == wanted


def test_cash_machines_are_the_atms():
    assert MARKET.atms.place_id.shape == (23,)
    assert set(MARKET.atms.category) == {CASH_CATEGORY}


def test_bank_branches_stand_in_for_missing_cash_machines():
    branches = WORLD.financial.filter(financial_kind="bank")
    assert build_market(WORLD.merchants, branches, Streams(1), RULES).atms.place_id.shape == (11,)


def test_a_map_without_cash_has_no_slot_anywhere():
    market = build_market(WORLD.merchants, WORLD.financial.head(0), Streams(1), RULES)
    around = locate(market.atm_tiers, HOMES["h3_cell_r7"].to_numpy(), HOMES["region_id"].to_numpy())
    assert (around.cascaded == -1).all()


def test_a_map_without_merchants_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="RISKFABRIC_OSM_PATH"):
        build_market(WORLD.merchants.head(0), WORLD.financial, Streams(1), RULES)


def test_an_unknown_category_is_named():
    odd = WORLD.merchants.with_columns(merchant_category=pl.lit("SPACE"))
    with pytest.raises(InputError, match="SPACE"):
        build_market(odd, WORLD.financial, Streams(1), RULES)
