import polars as pl
import pytest

from riskfabric_assets.osm.references import (
    OSM_TABLES,
    ExtractOptions,
    ExtractReport,
    extract_references,
    options_for,
    targets_in,
)
from riskfabric_assets.osm.sample.extract import write_sample_extract
from tests.maps import TOWN, write_map

OPTIONS = ExtractOptions(admin_levels=(4, 5))


def extracted(path, folder, options=OPTIONS) -> tuple[ExtractReport, dict[str, pl.DataFrame]]:
    targets = targets_in(folder)
    report = extract_references(path, targets, options)
    return report, {name.split("/")[1]: pl.read_parquet(target) for name, target in targets.items()}


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_every_kind_of_file_gives_the_same_tables(tmp_path, suffix):
    report, tables = extracted(write_map(tmp_path / f"town{suffix}", TOWN), tmp_path)
    assert tables["places"]["place_id"].to_list() == [4, 6, 10, 5]
    assert tables["places"]["tag_value"].to_list() == ["bakery", "atm", "lawyer", "mall"]
    assert tables["residences"]["place_id"].to_list() == [3, 8]
    assert tables["settlements"].select("name", "population").rows() == [("Ahaus", 12345)]
    assert tables["boundaries"].select("name", "admin_level", "iso_code").rows() == [("Nord", 4, "ZZ-N")]
    assert (report.places, report.financial_places, report.residences) == (4, 1, 2)


def test_an_outline_stands_at_its_centroid_in_its_cell(tmp_path):
    _, tables = extracted(write_map(tmp_path / "town.osm.pbf", TOWN), tmp_path)
    outline = tables["residences"].row(0, named=True)
    assert outline["osm_type"] == "way"
    assert outline["latitude"] == pytest.approx(47.00305, abs=1e-7)
    assert outline["longitude"] == pytest.approx(9.0031, abs=1e-7)
    assert f"{outline['h3_cell_r7']:x}".startswith("87")


def test_what_leaves_the_extract_is_counted_not_guessed(tmp_path):
    report, _ = extracted(write_map(tmp_path / "town.osm.pbf", TOWN), tmp_path)
    assert report.ways_without_nodes == 1
    assert [(level.admin_level, level.found, level.assembled) for level in report.boundaries] == [(4, 1, 1), (5, 1, 0)]


def test_tables_keep_their_contracts(tmp_path):
    _, tables = extracted(write_map(tmp_path / "town.osm.pbf", TOWN), tmp_path)
    for table in OSM_TABLES:
        assert list(tables[table.name.split("/")[1]].columns) == list(table.schema)
        table.check(tables[table.name.split("/")[1]].cast(table.schema))


def test_a_small_and_a_large_extract_are_located_differently_and_read_alike(tmp_path):
    path = write_sample_extract(tmp_path / "sample.osm.pbf", objects=8_000).path
    small, tables = extracted(path, tmp_path / "small")
    large, same = extracted(path, tmp_path / "large", ExtractOptions(admin_levels=(4, 5), small_extract_bytes=0))
    assert small.location_strategy != large.location_strategy
    assert all(tables[name].equals(same[name]) for name in tables)


def test_too_many_homes_are_thinned_repeatably(tmp_path):
    path = write_sample_extract(tmp_path / "sample.osm.pbf", objects=8_000).path
    options = ExtractOptions(admin_levels=(4,), residences_per_cell=1)
    report, tables = extracted(path, tmp_path / "a", options)
    _, again = extracted(path, tmp_path / "b", options)
    assert tables["residences"]["h3_cell_r7"].is_unique().all()
    assert report.residences < report.residences_found
    assert tables["residences"].equals(again["residences"])


def test_no_boundaries_wanted_gives_an_empty_table(tmp_path):
    report, tables = extracted(write_map(tmp_path / "town.osm.pbf", TOWN), tmp_path, ExtractOptions(admin_levels=()))
    assert tables["boundaries"].height == 0
    assert report.boundaries == ()


def test_a_sample_says_that_it_is_one_and_a_map_does_not(tmp_path):
    sample, _ = extracted(write_sample_extract(tmp_path / "sample.osm.pbf", objects=2_000).path, tmp_path)
    town, _ = extracted(write_map(tmp_path / "town.osm.pbf", TOWN), tmp_path)
    assert (sample.is_sample, town.is_sample) == (True, False)


def test_progress_names_every_stage_in_order(tmp_path):
    stages = []
    path = write_map(tmp_path / "town.osm.pbf", TOWN)
    extract_references(path, targets_in(tmp_path), OPTIONS, progress=lambda stage, kept: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["nodes", "locations", "ways", "boundaries", "writing"]


def test_a_world_asks_for_its_own_levels(tmp_path):
    from riskfabric_assets.packs.settings import resolve

    india = options_for(resolve({}, tmp_path).config.world, seed=5)
    anywhere = options_for(resolve({"RISKFABRIC_WORLD": "anywhere"}, tmp_path).config.world, seed=5)
    assert (india.admin_levels, india.required_levels) == ((4, 5), (4, 5))
    assert anywhere.required_levels == ()
