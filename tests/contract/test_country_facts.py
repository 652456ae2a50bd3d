"""Every folder of facts keeps the same files, columns and promises, and every world has one."""

import csv

import polars as pl
import pytest

from riskfabric_assets.osm import tags
from riskfabric_assets.osm.sample.anchors import make_anchors
from riskfabric_assets.osm.sample.facts import FOLDER, OUTSIDE, known_countries, read_facts
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve

FILES = {
    "SOURCES.md", "borders.parquet", "country.yaml", "districts.csv", "localities.parquet", "settlements.parquet",
    "states.csv",
}  # fmt: skip
COLUMNS = {
    "borders": {
        "left_district_id": pl.Int16,
        "right_district_id": pl.Int16,
        "lat_e4": pl.List(pl.Int32),
        "lon_e4": pl.List(pl.Int32),
    },
    "settlements": {
        "geoname_id": pl.Int32,
        "settlement_name": pl.String,
        "district_id": pl.Int16,
        "lat_e4": pl.Int32,
        "lon_e4": pl.Int32,
        "population": pl.Int32,
        "postcode": pl.Int32,
    },
    "localities": {
        "postcode": pl.Int32,
        "locality_name": pl.String,
        "district_id": pl.Int16,
        "lat_e4": pl.Int32,
        "lon_e4": pl.Int32,
        "weight": pl.Int16,
        "city_name": pl.String,
    },
    "states": {
        "iso_3166_2": pl.String,
        "state_name": pl.String,
        "other_names": pl.String,
        "population": pl.Int64,
    },
    "districts": {"district_id": pl.Int16, "iso_3166_2": pl.String, "district_name": pl.String},
}
KINDS = {
    "fast food": {"amenity=fast_food"},
    "bakery": {"shop=bakery"},
    "pharmacy": {"amenity=pharmacy"},
    "fuel": {"amenity=fuel"},
    "tobacco and kiosk": {"shop=tobacco", "shop=kiosk"},
    "apparel": {"shop=clothes", "shop=shoes"},
    "electronics": {"shop=electronics"},
    "department store": {"shop=department_store"},
    "jewellery": {"shop=jewelry"},
    "alcohol": {"shop=alcohol"},
    "health": {"amenity=clinic", "amenity=hospital", "amenity=dentist"},
    "home and garden": {"shop=hardware", "shop=furniture"},
    "transport": {"amenity=fuel", "shop=car_repair"},
    "travel": {"shop=travel_agency", "tourism=hotel"},
    "entertainment": {"amenity=cinema"},
}
CITIES = {
    "india": {"Mumbai": "Maharashtra", "Bengaluru": "Karnataka"},
    "south_africa": {
        "Johannesburg": "Gauteng", "Pretoria": "Gauteng", "Durban": "KwaZulu-Natal", "Cape Town": "Western Cape",
        "Pietermaritzburg": "KwaZulu-Natal", "Gqeberha": "Eastern Cape", "East London": "Eastern Cape",
        "Polokwane": "Limpopo", "Mbombela": "Mpumalanga", "Rustenburg": "North West", "Mahikeng": "North West",
        "Bloemfontein": "Free State", "Kimberley": "Northern Cape",
    },
    "russia": {
        "Moscow": "Moscow", "Saint Petersburg": "Saint Petersburg", "Novosibirsk": "Novosibirsk Oblast",
        "Yekaterinburg": "Sverdlovsk Oblast", "Kazan": "Tatarstan", "Volgograd": "Volgograd Oblast",
        "Volzhsky": "Volgograd Oblast", "Vladivostok": "Primorsky Krai", "Kaliningrad": "Kaliningrad Oblast",
    },
}  # fmt: skip

pytestmark = pytest.mark.parametrize("country", known_countries())


def test_the_folder_has_the_files_of_the_others(country):
    files = [path for path in (FOLDER / country).iterdir() if path.is_file()]
    assert {path.name for path in files} == FILES
    assert max(path.stat().st_size for path in files) < 400_000


def test_the_tables_have_the_columns_of_the_others_and_no_gaps(country):
    facts = read_facts(country)
    for name, schema in COLUMNS.items():
        table = getattr(facts, name)
        assert dict(table.schema) == schema, name
        assert table.drop("city_name", strict=False).null_count().sum_horizontal().item() == 0, name


def test_keys_are_unique_and_found(country):
    facts = read_facts(country)
    districts = set(facts.districts["district_id"])
    assert facts.districts.height == len(districts)
    assert OUTSIDE not in districts
    assert set(facts.districts["iso_3166_2"]) == set(facts.states["iso_3166_2"])
    assert not facts.states["state_name"].is_duplicated().any()
    assert not facts.districts.select("iso_3166_2", "district_name").is_duplicated().any()
    for places in (facts.settlements, facts.localities):
        assert set(places["district_id"]) <= districts
    sides = set(facts.borders["left_district_id"]) | set(facts.borders["right_district_id"])
    assert sides == districts | {OUTSIDE}


def test_every_state_has_settlements_and_countryside(country):
    anchors = make_anchors(read_facts(country))
    kinds = anchors.group_by("state").agg(
        pl.col("is_settlement").any().alias("towns"), (~pl.col("is_settlement")).sum()
    )
    assert kinds["towns"].all()
    assert set(kinds["state"]) == set(read_facts(country).states["state_name"])
    assert kinds.filter(pl.col("is_settlement") == 0).is_empty()


def test_known_cities_lie_in_the_region_that_packs_name(country):
    anchors = make_anchors(read_facts(country)).filter("is_settlement")
    largest = anchors.sort("people", descending=True).unique("name", keep="first", maintain_order=True)
    found = dict(largest.select("name", "state").iter_rows())
    assert {name: found.get(name) for name in CITIES[country]} == CITIES[country]


def test_postcodes_have_the_digits_of_the_country(country):
    facts = read_facts(country)
    codes = make_anchors(facts)["postcode"]
    assert (codes.str.len_chars() == facts.country.postcode_digits).all()


def test_the_shops_have_every_kind_that_spending_needs(country):
    commerce = read_facts(country).country.commerce
    assert [kind for kind, wanted in KINDS.items() if not wanted <= set(commerce)] == []
    parsed = {tuple(name.split("=")): tags.classify(dict([name.split("=")]).get)[0] for name in commerce}
    assert all(tag == found for tag, found in parsed.items())


def test_a_world_reads_its_boundaries_at_the_levels_of_its_sample(country, tmp_path):
    worlds = [resolve({"RISKFABRIC_WORLD": name}, tmp_path).config.world for name in known_worlds(packaged_config())]
    own = [world for world in worlds if world.sample_extract == country and world.boundaries.is_required]
    parameters = read_facts(country).country
    assert own
    for world in own:
        assert world.boundaries.region_admin_level == parameters.state_level
        assert world.boundaries.district_admin_level == parameters.district_level


def test_every_other_spelling_of_a_state_is_an_alias(country):
    path = packaged_config().parent / "dbt_project" / "seeds" / "region_aliases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        aliases = {
            row["alias"].casefold(): row["region_name"] for row in csv.DictReader(file) if row["world"] == country
        }
    for name, others in read_facts(country).states.select("state_name", "other_names").iter_rows():
        assert {spelling: aliases.get(spelling.casefold()) for spelling in [name, *others.split(";")]} == dict.fromkeys(
            [name, *others.split(";")], name
        )
