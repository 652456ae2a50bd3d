"""Spending groups of merchants: by ISO 18245 code, else by category."""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.spending import CATEGORY_GROUPS, GROUP_CODES, OTHER_GROUP, SPENDING_GROUPS

UInt8s = npt.NDArray[np.uint8]

NO_GROUP: Final = 255
"""Group of what sells nothing: a cash machine."""
_CODES: Final = 10_000
"""ISO 18245 codes have four digits."""


def groups_of(codes: npt.NDArray[np.int16], categories: UInt8s) -> UInt8s:
    """Return the index into SPENDING_GROUPS of every merchant.

    Args:
        codes: ISO 18245 codes, shape (n,), 0 to 9999.
        categories: Codes in MERCHANT_CATEGORIES, shape (n,); they decide where no group names the ISO code.
    """
    by_code = np.full(_CODES, NO_GROUP, dtype=np.uint8)
    for group, own in enumerate(GROUP_CODES.values()):
        by_code[list(own)] = group
    names = (CATEGORY_GROUPS.get(category, OTHER_GROUP) for category in MERCHANT_CATEGORIES)
    by_category = np.array([SPENDING_GROUPS.index(name) for name in names], dtype=np.uint8)
    found = by_code[codes]
    return np.where(found == NO_GROUP, by_category[categories], found)
