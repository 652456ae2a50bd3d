"""The mosaic of a country: H3 cells that take the district of the real localities in them or nearest to them."""

import collections

import h3
import numpy as np
import polars as pl
from scipy.spatial import cKDTree

OUTSIDE = 0
"""District id of everything that is not the country."""


def share_cells(
    points: pl.DataFrame, country: set[str], resolution: int, neighbours: int, least_votes: int
) -> dict[str, int]:
    """Give every cell of the country its district.

    Args:
        points: Localities: lat, lon, district_id, votes (weight in its own cell).
        country: The cells.
        resolution: H3 resolution of the cells.
        neighbours: Nearest localities that vote on a cell without any of its own.
        least_votes: Detached parts of a district with fewer votes of their own go to a neighbour.
    """
    votes = count_votes(points, resolution)
    owners = dict.fromkeys(sorted(country), OUTSIDE)
    centres = np.array([h3.cell_to_latlng(cell) for cell in owners])
    tree = cKDTree(positions(points["lat"].to_numpy(), points["lon"].to_numpy()))
    near = tree.query(positions(centres[:, 0], centres[:, 1]), k=[*range(1, neighbours + 1)])[1]
    district = points["district_id"].to_numpy()
    for cell, row in zip(owners, district[near], strict=True):
        ballot = votes[cell] if cell in votes else collections.Counter(row.tolist())
        owners[cell] = min(ballot, key=lambda name: (-ballot[name], name))
    return drop_splinters(owners, votes, lock_small(owners, votes), least_votes)


def count_votes(points: pl.DataFrame, resolution: int) -> dict[str, collections.Counter[int]]:
    """Count the votes of the localities in each cell, by district."""
    votes: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)
    for lat, lon, district, weight in points.select("lat", "lon", "district_id", "votes").iter_rows():
        votes[h3.latlng_to_cell(lat, lon, resolution)][district] += weight
    return votes


def drop_foreign(country: set[str], own: pl.DataFrame, foreign: pl.DataFrame, resolution: int) -> set[str]:
    """Drop the cells that are nearer to a locality of a neighbouring country than to any of the country."""
    cells = sorted(country)
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells])
    where = positions(centres[:, 0], centres[:, 1])
    near, far = (
        cKDTree(positions(frame["lat"].to_numpy(), frame["lon"].to_numpy())).query(where)[0] for frame in (own, foreign)
    )
    return {cell for cell, is_own in zip(cells, near <= far, strict=True) if is_own} | set(count_votes(own, resolution))


def positions(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return unit vectors, so that straight-line neighbours are great-circle neighbours, shape (n, 3)."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


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
    owners: dict[str, int], votes: dict[str, collections.Counter[int]], locked: set[str], least_votes: int
) -> dict[str, int]:
    """Hand detached parts with fewer votes of their own and no locked cell to their commonest neighbour."""
    by_district: dict[int, set[str]] = collections.defaultdict(set)
    for cell, district in owners.items():
        by_district[district].add(cell)
    for district in sorted(by_district):
        for part in components(by_district[district]):
            own_votes = sum(votes[cell][district] for cell in part if cell in votes)
            if part & locked or own_votes >= least_votes:
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
