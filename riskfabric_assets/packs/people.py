"""config/worlds/<world>/people.yaml: age, income, spending, banks, devices and networks of one country."""

import ipaddress
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, ShareTable, Weights, WeightTable

LocationType = Literal["Metro", "Urban", "Semi-Urban", "Rural"]
Platform = Literal["android", "ios", "upi_app", "desktop"]
Positive = Annotated[float, Field(gt=0)]
Major = Annotated[float, Field(gt=0), Measured("major units")]
MoneyByLocation = Annotated[dict[LocationType, Positive], Field(min_length=4), Measured("major units per month")]
PlatformShares = Annotated[dict[Platform, float], Field(min_length=4), Shares(), Measured("share")]
Points = Annotated[float, Field(ge=0, le=1000), Measured("points")]


class Income(Section):
    """Monthly income by kind of settlement, region and age."""

    median: MoneyByLocation
    sigma: Annotated[float, Field(gt=0, le=2), Measured("log")]
    age_curve: Annotated[dict[int, Positive], Field(min_length=2), Measured("ratio")]
    region_factors: Annotated[dict[str, Positive], Measured("ratio")]
    """Regions that are not named have factor 1."""


class ScoreComponent(Section):
    """One normal component of the score's distribution."""

    share: Share
    mean: Points
    sd: Annotated[float, Field(gt=0), Measured("points")]


class CreditScore(Section):
    """Distribution of the credit bureau's score."""

    lowest: Annotated[int, Field(ge=0, le=1000), Measured("points")]
    highest: Annotated[int, Field(ge=0, le=1000), Measured("points")]
    missing_share: Share
    sound: ScoreComponent
    impaired: ScoreComponent

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        if abs(self.sound.share + self.impaired.share - 1) > 1e-6:
            raise ValueError("sound and impaired shares that miss 1|shares that sum to 1|correct them")
        if self.highest <= self.lowest:
            raise ValueError(f"highest {self.highest}|more than lowest {self.lowest}|correct the range")
        return self


class Email(Section):
    """Electronic mail: who has it and which provider stands behind the reserved domain."""

    missing_share: Share
    missing_age_factors: Annotated[dict[int, Positive], Field(min_length=2), Measured("ratio")]
    """Factor on missing_share by age, linear between the ages given; made to average 1."""
    providers: ShareTable
    older_providers: ShareTable
    """Providers of people from `older_age` on."""
    older_age: Annotated[int, Field(ge=18, le=120), Measured("years")]
    domain_suffix: Literal["example", "test", "invalid"]

    @model_validator(mode="after")
    def _has_one_list_of_providers(self) -> Self:
        different = sorted(set(self.providers) ^ set(self.older_providers))
        if different:
            raise ValueError(f"shares that differ in {', '.join(different)}|one list of providers|name each in both")
        return self


class Network(Section):
    """An internet provider and its slice of unroutable addresses."""

    slice: str

    @model_validator(mode="after")
    def _is_unroutable(self) -> Self:
        try:
            network = ipaddress.IPv4Network(self.slice)
        except ValueError as error:
            raise ValueError(f"'{self.slice}' ({error})|a network like 100.64.0.0/12|correct the slice") from error
        if network.is_global:
            raise ValueError(f"'{self.slice}', a routable range|an unroutable one|use 100.64.0.0/10 or 240.0.0.0/4")
        return self


class Networks(Section):
    """Providers in the order of their codes, and who uses which by kind of settlement."""

    providers: dict[str, Network]
    metro: ShareTable
    urban: ShareTable
    semi_urban: ShareTable
    rural: ShareTable

    @model_validator(mode="after")
    def _knows_every_provider(self) -> Self:
        used = {*self.metro, *self.urban, *self.semi_urban, *self.rural}
        unknown = sorted(used - set(self.providers))
        if unknown:
            raise ValueError(f"shares of {', '.join(unknown)}|providers with a slice|add them to providers")
        slices = [ipaddress.IPv4Network(provider.slice) for provider in self.providers.values()]
        if any(a.overlaps(b) for number, a in enumerate(slices) for b in slices[:number]):
            raise ValueError("slices that overlap|separate slices|cut the ranges anew")
        return self

    @property
    def shares_by_location(self) -> tuple[dict[str, float], ...]:
        """Shares in the order of LOCATION_TYPES."""
        return self.metro, self.urban, self.semi_urban, self.rural


class UserAgents(Section):
    """Strings of one platform: every model with every client, put into the template."""

    operating_system: Literal["android", "ios", "desktop"]
    template: str
    models: WeightTable
    clients: WeightTable

    @model_validator(mode="after")
    def _has_both_places(self) -> Self:
        if "{model}" not in self.template or "{client}" not in self.template:
            raise ValueError(f"template '{self.template}'|a text with {{model}} and {{client}}|add the missing one")
        return self


class Platforms(Section):
    """What payments are made on, by kind of settlement; `second` is for second devices."""

    metro: PlatformShares
    urban: PlatformShares
    semi_urban: PlatformShares
    rural: PlatformShares
    second: PlatformShares
    android: UserAgents
    ios: UserAgents
    upi_app: UserAgents
    desktop: UserAgents

    @property
    def shares_by_location(self) -> tuple[dict[Platform, float], ...]:
        """Shares in the order of LOCATION_TYPES."""
        return self.metro, self.urban, self.semi_urban, self.rural


class CardNetworks(Section):
    """Shares of networks by card type, and the digits their numbers begin with."""

    debit: ShareTable
    credit: ShareTable
    prepaid: ShareTable
    leading_digits: dict[str, Annotated[str, Field(pattern="^[1-9][0-9]$")]]

    @model_validator(mode="after")
    def _knows_every_network(self) -> Self:
        unknown = sorted({*self.debit, *self.credit, *self.prepaid} - set(self.leading_digits))
        if unknown:
            raise ValueError(f"shares of {', '.join(unknown)}|networks with leading digits|add them")
        return self


class CardLimits(Section):
    """Limits of a classic card; dearer tiers have multiples, but never of the contactless limit."""

    contactless: Major
    daily_atm: Major
    daily_online: Major
    smallest_credit_line: Major


class People(Section):
    """The people of one country."""

    female_share: Share
    ages: Annotated[dict[int, float], Field(min_length=1), Weights(), Measured("weight")]
    """Weight of each age group by its first age; the groups end before the next one, the last at 90."""
    income: Income
    spend: MoneyByLocation
    credit_score: CreditScore
    email: Email
    banks: Annotated[dict[Annotated[str, Field(pattern="^BANK_[A-Z]{1,2}$")], float], Weights(), Measured("weight")]
    networks: Networks
    platforms: Platforms
    card_networks: CardNetworks
    card_limits: CardLimits

    @model_validator(mode="after")
    def _ages_are_of_adults(self) -> Self:
        if min(self.ages) != 18 or max(self.ages) > 90 or list(self.ages) != sorted(self.ages):
            raise ValueError(f"age groups {list(self.ages)}|groups from 18 up to 90 in order|correct the first ages")
        return self
