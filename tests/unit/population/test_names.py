import numpy as np
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.names import Bearers, draw_names, open_name_book
from tests.people import demography, population

N = 6_000
REGIONS = ["Gujarat", "Punjab", "Tamil Nadu", "Uttar Pradesh", "West Bengal"]
NAMES, HABITS = demography().names, demography().rules.names
BOOK = open_name_book(NAMES, HABITS, REGIONS)
ORDINALS = np.arange(N)
BEARERS = Bearers(ORDINALS, ORDINALS, ORDINALS)
REGION = ORDINALS % len(REGIONS)
IS_FEMALE = ORDINALS % 2 == 0


@pytest.fixture(scope="module")
def drawn():
    return draw_names(BOOK, HABITS, Streams(1), BEARERS, REGION, IS_FEMALE)


def cramers_v(left, right):
    """Strength of association of two categorical columns, 0 to 1, corrected for chance (Bergsma 2013)."""
    _, a = np.unique(left, return_inverse=True)
    _, b = np.unique(right, return_inverse=True)
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / len(left)
    phi = ((table - expected) ** 2 / expected).sum() / len(left)
    rows, columns = table.shape
    corrected = max(0.0, phi - (rows - 1) * (columns - 1) / (len(left) - 1))
    sides = [side - (side - 1) ** 2 / (len(left) - 1) for side in (rows, columns)]
    return np.sqrt(corrected / (min(sides) - 1))


def test_given_names_belong_to_the_gender(drawn):
    female = {name for community in NAMES.communities.values() for name in community.female_given}
    male = {name for community in NAMES.communities.values() for name in community.male_given}
    given = drawn["given_name"].to_list()
    assert all(name in female for name, is_female in zip(given, IS_FEMALE, strict=True) if is_female)
    assert all(name in male for name, is_female in zip(given, IS_FEMALE, strict=True) if not is_female)


def test_last_names_go_with_the_region(drawn):
    assert cramers_v(drawn["last_name"].to_list(), REGION) > 0.3


def test_region_says_nothing_about_gender():
    customers = population(10_000).customers
    assert cramers_v(customers["gender"].cast(str).to_list(), customers["region_name"].to_list()) < 0.03


def test_kaur_is_a_woman_and_singh_in_punjab_a_man(drawn):
    kaur = (drawn["last_name"] == "Kaur").to_numpy()
    punjab = REGIONS.index("Punjab") == REGION
    assert kaur[punjab].mean() > 0.10
    assert IS_FEMALE[kaur].all()
    assert (drawn["last_name"].to_numpy()[punjab & ~IS_FEMALE] == "Singh").mean() > 0.3


def test_patels_live_in_gujarat(drawn):
    patel = (drawn["last_name"] == "Patel").to_numpy()
    assert patel[REGION == 0].mean() > 5 * patel[REGION == 4].mean()


def test_tamils_bear_their_fathers_initial(drawn):
    initial = drawn["full_name"].str.contains(r"^[A-Z]\. ").to_numpy()
    assert initial[REGIONS.index("Tamil Nadu") == REGION].mean() > 0.5
    assert initial[REGIONS.index("Punjab") == REGION].mean() == 0


def test_frequent_names_are_more_frequent(drawn):
    gujarati = NAMES.communities["gujarati"].family
    last = drawn["last_name"].to_list()
    assert last.count(gujarati[0]) > 2 * last.count(gujarati[-1])


def test_a_namesake_of_a_public_figure_gets_another_name():
    shunned = NAMES.model_copy(update={"public_figures": ["Hetal Patel", "Jignesh Patel", "Hetal Shah"]})
    book = open_name_book(shunned, HABITS, REGIONS)
    open_to_all = open_name_book(NAMES.model_copy(update={"public_figures": []}), HABITS, REGIONS)
    before = draw_names(open_to_all, HABITS, Streams(1), BEARERS, REGION, IS_FEMALE)["full_name"]
    after = draw_names(book, HABITS, Streams(1), BEARERS, REGION, IS_FEMALE)["full_name"]
    assert before.is_in(shunned.public_figures).any()
    assert not after.is_in(shunned.public_figures).any()
    assert ((before == after) | before.is_in(shunned.public_figures)).all()


def test_an_unlisted_region_has_names_from_elsewhere():
    names = draw_names(
        BOOK, HABITS, Streams(1), Bearers(*(each[:50] for each in BEARERS)), np.full(50, len(REGIONS)), IS_FEMALE[:50]
    )
    assert names["full_name"].str.len_chars().min() > 3


@pytest.mark.parametrize("world", ["india", "anywhere"])
def test_no_given_name_of_a_community_is_of_both_genders_by_mistake(world):
    for name, community in demography(world).names.communities.items():
        both = set(community.female_given) & set(community.male_given)
        assert name in ("sikh", "himalayan") or len(both) <= 1, (name, both)
        for pool in (community.female_given, community.male_given, community.family):
            assert len(set(pool)) == len(pool), (name, pool)
