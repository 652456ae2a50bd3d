"""Prevalence as a share of customers: how many fraudulent payments a month needs, so that enough people are attacked.

Victims are drawn with replacement: some are attacked twice, by one typology or by several, and the more often the more
careless they are. With `h` attacks expected on a customer in a period, that customer is spared with probability
exp(-h). What is asked for is the expected share of customers who are not spared, and h counts the attacks that make a
payment: some that are planned come to nothing.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.packs.crime import Injection

Floats = npt.NDArray[np.float64]

PLACE = "config/crime.yaml: injection.customer_share"
RELATIVE_PRECISION = 1e-9
"""Of the number of payments; far below one attack."""


class Exposure(NamedTuple):
    """How one typology chooses."""

    attacks: float
    """Attacks per fraudulent payment of all typologies."""
    weights: Floats
    """Weight of every customer as a victim, shape (customers,)."""


def rows_for_share(exposures: list[Exposure], injection: Injection) -> float:
    """Return the fraudulent payments of a month, of all typologies.

    Args:
        exposures: Every registered typology.
        injection: Share of customers, and in how many months.

    Raises:
        ConfigError: Fewer customers can be attacked than shall be.
    """
    hazard = hazard_per_row(exposures) * injection.customer_share_months * injection.realized_share
    if injection.customer_share == 0:
        return 0.0
    found, needed = int(np.count_nonzero(hazard)), math.floor(injection.customer_share * hazard.shape[0]) + 1
    if found < needed:
        fix = "lower the share (victims are found by chance, so never all of them), or give more typologies a weight"
        expected = f"at least {needed:,} of the {hazard.shape[0]:,}"
        raise ConfigError([Problem(PLACE, f"{found:,} customers who can be attacked", expected, fix)])
    high = 1.0
    while attacked_share(hazard, high) < injection.customer_share:
        high *= 2
    low = 0.0
    while high - low > RELATIVE_PRECISION * high:
        middle = (low + high) / 2
        low, high = (middle, high) if attacked_share(hazard, middle) < injection.customer_share else (low, middle)
    return high


def hazard_per_row(exposures: list[Exposure]) -> Floats:
    """Return the attacks expected on every customer for each fraudulent payment of all, shape (customers,)."""
    parts = [each.attacks * each.weights / each.weights.sum() for each in exposures if each.weights.sum() > 0]
    return np.sum(parts, axis=0) if parts else np.zeros(1)


def attacked_share(hazard: Floats, rows: float) -> float:
    """Return the expected share of customers who are attacked at least once."""
    return float(-np.expm1(-rows * hazard).mean())
