"""Places grouped into slots, with a weighted pick inside a slot: compressed sparse rows ready for kernels."""

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]


class Slices(NamedTuple):
    """Members of slot s are `members[first[s]:first[s + 1]]`, in canonical order."""

    first: Int64s
    """Shape (slots + 1,)."""
    members: Int32s
    """Index of a place, shape (memberships,)."""
    cumulative: Floats
    """Cumulative share of popularity inside the slot, ascending to exactly 1.0, shape (memberships,)."""

    @property
    def count_slots(self) -> int:
        """Number of slots."""
        return int(self.first.shape[0]) - 1


@inline_kernel
def pick_member(slices: Slices, slot: int, uniform: float) -> np.int32:
    """Return a member of a slot by popularity; the slot must not be empty, `uniform` is in [0, 1)."""
    low, high = slices.first[slot], slices.first[slot + 1] - 1
    while low < high:
        middle = (low + high) >> 1
        if uniform < slices.cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return np.int32(slices.members[low])


def slice_by(slots: Int64s, weights: Floats, count_slots: int) -> Slices:
    """Group places by slot.

    Args:
        slots: Slot of every place, shape (n,), 0 to count_slots - 1.
        weights: Popularity of every place, shape (n,), > 0.
        count_slots: Number of slots; slots may be empty.

    Raises:
        ValueError: The shapes differ, a slot is out of range or a weight is not positive.
    """
    if slots.shape != weights.shape:
        raise ValueError("slots and weights must have one shape")
    if slots.size and (slots.min() < 0 or slots.max() >= count_slots or weights.min() <= 0):
        raise ValueError("slot out of range, or weight not positive")
    order = np.argsort(slots, kind="stable")
    first = np.zeros(count_slots + 1, dtype=np.int64)
    np.cumsum(np.bincount(slots, minlength=count_slots), out=first[1:])
    return Slices(first, order.astype(np.int32), _cumulative_shares(weights[order], first))


def join_slices(parts: list[Slices]) -> Slices:
    """Put the slots of several groupings behind each other, in order."""
    shifts = np.cumsum([0, *(part.members.shape[0] for part in parts)])
    firsts = [part.first[:-1] + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
    return Slices(
        np.concatenate([*firsts, shifts[-1:]]).astype(np.int64),
        np.concatenate([part.members for part in parts]),
        np.concatenate([part.cumulative for part in parts]),
    )


def _cumulative_shares(weights: Floats, first: Int64s) -> Floats:
    """Running share of the weight inside each slot; summed slot by slot, so a slot does not depend on the others."""
    shares = np.empty_like(weights)
    for start, stop in itertools.pairwise(first):
        if stop > start:
            running = np.cumsum(weights[start:stop])
            shares[start:stop] = running / running[-1]
            shares[stop - 1] = 1.0
    return shares
