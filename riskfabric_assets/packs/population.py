"""config/population.yaml: who lives in a world and how many, as far as it holds in every country."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share

Age = Annotated[int, Field(ge=0, le=120), Measured("years")]
Correlation = Annotated[float, Field(gt=-1, lt=1), Measured("correlation")]
Sigma = Annotated[float, Field(ge=0, le=3), Measured("log")]
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


class IncomeTies(Section):
    """What goes along with income."""

    credit_score_correlation: Correlation
    spend_correlation: Correlation
    spend_ceiling: Annotated[float, Field(gt=0, le=2), Measured("share")]


class Spend(Section):
    """How spending depends on age and taste."""

    peak_age: Age
    age_span: Annotated[float, Field(gt=0), Measured("years")]
    noise_low: Annotated[float, Field(gt=0), Measured("ratio")]
    noise_high: Annotated[float, Field(gt=0), Measured("ratio")]

    @model_validator(mode="after")
    def _is_positive_at_every_age(self) -> Self:
        if self.age_span <= max(90 - self.peak_age, self.peak_age - 18):
            raise ValueError(f"age_span {self.age_span:g}|a span that keeps spending positive from 18 to 90|raise it")
        if self.noise_high < self.noise_low:
            raise ValueError(f"noise_high {self.noise_high:g}|at least noise_low|raise noise_high")
        return self


class CreditScoreTies(Section):
    """What goes along with the credit score."""

    age_correlation: Correlation
    history_age: Age


class AccountCounts(Section):
    """How many accounts a customer has, and in which state."""

    mean: Annotated[float, Field(ge=1, le=8), Measured("accounts")]
    maximum: Annotated[int, Field(ge=1, le=8), Measured("accounts")]
    income_elasticity: Sigma
    age_factors: AgeFactors
    dormant_share: Share
    closed_share: Share

    @model_validator(mode="after")
    def _leaves_active_ones(self) -> Self:
        if self.dormant_share + self.closed_share > 1:
            raise ValueError("dormant_share and closed_share above 1 together|a sum of at most 1|lower one of them")
        return self


class DeviceCounts(Section):
    """How many devices a customer has and for how long."""

    second_share: Share
    mean_age_days: Annotated[float, Field(gt=0), Measured("days")]


class Activity(Section):
    """How often people pay."""

    payments_per_year: Annotated[float, Field(gt=0, le=20000), Measured("payments")]
    shape: Annotated[float, Field(ge=0.2, le=50), Measured("gamma shape")]
    income_elasticity: Sigma
    age_factors: AgeFactors


class Amounts(Section):
    """Personal price level."""

    sigma: Sigma
    lowest: Annotated[float, Field(gt=0), Measured("ratio")]
    highest: Annotated[float, Field(gt=0), Measured("ratio")]


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


class Population(Section):
    """The population of any world."""

    customers: Annotated[int, Field(ge=1, le=100_000_000), Measured("customers")]
    registration: Registration
    home: Home
    names: NameHabits
    income: IncomeTies
    spend: Spend
    credit_score: CreditScoreTies
    accounts: AccountCounts
    devices: DeviceCounts
    activity: Activity
    amounts: Amounts
    rhythm: Rhythm
    online: Online
    thrift: Thrift
    exposure: Exposure
    disputes: Disputes

    @model_validator(mode="after")
    def _score_ties_are_possible(self) -> Self:
        tied = self.income.credit_score_correlation**2 + self.credit_score.age_correlation**2
        if tied > 1:
            raise ValueError(f"score correlations with squares of {tied:g} in all|at most 1|lower one of them")
        return self
