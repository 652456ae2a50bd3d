"""Borders of a mosaic: arcs between districts, smoothed and thinned, each kept once for both neighbours."""

import collections
import itertools

import h3
import numpy as np
import polars as pl
from facts_cells import OUTSIDE


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


def simplify(points: np.ndarray, tolerance: float) -> np.ndarray:
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
        if distance[furthest] > tolerance:
            split = low + 1 + furthest
            keep.add(split)
            queue += [(low, split), (split, high)]
    return points[sorted(keep)]


def arcs_table(owners: dict[str, int], tolerance: float) -> pl.DataFrame:
    """Return one row per arc with its smoothed vertices in 1e-4 degrees.

    `tolerance` is that of Douglas and Peucker, degrees: a seventh of a cell's width keeps neighbours from crossing.
    """
    rows = []
    for left, right, path in borders(owners):
        points = np.array([h3.vertex_to_latlng(vertex) for vertex in path])
        thinned = np.rint(simplify(smooth(points), tolerance) * 1e4).astype(np.int32)
        thinned = thinned[np.r_[True, (np.diff(thinned, axis=0) != 0).any(axis=1)]]
        rows.append((left, right, thinned[:, 0].tolist(), thinned[:, 1].tolist()))
    schema = {
        "left_district_id": pl.Int16,
        "right_district_id": pl.Int16,
        "lat_e4": pl.List(pl.Int32),
        "lon_e4": pl.List(pl.Int32),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def district_at(arcs: pl.DataFrame, lat_e4: np.ndarray, lon_e4: np.ndarray) -> np.ndarray:
    """Return the district of each point: the near side of the first arc north of it, `OUTSIDE` without any."""
    rows = arcs.select("left_district_id", "right_district_id", "lat_e4", "lon_e4").iter_rows()
    pieces = []
    for left, right, lat, lon in rows:
        ends = np.column_stack([lat[:-1], lon[:-1], lat[1:], lon[1:]]).astype(np.float64)
        pieces.append(np.column_stack([ends, np.full((len(ends), 2), (left, right))]))
    lat_a, lon_a, lat_b, lon_b, left, right = np.concatenate(pieces).T
    found = np.full(len(lat_e4), OUTSIDE, dtype=np.int64)
    low, high = np.minimum(lon_a, lon_b), np.maximum(lon_a, lon_b)
    for row, (lat, lon) in enumerate(zip(lat_e4, lon_e4 + 0.5, strict=True)):
        crossing = np.flatnonzero((low <= lon) & (lon < high))
        share = (lon - lon_a[crossing]) / (lon_b[crossing] - lon_a[crossing])
        height = lat_a[crossing] + share * (lat_b[crossing] - lat_a[crossing]) - lat
        above = np.flatnonzero(height > 0)
        if above.size:
            first = crossing[above[height[above].argmin()]]
            found[row] = right[first] if lon_b[first] > lon_a[first] else left[first]
    return found
