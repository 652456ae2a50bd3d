"""The table of realism checks: every row of the calibration's list, in its order.

Basis: A is an official figure, B a well-known one, C a reasoned estimate. An interval changes only with a source.
"""

import re
from typing import Final

from riskfabric_assets.realism.catalogue import countries, crime, india, rules, stylised
from riskfabric_assets.realism.checks import Check

SERIES: Final = ("R", "ZA", "RU")
"""Prefixes of ids, in the order of the table: everywhere and India, South Africa, Russia."""


def check_of(check_id: str) -> Check:
    """Return the check with an id; raises KeyError."""
    return {check.id: check for check in CHECKS}[check_id]


def _place(check: Check) -> tuple[int, int]:
    series, number = re.findall(r"[A-Z]+|[0-9]+", check.id)
    return SERIES.index(series), int(number)


CHECKS: Final[tuple[Check, ...]] = tuple(
    sorted((*india.CHECKS, *stylised.CHECKS, *rules.CHECKS, *crime.CHECKS, *countries.CHECKS), key=_place)
)
