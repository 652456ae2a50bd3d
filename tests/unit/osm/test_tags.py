import pytest

from riskfabric_assets.osm.tags import AMENITIES, HOMES, LANDUSE, PLACE_KEYS, classify, population_of


def kind_of(**tags: str) -> tuple[tuple[str, str] | None, str | None]:
    return classify({key.replace("__", ":"): value for key, value in tags.items()}.get)


@pytest.mark.parametrize("key", PLACE_KEYS)
@pytest.mark.parametrize("building", ["house", "apartments", "residential", "yes"])
def test_an_addressed_house_with_a_key_of_business_is_never_a_home(key, building):
    value = {"amenity": "parking", "tourism": "viewpoint", "leisure": "park"}.get(key, "something")
    assert kind_of(building=building, addr__housenumber="7", addr__street="High Street", **{key: value})[1] is None


@pytest.mark.parametrize("building", sorted(HOMES))
def test_a_residential_building_is_a_home_with_or_without_address(building):
    assert kind_of(building=building) == (None, building)


def test_an_address_alone_is_no_home():
    assert kind_of(addr__housenumber="7", addr__street="High Street") == (None, None)


def test_a_building_without_kind_is_a_home_only_with_a_house_number():
    assert kind_of(building="yes", addr__housenumber="7") == (None, "yes")
    assert kind_of(building="yes", addr__street="High Street") == (None, None)


@pytest.mark.parametrize("building", ["commercial", "retail", "office", "industrial", "hotel", "school", "garage"])
def test_a_building_for_something_else_is_no_home_whatever_its_address(building):
    assert kind_of(building=building, addr__housenumber="7") == (None, None)


def test_a_residential_area_is_the_fall_back():
    assert kind_of(landuse="residential") == (None, LANDUSE)
    assert kind_of(landuse="industrial") == (None, None)


def test_a_shop_comes_before_an_amenity_and_an_amenity_before_a_hotel():
    assert kind_of(shop="bakery", amenity="cafe", tourism="hotel") == (("shop", "bakery"), None)
    assert kind_of(amenity="cafe", tourism="hotel") == (("amenity", "cafe"), None)


def test_a_hotel_with_an_amenity_that_sells_nothing_is_still_a_hotel():
    assert kind_of(amenity="parking", tourism="hotel") == (("tourism", "hotel"), None)


@pytest.mark.parametrize("amenity", ["bench", "waste_basket", "parking", "toilets", "place_of_worship", "post_box"])
def test_street_furniture_is_no_place_of_business(amenity):
    assert amenity not in AMENITIES
    assert kind_of(amenity=amenity) == (None, None)


@pytest.mark.parametrize("value", ["vacant", "no", "", "  "])
def test_an_empty_shop_is_no_shop(value):
    assert kind_of(shop=value) == (None, None)


def test_of_several_values_the_first_counts_in_lower_case():
    assert kind_of(shop=" Bakery;cafe") == (("shop", "bakery"), None)


@pytest.mark.parametrize(
    ("text", "population"),
    [("1234", 1234), ("1,234", 1234), ("1 234 567", 1234567), ("about 300", None), ("", None), ("٣", None)],
)
def test_a_population_is_read_if_it_is_a_number(text, population):
    assert population_of({"population": text}.get) == population
