"""Income, taste, credit score and thrift: a Gaussian copula under explicit marginals.

Five normals (age, income, taste, score, thrift) are tied by the configured correlations; those of age belong to
the pyramid, the others follow. Income is log-normal around the median of its kind of settlement, its region and its
age. The score is the clipped mixture of a sound and an impaired component, thrift a logistic normal. What people
spend follows from how often they pay and how dear (`population.activity`); income covers it.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import LOCATION_TYPES
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.distributions import curve_at, normal_probabilities, score_quantiles
from riskfabric_assets.population.households import AGE_STREAM, Households

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

NORMALS: Final = ("income", "taste", "score", "thrift")
"""Behind age, in the order of the copula's matrix."""


@dataclasses.dataclass(frozen=True)
class Persons:
    """What is behind the money of some customers, every array of shape (n,)."""

    income_rank: Floats
    """Standard normal: personal income given settlement, region and age."""
    taste_rank: Floats
    """Standard normal: how dear somebody buys, given income."""
    income: Floats
    """Monthly income in major units, before it is made to cover spending."""
    thrift: Floats
    """Share of income that is left at the month's end."""
    credit_score: Int64s
    """0 without credit history."""


def draw_persons(
    demography: Demography,
    streams: Streams,
    ordinals: Int64s,
    households: Households,
    location: Int64s,
    region_factor: Floats,
) -> Persons:
    """Draw people.

    Args:
        demography: Settings.
        streams: Random streams of the run.
        ordinals: Customers, shape (n,).
        households: Their ages and households.
        location: Code of the location type, shape (n,).
        region_factor: Income level of the region, ratio, shape (n,).
    """
    income_rank, taste_rank, score_rank, thrift_rank = _ranks(demography, streams, ordinals, households)
    thrift = demography.rules.thrift
    odds = thrift.median / (1.0 - thrift.median) * np.exp(thrift.sigma * thrift_rank)
    return Persons(
        income_rank=income_rank,
        taste_rank=taste_rank,
        income=_income(demography, location, households.age, region_factor, income_rank),
        thrift=odds / (1.0 + odds),
        credit_score=_credit_score(demography, streams, ordinals, households.age, score_rank),
    )


def region_factors(demography: Demography, region_names: list[str]) -> Floats:
    """Return the income level of every region by name; 1 for regions that the pack does not list."""
    factors = demography.people.income.region_factors
    return np.array([factors.get(name, 1.0) for name in region_names], dtype=np.float64)


def _ranks(demography: Demography, streams: Streams, ordinals: Int64s, households: Households) -> list[Floats]:
    """Return the tied normals of NORMALS; incomes of a household have a part in common."""
    own = {name: streams.normals(f"population/person/{name}", ordinals) for name in NORMALS}
    tie = demography.rules.copula.household_income
    shared = streams.normals("population/household/income", households.head)
    own["income"] = np.sqrt(tie) * shared + np.sqrt(1.0 - tie) * own["income"]
    columns = [streams.normals(AGE_STREAM, ordinals), *own.values()]
    lower = np.linalg.cholesky(demography.rules.copula.matrix)
    tied = []
    for row in range(1, lower.shape[0]):
        total = np.zeros(ordinals.shape[0], dtype=np.float64)
        for column in range(row + 1):
            total += lower[row, column] * columns[column]
        tied.append(total)
    return tied


def _income(
    demography: Demography, location: Int64s, age: Int64s, region_factor: Floats, income_rank: Floats
) -> Floats:
    """Monthly income in major units."""
    income = demography.people.income
    median = np.array(weights_in_order(income.median, LOCATION_TYPES))[location]
    level = median * region_factor * curve_at(income.age_curve, age)
    return np.asarray(level * np.exp(income.sigma * income_rank), dtype=np.float64)


def _credit_score(
    demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, score_rank: Floats
) -> Int64s:
    rules = demography.people.credit_score
    score = np.rint(np.interp(normal_probabilities(score_rank), *score_quantiles(rules)))
    has_none = streams.uniforms("population/person/score_missing", ordinals) < rules.missing_share
    has_none |= age < demography.rules.credit_score.history_age
    return np.where(has_none, 0, score).astype(np.int64)
