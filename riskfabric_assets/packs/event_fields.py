"""Checked words and numbers of config/events.yaml: worlds, spending, channels, months, hours, ratios."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field, ValidationInfo

from riskfabric_assets.foundation.errors import nearest
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.packs.measured import Measured

HOURS_PER_DAY: Final = 24
COMMON_YEAR: Final = 2025
"""A year without 29 February: a day of every year must exist in it."""
CATEGORY_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "GROCERY": ("grocery", "bakery_and_dairy"),
    "FOOD_AND_DRINK": ("restaurant", "fast_food"),
    "GENERAL_RETAIL": ("department_store", "marketplace", "apparel"),
    "SERVICES": ("services", "telecom", "utilities", "loan_instalment", "government", "investment", "insurance",
                 "education"),
    "ENTERTAINMENT": ("entertainment", "digital_goods"),
    "ELECTRONICS": ("electronics",),
    "TRAVEL": ("travel",),
    "MEDICAL": ("pharmacy", "health"),
    "AUTOMOTIVE": ("fuel", "vehicle"),
    "LUXURY": ("jewellery",),
    "B2B_WHOLESALE": ("wholesale",),
    "HOME_GARDEN": ("home_and_garden",),
    "TRANSPORT": ("transport",),
    "CHARITY": ("charity",),
    "RETAIL": ("small_retail", "tobacco"),
    "ALCOHOL": ("alcohol",),
    "GAMBLING": ("gambling",),
}  # fmt: skip
"""Spending groups whose typical shop is of a merchant category; each group belongs to one."""
SPENDING_NAMES: Final = (*SPENDING_GROUPS, *CATEGORY_GROUPS)
"""What an event may name: a spending group, or a merchant category for all of its groups."""

OTHER_BANKS: Final = "other_banks"
"""Every bank that an entry of outages does not name."""


class KnownNames(NamedTuple):
    """Names of other files that config/events.yaml may use; handed to the validation as its context."""

    world: str
    """World of the run; regions and banks of other worlds are not looked at."""
    worlds: Sequence[str]
    regions: Sequence[str]
    banks: Sequence[str]


def refuse_unknown(names: Sequence[str], known: Sequence[str], expected: str) -> None:
    """Raise ValueError that names every unknown name and the nearest known one of each."""
    unknown = [name for name in names if name not in known]
    if unknown:
        fixes = [nearest(name, known) if known else "there are none: remove it" for name in unknown]
        found = ", ".join(f"'{name}'" for name in unknown)
        raise ValueError(f"{found}|{expected}|{'; '.join(dict.fromkeys(fixes))}")


def _known_world(name: str, info: ValidationInfo) -> str:
    if isinstance(info.context, KnownNames):
        refuse_unknown([name], info.context.worlds, "a world pack in config/worlds")
    return name


def _known_channel(name: str) -> str:
    refuse_unknown([name], CHANNELS, "a channel of bronze/transactions")
    return name


def _known_spending(name: str) -> str:
    refuse_unknown([name], SPENDING_NAMES, "a spending group or merchant category")
    return name


def _positive(ratio: float) -> float:
    if not 0 < ratio < float("inf"):
        raise ValueError(f"{ratio:g}|a ratio above 0|write 1 for no effect, 0.05 for nearly nothing, 2 for twice")
    return ratio


def _month_key(text: str) -> str:
    try:
        first_day(text)
    except ValueError as error:
        raise ValueError(f"'{text}'|a month|write it like 2025-07") from error
    return text


def _day_of_year(text: str) -> str:
    try:
        dt.date.fromisoformat(f"{COMMON_YEAR}-{text}")
    except ValueError as error:
        raise ValueError(f"'{text}'|a day that every year has|write month and day like \"12-31\"") from error
    return text


def _hour(hour: int) -> int:
    if not 0 <= hour < HOURS_PER_DAY:
        raise ValueError(f"{hour}|a local hour from 0 to 23|write 20 for 20:00 to 20:59")
    return hour


World = Annotated[str, AfterValidator(_known_world)]
"""Name of a world pack."""
ChannelName = Annotated[str, AfterValidator(_known_channel)]
"""Name of a channel."""
SpendingName = Annotated[str, AfterValidator(_known_spending)]
"""Name of a spending group, or of a merchant category."""
MonthKey = Annotated[str, AfterValidator(_month_key)]
"""A month, "2025-07"."""
DayOfYear = Annotated[str, AfterValidator(_day_of_year)]
"""A day of every year, "12-31"."""
Hour = Annotated[int, AfterValidator(_hour)]
"""A local hour."""
Factor = Annotated[float, AfterValidator(_positive)]
"""A ratio above 0."""
Ratio = Annotated[Factor, Measured("ratio")]
SpendingRatios = Annotated[dict[SpendingName, Factor], Measured("ratio")]
ChannelRatios = Annotated[dict[ChannelName, Factor], Measured("ratio")]
HourRatios = Annotated[dict[Hour, Factor], Measured("ratio")]
LostShare = Annotated[float, Field(gt=0, lt=1)]
"""Part of the attempts."""
YearlyRate = Annotated[float, Field(gt=-1, lt=10), Measured("share per year")]
"""Growth in a year: 0.05 is 5 %."""
