"""Customer id to slot: a hash table with linear probing, built once and read for every event."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel

Int64s = npt.NDArray[np.int64]


@inline_kernel
def _place_of(customer_id: np.int64, capacity: int) -> np.int64:
    bits = np.uint64(customer_id) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64(bits >> np.uint64(32)) & (capacity - 1)


@kernel
def index_kernel(customer_ids: Int64s, keys: Int64s, slots: Int64s) -> int:
    """Fill an empty table (`keys` all -1, length a power of two); returns how many ids were there already."""
    count_repeated = 0
    for slot in range(customer_ids.shape[0]):
        place = _place_of(customer_ids[slot], keys.shape[0])
        while keys[place] >= 0 and keys[place] != customer_ids[slot]:
            place = (place + 1) & (keys.shape[0] - 1)
        if keys[place] == customer_ids[slot]:
            count_repeated += 1
        keys[place] = customer_ids[slot]
        slots[place] = slot
    return count_repeated


@kernel
def slots_kernel(customer_ids: Int64s, keys: Int64s, slots: Int64s, out: Int64s) -> None:
    """Look up every id; -1 where it is unknown."""
    for row in range(customer_ids.shape[0]):
        place = _place_of(customer_ids[row], keys.shape[0])
        while keys[place] >= 0 and keys[place] != customer_ids[row]:
            place = (place + 1) & (keys.shape[0] - 1)
        out[row] = slots[place] if keys[place] >= 0 else -1
