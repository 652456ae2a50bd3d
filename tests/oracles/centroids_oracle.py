"""The centroid of one line string, point by point."""

import itertools
import math


def centroid(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return (latitude, longitude) of the area if the line is closed and encloses one, else of the line.

    Args:
        points: (longitude, latitude) in degrees.
    """
    origin = points[0]
    moved = [(x - origin[0], y - origin[1]) for x, y in points]
    area = east = north = length = line_east = line_north = 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(moved):
        cross = x0 * y1 - x1 * y0
        area += cross / 2
        east += (x0 + x1) * cross / 6
        north += (y0 + y1) * cross / 6
        part = math.hypot(x1 - x0, y1 - y0)
        length += part
        line_east += part * (x0 + x1) / 2
        line_north += part * (y0 + y1) / 2
    if points[0] == points[-1] and abs(2 * area) > 1e-14:
        return origin[1] + north / area, origin[0] + east / area
    if length == 0:
        return origin[1], origin[0]
    return origin[1] + line_north / length, origin[0] + line_east / length
