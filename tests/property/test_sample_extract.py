"""The sample extract: the same bytes for the same seed, and a map that holds together."""

import hashlib
import itertools

import duckdb
import osmium
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.osm.references import ExtractOptions, extract_references, targets_in
from riskfabric_assets.osm.sample.anchors import make_anchors
from riskfabric_assets.osm.sample.extract import DEFAULT_OBJECTS, write_sample_extract
from riskfabric_assets.osm.sample.facts import FOLDER, known_countries, read_facts
from riskfabric_assets.warehouse import extensions

OBJECTS = 12_000


@pytest.fixture(scope="module", params=known_countries())
def country(request):
    return request.param


@pytest.fixture(scope="module")
def sample(country, tmp_path_factory):
    return write_sample_extract(tmp_path_factory.mktemp("sample") / "sample.osm.pbf", country, OBJECTS, seed=11)


@pytest.fixture(scope="module")
def tables(country, sample):
    parameters = read_facts(country).country
    targets = targets_in(sample.path.parent)
    levels = (2, parameters.state_level, parameters.district_level)
    extract_references(sample.path, targets, ExtractOptions(admin_levels=levels, required_levels=levels))
    return {name.split("/")[1]: path for name, path in targets.items()}


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_equal_seeds_give_equal_bytes_and_other_seeds_others(country, sample, tmp_path):
    again = write_sample_extract(tmp_path / "again.osm.pbf", country, OBJECTS, seed=11)
    other = write_sample_extract(tmp_path / "other.osm.pbf", country, OBJECTS, seed=12)
    assert digest(again.path) == digest(sample.path) != digest(other.path)


def test_every_state_and_district_assembles(country, sample, tables):
    facts = read_facts(country)
    boundaries = pl.read_parquet(tables["boundaries"])
    by_level = dict(boundaries["admin_level"].value_counts().iter_rows())
    assert by_level[facts.country.state_level] == facts.states.height
    assert by_level[facts.country.district_level] == facts.districts.height
    assert boundaries.height == sample.boundaries


def test_districts_are_valid_and_cover_their_state_once(country, tables):
    facts = read_facts(country)
    query = f"""with areas as (select admin_level, name, state, st_geomfromwkb(boundary_wkb) as shape
                               from read_parquet('{tables["boundaries"]}')),
                districts as (select state, sum(st_area(shape)) as area from areas
                              where admin_level = {facts.country.district_level} group by state)
                select areas.name, st_area(shape) as area, districts.area as covered,
                       (select bool_and(st_isvalid(shape)) from areas) as is_valid
                from areas left join districts on districts.state = areas.name
                where admin_level = {facts.country.state_level}"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        states = connection.execute(query).pl()
    assert states["is_valid"].all()
    assert ((states["area"] - states["covered"]).abs() / states["area"]).max() < 1e-9


def test_most_objects_stand_inside_the_country_and_in_their_own_state(country, tables):
    level = read_facts(country).country.state_level
    query = f"""select settlements.state = areas.name as is_own
                from read_parquet('{tables["settlements"]}') settlements
                left join (select name, st_geomfromwkb(boundary_wkb) as shape
                           from read_parquet('{tables["boundaries"]}') where admin_level = {level}) areas
                on st_intersects(areas.shape, st_point(longitude, latitude))"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        own = connection.execute(query).pl()["is_own"]
    assert own.fill_null(value=False).mean() > 0.98


def test_every_state_of_some_size_has_shops_and_homes(country, tables):
    """Twelve thousand objects leave out states with less than one person in 200."""
    facts = read_facts(country)
    people = pl.col("population") / pl.col("population").sum()
    states = set(facts.states.filter(people >= 1 / 200)["state_name"])
    query = """select distinct areas.name from (select name, st_geomfromwkb(boundary_wkb) as shape
                                                from read_parquet('{boundaries}') where admin_level = {level}) areas
               join (select st_point(longitude, latitude) as point from read_parquet('{path}')) objects
                 on st_intersects(areas.shape, objects.point)"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        for table in ("places", "residences"):
            text = query.format(path=tables[table], boundaries=tables["boundaries"], level=facts.country.state_level)
            assert states <= set(connection.execute(text).pl()["name"]), table


def test_ids_ascend_and_nodes_come_before_ways_and_relations(sample):
    order = [("nwr".index(item.type_str()), item.id) for item in osmium.FileProcessor(str(sample.path))]
    assert all(first < second for first, second in itertools.pairwise(order))


def test_the_file_holds_as_many_tagged_objects_as_were_wanted(sample):
    filled = osmium.FileProcessor(str(sample.path)).with_filter(osmium.filter.EmptyTagFilter())
    assert sum(1 for _ in filled) == OBJECTS == sample.tagged_objects


def test_the_default_sample_is_large_enough_to_hold_every_settlement(country):
    assert DEFAULT_OBJECTS >= 200_000
    assert make_anchors(read_facts(country)).height < 0.2 * DEFAULT_OBJECTS


def test_people_of_a_state_add_up_to_its_population_at_least(country):
    facts = read_facts(country)
    people = make_anchors(facts).group_by("state").agg(pl.col("people").sum())
    joined = facts.states.join(people, left_on="state_name", right_on="state")
    assert joined.height == facts.states.height
    assert (joined["people"] >= 0.99 * joined["population"]).all()


def test_no_two_borders_run_alike_and_no_bank_is_listed_twice(country):
    facts = read_facts(country)
    assert facts.borders.select(pl.col("lat_e4").hash(), pl.col("lon_e4").hash()).is_duplicated().sum() == 0
    assert len(set(facts.country.banks)) == len(facts.country.banks)


def test_facts_are_small_and_say_where_they_are_from(country):
    files = [path for path in (FOLDER / country).iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 600_000
    assert "licence" in (FOLDER / country / "SOURCES.md").read_text(encoding="utf-8")


def test_too_few_objects_and_unknown_countries_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="at least"):
        write_sample_extract(tmp_path / "s.osm.pbf", objects=900)
    with pytest.raises(ConfigError, match="did you mean 'india'"):
        write_sample_extract(tmp_path / "s.osm.pbf", country="indai")
