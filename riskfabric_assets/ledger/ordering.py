"""One order: `(event_at, event_id)`."""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.simulation.columns import Int32s, Int64s, Rows

ROWS_PER_BUCKET_BITS: Final = 2
"""Four rows in a bucket of equal time, on average: sorting them is cheap, and the counters still fit into the cache."""


def order_of(rows: Rows, added: Rows) -> Int32s:
    """Return the positions in the order (event_at, event_id), shape (n + m,); added rows count on from n.

    Args:
        rows: Records with event_at and event_id, shape (n,).
        added: More of them, shape (m,); joining them here spares a copy of the many.

    Raises:
        ValueError: More rows than positions can count.
    """
    count = rows.shape[0] + added.shape[0]
    if count > np.iinfo(np.int32).max:
        raise ValueError(f"{count} rows are more than fit into one order; cut the days finer")
    order = np.empty(count, dtype=np.int32)
    if count == 0:
        return order
    moments = np.empty(count, dtype=np.int64)
    first, last = _moments_kernel(rows, added, moments)
    shift = max((last - first).bit_length() - count.bit_length() + ROWS_PER_BUCKET_BITS, 0)
    starts = np.zeros(((last - first) >> shift) + 2, dtype=np.int32)
    placed = np.empty(count, dtype=np.int64)
    _order_kernel(rows, added, moments, first, shift, starts, placed, order)
    return order


@lean_kernel
def _moments_kernel(rows: Rows, added: Rows, moments: Int64s) -> tuple[int, int]:
    count = rows.shape[0]
    for place in range(count):
        moments[place] = rows[place].event_at
    for place in range(added.shape[0]):
        moments[count + place] = added[place].event_at
    first, last = moments[0], moments[0]
    for moment in moments:
        first, last = min(first, moment), max(last, moment)
    return first, last


@lean_kernel
def _order_kernel(
    rows: Rows,
    added: Rows,
    moments: Int64s,
    first: int,
    shift: int,
    starts: Int32s,
    placed: npt.NDArray[np.int64],
    order: Int32s,
) -> None:
    """Count into buckets of equal time, place, then sort each bucket."""
    for place in range(moments.shape[0]):
        starts[((moments[place] - first) >> shift) + 1] += 1
    for bucket in range(1, starts.shape[0]):
        starts[bucket] += starts[bucket - 1]
    for place in range(moments.shape[0]):
        bucket = (moments[place] - first) >> shift
        order[starts[bucket]], placed[starts[bucket]] = place, moments[place]
        starts[bucket] += 1
    begin = 0
    for bucket in range(starts.shape[0] - 1):
        _sort_bucket(rows, added, begin, starts[bucket], placed, order)
        begin = starts[bucket]


@inline_lean_kernel
def _sort_bucket(rows: Rows, added: Rows, begin: int, end: int, placed: Int64s, order: Int32s) -> None:
    """Sort by insertion over shrinking gaps: a handful at once, the many of one moment (a due day) in n^1.3 steps."""
    gap = 1
    while gap * 9 // 4 + 1 < end - begin:
        gap = gap * 9 // 4 + 1
    while gap > 0:
        for position in range(begin + gap, end):
            moment, place, hole = placed[position], order[position], position
            while hole >= begin + gap and _comes_after(
                rows, added, placed[hole - gap], order[hole - gap], moment, place
            ):
                placed[hole], order[hole] = placed[hole - gap], order[hole - gap]
                hole -= gap
            placed[hole], order[hole] = moment, place
        gap = gap * 4 // 9


@inline_lean_kernel
def _comes_after(rows: Rows, added: Rows, left_at: int, left: int, right_at: int, right: int) -> bool:
    if left_at != right_at:
        return bool(left_at > right_at)
    return bool(_id_of(rows, added, left) > _id_of(rows, added, right))


@inline_lean_kernel
def _id_of(rows: Rows, added: Rows, place: int) -> int:
    if place < rows.shape[0]:
        return int(rows[place].event_id)
    return int(added[place - rows.shape[0]].event_id)
