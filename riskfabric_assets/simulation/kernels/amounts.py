"""What a payment costs: log-normal by group, channel and person, then heaped and clamped."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.simulation.kernels.decisions import count_passed
from riskfabric_assets.simulation.kernels.records import GROUPS, HEAPS, Row

ONLINE: Final = CHANNELS.index("online")
ATM: Final = CHANNELS.index("atm")
WHOLE: Final = 3
"""Position of whole units among the steps: thousands, hundreds, tens, whole, none."""
EXACT: Final = HEAPS - 1
TRANSFERS: Final = GROUPS
"""Row of the endings that belongs to transfers."""
NINE_STEP: Final = 10
"""Prices online end in 9 whole units: 199, 1,299."""


@inline_lean_kernel
def round_to(amount: float, step: int) -> int:
    """Return the nearest positive multiple of `step`."""
    return max(int(amount / step + 0.5), 1) * step


@inline_lean_kernel
def heap(rules: Row, group: int, channel: int, amount: float, uniform: float) -> int:
    """Give an amount the ending that people and prices give it; `group` may be TRANSFERS."""
    if channel == ATM:
        is_coarse = uniform < rules.cash_coarse and amount >= rules.cash_steps_minor[0] * 0.5
        return round_to(amount, rules.cash_steps_minor[0 if is_coarse else 1])
    whole = rules.steps_minor[WHOLE]
    if channel == ONLINE and uniform < rules.online_nines and amount >= NINE_STEP * whole:
        return int(round_to(amount, NINE_STEP * whole) - whole)
    ending = count_passed(rules.endings[group], uniform)
    while ending < EXACT and amount < rules.steps_minor[ending]:
        ending += 1
    return round_to(amount, rules.steps_minor[ending])


@inline_lean_kernel
def clamp(rules: Row, channel: int, amount: int) -> int:
    """Keep an amount inside what the channel allows."""
    return int(min(max(amount, rules.smallest_minor), rules.largest_minor[channel]))


@inline_lean_kernel
def draw_amount(
    rules: Row, group: int, channel: int, level: float, log_sd: float, deviate: float, ending: float
) -> int:
    """Return an amount in minor units.

    `level` is the logarithm of the median for this person and day, `deviate` a standard normal draw, `ending` a
    uniform one.
    """
    amount = min(np.exp(level + log_sd * deviate), float(rules.largest_minor[channel]))
    return clamp(rules, channel, heap(rules, group, channel, amount, ending))
