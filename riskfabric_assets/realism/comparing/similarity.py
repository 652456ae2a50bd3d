"""Similarity of columns and of pairs of columns, 1 for equal and 0 for as different as can be. Arrays in, numbers out.

Definitions: SDMetrics documentation of KSComplement, TVComplement, CorrelationSimilarity, ContingencySimilarity,
RangeCoverage, CategoryCoverage, BoundaryAdherence and CategoryAdherence. `a` is the real side. Null is NaN in numbers
and -1 in codes.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

BINS: Final = 10
"""Bins of a number paired with a category; their edges come from `a`, and values outside fall into two more."""
NULL_CODE: Final = -1


def ks_complement(a: Floats, b: Floats) -> float | None:
    """Return 1 minus the largest distance between the two distribution functions; nulls are left out."""
    a, b = np.sort(a[~np.isnan(a)]), np.sort(b[~np.isnan(b)])
    if not a.size or not b.size:
        return None
    every = np.concatenate([a, b])
    distance = np.searchsorted(a, every, "right") / a.size - np.searchsorted(b, every, "right") / b.size
    return float(1 - np.abs(distance).max())


def tv_complement(a: Codes, b: Codes) -> float | None:
    """Return 1 minus half the sum of differences between shares of categories; nulls are a category."""
    if not a.size or not b.size:
        return None
    count = int(max(a.max(), b.max())) + 2
    shares = [np.bincount(codes + 1, minlength=count) / codes.size for codes in (a, b)]
    return float(1 - np.abs(shares[0] - shares[1]).sum() / 2)


def correlation_similarity(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> float | None:
    """Return 1 minus half the difference of Pearson correlations; None where a column is constant on a side."""
    found = [_correlation(*pair) for pair in (a, b)]
    return None if found[0] is None or found[1] is None else 1 - abs(found[0] - found[1]) / 2


def contingency_similarity(a: tuple[Codes, Codes], b: tuple[Codes, Codes]) -> float | None:
    """Return the total-variation complement of the joint shares of two columns of codes."""
    width = int(max(a[1].max(initial=0), b[1].max(initial=0))) + 2
    joint_a, joint_b = ((first + 1) * width + second + 1 for first, second in (a, b))
    both, codes = np.unique(np.concatenate([joint_a, joint_b]), return_inverse=True)
    if not both.size:
        return None
    return tv_complement(codes[: joint_a.size].astype(np.int64), codes[joint_a.size :].astype(np.int64))


def binned(a: Floats, b: Floats) -> tuple[Codes, Codes]:
    """Return both columns as codes of equal bins over the range of `a`; nulls keep their code."""
    known = a[~np.isnan(a)]
    edges = np.linspace(known.min(), known.max(), BINS + 1) if known.size else np.zeros(1)
    edges[-1] = np.nextafter(edges[-1], np.inf)

    def codes(values: Floats) -> Codes:
        found = np.searchsorted(edges, values, "right").astype(np.int64)
        return np.where(np.isnan(values), NULL_CODE, found)

    return codes(a), codes(b)


def range_coverage(a: Floats, b: Floats) -> float | None:
    """Return how much of the range of `a` lies between the ends of `b`; at least 0."""
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if not a.size or not b.size or a.max() == a.min():
        return None
    width = a.max() - a.min()
    missing = max((b.min() - a.min()) / width, 0) + max((a.max() - b.max()) / width, 0)
    return float(max(0.0, 1 - missing))


def category_coverage(a: Codes, b: Codes) -> float | None:
    """Return the share of the categories of `a` that occur in `b`; nulls are left out."""
    wanted = np.unique(a[a != NULL_CODE])
    return float(np.isin(wanted, b).mean()) if wanted.size else None


def boundary_adherence(a: Floats, b: Floats) -> float | None:
    """Return the share of `b` between the ends of `a`; a null is inside where `a` has nulls."""
    known = a[~np.isnan(a)]
    if not known.size or not b.size:
        return None
    inside = (b >= known.min()) & (b <= known.max())
    return float((inside | (np.isnan(b) & np.isnan(a).any())).mean())


def category_adherence(a: Codes, b: Codes) -> float | None:
    """Return the share of `b` whose category occurs in `a`; null is a category."""
    return float(np.isin(b, np.unique(a)).mean()) if a.size and b.size else None


def null_similarity(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float | None:
    """Return 1 minus the difference of null shares (SDMetrics: MissingValueSimilarity)."""
    return float(1 - abs(a.mean() - b.mean())) if a.size and b.size else None


def _correlation(first: Floats, second: Floats) -> float | None:
    known = ~(np.isnan(first) | np.isnan(second))
    x, y = first[known], second[known]
    if x.size < 2 or x.std() == 0 or y.std() == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])
