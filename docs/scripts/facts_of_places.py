"""The facts of a country without a list of post offices: everything from its GeoNames places.

Places are settlements, or localities where they are small or a part of a larger city. Cells nearer to a place of a
neighbouring country are not the country; the others take the district of the nearest place.
"""

import dataclasses

import numpy as np
import polars as pl
from facts_arcs import arcs_table, district_at
from facts_cells import close_gaps, drop_foreign, fill_holes, h3, positions, share_cells
from facts_places import with_e4
from scipy.spatial import cKDTree

LOCALITY_POPULATION, LEAST_LOCALITIES = 5_000, 3
"""Places below this, and the smallest three of a region, stand for its countryside; its largest never does."""
CITY_POPULATION, SUBURB_KM = 500_000, 8.0
"""A smaller place of the same region this near to the middle of a city is one of its suburbs."""
PEOPLE_PER_VOTE = 10_000
"""A cell follows its larger place: one vote, and one more for so many people."""
EASTERNMOST = 179.0
"""Degrees: no cell reaches the antimeridian, which no border may cross."""
EARTH_KM = 6_371.0
SPREADING_PRIME = 7_919
"""Spreads the ids of places over the postcodes of their region."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What the cells of a country look like.

    `closing_rings`: open country up to twice so many cells wide between places belongs to the country;
    `sparse_rings`: the same for regions, by ISO 3166-2, whose places lie further apart. `whole_cities`: districts of
    which every other place is a part of one city, with its name.
    """

    resolution: int
    closing_rings: int
    sparse_rings: dict[int, tuple[str, ...]]
    tolerance_degrees: float
    whole_cities: dict[str, str]


def split_places(places: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Tell localities from settlements: adds is_locality and city_name (null outside the cities)."""
    cities = places.filter(pl.col("population") >= CITY_POPULATION)
    chord, row = cKDTree(positions(*_degrees(cities))).query(positions(*_degrees(places)))
    near = pl.DataFrame(
        {
            "near_name": cities["name"].gather(row),
            "near_region": cities["iso_3166_2"].gather(row),
            "near_people": cities["population"].gather(row),
            "near_km": chord * EARTH_KM,
        }
    )
    whole = pl.col("district").replace_strict(plan.whole_cities, default=None, return_dtype=pl.String)
    is_near = (
        (pl.col("near_km") <= SUBURB_KM)
        & (pl.col("near_region") == pl.col("iso_3166_2"))
        & (pl.col("near_people") > pl.col("population"))
    )
    city = pl.when(whole != pl.col("name")).then(whole).when(whole.is_null() & is_near).then(pl.col("near_name"))
    rank = pl.col("population").rank("ordinal").over("iso_3166_2")
    is_small = (pl.col("population") < LOCALITY_POPULATION) | (rank <= LEAST_LOCALITIES)
    is_largest = rank == pl.len().over("iso_3166_2")
    return (
        pl.concat([places, near], how="horizontal")
        .with_columns(city.alias("city_name"))
        .with_columns((~is_largest & (is_small | pl.col("city_name").is_not_null())).alias("is_locality"))
        .drop("^near_.*$")
    )


def number_districts(places: pl.DataFrame, regions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the districts from 1 in the order of the regions; writes the number into the places."""
    pairs = regions.select("iso_3166_2").join(
        places.select("iso_3166_2", "district").unique().sort("district"), on="iso_3166_2", maintain_order="left_right"
    )
    pairs = pairs.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int16).alias("district_id"), pl.col("district").alias("district_name")
    )
    return pairs, places.join(
        pairs.select("iso_3166_2", "district", "district_id"), on=["iso_3166_2", "district"], maintain_order="left"
    )


def country_cells(places: pl.DataFrame, foreign: pl.DataFrame, plan: Plan) -> set[str]:
    """Return the cells of the country, gaps closed, without what lies nearer to a neighbour's place.

    A ring of cells around every place stays, so that a town on the coast or a border is not smoothed out of it.
    """
    cell = [h3.latlng_to_cell(lat, lon, plan.resolution) for lat, lon in places.select("lat", "lon").iter_rows()]
    country = close_gaps(set(cell), plan.closing_rings)
    for rings, sparse in plan.sparse_rings.items():
        country |= close_gaps(
            {name for name, iso in zip(cell, places["iso_3166_2"], strict=True) if iso in sparse}, rings
        )
    around = {near for name in cell for near in h3.grid_disk(name, 1)}
    kept = drop_foreign(fill_holes(country), places, foreign, plan.resolution) | around
    return {name for name in kept if 0 < h3.cell_to_latlng(name)[1] < EASTERNMOST}


def derive(
    places: pl.DataFrame, foreign: pl.DataFrame, regions: pl.DataFrame, plan: Plan
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return the districts and the three tables.

    Args:
        places: geoname_id, name, lat, lon, population, iso_3166_2, district (its name).
        foreign: lat and lon of places across the borders.
        regions: iso_3166_2, first_postcode, last_postcode of every region, in order.
        plan: How cells are closed.
    """
    districts, places = number_districts(places, regions)
    places = places.with_columns((1 + pl.col("population") // PEOPLE_PER_VOTE).alias("votes"))
    owners = share_cells(places, country_cells(places, foreign, plan), plan.resolution, neighbours=1, least_votes=1)
    arcs = arcs_table(owners, plan.tolerance_degrees)
    placed = with_e4(split_places(_inside(places, arcs, districts, regions), plan))
    columns = ("geoname_id", "district_id", "lat_e4", "lon_e4", "postcode")
    weight = (1 + pl.col("population") // 100).cast(pl.Int16).alias("weight")
    small = placed.filter("is_locality").with_columns(pl.col("population").clip(0, LOCALITY_POPULATION * 20))
    return districts, {
        "borders": arcs,
        "settlements": placed.filter(~pl.col("is_locality")).select(
            "geoname_id",
            pl.col("name").alias("settlement_name"),
            "district_id",
            "lat_e4",
            "lon_e4",
            pl.col("population").cast(pl.Int32),
            "postcode",
        ),
        "localities": small.select(
            "postcode", pl.col("name").alias("locality_name"), *columns[1:4], weight, "city_name"
        ),
    }


def _inside(places: pl.DataFrame, arcs: pl.DataFrame, districts: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Give every place the district that it lies in; drops places outside their region and says which are large."""
    whole = with_e4(places)
    found = district_at(arcs, whole["lat_e4"].to_numpy(), whole["lon_e4"].to_numpy()).astype(np.int16)
    region_of = districts.select("district_id", pl.col("iso_3166_2").alias("found_region"))
    located = places.with_columns(pl.Series("district_id", found)).join(
        region_of, on="district_id", how="left", maintain_order="left"
    )
    is_own = pl.col("iso_3166_2") == pl.col("found_region").fill_null("")
    lost = located.filter(~is_own).sort("population", descending=True)
    print(
        f"{lost.height} of {places.height} places lie outside their region:",
        lost.select("name", "iso_3166_2", "population").head(5).rows(),
    )
    first, last = pl.col("first_postcode"), pl.col("last_postcode")
    code = first + (pl.col("geoname_id").cast(pl.Int64) * SPREADING_PRIME) % (last - first + 1)
    return (
        located.filter(is_own)
        .join(regions.select("iso_3166_2", "first_postcode", "last_postcode"), on="iso_3166_2", maintain_order="left")
        .with_columns(code.cast(pl.Int32).alias("postcode"))
    )


def _degrees(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return frame["lat"].to_numpy(), frame["lon"].to_numpy()
