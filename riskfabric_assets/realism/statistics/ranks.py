"""Areas under curves: how well one number tells two groups apart, whole or within strata."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def area_under_curve(honest: Floats, crime: Floats) -> float:
    """Return the probability that a random crime ranks above a random honest payment; a tie counts half.

    Args:
        honest: Values of honest rows, shape (n,).
        crime: Values of crime, shape (m,).
    """
    ordered = np.sort(honest)
    below = np.searchsorted(ordered, crime, side="left")
    tied = np.searchsorted(ordered, crime, side="right") - below
    return float((below + 0.5 * tied).mean() / ordered.size)


def area_within(strata: NDArray[np.int64], values: Floats, is_crime: NDArray[np.bool_]) -> float:
    """Return the area under the curve within strata, weighted by their pairs; one half where no stratum has both.

    Args:
        strata: Stratum of each row, shape (n,).
        values: Score of each row, shape (n,).
        is_crime: Which rows are crime, shape (n,).
    """
    areas, weights = [], []
    for stratum in np.unique(strata[is_crime]):
        inside = strata == stratum
        honest, crime = values[inside & ~is_crime], values[inside & is_crime]
        if honest.size and crime.size:
            areas.append(area_under_curve(honest, crime))
            weights.append(float(honest.size) * crime.size)
    return float(np.average(areas, weights=weights)) if areas else 0.5


def rates_of_the_other_half(groups: NDArray[np.int64], is_crime: NDArray[np.bool_]) -> Floats:
    """Score each row by the share of crime in its group among the rows of the other half: no row judges itself.

    Args:
        groups: Group of each row from 0 up, shape (n,); rows stand in random order.
        is_crime: Which rows are crime, shape (n,).
    """
    count, base = int(groups.max()) + 1 if groups.size else 0, float(is_crime.mean()) if groups.size else 0.0
    is_even = np.arange(groups.size) % 2 == 0
    scores = np.empty(groups.size)
    for half in (is_even, ~is_even):
        seen = np.bincount(groups[~half], minlength=count)
        hits = np.bincount(groups[~half], weights=is_crime[~half], minlength=count)
        scores[half] = ((hits + base) / (seen + 1.0))[groups[half]]
    return scores
