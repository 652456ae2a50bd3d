"""config/behaviour.yaml: how honest life works in any country."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares

MobilityClass = Literal["home_bound", "commuter", "traveller", "rural"]
DeviceUse = Literal["primary", "secondary", "borrowed"]
CardPayment = Literal["pos", "online"]
NetworkUse = Literal["own", "other", "vpn", "foreign"]
Reason = Literal[
    "insufficient_funds",
    "wrong_pin",
    "limit_exceeded",
    "invalid_beneficiary",
    "account_blocked",
    "issuer_risk_rule",
    "authentication_failed",
    "technical",
]
Probability = Annotated[float, Field(ge=0, le=1)]
ByMobility = Annotated[dict[MobilityClass, Probability], Field(min_length=4), Measured("share")]


class Sessions(Section):
    """Bursts: one session is 1 + a geometric number of payments, minutes apart."""

    mean_payments: Annotated[float, Field(ge=1, le=5), Measured("payments")]
    mean_gap_minutes: Annotated[float, Field(gt=0, le=60), Measured("minutes")]
    max_payments: Annotated[int, Field(ge=1, le=20), Measured("payments")]


class Moods(Section):
    """How much a customer's weeks and days differ beside the calendar."""

    week_log_sd: Annotated[float, Field(ge=0, le=2), Measured("log")]
    day_log_sd: Annotated[float, Field(ge=0, le=2), Measured("log")]


class PayCycle(Section):
    """How spending rises after a pay day and fades."""

    boost: Annotated[float, Field(ge=0, le=2), Measured("ratio")]
    decay_days: Annotated[float, Field(gt=0, le=15), Measured("days")]


class Mobility(Section):
    """Where people of each class of mobility are: around home, at work, on excursions and journeys."""

    local_shares: ByMobility
    """Share of shops in the cell of the home (H3 6); the rest lies in its district (H3 4)."""
    excursions_per_day: ByMobility
    journeys_per_month: ByMobility
    abroad_shares: ByMobility
    """Share of journeys that leave the country."""
    work_shares: ByMobility
    """Share of payments of a working day that are made around the work place."""
    journey_days: Annotated[float, Field(ge=2, le=20), Measured("days")]
    region_share: Share
    """Share of journeys that stay in the region."""
    journey_least_km: Annotated[float, Field(ge=0, le=200), Measured("km")]
    """Nobody sleeps elsewhere for less."""
    distance_exponent: Annotated[float, Field(gt=0, le=4), Measured("exponent")]
    work_first_hour: Annotated[float, Field(ge=0, lt=24), Measured("hours")]
    work_last_hour: Annotated[float, Field(gt=0, le=24), Measured("hours")]


class Favourites(Section):
    """Preferential return: shops that one goes back to, and how their list grows."""

    share: Share
    birth_exponent: Annotated[float, Field(gt=0, lt=1), Measured("exponent")]
    """Distinct shops grow with this power of the years."""
    pace_exponent: Annotated[float, Field(gt=0, le=4), Measured("exponent")]
    """And with this power of the payments per year: 1 returns as often whatever the pace."""
    usual_payments: Annotated[float, Field(gt=0), Measured("payments per year")]
    """Payments per year to which the scale belongs."""
    scale: Annotated[float, Field(gt=0, le=10), Measured("shops")]
    """Shops after one payment."""
    return_exponent: Annotated[float, Field(gt=0, le=3), Measured("exponent")]
    """1 is Zipf's law; more leans towards the first favourites."""
    habit_share: Share
    """Share of payments that go to one of three personal groups."""


class Retries(Section):
    """What follows a declined payment."""

    shares: Annotated[dict[Reason, Probability], Field(min_length=8), Measured("share")]
    """Share that is tried again, by reason."""
    repeats: Annotated[dict[Reason, Probability], Field(min_length=8), Measured("share")]
    """Share of second tries that fail for the same reason."""
    mean_gap_seconds: Annotated[float, Field(gt=0, le=300), Measured("seconds")]
    top_up_share: Share
    """Share of second tries after insufficient funds for which money was moved in first."""


class PayeeHabits(Section):
    """Whom money is sent to."""

    stranger_share: Share
    """Share of spontaneous transfers to somebody at another bank who is paid once and never again."""


class Jitter(Section):
    """Isotropic Gaussian displacement of a payment from its place."""

    payment_rms_metres: Annotated[float, Field(ge=0, le=5000), Measured("m")]


class DeviceHabits(Section):
    """Which device a payment is made on."""

    use: Annotated[dict[DeviceUse, float], Field(min_length=3), Shares(), Measured("share")]


class NetworkHabits(Section):
    """Which network a payment comes through, and how often the household's address changes."""

    use: Annotated[dict[NetworkUse, float], Field(min_length=4), Shares(), Measured("share")]
    daily_lease_change: Share


class InstrumentHabits(Section):
    """Which account pays."""

    primary_account: Share
    credit_preferences: Annotated[dict[CardPayment, Probability], Field(min_length=2), Measured("share")]
    """Weight of a credit card beside one minus it for any other card."""
    personal_log_sd: Annotated[float, Field(ge=0, le=1), Measured("log")]
    """Spread of personal price levels (traits); it is taken off the spread of a group."""


class SalaryHours(Section):
    """Between which local hours salaries are credited."""

    first_hour: Annotated[float, Field(ge=0, lt=24), Measured("hours")]
    last_hour: Annotated[float, Field(gt=0, le=24), Measured("hours")]

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.last_hour <= self.first_hour:
            raise ValueError(f"last_hour {self.last_hour:g}|an hour after first_hour|raise last_hour")
        return self


class Balances(Section):
    """What an account holds when a month opens, and what else comes in."""

    cover_median: Annotated[float, Field(gt=0), Measured("months")]
    cover_log_sd: Annotated[float, Field(ge=0, le=3), Measured("log")]
    thrift_gain: Annotated[float, Field(ge=0), Measured("ratio")]
    credit_use_median: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    inflows_per_month: Annotated[float, Field(gt=0, le=15), Measured("credits")]
    """Credits from people outside, of somebody who pays as often as the mean."""
    inflow_log_sd: Annotated[float, Field(ge=0, le=2), Measured("log")]
    least_inflow: Share
    """What comes in from people even to who lives within the salary, as a share of what goes out."""
    carried_margin: Annotated[float, Field(ge=0, le=1), Measured("share")]
    """What is kept back beyond the usual spending until pay day."""
    cover_payments: Annotated[float, Field(gt=0), Measured("payments")]
    """Monthly payments of an account with the usual cover; more need less each, by the root: chance evens out."""
    foresight_gain: Annotated[float, Field(ge=0, le=50), Measured("ratio")]
    """How fast, with thrift, the share of payments grows for which missing money is moved in before."""
    buffer_days: Annotated[float, Field(ge=0, le=31), Measured("days")]
    """Days of spending that are moved in on top of what a payment lacks."""


class Behaviour(Section):
    """The mechanics of honest life."""

    sessions: Sessions
    moods: Moods
    pay_cycle: PayCycle
    mobility: Mobility
    favourites: Favourites
    payees: PayeeHabits
    retries: Retries
    jitter: Jitter
    devices: DeviceHabits
    networks: NetworkHabits
    instruments: InstrumentHabits
    salary: SalaryHours
    balances: Balances
