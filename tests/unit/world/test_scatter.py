import h3.api.basic_int as h3
import numpy as np
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.world.cells import cells_at, parents_of
from riskfabric_assets.world.scatter import METRES_PER_DEGREE, scatter

N = 20_000
SHAPES = ("gaussian", "disc")


def offsets(shape, latitude, rms=500.0):
    """Metres towards north and east of N scattered copies of one position."""
    start = np.full(N, latitude), np.full(N, 77.0)
    north, east = scatter(Streams(1), "test", np.arange(N), *start, rms_metres=rms, shape=shape)
    return (north - latitude) * METRES_PER_DEGREE, (east - 77.0) * METRES_PER_DEGREE * np.cos(np.radians(latitude))


@pytest.mark.parametrize("latitude", [0.0, 28.6, -33.9, 65.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_scale_is_the_root_mean_square_distance_at_every_latitude(shape, latitude):
    north, east = offsets(shape, latitude)
    assert np.sqrt(np.mean(north**2 + east**2)) == pytest.approx(500, rel=0.02)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_direction_is_preferred(shape):
    north, east = offsets(shape, 28.6)
    sectors = np.bincount((np.arctan2(north, east) // (np.pi / 4)).astype(int) + 4, minlength=8)[:8]
    assert np.abs(sectors - N / 8).max() < 4 * np.sqrt(N / 8)
    assert abs(np.corrcoef(north, east)[0, 1]) < 4 / np.sqrt(N)
    assert np.std(north) == pytest.approx(np.std(east), rel=0.03)


def test_the_disc_ends_at_its_radius():
    north, east = offsets("disc", 28.6)
    assert np.hypot(north, east).max() <= 500 * np.sqrt(2) + 1e-6


def test_longitude_stays_in_range_at_the_date_line():
    position = np.zeros(100), np.full(100, 179.9999)
    _, east = scatter(Streams(1), "test", np.arange(100), *position, rms_metres=5000, shape="disc")
    assert ((east >= -180) & (east < 180)).all()


def test_a_position_moves_the_same_way_alone_and_among_others():
    rows = np.arange(50)
    latitude, longitude = np.linspace(-60, 60, 50), np.linspace(-170, 170, 50)
    together = scatter(Streams(1), "test", rows, latitude, longitude, rms_metres=500, shape="gaussian")
    alone = scatter(Streams(1), "test", rows[7:8], latitude[7:8], longitude[7:8], rms_metres=500, shape="gaussian")
    assert (together[0][7], together[1][7]) == (alone[0][0], alone[1][0])


def test_parents_equal_those_of_the_library():
    generator = np.random.default_rng(5)
    cells = cells_at(generator.uniform(-80, 80, 200), generator.uniform(-180, 180, 200))
    for resolution in (0, 4, 5, 6, 7):
        assert parents_of(cells, resolution).tolist() == [
            h3.cell_to_parent(cell, resolution) for cell in cells.tolist()
        ]


def test_a_finer_parent_is_refused():
    with pytest.raises(ValueError, match="resolution 8"):
        parents_of(np.zeros(1, dtype=np.uint64), 8)
