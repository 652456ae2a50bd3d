"""Matching the people of a street into households: couples, then grown children, then the old, then flats."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STREET: Final = 64
"""People who are matched among themselves; part of what a customer is, never to be changed by a setting."""
ALONE, PARTNER, CHILD, PARENT, FLATMATE = 0, 1, 2, 3, 4
NOBODY: Final = -1

LARGEST_GAP_MISS: Final = 6.0
"""Years that a couple's gap may miss the one looked for. Source: assumed."""
YOUNGEST_MOTHER, OLDEST_MOTHER, USUAL_MOTHER = 18, 43, 26
"""Age of a parent at a child's birth, years; children go where the gap is most usual.
Source: assumed."""
MOST_CHILDREN: Final = 3
LARGEST_HOUSEHOLD: Final = 7
OLDEST_FLATMATE: Final = 34
FLAT_SIZE: Final = 3
"""Bounds of households. Source: assumed."""


class Street(NamedTuple):
    """People of whole streets in the order of their ordinals, every array of shape (n,)."""

    age: Int64s
    is_female: Bools
    wants_partner: Bools
    partner_gap: Floats
    """Years that the man should be older."""
    wants_parents: Bools
    wants_children: Bools
    wants_flat: Bools


@kernel
def match_kernel(street: Street, head: Int64s, role: Int64s) -> None:
    """Write the row of every household's first member and everybody's role in it."""
    partner, size = np.empty(STREET, dtype=np.int64), np.empty(STREET, dtype=np.int64)
    children = np.empty(STREET, dtype=np.int64)
    for first in range(0, head.shape[0], STREET):
        for row in range(first, first + STREET):
            head[row], role[row] = row, ALONE
            partner[row - first], size[row - first], children[row - first] = NOBODY, 1, 0
        _pair(street, first, head, role, partner, size)
        _bring_children_home(street, first, head, role, partner, size, children)
        _take_in_parents(street, first, head, role, partner, size)
        _share_flats(street, first, head, role, size)
        _name_heads(first, head)


@inline_kernel
def _pair(street: Street, first: int, head: Int64s, role: Int64s, partner: Int64s, size: Int64s) -> None:
    for row in range(first, first + STREET):
        if not street.wants_partner[row] or partner[row - first] != NOBODY:
            continue
        best, least = NOBODY, LARGEST_GAP_MISS
        for other in range(row + 1, first + STREET):
            if not street.wants_partner[other] or partner[other - first] != NOBODY:
                continue
            if street.is_female[other] == street.is_female[row]:
                continue
            gap = street.age[other] - street.age[row]
            if street.is_female[other]:
                gap = -gap
            miss = abs(gap - street.partner_gap[row])
            if miss < least:
                best, least = other, miss
        if best != NOBODY:
            partner[row - first], partner[best - first] = best, row
            head[best] = row
            role[row], role[best] = PARTNER, PARTNER
            size[row - first] = 2


@inline_kernel
def _fits_as_child(street: Street, child: int, parent: int, other: int) -> float:
    """Return how unusual the gap between child and parents is, years; a large number if impossible."""
    gap = street.age[parent] - street.age[child]
    if gap < YOUNGEST_MOTHER or gap > OLDEST_MOTHER:
        return 1e9
    if other != NOBODY:
        second = street.age[other] - street.age[child]
        if second < YOUNGEST_MOTHER:
            return 1e9
        gap = min(gap, second)
    return float(abs(gap - USUAL_MOTHER))


@inline_kernel
def _bring_children_home(
    street: Street, first: int, head: Int64s, role: Int64s, partner: Int64s, size: Int64s, children: Int64s
) -> None:
    for row in range(first, first + STREET):
        if role[row] != ALONE or not street.wants_parents[row]:
            continue
        best, least = NOBODY, 1e8
        for parent in range(first, first + STREET):
            if parent == row or head[parent] != parent or role[parent] == CHILD:
                continue
            if children[parent - first] >= MOST_CHILDREN:
                continue
            miss = _fits_as_child(street, row, parent, partner[parent - first]) + 4.0 * children[parent - first]
            if partner[parent - first] == NOBODY:
                miss += 10.0
            if miss < least:
                best, least = parent, miss
        if best != NOBODY:
            head[row], role[row] = best, CHILD
            size[best - first] += 1
            children[best - first] += 1
            if role[best] == ALONE:
                role[best] = PARTNER


@inline_kernel
def _take_in_parents(street: Street, first: int, head: Int64s, role: Int64s, partner: Int64s, size: Int64s) -> None:
    """Move the old, with their partner but without grown children of their own, to a younger couple."""
    for row in range(first, first + STREET):
        other = partner[row - first]
        is_free = head[row] == row and size[row - first] == (1 if other == NOBODY else 2)
        if not is_free or not street.wants_children[row]:
            continue
        best, least = NOBODY, 1e8
        for host in range(first, first + STREET):
            if host == row or head[host] != host or partner[host - first] == NOBODY:
                continue
            if size[host - first] + size[row - first] > LARGEST_HOUSEHOLD:
                continue
            miss = _fits_as_child(street, host, row, other)
            if miss < least:
                best, least = host, miss
        if best != NOBODY:
            size[best - first] += size[row - first]
            head[row], role[row] = best, PARENT
            if other != NOBODY:
                head[other], role[other] = best, PARENT


@inline_kernel
def _share_flats(street: Street, first: int, head: Int64s, role: Int64s, size: Int64s) -> None:
    flat = NOBODY
    for row in range(first, first + STREET):
        if role[row] != ALONE or not street.wants_flat[row] or street.age[row] > OLDEST_FLATMATE:
            continue
        if flat == NOBODY or size[flat - first] >= FLAT_SIZE:
            flat = row
        else:
            head[row], role[row], role[flat] = flat, FLATMATE, FLATMATE
            size[flat - first] += 1


@inline_kernel
def _name_heads(first: int, head: Int64s) -> None:
    """Let the smallest row of every household stand for it."""
    for row in range(first, first + STREET):
        old = head[row]
        if old > row:
            for other in range(row, first + STREET):
                if head[other] == old:
                    head[other] = row
