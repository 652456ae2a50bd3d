"""config/population.yaml: who lives in a world and how many, as far as it holds in every country."""

from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, ShareTable

Age = Annotated[int, Field(ge=0, le=120), Measured("years")]
Correlation = Annotated[float, Field(gt=-1, lt=1), Measured("correlation")]
Sigma = Annotated[float, Field(ge=0, le=3), Measured("log")]
Elasticity = Annotated[float, Field(ge=0, le=2), Measured("elasticity")]
Factor = Annotated[float, Field(gt=0)]
AgeFactors = Annotated[dict[int, Factor], Field(min_length=2), Measured("ratio")]
"""Ratio by age, linear between the ages given."""


class Registration(Section):
    """When people became customers, counted back from the calendar's start."""

    lookback_days: Annotated[int, Field(ge=0, le=36500), Measured("days")]
    minimum_age: Age


class Home(Section):
    """How far a home lies from the residence it was placed at, and how exactly it is told."""

    jitter_metres: Annotated[float, Field(ge=0, le=5000), Measured("m")]
    jitter_shape: Literal["gaussian", "disc"]
    decimals: Annotated[int, Field(ge=1, le=3), Measured("decimals")]


class NameHabits(Section):
    """How names are put together."""

    same_community_share: Share
    rank_offset: Annotated[float, Field(gt=-1, le=50), Measured("ranks")]


class Copula(Section):
    """Correlations of the normals behind age, income, taste for dear things, credit score and thrift."""

    age_score: Correlation
    income_score: Correlation
    income_thrift: Correlation
    score_thrift: Correlation
    taste_thrift: Correlation
    score_taste: Correlation
    household_income: Annotated[float, Field(ge=0, lt=1), Measured("correlation")]
    """Between the incomes of two members of a household."""

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """Correlations in the order age, income, taste, score, thrift, shape (5, 5)."""
        return np.array(
            [
                [1.0, 0.0, 0.0, self.age_score, 0.0],
                [0.0, 1.0, 0.0, self.income_score, self.income_thrift],
                [0.0, 0.0, 1.0, self.score_taste, self.taste_thrift],
                [self.age_score, self.income_score, self.score_taste, 1.0, self.score_thrift],
                [0.0, self.income_thrift, self.taste_thrift, self.score_thrift, 1.0],
            ]
        )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        smallest = float(np.linalg.eigvalsh(self.matrix)[0])
        if smallest <= 0:
            raise ValueError(
                f"correlations that contradict each other (least eigenvalue {smallest:.2f})"
                "|a positive definite matrix|lower the largest of them"
            )
        return self


class Spend(Section):
    """How spending stands to income."""

    ceiling: Annotated[float, Field(gt=0, le=2), Measured("share")]


class CreditHistory(Section):
    """Who has a credit score."""

    history_age: Age


class AccountCounts(Section):
    """How many accounts a customer has, and in which state."""

    mean: Annotated[float, Field(ge=1, le=8), Measured("accounts")]
    maximum: Annotated[int, Field(ge=1, le=8), Measured("accounts")]
    income_elasticity: Sigma
    age_factors: AgeFactors
    dormant_share: Share
    closed_share: Share
    closed_reasons: ShareTable
    closed_within_days: Annotated[int, Field(ge=0, le=3650), Measured("days")]

    @model_validator(mode="after")
    def _leaves_active_ones(self) -> Self:
        if self.dormant_share + self.closed_share > 1:
            raise ValueError("dormant_share and closed_share above 1 together|a sum of at most 1|lower one of them")
        return self


class DeviceCounts(Section):
    """How many devices a customer has, for how long and with whom."""

    second_share: Share
    lifetime_mean_days: Annotated[float, Field(gt=0, le=36500), Measured("days")]
    lifetime_shape: Annotated[float, Field(ge=0.5, le=50), Measured("gamma shape")]
    lifetime_shortest_days: Annotated[int, Field(ge=240, le=3650), Measured("days")]
    """At least 240, so that sixteen devices outlast the window they are drawn for."""
    shared_share: Share
    """Members of a household behind its first who use the first one's phone."""

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.lifetime_mean_days <= self.lifetime_shortest_days:
            raise ValueError(f"lifetime_mean_days {self.lifetime_mean_days:g}|more than the shortest|raise it")
        return self


class Activity(Section):
    """How often people pay."""

    payments_per_year: Annotated[float, Field(gt=0, le=20000), Measured("payments")]
    shape: Annotated[float, Field(ge=0.2, le=50), Measured("gamma shape")]
    income_elasticity: Elasticity
    age_factors: AgeFactors


class Amounts(Section):
    """Personal price level: what income explains, and taste."""

    income_elasticity: Elasticity
    sigma: Sigma


class Rhythm(Section):
    """Personal shift of the daily curve."""

    phase_sd: Annotated[float, Field(ge=0, le=6), Measured("hours")]


class Online(Section):
    """Personal taste for remote payments."""

    sigma: Sigma
    age_factors: AgeFactors


class Thrift(Section):
    """Share of income that is left at the month's end."""

    median: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    sigma: Annotated[float, Field(ge=0, le=3), Measured("log odds")]


class Exposure(Section):
    """What makes somebody a likelier victim: how much and how remotely they pay, never who they are."""

    activity_exponent: Annotated[float, Field(ge=0, le=2), Measured("exponent")]
    online_exponent: Annotated[float, Field(ge=0, le=2), Measured("exponent")]
    sigma: Sigma


class Disputes(Section):
    """How unevenly people dispute honest payments."""

    sigma: Sigma


MobilityClass = Literal["home_bound", "commuter", "traveller", "rural"]
MobilityShares = Annotated[dict[MobilityClass, float], Field(min_length=4), Shares(), Measured("share")]
LocationType = Literal["Metro", "Urban", "Semi-Urban", "Rural"]
Probability = Annotated[float, Field(ge=0, le=1)]


class Mobility(Section):
    """Mobility classes by kind of settlement."""

    metro: MobilityShares
    urban: MobilityShares
    semi_urban: MobilityShares
    rural: MobilityShares

    @property
    def by_location(self) -> tuple[dict[MobilityClass, float], ...]:
        """Shares in the order of LOCATION_TYPES."""
        return self.metro, self.urban, self.semi_urban, self.rural


class Payees(Section):
    """Whom people send money to again and again."""

    median: Annotated[float, Field(ge=1, le=100), Measured("payees")]
    sigma: Sigma
    most: Annotated[int, Field(ge=1, le=200), Measured("payees")]
    births_per_year: Annotated[float, Field(ge=0, le=5), Measured("per year")]
    """New payees of a year, as a share of those known at its start."""
    household_share: Share
    """Members of the household who get transfers."""
    simulated_share: Share
    neighbour_share: Share
    neighbourhood: Annotated[int, Field(ge=1, le=100), Measured("people")]
    """Nearest people on either side, in the order of cells, among whom neighbours are chosen."""
    family_share: Share
    landlord_shares: Annotated[dict[LocationType, Probability], Field(min_length=4), Measured("share")]
    vendor_share: Share
    weight_sigma: Sigma


class Population(Section):
    """The population of any world."""

    customers: Annotated[int, Field(ge=1, le=100_000_000), Measured("customers")]
    registration: Registration
    home: Home
    names: NameHabits
    copula: Copula
    spend: Spend
    credit_score: CreditHistory
    accounts: AccountCounts
    devices: DeviceCounts
    activity: Activity
    amounts: Amounts
    rhythm: Rhythm
    online: Online
    thrift: Thrift
    exposure: Exposure
    disputes: Disputes
    mobility: Mobility
    payees: Payees
