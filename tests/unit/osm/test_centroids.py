import struct

import numpy as np
import pytest

from riskfabric_assets.osm.centroids import centroids
from tests.oracles.centroids_oracle import centroid

SQUARE = [(9.0, 47.0), (9.002, 47.0), (9.002, 47.001), (9.0, 47.001), (9.0, 47.0)]
ELL = [(9.0, 47.0), (9.003, 47.0), (9.003, 47.001), (9.001, 47.001), (9.001, 47.004), (9.0, 47.004), (9.0, 47.0)]


def outline(points: list[tuple[float, float]]) -> str:
    return (struct.pack("<BII", 1, 2, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)).hex()


def test_the_centroid_of_a_rectangle_is_its_middle():
    latitude, longitude = centroids([outline(SQUARE)])
    assert latitude[0] == pytest.approx(47.0005, abs=1e-12)
    assert longitude[0] == pytest.approx(9.001, abs=1e-12)


def test_extra_points_on_one_side_do_not_move_the_centroid():
    crowded = [SQUARE[0], *((9.0 + 0.0001 * step, 47.0) for step in range(1, 20)), *SQUARE[1:]]
    assert np.allclose(centroids([outline(SQUARE)]), centroids([outline(crowded)]), rtol=0, atol=1e-12)


def test_many_lines_at_once_equal_one_line_at_a_time():
    generator = np.random.default_rng(7)
    lines = [SQUARE, ELL, ELL[:4], [(9.0, 47.0), (9.0, 47.0)], [(9.0, 47.0), (9.1, 47.0), (9.0, 47.0)]]
    for size in range(3, 40):
        points = [(float(x), float(y)) for x, y in generator.uniform(-60, 60, (size, 2)).round(7)]
        lines += [points, [*points, points[0]]]
    latitude, longitude = centroids([outline(points) for points in lines])
    expected = np.array([centroid(points) for points in lines])
    assert np.allclose(latitude, expected[:, 0], rtol=0, atol=1e-8)
    assert np.allclose(longitude, expected[:, 1], rtol=0, atol=1e-8)


def test_no_line_gives_no_centroid():
    latitude, longitude = centroids([])
    assert latitude.shape == longitude.shape == (0,)
