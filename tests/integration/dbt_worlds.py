"""Small hand-made maps and payments, and dbt run on them in a temporary warehouse."""

import datetime as dt
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import h3.api.basic_int as h3
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import bronze, osm, population, silver, truth
from riskfabric_assets.warehouse.extensions import load

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = ROOT / "dbt_project"
STEM: Final = "warehouse.duckdb"
ONLINE_SHOP: Final = 9_001
AUGUST: Final = dt.date(2025, 8, 10)
SEPTEMBER: Final = dt.date(2025, 9, 10)
OWNED: Final = {
    "opened_date": dt.date(2024, 1, 1),
    "issued_date": dt.date(2024, 1, 1),
    "closed_date": dt.date(2026, 1, 1),
}
"""An account or card that is closed after the last payment."""
SETTINGS: Final = {
    "world": "india",
    "country_code": "IN",
    "merchant_names": "invented",
    "region_admin_level": 4,
    "district_admin_level": 5,
    "settlement_radius_km": 25.0,
    "metro_population": 1_000_000,
    "urban_population": 100_000,
    "semi_urban_population": 10_000,
    "natural_weight_fraud": 0.25,
    "timezone": "Asia/Kolkata",
    "reputation_strength": 50.0,
    "reputation_prior_share": 0.01,
    "false_negative_share": 0.08,
    "false_positive_share": 0.005,
}
BOXES: Final = (
    # Orissa is cut into two districts that meet on a tile edge; Goa is not divided.
    (1, 4, "Orissa", "IN-OD", None, (70.0, 10.0, 71.0, 11.0)),
    (2, 4, "Goa", "IN-GA", None, (71.0, 10.0, 72.0, 11.0)),
    (11, 5, "Westland", None, "Odisha", (70.0, 10.0, 70.5, 11.0)),
    (12, 5, "Eastland", None, "Odisha", (70.5, 10.0, 71.0, 11.0)),
)
TOWNS: Final = (
    (101, "city", "Alphapur", 2_000_000, 10.5, 70.25),
    (102, "town", "Betanagar", None, 10.5, 70.75),
    (103, "hamlet", "Shoreham", 50, 10.5, 71.98),
    (104, "suburb", "Alphapur West", 900_000, 10.5, 70.2),
)
PLACES: Final = (
    # place_id, tag, name, city, latitude, longitude
    (2, "shop=jewelry", "Real Gold", "Alphapur", 10.5, 70.25),
    (4, "shop=bakery", None, None, 10.5, 70.5),
    (6, "amenity=cafe", "Harbor Cafe", None, 10.5, 72.05),
    (8, "amenity=pub", None, "Nowhere", 20.0, 90.0),
    (10, "amenity=restaurant", "Twin", "Alphapor", 10.6, 70.3),
    (11, "amenity=restaurant", "TWIN", None, 10.6001, 70.3),
    (12, "shop=unheard_of", None, "Betanagar, Odisha 751001", 10.9, 70.9),
    (14, "amenity=atm", None, None, 10.51, 70.26),
    (16, "amenity=bank", None, None, 10.5, 71.5),
    (18, "amenity=school", None, None, 10.5, 70.25),
)
HOMES: Final = ((1001, 10.5, 70.25), (1003, 10.51, 70.26), (1005, 10.5, 70.75), (1007, 10.5, 71.97), (1009, 10.1, 71.1))


def square(west: float, south: float, east: float, north: float) -> str:
    """Return a box as well-known text."""
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def write_map(path: Path, *, with_boundaries: bool, settings: Mapping[str, object] = SETTINGS) -> None:
    """Write the osm and meta schemas of a hand-made map to a new DuckDB file."""
    places = [
        {
            **_object(place_id, latitude, longitude),
            "tag_key": tag.split("=")[0],
            "tag_value": tag.split("=")[1],
            "name": name,
            "city": city,
        }
        for place_id, tag, name, city, latitude, longitude in PLACES
    ]
    homes = [{**_object(*home), "residence_kind": "house"} for home in HOMES]
    settlements = [
        dict(
            zip(("settlement_id", "settlement_kind", "name", "population", "latitude", "longitude"), town, strict=True)
        )
        for town in TOWNS
    ]
    with duckdb.connect(str(path)) as connection:
        load(connection, "spatial")
        boxes = [
            {
                "boundary_id": number,
                "admin_level": level,
                "name": name,
                "iso_code": code,
                "state": state,
                "boundary_wkb": connection.execute(f"select st_aswkb(st_geomfromtext('{square(*box)}'))").fetchone()[0],
            }
            for number, level, name, code, state, box in BOXES
        ]
        write_table(connection, osm.PLACES, places)
        write_table(connection, osm.RESIDENCES, homes)
        write_table(connection, osm.SETTLEMENTS, settlements)
        write_table(connection, osm.BOUNDARIES, boxes if with_boundaries else [])
        write_meta(connection, "world_settings", settings)


def _object(place_id: int, latitude: float, longitude: float) -> dict[str, object]:
    return {
        "place_id": place_id,
        "osm_id": place_id // 2,
        "osm_type": "way" if place_id % 2 else "node",
        "latitude": latitude,
        "longitude": longitude,
        "h3_cell_r7": h3.latlng_to_cell(latitude, longitude, 7),
    }


def write_payments(path: Path, count_by_day: Mapping[dt.date, int], frauds: Sequence[int]) -> None:
    """Write bronze and silver: so many payments a day, numbered from 1 on; `frauds` are reported.

    The third payment goes to an online shop, the others to a shop of the map; what is reported is fraud in truth.
    """
    days = [day for day, count in sorted(count_by_day.items()) for _ in range(count)]
    moments = [dt.datetime.combine(day, dt.time(12)) for day in days]
    rows = [
        {"event_id": number, "event_date": moment.date(), "event_at": moment, "event_at_local": moment}
        for number, moment in enumerate(moments, start=1)
    ]
    shop = {"merchant_id": 2, "h3_cell_r7": h3.latlng_to_cell(10.5, 70.25, 7)}
    payments = [{**row, **shop, "status": "approved", "amount_minor": 500} for row in rows]
    for payment in payments[2:3]:
        payment["merchant_id"] = ONLINE_SHOP
    labels = [{**row, "label_known_at": row["event_at"]} for row in rows if row["event_id"] in frauds]
    reports = [
        {**label, "label_event_id": label["event_id"], "label_event_known_at": label["event_at"]} for label in labels
    ]
    with duckdb.connect(str(path)) as connection:
        write_table(connection, bronze.TRANSACTIONS, payments)
        write_table(connection, bronze.ACCOUNT_EVENTS, _account_events())
        write_table(connection, silver.PAYMENT_FEATURES, rows)
        write_table(connection, bronze.LABELS, labels)
        write_table(connection, bronze.LABEL_EVENTS, reports)
        write_table(connection, truth.ATTACKS, [])
        write_table(connection, truth.FRAUD, [row for row in rows if row["event_id"] in frauds])
        write_table(connection, population.REMOTE_MERCHANTS, [{"merchant_id": ONLINE_SHOP}])
        for table in (population.CUSTOMERS, population.ACCOUNTS, population.CARDS):
            write_table(connection, table, [OWNED])


def _account_events() -> list[dict[str, object]]:
    """An account opened with 10,000, and a link to another bank an hour before the payments of each day."""
    opening = {"event_id": 101, "event_kind": "opening", "amount_minor": 10_000, "event_date": dt.date(2025, 8, 1)}
    links = [
        {"event_id": 102 + place, "event_kind": "bank_link", "amount_minor": 0, "event_date": day}
        for place, day in enumerate((AUGUST, SEPTEMBER))
    ]
    return [
        {**event, "customer_id": 1, "account_id": 1, "event_at": dt.datetime.combine(event["event_date"], dt.time(11))}
        for event in (opening, *links)
    ]


def write_table(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Create a table of the contract; what a row leaves out is null, or some value where null is forbidden."""
    columns = [
        pl.Series(
            column.name, [row.get(column.name, _blank(column.type, column.values, column.is_nullable)) for row in rows]
        )
        .cast(column.polars_type)
        .cast(pl.String if column.values else column.polars_type)
        for column in table.columns
    ]
    frame = pl.DataFrame(columns)
    connection.execute(f"create schema if not exists {table.layer}")
    connection.register("frame", frame.to_arrow())
    connection.execute(f"create or replace table {table.name.replace('/', '.')} as select * from frame")


def _blank(type_name: str, values: tuple[str, ...], is_nullable: bool) -> object:
    if is_nullable:
        return None
    return values[0] if values else {"VARCHAR": "x", "BOOLEAN": False}.get(type_name, 1)


def write_row(path: Path, name: str, row: Mapping[str, object]) -> None:
    """Replace a one-row table of the schema meta in a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        write_meta(connection, name, row)


def write_meta(connection: duckdb.DuckDBPyConnection, name: str, row: Mapping[str, object]) -> None:
    """Replace a one-row table of the schema meta."""
    connection.execute("create schema if not exists meta")
    values = ", ".join(f"? as {column}" for column in row)
    connection.execute(f"create or replace table meta.{name} as select {values}", list(row.values()))


def run_dbt(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on `folder`/warehouse.duckdb; target and logs stay in the folder."""
    environment = {
        **os.environ,
        "DBT_RISKFABRIC_WAREHOUSE": str(folder / STEM),
        "DBT_RISKFABRIC_SPILL": str(folder / "spill"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(ROOT),
    }
    dbt = str(Path(sys.executable).parent / "dbt")
    command = [dbt, *arguments, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@functools.cache
def bounded_world(base: Path) -> Path:
    """Build everything once, data and unit tests too, on the map with boundaries and payments of two months."""
    folder = folder_of(base)
    path = folder / STEM
    write_map(path, with_boundaries=True)
    write_payments(path, {AUGUST: 3, SEPTEMBER: 2}, frauds=[2, 4])
    write_row(path, "build_window", {"start_date": dt.date(2025, 8, 1), "end_date": dt.date(2025, 10, 1)})
    done = run_dbt(folder, "build")
    assert done.returncode == 0, done.stdout
    return keep(folder, "bounded.duckdb")


def folder_of(base: Path) -> Path:
    """Return the one folder that all worlds of a test run are built in, so that the project is parsed once."""
    folder = base / "dbt"
    folder.mkdir(exist_ok=True)
    return folder


def keep(folder: Path, name: str) -> Path:
    """Move the warehouse of a folder aside, so that the next world can use the same path and the parsed project."""
    kept = folder / name
    shutil.move(folder / STEM, kept)
    return kept
