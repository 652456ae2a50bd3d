"""Where people pay: distance tier with cascade, a place by popularity, the position that the bank sees."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.simulation.kernels.records import Records

Floats = npt.NDArray[np.float64]


@inline_lean_kernel
def choose_tier(tiers: Floats, mode: int, uniform: float) -> int:
    """Return the tier of a payment, 0 super-local to 3 anywhere; mode 0 on the spot, 1 from a distance."""
    first, second = int(uniform >= tiers[mode, 0]), int(uniform >= tiers[mode, 1])
    return first + second + int(uniform >= tiers[mode, 2])  # no branch to mispredict


@inline_lean_kernel
def pick(choices: Records, start: int, count: int, uniform: float) -> int:
    """Return a member by weight from the `count` > 0 rows of an alias table from `start` on."""
    position = uniform * count
    step = int(position)
    choice = choices[start + step]
    return int(choice.member) if position - step < choice.threshold else int(choice.other)
