"""Places grouped into slots, with a weighted pick inside a slot: compressed sparse rows ready for kernels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel

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


@kernel
def _pick_members_kernel(slices: Slices, slots: Int64s, uniforms: Floats, out: Int64s) -> None:
    for row in range(slots.shape[0]):
        out[row] = pick_member(slices, slots[row], uniforms[row])


def pick_members(slices: Slices, slots: npt.ArrayLike, uniforms: Floats) -> Int64s:
    """Pick a member by weight for every row.

    Args:
        slices: Grouping to pick from.
        slots: Slot of every row, shape (n,).
        uniforms: Draws in [0, 1), shape (n,).

    Raises:
        ValueError: The shapes differ, or a slot does not exist or is empty.
    """
    rows = np.ascontiguousarray(slots, dtype=np.int64)
    if rows.shape != uniforms.shape:
        raise ValueError("slots and uniforms must have one shape")
    out = np.empty(rows.shape[0], dtype=np.int64)
    if rows.size:
        if rows.min() < 0 or rows.max() >= slices.count_slots or np.any(np.diff(slices.first)[rows] == 0):
            raise ValueError("slot that does not exist or is empty")
        _pick_members_kernel(slices, rows, uniforms, out)
    return out


def stack_weights(rows: Sequence[Sequence[float]]) -> Slices:
    """Make one slot of every row of weights; members are positions in the row, zero weights are left out."""
    members = [[position for position, weight in enumerate(row) if weight > 0] for row in rows]
    first = np.cumsum([0, *(len(kept) for kept in members)]).astype(np.int64)
    weights = np.array([row[position] for row, kept in zip(rows, members, strict=True) for position in kept])
    flat = np.array([position for kept in members for position in kept], dtype=np.int32)
    return Slices(first, flat, _cumulative_shares(weights.astype(np.float64), first))


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
    first = np.zeros(count_slots + 1, dtype=np.int64)
    np.cumsum(np.bincount(slots, minlength=count_slots), out=first[1:])
    order = np.empty(slots.shape[0], dtype=np.int32)
    _order_kernel(np.ascontiguousarray(slots, dtype=np.int64), first[:-1].copy(), order)
    return Slices(first, order, _cumulative_shares(weights[order], first))


def join_slices(parts: list[Slices]) -> Slices:
    """Put the slots of several groupings behind each other, in order."""
    shifts = np.cumsum([0, *(part.members.shape[0] for part in parts)])
    firsts = [part.first[:-1] + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
    return Slices(
        np.concatenate([*firsts, shifts[-1:]]).astype(np.int64),
        np.concatenate([part.members for part in parts]),
        np.concatenate([part.cumulative for part in parts]),
    )


@kernel
def _order_kernel(slots: Int64s, free: Int64s, order: Int32s) -> None:
    """Sort by counting: `free` is the next place of every slot."""
    for row in range(slots.shape[0]):
        order[free[slots[row]]] = row
        free[slots[row]] += 1


@kernel
def _cumulative_shares_kernel(weights: Floats, first: Int64s, shares: Floats) -> None:
    for slot in range(first.shape[0] - 1):
        running = 0.0
        for row in range(first[slot], first[slot + 1]):
            running += weights[row]
            shares[row] = running
        for row in range(first[slot], first[slot + 1]):
            shares[row] /= running
        if first[slot + 1] > first[slot]:
            shares[first[slot + 1] - 1] = 1.0


def _cumulative_shares(weights: Floats, first: Int64s) -> Floats:
    """Running share of the weight inside each slot; summed slot by slot, so a slot does not depend on the others."""
    shares = np.empty(weights.shape[0], dtype=np.float64)
    _cumulative_shares_kernel(np.ascontiguousarray(weights, dtype=np.float64), first, shares)
    return shares
