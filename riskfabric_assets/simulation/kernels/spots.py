"""Where people pay: distance tier with cascade, a place by popularity, the position that the bank sees."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


@inline_lean_kernel
def choose_tier(tiers: Floats, mode: int, uniform: float) -> int:
    """Return the tier of a payment, 0 super-local to 3 anywhere; mode 0 on the spot, 1 from a distance."""
    tier = 0
    while tier < 3 and uniform >= tiers[mode, tier]:
        tier += 1
    return tier


@inline_lean_kernel
def pick(first: Int64s, members: Int32s, cumulative: Floats, slot: int, uniform: float) -> int:
    """Return a member of a slot by weight; the slot is not empty."""
    low, count = first[slot], first[slot + 1] - first[slot]
    while count > 1:  # without a branch to mispredict: the start moves or stays
        half = count >> 1
        low += half * np.int64(uniform >= cumulative[low + half - 1])
        count -= half
    return int(members[low])
