"""Distributions that the streams do not have: normal probabilities, gamma, mixtures, curves over age."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import Streams, key_of, normal_at, uniform_at
from riskfabric_assets.packs.people import CreditScore

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

_SQUARE_ROOT_OF_TWO = math.sqrt(2.0)
_QUANTILE_STEPS = 4000


@kernel
def _normal_probabilities_kernel(values: Floats, out: Floats) -> None:
    for row in range(values.shape[0]):
        out[row] = 0.5 * math.erfc(-values[row] / _SQUARE_ROOT_OF_TWO)


def normal_probabilities(values: Floats) -> Floats:
    """Return P(Z <= value) of a standard normal, shape (n,)."""
    out = np.empty(values.shape[0], dtype=np.float64)
    _normal_probabilities_kernel(np.ascontiguousarray(values, dtype=np.float64), out)
    return out


@inline_kernel
def gamma_at(key: np.uint64, shape: float) -> float:
    """Draw from the gamma distribution with mean `shape` and scale 1; uses draws from 0 on.

    Source: G. Marsaglia and W. Tsang, "A Simple Method for Generating Gamma Variables", 2000.
    """
    raised = shape if shape >= 1.0 else shape + 1.0
    offset = raised - 1.0 / 3.0
    scale = 1.0 / math.sqrt(9.0 * offset)
    number = 1
    value = offset
    while True:
        normal = normal_at(key, np.int64(number))
        cube = (1.0 + scale * normal) ** 3
        draw = 1.0 - uniform_at(key, np.int64(number + 2))
        number += 3
        if cube > 0.0 and math.log(draw) < 0.5 * normal * normal + offset * (1.0 - cube + math.log(cube)):
            value = offset * cube
            break
    if shape < 1.0:
        value *= (1.0 - uniform_at(key, np.int64(0))) ** (1.0 / shape)
    return value


@kernel
def _gammas_kernel(stream: np.uint64, entities: Int64s, shape: float, out: Floats) -> None:
    for row in range(entities.shape[0]):
        out[row] = gamma_at(key_of(stream, entities[row], np.int64(0)), shape)


def gammas(streams: Streams, name: str, entities: Int64s, shape: float) -> Floats:
    """Draw from the gamma distribution with mean 1 per entity, shape (n,); variance is 1 / shape.

    Raises:
        ValueError: The shape parameter is not positive.
    """
    if shape <= 0:
        raise ValueError("shape must be positive")
    out = np.empty(entities.shape[0], dtype=np.float64)
    _gammas_kernel(streams.key(name), np.ascontiguousarray(entities, dtype=np.int64), float(shape), out)
    return out / shape


def curve_at(points: Mapping[int, float], ages: npt.NDArray[np.floating] | Int64s) -> Floats:
    """Read a curve over age, linear between its points and flat beyond them, shape (n,)."""
    known = sorted(points)
    return np.interp(ages, known, [points[age] for age in known])


def age_quantiles(weights: Mapping[int, float], end: int) -> tuple[Floats, Floats]:
    """Return cumulative shares and the exact ages they stand at, shape (groups + 1,) each.

    Args:
        weights: Weight of each age group by its first age, ascending.
        end: First age that nobody has reached.
    """
    ages = np.array([*weights, end], dtype=np.float64)
    shares = np.concatenate([[0.0], np.cumsum(list(weights.values()))])
    return shares / shares[-1], ages


def mean_over_ages(points: Mapping[int, float], weights: Mapping[int, float], end: int) -> float:
    """Return the expectation of a curve over the age pyramid: whole years of age, as the customers have them."""
    shares, edges = age_quantiles(weights, end)
    ages = np.arange(int(edges[0]), end)
    mass = np.diff(np.interp(np.arange(int(edges[0]), end + 1), edges, shares))
    return float(np.sum(mass * curve_at(points, ages)))


def score_quantiles(score: CreditScore) -> tuple[Floats, Floats]:
    """Return cumulative probabilities and scores of the clipped mixture, for interpolation."""
    points = np.linspace(score.lowest, score.highest, _QUANTILE_STEPS + 1)
    probabilities = sum(
        (part.share * normal_probabilities((points - part.mean) / part.sd) for part in (score.sound, score.impaired)),
        np.zeros_like(points),
    )
    return probabilities, points
