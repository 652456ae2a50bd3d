"""How often people pay, how dear, and what that comes to: payments, price level, spending and declared income.

Counts and price levels grow with income by the configured elasticities. Their levels are set so that, over all
customers a world can have, the mean number of payments is the configured one and the mean price level of a payment
is 1. Both means are those of a sample with a seed of its own, so no run's people set their own measure.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR
from riskfabric_assets.population.demography import Demography
from riskfabric_assets.population.distributions import curve_at, gammas
from riskfabric_assets.population.persons import Persons

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

MONTHS_PER_YEAR: Final = 12
INCOME_STEP_MINOR: Final = 100 * MINOR_PER_MAJOR
"""People declare round incomes."""
SPEND_STEP_MINOR: Final = 10 * MINOR_PER_MAJOR


@dataclasses.dataclass(frozen=True)
class Levels:
    """What makes the means right."""

    payments: float = 1.0
    """Payments a year of who has an income of 1 and the factors 1."""
    amounts: float = 1.0
    """Price level of who has an income of 1."""


@dataclasses.dataclass(frozen=True)
class Activity:
    """How some customers pay, every array of shape (n,)."""

    payments_per_year: Floats
    amount_factor: Floats
    monthly_income_minor: Int64s
    monthly_spend_minor: Int64s


def draw_activity(
    demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, persons: Persons, levels: Levels
) -> Activity:
    """Derive counts, prices, spending and declared income of some customers."""
    payments = levels.payments * _raw_payments(demography, streams, ordinals, age, persons)
    factor = levels.amounts * _raw_amounts(demography, persons)
    spend = payments / MONTHS_PER_YEAR * factor * demography.people.spend_per_payment
    income = np.maximum(persons.income, spend / demography.rules.spend.ceiling)
    return Activity(
        payments,
        factor,
        _round_to(income * MINOR_PER_MAJOR, INCOME_STEP_MINOR, np.ceil),
        _round_to(spend * MINOR_PER_MAJOR, SPEND_STEP_MINOR, np.floor),
    )


def mean_payments(demography: Demography) -> float:
    """Return the payments that customers of this country make in a year on average."""
    return demography.rules.activity.payments_per_year * demography.people.activity_factor


def measure_levels(demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, persons: Persons) -> Levels:
    """Return the levels that give a sample of people the configured means."""
    payments = _raw_payments(demography, streams, ordinals, age, persons)
    factor = _raw_amounts(demography, persons)
    return Levels(
        float(mean_payments(demography) / payments.mean()),
        float(payments.sum() / np.sum(payments * factor)),
    )


def _raw_payments(demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, persons: Persons) -> Floats:
    """Gamma over people, raised by income and by age."""
    rules = demography.rules.activity
    drawn = gammas(streams, "population/trait/activity", ordinals, rules.shape)
    return np.asarray(drawn * persons.income**rules.income_elasticity * curve_at(rules.age_factors, age))


def _raw_amounts(demography: Demography, persons: Persons) -> Floats:
    rules = demography.rules.amounts
    return np.asarray(persons.income**rules.income_elasticity * np.exp(rules.sigma * persons.taste_rank))


def _round_to(minor: Floats, step: int, rounding: np.ufunc) -> Int64s:
    """Round to a multiple of `step`, at least one step."""
    return np.asarray(np.maximum(rounding(minor / step), 1).astype(np.int64) * step)
