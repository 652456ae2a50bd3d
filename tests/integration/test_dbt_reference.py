"""dbt on small hand-made worlds: what the reference marts say about a map."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import reference
from riskfabric_assets.warehouse.extensions import load
from tests.integration import dbt_worlds as worlds

pytestmark = pytest.mark.xdist_group("dbt")
MARTS = (reference.MERCHANTS, reference.RESIDENTIAL, reference.FINANCIAL, reference.DISTRICTS, reference.REGIONS)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worlds.folder_of(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worlds.bounded_world(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def unbounded(folder: Path, bounded: Path) -> Path:
    """The same map without any boundary, and with mapped names."""
    settings = {**worlds.SETTINGS, "world": "anywhere", "merchant_names": "osm"}
    worlds.write_map(folder / worlds.STEM, with_boundaries=False, settings=settings)
    done = worlds.run_dbt(folder, "build", "--select", "tag:reference", "--exclude-resource-type", "unit_test", "test")
    assert done.returncode == 0, done.stdout
    return worlds.keep(folder, "unbounded.duckdb")


@pytest.fixture
def world(bounded: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(bounded), read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


@pytest.mark.parametrize("table", MARTS, ids=lambda table: table.name)
def test_marts_have_the_columns_and_types_that_python_reads(world: duckdb.DuckDBPyConnection, table: Table) -> None:
    found = rows(world, f"select column_name, column_type from (describe {table.name.replace('/', '.')})")
    assert found == [(column.name, column.type) for column in table.columns]
    forbidden = [f"{column.name} is null" for column in table.columns if not column.is_nullable]
    query = f"select count(*) from {table.name.replace('/', '.')} where {' or '.join(forbidden)}"
    assert rows(world, query) == [(0,)]


def test_a_place_on_a_border_comes_out_once(world: duckdb.DuckDBPyConnection) -> None:
    assert rows(world, "select district_id, district_name from reference.merchants where merchant_id = 4") == [
        (11, "Westland")
    ]


def test_a_place_off_the_coast_takes_the_district_of_the_nearest_settlement(world: duckdb.DuckDBPyConnection) -> None:
    query = "select district_id, region_name, city_name from reference.merchants where merchant_id = 6"
    assert rows(world, query) == [(2, "Goa", "Shoreham")]


def test_a_place_that_cannot_be_placed_is_kept_and_counted(world: duckdb.DuckDBPyConnection) -> None:
    query = "select district_id, region_id, district_name, city_name from reference.merchants where merchant_id = 8"
    assert rows(world, query) == [(0, 0, "Outside", None)]
    query = "select sum(count_places) from reference.placement_summary where placed_by = 'none'"
    assert rows(world, query) == [(1,)]
    assert rows(world, "select sum(count_places) from reference.placement_summary") == [
        (len(worlds.PLACES) + len(worlds.HOMES),)
    ]


def test_a_region_without_districts_is_its_own_district(world: duckdb.DuckDBPyConnection) -> None:
    query = "select district_id, region_id, district_name from reference.districts order by 1"
    assert rows(world, query) == [(0, 0, "Outside"), (2, 2, "Goa"), (11, 1, "Westland"), (12, 1, "Eastland")]


def test_regions_carry_their_official_name_and_the_people_of_their_settlements(
    world: duckdb.DuckDBPyConnection,
) -> None:
    query = "select region_id, region_name, iso_code, population from reference.regions order by 1"
    assert rows(world, query) == [(0, "Outside", None, 0), (1, "Odisha", "IN-OD", 2_030_000), (2, "Goa", "IN-GA", 50)]


def test_misspelt_and_decorated_cities_are_recognized(world: duckdb.DuckDBPyConnection) -> None:
    query = """
        select place_id, city_name, match_method from reference.int_places_matched_to_settlements
        where place_kind = 'place' and place_id in (2, 10, 12, 14) order by 1
    """
    assert rows(world, query) == [
        (2, "Alphapur", "exact"),
        (10, "Alphapur", "fuzzy"),
        (12, "Betanagar", "exact"),
        (14, "Alphapur", "nearest"),
    ]


def test_node_and_way_of_one_shop_are_one_merchant(world: duckdb.DuckDBPyConnection) -> None:
    found = rows(world, "select merchant_id from reference.merchants order by 1")
    assert found == [(2,), (4,), (6,), (8,), (10,), (12,)]


def test_banks_and_cash_machines_are_financial_and_no_merchants(world: duckdb.DuckDBPyConnection) -> None:
    assert rows(world, "select financial_id, financial_kind from reference.financial order by 1") == [
        (14, "atm"),
        (16, "bank"),
    ]


def test_names_are_invented_unless_the_world_asks_for_mapped_ones(bounded: Path, unbounded: Path) -> None:
    query = "select merchant_id, merchant_name from reference.merchants order by 1"
    with duckdb.connect(str(bounded), read_only=True) as connection:
        invented = dict(rows(connection, query))
    with duckdb.connect(str(unbounded), read_only=True) as connection:
        mapped = dict(rows(connection, query))
    assert not {"Real Gold", "Harbor Cafe", "Twin"} & set(invented.values())
    assert not any("{" in str(name) for name in invented.values())
    assert "Alphapur" in str(invented[2])
    assert (mapped[2], mapped[6], mapped[10]) == ("Real Gold", "Harbor Cafe", "Twin")
    assert mapped[4]


def test_people_live_where_the_settlements_are_large(world: duckdb.DuckDBPyConnection) -> None:
    query = "select residence_id, location_type, population_weight from reference.residential order by 1"
    total = 2_000_000 + 30_000 + 50 + 50
    assert rows(world, query) == [
        (1001, "Metro", 1_000_000 / total),
        (1003, "Metro", 1_000_000 / total),
        (1005, "Semi-Urban", 30_000 / total),
        (1007, "Rural", 50 / total),
        (1009, "Rural", 50 / total),
    ]


def test_district_summary_adds_up_and_measures_area(world: duckdb.DuckDBPyConnection) -> None:
    query = """
        select
            district_id, count_residences, count_merchants, count_very_high_risk_merchants,
            merchant_to_residential_ratio
        from reference.district_summary order by 1
    """
    assert rows(world, query) == [(0, 0, 1, 0, 0.0), (2, 2, 1, 0, 0.5), (11, 2, 3, 1, 1.5), (12, 1, 1, 0, 1.0)]
    # A box of half a degree by one at 10.5 degrees north: 55.66 km x cos(10.5) x 110.6 km.
    (area,) = rows(world, "select area_km2 from reference.district_summary where district_id = 11")
    assert area[0] == pytest.approx(6_053, rel=0.005)


def test_without_boundaries_everything_is_in_one_district_named_after_the_world(unbounded: Path) -> None:
    with duckdb.connect(str(unbounded), read_only=True) as connection:
        assert rows(connection, "select district_id, district_name, region_name from reference.districts") == [
            (0, "Anywhere", "Anywhere")
        ]
        assert rows(connection, "select region_id, population from reference.regions") == [(0, 2_030_050)]
        query = "select count(*), count(distinct region_name), min(region_id) from reference.merchants"
        assert rows(connection, query) == [(6, 1, 0)]
        query = "select city_name from reference.merchants where merchant_id = 10"
        assert rows(connection, query) == [("Alphapur",)]


def test_the_search_for_districts_is_a_spatial_join(folder: Path, bounded: Path) -> None:
    compiled = folder / "target/compiled/riskfabric/models/reference/intermediate/int_places_in_districts.sql"
    with duckdb.connect(str(bounded), read_only=True) as connection:
        load(connection, "spatial")
        query = compiled.read_text().replace('"warehouse".', "")
        assert "SPATIAL_JOIN" in str(rows(connection, f"explain {query}"))


def test_marts_open_without_any_extension(world: duckdb.DuckDBPyConnection) -> None:
    tables = rows(world, "select table_schema || '.' || table_name from information_schema.tables")
    for (table,) in tables:
        world.execute(f"select * from {table}").fetchall()
    assert len(tables) > 20
