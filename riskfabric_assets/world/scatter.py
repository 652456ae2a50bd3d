"""The one policy for moving a position: isotropic, seeded, with a scale in metres.

The scale is always the root mean square distance. A Gaussian scatter of 500 m has 354 m on each axis and a
mean distance of 443 m; a uniform disc of 500 m has a radius of 707 m and a mean distance of 471 m. East is
divided by the cosine of the latitude, so a metre is a metre in every direction at every latitude.
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import TWO_PI, Streams, exponential_at, key_of, uniform_at
from riskfabric_assets.foundation.units import KM_PER_DEGREE

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Shape = Literal["gaussian", "disc"]

METRES_PER_DEGREE: Final = KM_PER_DEGREE * 1000.0
SMALLEST_COSINE: Final = 0.01
"""Keeps a metre finite beside the poles."""


@inline_kernel
def displace(latitude: float, longitude: float, distance_metres: float, bearing: float) -> tuple[float, float]:
    """Move a position by a distance in metres towards a bearing in radians; flat earth, good below 100 km."""
    cosine = max(SMALLEST_COSINE, np.cos(np.radians(latitude)))
    north = distance_metres * np.cos(bearing) / METRES_PER_DEGREE
    east = distance_metres * np.sin(bearing) / (METRES_PER_DEGREE * cosine)
    return latitude + north, (longitude + east + 540.0) % 360.0 - 180.0


@inline_kernel
def scatter_at(
    key: np.uint64, number: int, latitude: float, longitude: float, rms_metres: float
) -> tuple[float, float]:
    """Scatter a position by an isotropic Gaussian of `rms_metres`; uses draws `number` and `number + 1`."""
    distance = rms_metres * np.sqrt(exponential_at(key, np.int64(number)))
    return displace(latitude, longitude, distance, TWO_PI * uniform_at(key, np.int64(number + 1)))


@inline_kernel
def scatter_in_disc_at(
    key: np.uint64, number: int, latitude: float, longitude: float, rms_metres: float
) -> tuple[float, float]:
    """Scatter a position evenly over the disc with that root mean square distance; uses two draws."""
    distance = rms_metres * np.sqrt(2.0 * uniform_at(key, np.int64(number)))
    return displace(latitude, longitude, distance, TWO_PI * uniform_at(key, np.int64(number + 1)))


@kernel
def _scatter_kernel(
    stream: np.uint64, entities: Int64s, latitude: Floats, longitude: Floats, rms_metres: float, is_disc: bool
) -> None:
    for row in range(entities.shape[0]):
        key = key_of(stream, entities[row], np.int64(0))
        if is_disc:
            moved = scatter_in_disc_at(key, 0, latitude[row], longitude[row], rms_metres)
        else:
            moved = scatter_at(key, 0, latitude[row], longitude[row], rms_metres)
        latitude[row], longitude[row] = moved


def scatter(
    streams: Streams,
    name: str,
    entities: npt.ArrayLike,
    latitude: Floats,
    longitude: Floats,
    *,
    rms_metres: float,
    shape: Shape,
) -> tuple[Floats, Floats]:
    """Return positions moved by one isotropic draw per entity.

    Args:
        streams: Random streams of the run.
        name: Stream of the draw.
        entities: Who is moved, shape (n,).
        latitude: Degrees, shape (n,).
        longitude: Degrees, shape (n,).
        rms_metres: Root mean square distance, >= 0.
        shape: "gaussian" or "disc".

    Returns:
        Latitude and longitude in degrees, shape (n,) each; longitude in [-180, 180).

    Raises:
        ValueError: The shapes differ, or the distance is negative.
    """
    rows = np.ascontiguousarray(entities, dtype=np.int64)
    if rows.shape != latitude.shape or rows.shape != longitude.shape or rms_metres < 0:
        raise ValueError("positions and entities must have one shape, and the distance must not be negative")
    moved = np.array(latitude, dtype=np.float64), np.array(longitude, dtype=np.float64)
    _scatter_kernel(streams.key(name), rows, *moved, float(rms_metres), shape == "disc")
    return moved
