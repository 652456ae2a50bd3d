"""config/worlds/<world>/spending.yaml: what money is spent on, for how much, and by which channel."""

import typing
from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from riskfabric_assets.foundation.errors import nearest
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.measured import Measured, Section, Share, Shares, Weights

Shopping = Literal["instant", "wallet", "pos", "online", "bank_transfer"]
"""Channels that buy something; the sixth is the cash machine."""
Transferring = Literal["instant", "bank_transfer"]
CardType = Literal["debit", "credit", "prepaid"]
Ending = Literal["thousand", "coarse", "fine", "whole", "none"]
RENT: Final = "rent"
"""The standing payment that goes to a person."""


def _known_groups(table: dict[str, object]) -> dict[str, object]:
    unknown = sorted(set(table) - set(SPENDING_GROUPS))
    if unknown:
        fixes = dict.fromkeys(nearest(name, SPENDING_GROUPS) for name in unknown)
        raise ValueError(f"unknown {', '.join(unknown)}|spending groups|{'; '.join(fixes)}")
    return table


def _group_or_rent(name: str) -> str:
    if name not in (*SPENDING_GROUPS, RENT):
        raise ValueError(f"'{name}'|a spending group or {RENT}|{nearest(name, (*SPENDING_GROUPS, RENT))}")
    return name


def _every_group(table: dict[str, object]) -> dict[str, object]:
    return _complete(table, SPENDING_GROUPS, "spending group")


def _every_channel(table: dict[str, object]) -> dict[str, object]:
    return _complete(table, typing.get_args(Shopping), "channel that buys")


def _complete(table: dict[str, object], wanted: Sequence[str], thing: str) -> dict[str, object]:
    missing, unknown = [name for name in wanted if name not in table], sorted(set(table) - set(wanted))
    found = [f"no {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(unknown)}"] * bool(unknown)
    if found:
        fixes = [f"add {', '.join(missing)}"] * bool(missing) + [nearest(name, wanted) for name in unknown]
        raise ValueError(f"{', '.join(found)}|one value for each {thing}|{'; '.join(fixes)}")
    return table


Positive = Annotated[float, Field(gt=0)]
Probability = Annotated[float, Field(ge=0, le=1)]
Major = Annotated[float, Field(gt=0), Measured("major units")]
GroupWeights = Annotated[dict[str, float], Weights(), AfterValidator(_known_groups), Measured("weight")]
"""Weights by spending group; a group that is left out is never paid this way."""
GroupShares = Annotated[dict[str, Probability], AfterValidator(_every_group), Measured("share")]
Endings = Annotated[dict[Ending, float], Field(min_length=5), Shares(), Measured("share")]
Ratios = Annotated[dict[CardType, Positive], Field(min_length=3), Measured("ratio")]


class GroupTables(Section):
    """One value per spending group: how often it is paid by each channel, from a distance, and for how much."""

    weights: Annotated[dict[Shopping, GroupWeights], AfterValidator(_every_channel)]
    remote_shares: GroupShares
    median_amounts: Annotated[dict[str, Positive], AfterValidator(_every_group), Measured("major units")]
    log_sds: Annotated[dict[str, Annotated[float, Field(gt=0, le=3)]], AfterValidator(_every_group), Measured("log")]


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

    group: Annotated[str, AfterValidator(_group_or_rent)]
    """A spending group, or `rent`, which goes to a person."""
    channel: Transferring
    customers: Share
    first_day: Annotated[int, Field(ge=1, le=28), Measured("day of month")]
    last_day: Annotated[int, Field(ge=1, le=31), Measured("day of month")]
    median_amount: Major
    log_sd: Annotated[float, Field(gt=0, le=3), Measured("log")]
    mandates: Share
    """Share that runs by itself."""

    @field_validator("last_day")
    @classmethod
    def _ends_after_it_begins(cls, last_day: int, info: ValidationInfo) -> int:
        first_day = info.data.get("first_day", last_day)
        if last_day < first_day:
            raise ValueError(f"last_day {last_day}|a day from {first_day} on|correct the days")
        return last_day


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
