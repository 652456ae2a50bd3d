"""What a payment costs: log-normal by category, channel and person, then heaped and clamped."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.simulation.kernels.decisions import count_passed
from riskfabric_assets.simulation.kernels.records import Row

ONLINE: Final = CHANNELS.index("online")
ATM: Final = CHANNELS.index("atm")
WHOLE: Final = 2
"""Position of whole units among the steps: coarse, fine, whole, none."""
EXACT: Final = 3
NINE_STEP: Final = 10
"""Prices online end in 9 whole units: 199, 1,299."""


@inline_lean_kernel
def round_to(amount: float, step: int) -> int:
    """Return the nearest positive multiple of `step`."""
    return max(int(amount / step + 0.5), 1) * step


@inline_lean_kernel
def heap(rules: Row, channel: int, amount: float, uniform: float) -> int:
    """Give an amount the ending that people and prices give it."""
    if channel == ATM:
        is_coarse = uniform < rules.cash_coarse and amount >= rules.cash_steps_minor[0] * 0.5
        return round_to(amount, rules.cash_steps_minor[0 if is_coarse else 1])
    whole = rules.steps_minor[WHOLE]
    if channel == ONLINE and uniform < rules.online_nines and amount >= NINE_STEP * whole:
        return int(round_to(amount, NINE_STEP * whole) - whole)
    ending = count_passed(rules.rounding, uniform)
    while ending < EXACT and amount < rules.steps_minor[ending]:
        ending += 1
    return round_to(amount, rules.steps_minor[ending])


@inline_lean_kernel
def draw_amount(
    rules: Row, category: int, channel: int, personal_log: float, deviate: float, ending_draw: float
) -> int:
    """Return an amount in minor units.

    `personal_log` is the logarithm of the person's price level, `deviate` a standard normal draw.
    """
    level = rules.log_medians[category] + rules.channel_logs[channel] + personal_log
    ceiling = int(rules.largest_minor[channel])
    amount = min(np.exp(level + rules.log_sds[category] * deviate), float(ceiling))
    return min(max(heap(rules, channel, amount, ending_draw), int(rules.smallest_minor)), ceiling)
