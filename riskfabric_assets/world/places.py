"""Merchants and cash machines as arrays in canonical order."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
UInt8s = npt.NDArray[np.uint8]


class Places(NamedTuple):
    """Merchants or cash machines, ascending by id, every array of shape (n,)."""

    place_id: Int64s
    category: UInt8s
    """Code in foundation.tables.bronze.MERCHANT_CATEGORIES."""
    merchant_category_code: npt.NDArray[np.int16]
    latitude: Floats
    """Degrees; not a number for shops that nobody can stand in."""
    longitude: Floats
    h3_cell_r7: npt.NDArray[np.uint64]
    """0 for shops that nobody can stand in."""
    region_id: Int64s
    """0 outside the map."""
    popularity: Floats
    """Weight among its neighbours, > 0."""
    group: UInt8s
    """Index into foundation.tables.spending.SPENDING_GROUPS; world.groups.NO_GROUP for a cash machine."""
    country: UInt8s
    """Index into Outside.countries; 0 is home."""
    currency: UInt8s
    """Index into Outside.currencies; 0 is the currency of home."""
