from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.market import Market as MarketRules
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.world.groups import NO_GROUP
from riskfabric_assets.world.market import CASH_CATEGORY, build_market
from riskfabric_assets.world.outside import outside_of
from riskfabric_assets.world.remote import draw_remote_merchants
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
CONFIG = resolve({}, Path("nowhere")).config
OUTSIDE = outside_of(CONFIG.remote, CONFIG.world)
REMOTE = draw_remote_merchants(CONFIG.remote, CONFIG.world, Streams(1))
GROUPS = len(SPENDING_GROUPS)


def market_of(merchants, financial=WORLD.financial):
    return build_market(merchants, financial, REMOTE, Streams(1), RULES, OUTSIDE)


MARKET = market_of(WORLD.merchants)
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
    shuffled = market_of(WORLD.merchants.sample(fraction=1, shuffle=True, seed=3))
    assert np.array_equal(shuffled.merchants.place_id, np.sort(WORLD.merchants["merchant_id"].to_numpy()))
    assert np.array_equal(shuffled.merchants.popularity, MARKET.merchants.popularity)
    assert np.array_equal(shuffled.merchant_tiers.slices.cumulative, MARKET.merchant_tiers.slices.cumulative)


def test_another_shop_changes_nobody_elses_popularity():
    fewer = market_of(WORLD.merchants.slice(1))
    assert np.array_equal(fewer.merchants.popularity, MARKET.merchants.popularity[1:])


def test_popularity_follows_a_rank_size_law():
    ids = pl.int_range(20_000, eager=True) + 1
    many = pl.concat([WORLD.merchants] * 67).head(20_000).with_columns(merchant_id=ids)
    weights = np.sort(market_of(many).merchants.popularity)[::-1]
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


def test_every_slot_of_a_group_holds_the_members_of_its_tier_that_have_the_group():
    tiers, by_group = MARKET.merchant_tiers.slices, MARKET.by_group
    assert by_group.count_slots == tiers.count_slots * GROUPS
    for slot in range(tiers.count_slots):
        inside = tiers.members[tiers.first[slot] : tiers.first[slot + 1]]
        for group in range(GROUPS):
            wanted = inside[MARKET.merchants.group[inside] == group]
            own = slice(by_group.first[slot * GROUPS + group], by_group.first[slot * GROUPS + group + 1])
            assert np.array_equal(by_group.members[own], wanted)
            weights = np.cumsum(MARKET.merchants.popularity[wanted])
            assert np.allclose(by_group.cumulative[own], weights / weights[-1:])


def test_a_group_that_is_nowhere_near_is_found_in_a_wider_tier_if_it_is_anywhere():
    sizes = np.diff(MARKET.by_group.first).reshape(-1, GROUPS)
    sees = sizes[NEIGHBOURHOODS.cascaded] > 0
    assert (sees[:, 3] == (sizes[-1] > 0)).all()
    assert (sees[:, 0] <= sees[:, 3]).all()


def test_every_merchant_knows_the_slot_of_its_r6_cell():
    slots, tiers = MARKET.merchant_r6_slots, MARKET.merchant_tiers.slices
    assert all(
        shop in tiers.members[tiers.first[slot] : tiers.first[slot + 1]] for shop, slot in enumerate(slots.tolist())
    )
    assert slots.max() < MARKET.merchant_tiers.r6_cells.shape[0]


def test_the_map_is_home_and_a_cash_machine_has_no_group():
    assert not MARKET.merchants.country.any()
    assert not MARKET.merchants.currency.any()
    assert MARKET.merchants.group.max() < GROUPS
    assert (MARKET.atms.group == NO_GROUP).all()


def test_cash_machines_are_the_atms():
    assert MARKET.atms.place_id.shape == (23,)
    assert set(MARKET.atms.category) == {CASH_CATEGORY}


def test_bank_branches_stand_in_for_missing_cash_machines():
    branches = WORLD.financial.filter(financial_kind="bank")
    assert market_of(WORLD.merchants, branches).atms.place_id.shape == (11,)


def test_a_map_without_cash_has_no_slot_anywhere():
    market = market_of(WORLD.merchants, WORLD.financial.head(0))
    around = locate(market.atm_tiers, HOMES["h3_cell_r7"].to_numpy(), HOMES["region_id"].to_numpy())
    assert (around.cascaded == -1).all()


def test_a_map_without_merchants_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="RISKFABRIC_OSM_PATH"):
        market_of(WORLD.merchants.head(0))


def test_an_unknown_category_is_named():
    odd = WORLD.merchants.with_columns(merchant_category=pl.lit("SPACE"))
    with pytest.raises(InputError, match="SPACE"):
        market_of(odd)
