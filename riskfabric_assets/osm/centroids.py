"""Centroids of many ways at once, from the well-known binary that libosmium writes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PREAMBLE_BYTES = 9
"""Byte order (1), geometry type (4), number of points (4). Source: OGC 06-103r4, well-known binary."""


def centroids(outlines: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the centroid of each line string.

    A closed line is taken as a polygon (area centroid), an open or flat one as a line (mean of its segments'
    middles, weighted by length in degrees).

    Args:
        outlines: Little-endian line strings in hexadecimal, two points or more each.

    Returns:
        Latitudes and longitudes, shape (n,), degrees.
    """
    if not outlines:
        return np.empty(0), np.empty(0)
    raw = np.frombuffer(bytes.fromhex("".join(outlines)), dtype=np.uint8)
    sizes = np.fromiter((len(text) // 2 for text in outlines), np.int64, len(outlines))
    starts = np.cumsum(sizes) - sizes
    is_point = np.ones(raw.shape[0], dtype=bool)
    is_point[(starts[:, None] + np.arange(PREAMBLE_BYTES)).ravel()] = False
    points = raw[is_point].view("<f8").reshape(-1, 2)
    counts = (sizes - PREAMBLE_BYTES) // 16
    first = np.cumsum(counts) - counts
    return _centroids(points[:, 0], points[:, 1], first, counts)


def _centroids(
    lon: Floats, lat: Floats, first: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Sum over the segments of each line, relative to its first point so that no digits are lost."""
    owner = np.repeat(np.arange(first.shape[0]), counts)
    x, y = lon - lon[first][owner], lat - lat[first][owner]
    is_segment = np.ones(lon.shape[0], dtype=bool)
    is_segment[first + counts - 1] = False
    here = np.flatnonzero(is_segment)
    x0, y0, x1, y1, line = x[here], y[here], x[here + 1], y[here + 1], owner[here]
    cross = x0 * y1 - x1 * y0
    length = np.hypot(x1 - x0, y1 - y0)

    def total(values: Floats) -> Floats:
        return np.bincount(line, weights=values, minlength=first.shape[0]).astype(np.float64)

    area, extent = total(cross), total(length)
    last = first + counts - 1
    is_polygon = (lon[first] == lon[last]) & (lat[first] == lat[last]) & (np.abs(area) > 1e-14)
    by_area, by_length = np.where(is_polygon, 3 * area, 1.0), np.where(extent > 0, 2 * extent, 1.0)
    middle_x = np.where(is_polygon, total((x0 + x1) * cross) / by_area, total((x0 + x1) * length) / by_length)
    middle_y = np.where(is_polygon, total((y0 + y1) * cross) / by_area, total((y0 + y1) * length) / by_length)
    return lat[first] + middle_y, lon[first] + middle_x
