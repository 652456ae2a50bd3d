"""config/behaviour.yaml: how honest life works in any country."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share, Shares

Tier = Literal["super_local", "district", "region", "any"]
DeviceUse = Literal["primary", "secondary", "borrowed"]
NetworkUse = Literal["own", "other", "vpn", "foreign"]
TierShares = Annotated[dict[Tier, float], Field(min_length=4), Shares(), Measured("share")]


class Sessions(Section):
    """Bursts: one session is 1 + a geometric number of payments, minutes apart."""

    mean_payments: Annotated[float, Field(ge=1, le=5), Measured("payments")]
    mean_gap_minutes: Annotated[float, Field(gt=0, le=60), Measured("minutes")]
    max_payments: Annotated[int, Field(ge=1, le=20), Measured("payments")]


class Tiers(Section):
    """How far from home the merchant lies, for payments on the spot and from a distance."""

    present: TierShares
    remote: TierShares


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
    """What an account holds when a month opens."""

    cover_median: Annotated[float, Field(gt=0), Measured("months")]
    cover_log_sd: Annotated[float, Field(ge=0, le=3), Measured("log")]
    thrift_gain: Annotated[float, Field(ge=0), Measured("ratio")]
    credit_use_median: Annotated[float, Field(gt=0, lt=1), Measured("share")]


class Behaviour(Section):
    """The mechanics of honest life."""

    sessions: Sessions
    tiers: Tiers
    jitter: Jitter
    devices: DeviceHabits
    networks: NetworkHabits
    instruments: InstrumentHabits
    salary: SalaryHours
    balances: Balances
