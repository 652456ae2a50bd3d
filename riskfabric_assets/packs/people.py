"""config/worlds/<world>/people.yaml: age, households, work, income, banks, devices and networks of one country."""

import ipaddress
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import (
    WEIGHT_TOLERANCE,
    Measured,
    Section,
    Share,
    Shares,
    ShareTable,
    Weights,
    WeightTable,
)
from riskfabric_assets.packs.mistakes import Mistake, refuse_mistakes

LocationType = Literal["Metro", "Urban", "Semi-Urban", "Rural"]
Platform = Literal["android", "ios", "desktop"]
Occupation = Literal["salaried", "self_employed", "casual", "student", "homemaker", "retired"]
PayDay = Literal["day_1", "day_5", "day_7", "day_10", "day_15", "day_20", "day_25", "last_day", "last_working_day"]
Positive = Annotated[float, Field(gt=0)]
Major = Annotated[float, Field(gt=0), Measured("major units")]
MoneyByLocation = Annotated[dict[LocationType, Positive], Field(min_length=4), Measured("major units per month")]
PlatformShares = Annotated[dict[Platform, float], Field(min_length=3), Shares(), Measured("share")]
OccupationShares = Annotated[dict[Occupation, float], Field(min_length=6), Shares(), Measured("share")]
PayDayShares = Annotated[dict[PayDay, float], Field(min_length=9), Shares(), Measured("share")]
Probability = Annotated[float, Field(ge=0, le=1)]
ShareByAge = Annotated[dict[int, Probability], Field(min_length=2), Measured("share")]
"""Share by age, linear between the ages given and flat beyond them."""
Years = Annotated[float, Field(ge=0, le=120), Measured("years")]
Points = Annotated[float, Field(ge=0, le=1000), Measured("points")]


class Households(Section):
    """Who lives with whom, among customers."""

    partner_shares: ShareByAge
    """People who live with a partner."""
    partner_gap_mean: Annotated[float, Field(ge=-10, le=20), Measured("years")]
    """Years that the man is older."""
    partner_gap_sd: Annotated[float, Field(gt=0, le=20), Measured("years")]
    with_parents_shares: ShareByAge
    """People without a partner who live with their parents."""
    with_children_shares: ShareByAge
    """People who live with their grown children, who have partners of their own."""
    flat_share: Share
    family_name_share: Share


class Occupations(Section):
    """Kinds of employment by age."""

    student_below: Years
    retired_from: Years
    young: OccupationShares
    """Below student_below."""
    middle: OccupationShares
    older: OccupationShares
    """From retired_from on."""
    employers_per_region: Annotated[int, Field(ge=1, le=100_000), Measured("employers")]
    employer_size_exponent: Annotated[float, Field(ge=0, lt=1), Measured("exponent")]

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.retired_from <= self.student_below:
            raise ValueError(f"retired_from {self.retired_from:g}|an age after student_below|raise it")
        return self


class Pay(Section):
    """On which day of the month money comes, in one part or two."""

    regular_shares: Annotated[dict[Occupation, Probability], Field(min_length=6), Measured("share")]
    """Who gets money on a fixed day."""
    pay_days: PayDayShares
    advance_share: Share
    """Employers who pay a part of the month's pay earlier."""
    advance_pay_share: Share
    """The part that is paid earlier."""
    advance_days: PayDayShares


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
        mistakes = []
        if abs(self.sound.share + self.impaired.share - 1) > WEIGHT_TOLERANCE:
            mistakes.append(Mistake("sound and impaired shares that miss 1", "shares that sum to 1", "correct them"))
        if self.highest <= self.lowest:
            mistakes.append(Mistake(f"highest {self.highest}", f"more than lowest {self.lowest}", "correct the range"))
        refuse_mistakes(mistakes)
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


class NetworkShares(Section):
    """Shares of providers by kind of settlement."""

    metro: ShareTable
    urban: ShareTable
    semi_urban: ShareTable
    rural: ShareTable

    @property
    def by_location(self) -> tuple[dict[str, float], ...]:
        """Shares in the order of LOCATION_TYPES."""
        return self.metro, self.urban, self.semi_urban, self.rural


class Networks(Section):
    """Providers in the order of their codes, and who uses which at home and on the move."""

    providers: dict[str, Network]
    home_line_shares: Annotated[dict[LocationType, Probability], Field(min_length=4), Measured("share")]
    """Households with a line of their own; the others are mobile only."""
    home: NetworkShares
    mobile: NetworkShares

    @model_validator(mode="after")
    def _knows_every_provider(self) -> Self:
        used = {name for part in (self.home, self.mobile) for shares in part.by_location for name in shares}
        unknown = sorted(used - set(self.providers))
        mistakes = []
        if unknown:
            mistakes.append(
                Mistake(f"shares of {', '.join(unknown)}", "providers with a slice", "add them to providers")
            )
        slices = [ipaddress.IPv4Network(provider.slice) for provider in self.providers.values()]
        if any(a.overlaps(b) for number, a in enumerate(slices) for b in slices[:number]):
            mistakes.append(Mistake("slices that overlap", "separate slices", "cut the ranges anew"))
        refuse_mistakes(mistakes)
        return self


class UserAgents(Section):
    """Strings of one platform: every model with every client, put into the template."""

    operating_system: Platform
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
    desktop: UserAgents

    @property
    def shares_by_location(self) -> tuple[dict[Platform, float], ...]:
        """Shares in the order of LOCATION_TYPES."""
        return self.metro, self.urban, self.semi_urban, self.rural


AppTemplate = Annotated[str, Field(pattern=r"\{client\}.*\{model\}")]


class Apps(Section):
    """Apps that pay instantly: name and version by use, and how they introduce themselves on a phone's model."""

    android_template: AppTemplate
    ios_template: AppTemplate
    clients: WeightTable
    """Weight by "name/version"; an app may have several versions."""
    second_share: Share

    @model_validator(mode="after")
    def _have_names_and_versions(self) -> Self:
        wrong = sorted(client for client in self.clients if not all(client.partition("/")))
        mistakes = []
        if wrong:
            found = f"clients {', '.join(wrong)}"
            mistakes.append(Mistake(found, "names with a version, like App/1.2", "add the version"))
        if len({client.partition("/")[0] for client in self.clients}) == 1 and self.second_share > 0:
            fix = "add an app, or set second_share to 0"
            mistakes.append(Mistake("a second_share with one app", "at least two apps", fix))
        refuse_mistakes(mistakes)
        return self


class CardNetworks(Section):
    """Shares of networks by card type and bank, and the digits their numbers begin with."""

    debit: ShareTable
    credit: ShareTable
    prepaid: ShareTable
    domestic_network: str
    """The network whose share differs between banks."""
    domestic_factors: Annotated[dict[str, Positive], Measured("ratio")]
    """How a bank's share of it compares to the others'; banks that are not named have factor 1."""
    leading_digits: dict[str, Annotated[str, Field(pattern="^[1-9][0-9]$")]]

    @model_validator(mode="after")
    def _knows_every_network(self) -> Self:
        unknown = sorted({*self.debit, *self.credit, *self.prepaid, self.domestic_network} - set(self.leading_digits))
        if unknown:
            raise ValueError(f"shares of {', '.join(unknown)}|networks with leading digits|add them")
        return self


BankFactors = Annotated[dict[str, Positive], Measured("ratio")]


class BankDeclines(Section):
    """How often the payments of a bank's customers fail, compared to the mean of all banks."""

    business_factors: BankFactors
    technical_factors: BankFactors


class CardLimits(Section):
    """Limits of a classic card; dearer tiers have multiples, but never of the contactless limit."""

    contactless: Major
    daily_atm: Major
    daily_online: Major
    smallest_credit_line: Major


class People(Section):
    """The people of one country."""

    region_people: Annotated[dict[str, Positive], Measured("people")]
    """People of whole regions; regions that are not named have the people of their settlements on the map."""
    female_share: Share
    ages: Annotated[dict[int, float], Field(min_length=1), Weights(), Measured("weight")]
    """Weight of each age group by its first age; the groups end before the next one, the last at 90."""
    households: Households
    occupations: Occupations
    pay: Pay
    income: Income
    activity_factor: Annotated[float, Field(gt=0, le=5), Measured("ratio")]
    """Payments of a customer over what config/population.yaml says for any country."""
    spend_per_payment: Major
    """What a payment costs on average, when transfers and cash are left out: compared with income."""
    credit_score: CreditScore
    email: Email
    banks: Annotated[dict[Annotated[str, Field(pattern="^BANK_[A-Z]{1,2}$")], float], Weights(), Measured("weight")]
    bank_declines: BankDeclines
    networks: Networks
    platforms: Platforms
    apps: Apps
    card_networks: CardNetworks
    card_limits: CardLimits

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        mistakes = []
        if min(self.ages) != 18 or max(self.ages) > 90 or list(self.ages) != sorted(self.ages):
            found, expected = f"age groups {list(self.ages)}", "groups from 18 up to 90 in order"
            mistakes.append(Mistake(found, expected, "correct the first ages"))
        tables = {
            "bank_declines.business_factors": set(self.banks) ^ set(self.bank_declines.business_factors),
            "bank_declines.technical_factors": set(self.banks) ^ set(self.bank_declines.technical_factors),
            "card_networks.domestic_factors": set(self.card_networks.domestic_factors) - set(self.banks),
        }
        wrong = [f"{name} differs in {', '.join(sorted(banks))}" for name, banks in tables.items() if banks]
        if wrong:
            mistakes.append(Mistake("; ".join(wrong), "the codes of banks", "name each bank once"))
        refuse_mistakes(mistakes)
        return self
