"""Two real extracts, judged by an independent reader: DuckDB's ST_ReadOSM sees the same objects."""

import duckdb
import polars as pl
import pytest

from riskfabric_assets.osm.references import ExtractOptions, extract_references, targets_in
from riskfabric_assets.osm.tags import HOMES
from riskfabric_assets.warehouse import extensions
from tests.maps import real_extract

LEVELS = (2, 4, 6, 8)


@pytest.fixture(params=["liechtenstein", "helsinki"])
def name(request):
    return request.param


def extracted(name, folder):
    targets = targets_in(folder)
    report = extract_references(real_extract(name), targets, ExtractOptions(admin_levels=LEVELS))
    return report, {table.split("/")[1]: pl.read_parquet(path) for table, path in targets.items()}


def test_liechtenstein_has_the_counts_of_its_own_country(tmp_path):
    report, tables = extracted("liechtenstein", tmp_path)
    assert (report.places, report.financial_places, report.residences_found, report.settlements) == (271, 8, 1367, 23)
    levels = {level.admin_level: (level.found, level.assembled) for level in report.boundaries}
    assert levels == {2: (6, 1), 4: (3, 0), 6: (8, 2), 8: (22, 11)}
    assert "Vaduz" in tables["settlements"]["name"].to_list()


def test_helsinki_is_dense_in_merchants_and_has_no_whole_boundary(tmp_path):
    report, tables = extracted("helsinki", tmp_path)
    assert (report.places, report.financial_places, report.residences_found) == (1347, 35, 58)
    assert tables["boundaries"].height == 0
    assert tables["places"]["name"].str.contains("ä|ö").any()


def test_shops_agree_with_an_independent_reader(name, tmp_path):
    _, tables = extracted(name, tmp_path)
    query = """select count(*) from st_readosm(?) where kind in ('node', 'way') and tags['shop'] is not null
               and lower(trim(split_part(tags['shop'], ';', 1))) not in ('no', 'vacant', 'disused', '')"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        expected = connection.execute(query, [str(real_extract(name))]).fetchone()
    assert tables["places"].filter(pl.col("tag_key") == "shop").height == expected[0]


def test_no_home_carries_an_office_or_shop(name, tmp_path):
    _, tables = extracted(name, tmp_path)
    query = """select id, kind, map_keys(tags) as keys, tags['building'] as building
               from st_readosm(?) where kind in ('node', 'way') and tags is not null"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        tagged = connection.execute(query, [str(real_extract(name))]).pl()
    homes = tables["residences"].select("osm_id", pl.col("osm_type").cast(pl.String), "residence_kind")
    joined = homes.join(
        tagged.with_columns(pl.col("kind").cast(pl.String)), left_on=["osm_id", "osm_type"], right_on=["id", "kind"]
    )
    assert joined.height == homes.height
    business = pl.col("keys").list.set_intersection(["shop", "office", "craft", "amenity", "tourism"]).list.len()
    assert joined.filter(business > 0).height == 0
    assert (
        joined.filter((pl.col("residence_kind") != "landuse") & ~pl.col("building").is_in([*HOMES, "yes"])).height == 0
    )


def test_outlines_lie_where_an_independent_centroid_lies(tmp_path):
    _, tables = extracted("liechtenstein", tmp_path)
    query = """with nodes as (select id, lat, lon from st_readosm($path) where kind = 'node'),
               refs as (select id, unnest(refs) as node_id, unnest(range(len(refs))) as position
                        from st_readosm($path) where kind = 'way' and tags['building'] is not null),
               lines as (select refs.id, list(st_point(lon, lat) order by position) as points
                         from refs join nodes on nodes.id = refs.node_id group by refs.id having count(*) > 3),
               middles as (select id, st_centroid(st_makepolygon(st_makeline(points))) as middle from lines
                           where st_equals(points[1], points[-1]))
               select id as osm_id, st_x(middle) as lon, st_y(middle) as lat from middles"""
    with duckdb.connect() as connection:
        extensions.load(connection, "spatial")
        expected = connection.execute(query, {"path": str(real_extract("liechtenstein"))}).pl()
    homes = tables["residences"].filter(pl.col("osm_type").cast(pl.String) == "way").join(expected, on="osm_id")
    assert homes.height > 1_000
    assert (homes["latitude"] - homes["lat"]).abs().max() < 1e-7
    assert (homes["longitude"] - homes["lon"]).abs().max() < 1e-7
