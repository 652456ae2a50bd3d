"""config/worlds/<world>/spending.yaml: what money is spent on, for how much, and by which channel."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, Weights

Shopping = Literal["instant", "wallet", "pos", "online", "bank_transfer"]
"""Channels that buy something; the sixth is the cash machine."""
Transferring = Literal["instant", "bank_transfer"]
CardType = Literal["debit", "credit", "prepaid"]
Ending = Literal["thousand", "coarse", "fine", "whole", "none"]
RENT: Final = "rent"
"""The standing payment that goes to a person."""

Positive = Annotated[float, Field(gt=0)]
Probability = Annotated[float, Field(ge=0, le=1)]
Major = Annotated[float, Field(gt=0), Measured("major units")]
GroupWeights = Annotated[dict[str, float], Weights(), Measured("weight")]
"""Weights by spending group; a group that is left out is never paid this way."""
GroupShares = Annotated[dict[str, Probability], Measured("share")]
Endings = Annotated[dict[Ending, float], Field(min_length=5), Shares(), Measured("share")]
Ratios = Annotated[dict[CardType, Positive], Field(min_length=3), Measured("ratio")]


class GroupTables(Section):
    """One value per spending group: how often it is paid by each channel, from a distance, and for how much."""

    weights: dict[Shopping, GroupWeights]
    remote_shares: GroupShares
    median_amounts: Annotated[dict[str, Positive], Measured("major units")]
    log_sds: Annotated[dict[str, Annotated[float, Field(gt=0, le=3)]], Measured("log")]

    @model_validator(mode="after")
    def _covers_every_group(self) -> Self:
        wanted = set(SPENDING_GROUPS)
        problems = [
            f"{name} without or beyond {', '.join(sorted(set(table) ^ wanted))}"
            for name, table in (
                ("remote_shares", self.remote_shares),
                ("median_amounts", self.median_amounts),
                ("log_sds", self.log_sds),
            )
            if set(table) ^ wanted
        ]
        unknown = sorted({name for weights in self.weights.values() for name in weights} - wanted)
        if unknown:
            problems.append(f"weights of {', '.join(unknown)}")
        if set(self.weights) != {"instant", "wallet", "pos", "online", "bank_transfer"}:
            problems.append(f"weights by {', '.join(self.weights)}")
        if problems:
            known = ", ".join(SPENDING_GROUPS)
            raise ValueError(f"{'; '.join(problems)}|one value for each of {known}|name each group once")
        return self


class Transfers(Section):
    """Payments to persons: how often a channel carries one, and for how much."""

    shares: Annotated[dict[Transferring, Probability], Field(min_length=2), Measured("share")]
    median_amounts: Annotated[dict[Transferring, Positive], Field(min_length=2), Measured("major units")]
    log_sds: Annotated[dict[Transferring, Positive], Field(min_length=2), Measured("log")]


class Cash(Section):
    """Withdrawals."""

    median_amount: Major
    log_sd: Annotated[float, Field(gt=0, le=3), Measured("log")]


class Bill(Section):
    """A standing payment: who has it, when it is due and what it costs."""

    group: str
    """A spending group, or `rent`, which goes to a person."""
    channel: Transferring
    customers: Share
    first_day: Annotated[int, Field(ge=1, le=28), Measured("day of month")]
    last_day: Annotated[int, Field(ge=1, le=31), Measured("day of month")]
    median_amount: Major
    log_sd: Annotated[float, Field(gt=0, le=3), Measured("log")]
    mandates: Share
    """Share that runs by itself."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.group not in (*SPENDING_GROUPS, RENT):
            raise ValueError(f"group '{self.group}'|{', '.join(SPENDING_GROUPS)} or rent|correct the group")
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day}|a day from {self.first_day} on|correct the days")
        return self


class MandateHours(Section):
    """Spans of local time in which mandates run."""

    early_first: Annotated[float, Field(ge=0, lt=24), Measured("hours")]
    early_last: Annotated[float, Field(gt=0, le=24), Measured("hours")]
    late_first: Annotated[float, Field(ge=0, lt=24), Measured("hours")]
    late_last: Annotated[float, Field(gt=0, le=24), Measured("hours")]

    @model_validator(mode="after")
    def _follow_each_other(self) -> Self:
        hours = [self.early_first, self.early_last, self.late_first, self.late_last]
        if hours != sorted(set(hours)):
            raise ValueError(f"hours {hours}|ascending hours|correct the spans")
        return self


class Heaping(Section):
    """How amounts end: round numbers, whole units, nines online, notes at the machine."""

    thousand_step: Major
    coarse_step: Major
    fine_step: Major
    cash_step: Major
    cash_coarse_step: Major
    purchases: Endings
    fuel: Endings
    transfers: Endings
    online_nines: Share
    cash_coarse: Share


class Refunds(Section):
    """Purchases that are given back."""

    on_spot: Share
    remote: Share
    mean_days: Annotated[float, Field(gt=0, le=30), Measured("days")]


class Spending(Section):
    """Spending of one country."""

    groups: GroupTables
    channel_amount_factors: Annotated[dict[Shopping, Positive], Field(min_length=5), Measured("ratio")]
    card_amount_factors: Ratios
    transfers: Transfers
    cash: Cash
    bills: Annotated[dict[str, Bill], Field(max_length=12)]
    mandate_hours: MandateHours
    heaping: Heaping
    refunds: Refunds
