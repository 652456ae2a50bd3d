"""How fast the payer must have travelled between two payments made in person."""

import math
from typing import NamedTuple

import numpy as np

from riskfabric_assets.features.kernels.arrays import HOUR_US, Floats, Payments, Settings
from riskfabric_assets.features.state import State
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.units import haversine_km


class JourneyColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    speed_kmh: Floats
    log_speed: Floats


@inline_lean_kernel
def write_journey(state: State, row: int, payments: Payments, use: Settings, out: JourneyColumns) -> None:
    """Write km/h since the last payment with the payer present, if this is one; it is the last one then."""
    speed, log_speed = np.nan, np.nan
    if payments.is_present[row]:
        now = payments.event_at[row]
        latitude, longitude = np.float64(payments.latitude[row]), np.float64(payments.longitude[row])
        if state.count_present_payments > 0:
            elapsed = max(now - state.last_present_at, use.minimum_elapsed_us)
            before = np.float64(state.last_present_latitude), np.float64(state.last_present_longitude)
            distance = haversine_km(before[0], before[1], latitude, longitude)
            speed = min(distance * HOUR_US / elapsed, use.speed_cap_kmh)
            log_speed = math.log1p(speed)
        state.count_present_payments += 1
        state.last_present_at = now
        state.last_present_latitude, state.last_present_longitude = payments.latitude[row], payments.longitude[row]
    out.speed_kmh[row], out.log_speed[row] = speed, log_speed
