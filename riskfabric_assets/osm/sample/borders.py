"""Boundary relations of the sample: arcs shared by neighbours, as mappers draw them."""

import dataclasses

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.osm.sample.facts import OUTSIDE, Facts
from riskfabric_assets.osm.sample.opl import relation_line, way_line

Integers = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class BorderNodes:
    """The vertices of all arcs: each position once, and per arc the row numbers of its vertices."""

    lat_e4: Integers
    lon_e4: Integers
    rows: list[Integers]


def border_nodes(borders: pl.DataFrame) -> BorderNodes:
    """Number the distinct vertices of the arcs, so that neighbours share their junctions."""
    lengths = borders["lat_e4"].list.len().to_numpy().astype(np.int64)
    lat = borders["lat_e4"].explode().to_numpy().astype(np.int64)
    lon = borders["lon_e4"].explode().to_numpy().astype(np.int64)
    keys, numbers = np.unique(lat * 10_000_000 + (lon + 5_000_000), return_inverse=True)
    rows = np.split(numbers.astype(np.int64), np.cumsum(lengths)[:-1])
    return BorderNodes(keys // 10_000_000, keys % 10_000_000 - 5_000_000, rows)


def border_lines(facts: Facts, nodes: BorderNodes, first_node: int, first_way: int) -> tuple[list[str], list[str]]:
    """Return the way lines of the arcs and the relation lines of country, states and districts.

    Args:
        facts: The country.
        nodes: Its vertices.
        first_node: OSM id of the first vertex.
        first_way: OSM id of the first arc.
    """
    ways = [way_line(first_way + number, first_node + rows) for number, rows in enumerate(nodes.rows)]
    state_of = dict(facts.districts.select("district_id", "iso_3166_2").iter_rows()) | {OUTSIDE: None}
    left = facts.borders["left_district_id"].to_list()
    right = facts.borders["right_district_id"].to_list()
    inside = [_inner_side(nodes, rows) for rows in nodes.rows]
    members: dict[object, list[tuple[int, str]]] = {}
    for number, (a, b) in enumerate(zip(left, right, strict=True)):
        for level_a, level_b in ((a, b), (state_of[a], state_of[b]), (a and "country", b and "country")):
            if level_a != level_b:
                sides = ((level_a, inside[number] == "right"), (level_b, inside[number] == "left"))
                for area, is_around in sides:
                    members.setdefault(area, []).append((first_way + number, "inner" if is_around else "outer"))
    return ways, _relations(facts, members)


def _inner_side(nodes: BorderNodes, rows: Integers) -> str:
    """Tell which side of a closed arc it encloses; an open arc encloses none."""
    if rows[0] != rows[-1]:
        return ""
    lat, lon = nodes.lat_e4[rows], nodes.lon_e4[rows]
    doubled_area = int((lon[:-1] * lat[1:] - lon[1:] * lat[:-1]).sum())
    return "left" if doubled_area > 0 else "right"


def _relations(facts: Facts, members: dict[object, list[tuple[int, str]]]) -> list[str]:
    country = facts.country
    named = {"type": "boundary", "boundary": "administrative"}
    lines = [relation_line(1, members["country"], _tags(named, 2, country.name) | {"ISO3166-1": country.iso_code})]
    for iso, name, population in facts.states.select("iso_3166_2", "state_name", "population").iter_rows():
        tags = _tags(named, country.state_level, name) | {"ISO3166-2": iso, "population": str(population)}
        lines.append(relation_line(len(lines) + 1, members[iso], tags))
    names = facts.districts.join(facts.states, on="iso_3166_2", maintain_order="left")
    for district, name, state in names.select("district_id", "district_name", "state_name").iter_rows():
        tags = _tags(named, country.district_level, name) | {"is_in:state": state}
        lines.append(relation_line(len(lines) + 1, members[district], tags))
    return lines


def _tags(common: dict[str, str], level: int, name: str) -> dict[str, str]:
    return common | {"admin_level": str(level), "name": name, "name:en": name}
