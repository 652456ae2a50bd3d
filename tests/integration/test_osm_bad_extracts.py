"""What a user may bring that is no use: each is refused in words that say what to do, and nothing is lost."""

import gzip

import pytest

from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.osm.references import ExtractOptions, extract_references, targets_in
from riskfabric_assets.osm.sample.extract import write_sample_extract
from tests.maps import TOWN, without, write_map

OPTIONS = ExtractOptions(admin_levels=(4, 5))
ROADS = "".join(f"w{number} Thighway=residential Nn6,n7\n" for number in range(100, 1200))


def refused(path, folder, options=OPTIONS) -> str:
    with pytest.raises(InputError) as caught:
        extract_references(path, targets_in(folder), options)
    message = str(caught.value)
    assert str(path) in message
    assert "fix:" in message
    return message


def test_a_missing_extract(tmp_path):
    assert "no such file" in refused(tmp_path / "none.osm.pbf", tmp_path)


def test_an_empty_extract(tmp_path):
    (tmp_path / "empty.osm.pbf").touch()
    assert "an empty file" in refused(tmp_path / "empty.osm.pbf", tmp_path)


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "map.shp").write_bytes(b"shape")
    assert ".osm.pbf" in refused(tmp_path / "map.shp", tmp_path)


@pytest.mark.parametrize("name", ["page.osm.pbf", "page.osm", "page.osm.gz"])
def test_a_file_that_is_no_map_inside(tmp_path, name):
    (tmp_path / name).write_bytes(b"<html><body>404</body></html>" * 40)
    message = refused(tmp_path / name, tmp_path)
    assert "no map" in message or "something else" in message


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.999])
def test_a_pbf_that_is_cut_off_anywhere(tmp_path, share):
    whole = write_sample_extract(tmp_path / "whole.osm.pbf", objects=2_000).path.read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: int(len(whole) * share)])
    assert "cut off" in refused(tmp_path / "cut.osm.pbf", tmp_path)


def test_a_pbf_whose_content_is_damaged(tmp_path):
    whole = bytearray(write_sample_extract(tmp_path / "whole.osm.pbf", objects=2_000).path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 200] = bytes(200)
    (tmp_path / "damaged.osm.pbf").write_bytes(whole)
    assert "damaged" in refused(tmp_path / "damaged.osm.pbf", tmp_path)


@pytest.mark.parametrize("packed", [True, False])
def test_an_xml_that_is_cut_off(tmp_path, packed):
    whole = write_map(tmp_path / "town.osm", TOWN).read_bytes()
    if packed:
        (tmp_path / "cut.osm.gz").write_bytes(gzip.compress(whole)[:-40])
        assert "cut off" in refused(tmp_path / "cut.osm.gz", tmp_path)
    else:
        (tmp_path / "cut.osm").write_bytes(whole[: len(whole) // 2])
        assert "cut off" in refused(tmp_path / "cut.osm", tmp_path)


def test_an_extract_without_merchants(tmp_path):
    path = write_map(tmp_path / "town.osm.pbf", without(TOWN, "shop=", "office="))
    message = refused(path, tmp_path)
    assert "no shop, restaurant or other merchant" in message
    assert "residential" not in message


def test_an_extract_without_homes(tmp_path):
    path = write_map(tmp_path / "town.osm.pbf", without(TOWN, "building=house", "building=apartments"))
    assert "no residential building" in refused(path, tmp_path)


def test_an_extract_without_settlements(tmp_path):
    path = write_map(tmp_path / "town.osm.pbf", without(TOWN, "place="))
    message = refused(path, tmp_path)
    assert "no named settlement" in message
    assert message.count("fix:") == 1


def test_everything_that_is_missing_is_said_at_once(tmp_path):
    path = write_map(tmp_path / "bare.osm.pbf", without(TOWN, "shop=", "building=", "place="))
    message = refused(path, tmp_path, ExtractOptions(admin_levels=(4, 5), required_levels=(5,)))
    assert message.count("fix:") == 4


def test_boundaries_that_do_not_close_matter_only_to_a_world_that_needs_them(tmp_path):
    path = write_map(tmp_path / "town.osm.pbf", TOWN)
    message = refused(path, tmp_path, ExtractOptions(admin_levels=(4, 5), required_levels=(4, 5)))
    assert "1 boundaries of admin_level 5" in message
    assert "admin_level 4" not in message
    assert extract_references(path, targets_in(tmp_path), OPTIONS).boundaries[1].assembled == 0


def test_an_extract_filtered_for_routing_is_refused_before_the_long_passes(tmp_path):
    path = write_map(tmp_path / "roads.osm.pbf", without(TOWN, "\nr", "w4", "w5") + ROADS)
    stages = []
    with pytest.raises(InputError, match="routing"):
        extract_references(path, targets_in(tmp_path), OPTIONS, progress=lambda stage, kept: stages.append(stage))
    assert stages == []


def test_a_refused_extract_leaves_the_previous_tables_and_no_rubbish(tmp_path):
    extract_references(write_map(tmp_path / "town.osm.pbf", TOWN), targets_in(tmp_path / "lake"), OPTIONS)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "lake").rglob("*")) if path.is_file()}
    refused(write_map(tmp_path / "worse.osm.pbf", without(TOWN, "shop=", "office=")), tmp_path / "lake")
    assert {path: path.read_bytes() for path in sorted((tmp_path / "lake").rglob("*")) if path.is_file()} == before
