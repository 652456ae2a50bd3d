"""config/worlds/<world>/payments.yaml: what is paid how, when and for how much in one country."""

import datetime as dt
import ipaddress
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, Weights
from riskfabric_assets.packs.mistakes import Mistake, refuse_mistakes

Channel = Literal["instant", "wallet", "pos", "online", "bank_transfer", "atm"]
AccountChannel = Literal["instant", "wallet", "bank_transfer"]
Authentication = Literal["pin", "biometric", "otp", "none"]
DrawnReason = Literal[
    "wrong_pin",
    "limit_exceeded",
    "invalid_beneficiary",
    "account_blocked",
    "issuer_risk_rule",
    "authentication_failed",
    "technical",
]
"""Every decline reason but insufficient_funds, which comes from the balance."""
MonthPosition = Literal["days_1_to_7", "days_8_to_21", "days_22_to_28", "days_29_to_31"]

Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Major = Annotated[float, Field(gt=0), Measured("major units")]
AuthenticationShares = Annotated[dict[Authentication, float], Field(min_length=4), Shares(), Measured("share")]
ReasonRates = Annotated[dict[DrawnReason, Probability], Field(min_length=7), Measured("share")]
MINOR_PER_MAJOR = 100
"""Every currency of the packs has two decimals (ISO 4217)."""


class Limits(Section):
    """Largest and smallest payments; a card's own limits are in the population."""

    minimum_amount: Major
    payment_amounts: Annotated[dict[Channel, Positive], Field(min_length=6), Measured("major units")]
    daily_account_amount: Major
    no_proof_amounts: Annotated[dict[dt.date, Positive], Field(min_length=1), Measured("major units")]
    """Up to which an app asks for no proof of identity, where it asks for none at all now and then; by first day."""
    new_device_amount: Annotated[float, Field(ge=0), Measured("major units")]
    """What a new device may spend on its first day; 0 means no such rule."""


class AuthenticationTables(Section):
    """How payers prove who they are, by entry mode."""

    qr: AuthenticationShares
    app: AuthenticationShares
    chip: AuthenticationShares
    contactless: AuthenticationShares
    ecommerce: AuthenticationShares
    cash: AuthenticationShares
    mandate: AuthenticationShares


class Declines(Section):
    """Share of attempts that fail for each reason, by channel."""

    instant: ReasonRates
    wallet: ReasonRates
    pos: ReasonRates
    online: ReasonRates
    bank_transfer: ReasonRates
    atm: ReasonRates

    @model_validator(mode="after")
    def _leaves_successes(self) -> Self:
        totals = {channel: sum(getattr(self, channel).values()) for channel in CHANNELS}
        refuse_mistakes(
            [
                Mistake(f"{channel} declines {total:g} of attempts", "a sum below 1", "lower the rates")
                for channel, total in totals.items()
                if total >= 1
            ]
        )
        return self


class Abroad(Section):
    """Card payments to merchants of other countries."""

    online_share: Share
    decline_factor: Annotated[float, Field(ge=1, le=10), Measured("ratio")]
    """How much likelier they are declined."""


class Addresses(Section):
    """Address slices that are no household's; always unroutable ranges."""

    vpn: Annotated[str, Measured("CIDR")]
    foreign: Annotated[str, Measured("CIDR")]
    vpn_name: str
    foreign_name: str

    @field_validator("vpn", "foreign")
    @classmethod
    def _is_unroutable(cls, text: str) -> str:
        try:
            network = ipaddress.IPv4Network(text)
        except ValueError as error:
            raise ValueError(f"'{text}' ({error})|a network like 240.16.0.0/24|correct the slice") from error
        if network.is_global:
            raise ValueError(f"'{text}', a routable range|an unroutable one|use 100.64.0.0/10 or 240.0.0.0/4")
        return text


class Payments(Section):
    """Payments of one country."""

    rails: Annotated[dict[AccountChannel, str], Field(min_length=3)]
    """What the scheme of a channel without cards is called in the country; a card runs on its network."""
    channels: Annotated[dict[Channel, float], Field(min_length=6), Shares(), Measured("share")]
    contactless_share: Share
    hour_weights: Annotated[list[float], Field(min_length=24, max_length=24), Weights(), Measured("weight")]
    weekday_weights: Annotated[list[Positive], Field(min_length=7, max_length=7), Weights(), Measured("weight")]
    month_position_weights: Annotated[dict[MonthPosition, Positive], Field(min_length=4), Weights(), Measured("weight")]
    limits: Limits
    authentication: AuthenticationTables
    declines: Declines
    abroad: Abroad
    addresses: Addresses
