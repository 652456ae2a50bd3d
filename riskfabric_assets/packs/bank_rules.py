"""config/bank_rules.yaml: the rules by which the simulated bank declines payments in real time."""

from typing import Annotated

from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured, Section, Share

Ratio = Annotated[float, Field(gt=0, le=1_000), Measured("ratio")]


class Travel(Section):
    """Nobody pays far from where they have just stood: fast_geo_change, fast_geo_change_online."""

    is_enabled: bool
    fastest_kmh: Annotated[float, Field(gt=0, le=40_000), Measured("km/h")]
    least_km: Annotated[float, Field(ge=0, le=1_000), Measured("km")]


class UnusualAmount(Section):
    """A new device is not for amounts far above the payer's average."""

    is_enabled: bool
    amount_over_average: Ratio


class Burst(Section):
    """One receiver is not paid again and again: trans_freq_increase."""

    is_enabled: bool
    most_payments: Annotated[int, Field(ge=1, le=100), Measured("payments")]
    """So many approved ones; the next is declined."""
    within: Annotated[float, Field(gt=0, le=1_440), Measured("minutes")]


class Drop(Section):
    """Money that comes in from many does not leave at once: drop_flow_cashout, drop_purchaser."""

    is_enabled: bool
    most_credits: Annotated[int, Field(ge=1, le=100), Measured("credits")]
    """After so many credits nothing leaves."""
    most_outgoing: Annotated[int, Field(ge=1, le=100), Measured("payments")]
    """After so many payments out no more leaves."""
    least_credits: Annotated[int, Field(ge=1, le=100), Measured("credits")]
    """With fewer credits payments out are not counted."""
    least_share: Share
    """While less of what came in would have left, payments out are not counted."""
    within: Annotated[float, Field(gt=0, le=744), Measured("hours")]

    @model_validator(mode="after")
    def _is_ordered(self) -> "Drop":
        if self.least_credits > self.most_credits:
            raise ValueError(
                f"least_credits {self.least_credits}|at most most_credits {self.most_credits}|lower least_credits"
            )
        return self


class BankRules(Section):
    """All rules, in the order in which they are asked."""

    score_share: Share
    """Of the packs' share of declines for risk, what the bank's model declines without telling why."""
    history_payments: Annotated[float, Field(gt=0, le=1_000), Measured("payments")]
    """Weight of the average on file beside the payments of the month."""
    least_age_days: Annotated[int, Field(ge=0, le=30), Measured("days")]
    """A device or network that is no older is new."""
    travel: Travel
    new_network_and_device: UnusualAmount
    new_device: UnusualAmount
    burst: Burst
    drop: Drop
