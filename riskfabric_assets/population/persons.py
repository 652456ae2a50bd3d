"""Age, gender, income, spending and credit score: correlated latent normals under explicit marginals.

Four independent normals (age, income, spend, score) are tied by the configured correlations, each is turned
into a rank and the rank into its marginal. Income is log-normal around the median of its kind of settlement,
its region and its age. Spending has RiskFabric's marginal given settlement and age and is never more than the
configured share of income. The score is the clipped mixture of a sound and an impaired component.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import LOCATION_TYPES
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR
from riskfabric_assets.population.demography import OLDEST_AGE, Demography, weights_in_order
from riskfabric_assets.population.distributions import age_quantiles, curve_at, normal_probabilities, score_quantiles

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

INCOME_STEP_MINOR = 100 * MINOR_PER_MAJOR
"""People declare round incomes."""
SPEND_STEP_MINOR = 10 * MINOR_PER_MAJOR


@dataclasses.dataclass(frozen=True)
class Persons:
    """Some customers as people, every array of shape (n,)."""

    is_female: Bools
    age: Int64s
    """Years, 18 to 90, reached in the calendar year of the start."""
    income_rank: Floats
    """Standard normal: personal income given settlement, region and age."""
    monthly_income_minor: Int64s
    monthly_spend_minor: Int64s
    credit_score: Int64s
    """0 without credit history."""


def draw_persons(
    demography: Demography, streams: Streams, ordinals: Int64s, location: Int64s, region_factor: Floats
) -> Persons:
    """Draw people.

    Args:
        demography: Settings.
        streams: Random streams of the run.
        ordinals: Customers, shape (n,).
        location: Code of the location type, shape (n,).
        region_factor: Income level of the region, ratio, shape (n,).
    """
    people = demography.people
    age_rank, income_rank, spend_rank, score_rank = (
        streams.normals(f"population/person/{name}", ordinals) for name in ("age", "income", "spend", "score")
    )
    shares, edges = age_quantiles(people.ages, OLDEST_AGE + 1)
    age = np.minimum(np.interp(normal_probabilities(age_rank), shares, edges).astype(np.int64), OLDEST_AGE)
    income = _income(demography, location, age, region_factor, income_rank)
    spend = np.minimum(
        _spend(demography, location, age, income_rank, spend_rank), demography.rules.income.spend_ceiling * income
    )
    return Persons(
        is_female=streams.uniforms("population/person/gender", ordinals) < people.female_share,
        age=age,
        income_rank=income_rank,
        monthly_income_minor=_round_to(income, INCOME_STEP_MINOR),
        monthly_spend_minor=_round_to(spend, SPEND_STEP_MINOR),
        credit_score=_credit_score(demography, streams, ordinals, age, (age_rank, income_rank, score_rank)),
    )


def region_factors(demography: Demography, region_names: list[str]) -> Floats:
    """Return the income level of every region by name; 1 for regions that the pack does not list."""
    factors = demography.people.income.region_factors
    return np.array([factors.get(name, 1.0) for name in region_names], dtype=np.float64)


def _income(
    demography: Demography, location: Int64s, age: Int64s, region_factor: Floats, income_rank: Floats
) -> Floats:
    """Monthly income in minor units."""
    income = demography.people.income
    median = np.array(weights_in_order(income.median, LOCATION_TYPES))[location]
    level = median * region_factor * curve_at(income.age_curve, age)
    return level * np.exp(income.sigma * income_rank) * MINOR_PER_MAJOR


def _spend(demography: Demography, location: Int64s, age: Int64s, income_rank: Floats, spend_rank: Floats) -> Floats:
    """Monthly spending in minor units: base by settlement, inverted V over age, even noise tied to income."""
    rules = demography.rules.spend
    tie = demography.rules.income.spend_correlation
    noise = normal_probabilities(tie * income_rank + np.sqrt(1.0 - tie * tie) * spend_rank)
    base = np.array(weights_in_order(demography.people.spend, LOCATION_TYPES))[location]
    by_age = 1.0 - np.abs(age - rules.peak_age) / rules.age_span
    return base * by_age * (rules.noise_low + (rules.noise_high - rules.noise_low) * noise) * MINOR_PER_MAJOR


def _credit_score(
    demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, ranks: tuple[Floats, Floats, Floats]
) -> Int64s:
    age_rank, income_rank, score_rank = ranks
    with_income = demography.rules.income.credit_score_correlation
    with_age = demography.rules.credit_score.age_correlation
    rest = np.sqrt(1.0 - with_income**2 - with_age**2)
    rank = with_income * income_rank + with_age * age_rank + rest * score_rank
    score = np.rint(np.interp(normal_probabilities(rank), *score_quantiles(demography.people.credit_score)))
    has_none = (
        streams.uniforms("population/person/score_missing", ordinals) < demography.people.credit_score.missing_share
    )
    has_none |= age < demography.rules.credit_score.history_age
    return np.where(has_none, 0, score).astype(np.int64)


def _round_to(minor: Floats, step: int) -> Int64s:
    """Round to a multiple of `step`, at least one step."""
    return np.maximum(np.rint(minor / step), 1).astype(np.int64) * step
