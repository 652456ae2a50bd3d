"""Bijections of number ranges that are no power of two: unique numbers without order or meaning.

A Feistel network with modular addition over (left, right) digits: each round adds a keyed mix of one half to
the other, which can always be undone, so distinct inputs give distinct outputs whatever the sizes are.
"""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import mix

UInt64s = npt.NDArray[np.uint64]
_ROUNDS = 4


@kernel
def _permute_kernel(values: UInt64s, left_size: np.uint64, right_size: np.uint64, key: np.uint64, out: UInt64s) -> None:
    for row in range(values.shape[0]):
        left, right = values[row] // right_size, values[row] % right_size
        for turn in range(_ROUNDS):
            left = (left + mix(right ^ key ^ np.uint64(2 * turn + 1)) % left_size) % left_size
            right = (right + mix(left ^ key ^ np.uint64(2 * turn + 2)) % right_size) % right_size
        out[row] = left * right_size + right


def permute(values: npt.ArrayLike, left_size: int, right_size: int, key: np.uint64) -> UInt64s:
    """Scramble numbers bijectively inside 0 to left_size * right_size - 1, shape (n,).

    Raises:
        ValueError: A value lies outside the range.
    """
    numbers = np.ascontiguousarray(values, dtype=np.uint64)
    if numbers.size and int(numbers.max()) >= left_size * right_size:
        raise ValueError(f"number outside 0 to {left_size * right_size - 1}")
    out = np.empty_like(numbers)
    _permute_kernel(numbers, np.uint64(left_size), np.uint64(right_size), key, out)
    return out
