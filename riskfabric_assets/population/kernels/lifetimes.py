"""The devices of a line as a renewal process: each is used for a gamma time, then the next one follows."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.population.distributions import gamma_at

Int64s = npt.NDArray[np.int64]

MOST: Final = 16
"""Devices of one line within the window: ten years over the shortest lifetime of 240 days."""
NEVER: Final = 2147483647
"""Day on which what has no end ends: the largest int32."""


class Renewal(NamedTuple):
    """Window and lifetimes, days."""

    window_start: int
    window_end: int
    mean: float
    shape: float
    shortest: float


@kernel
def lifetimes_kernel(stream: np.uint64, entities: Int64s, renewal: Renewal, last: Int64s) -> None:
    """Write the last day of every device of every line, shape (lines, MOST); the last device has no end.

    The window opens in the middle of a lifetime: one that is met by chance is longer than usual (a gamma with a shape
    larger by 1), and an even part of it is left.
    """
    scale = renewal.mean / renewal.shape
    for line in range(entities.shape[0]):
        key = key_of(stream, entities[line], np.int64(0))
        rest = uniform_at(key_of(stream, entities[line], np.int64(MOST)), np.int64(0))
        day = renewal.window_start + int(rest * gamma_at(key, renewal.shape + 1.0) * scale)
        for number in range(MOST):
            if day > renewal.window_end or number == MOST - 1:
                last[line, number] = NEVER
                break
            last[line, number] = day - 1
            key = key_of(stream, entities[line], np.int64(number + 1))
            day += int(max(gamma_at(key, renewal.shape) * scale, renewal.shortest))
