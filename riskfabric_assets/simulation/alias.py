"""Weighted picks in constant time: alias tables of the slices of a market.

A binary search in a slice of hundreds of places misses the cache once per step; an alias table is read once.
Each row of a slice holds two of its members and the share of its step that belongs to the first.

Source: A. J. Walker, 1977; M. D. Vose, "A linear algorithm for generating random numbers", 1991.
"""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.simulation.kernels.records import CHOICE, Records
from riskfabric_assets.world.slices import Slices

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


def alias_table(slices: Slices, position: Int64s) -> Records:
    """Return one record of CHOICE per membership; slot s owns the rows slices.first[s] to slices.first[s + 1].

    Args:
        slices: Places by slot, with their weights.
        position: Where each place stands in the array that the choices shall point to, shape (places,).
    """
    table = np.zeros(slices.members.shape[0], dtype=CHOICE)
    table["member"] = table["other"] = position[slices.members]
    most = int(np.diff(slices.first).max(initial=0))
    shares, small, large = np.empty(most), np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    _alias_kernel(slices.first, slices.cumulative, table, shares, small, large)
    return table


@kernel
def _alias_kernel(
    first: Int64s, cumulative: Floats, table: Records, shares: Floats, small: Int64s, large: Int64s
) -> None:
    """Give what a heavy member has too much to steps of light ones, slot by slot; the last three are scratch."""
    for slot in range(first.shape[0] - 1):
        start, count = first[slot], first[slot + 1] - first[slot]
        count_small, count_large, before = 0, 0, 0.0
        for row in range(count):
            shares[row] = (cumulative[start + row] - before) * count
            before = cumulative[start + row]
            if shares[row] < 1.0:
                small[count_small] = row
                count_small += 1
            else:
                large[count_large] = row
                count_large += 1
            table[start + row].threshold = 1.0
        while count_small > 0 and count_large > 0:
            count_small -= 1
            light, heavy = small[count_small], large[count_large - 1]
            table[start + light].threshold = shares[light]
            table[start + light].other = table[start + heavy].member
            shares[heavy] -= 1.0 - shares[light]
            if shares[heavy] < 1.0:
                count_large -= 1
                small[count_small] = heavy
                count_small += 1
