"""What kernels of the fold are handed: payments, account events, thresholds, as tuples of arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Booleans = npt.NDArray[np.bool_]

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
LOG_STEPS = 4096.0
"""Steps of a log amount per unit: 0.02 % of an amount; squares of 10**8 payments fit in 63 bits."""
DECLINED, LIMIT_DECLINED, FOREIGN = 1, 2, 4
"""Bits of `Payments.flags`; the first two are outcomes, and reach the state only after the features are written."""


class Payments(NamedTuple):
    """Payments as arrays, shape (n,); identifiers are -1 where there is none."""

    event_at: Int64s  # microseconds UTC
    event_id: Int64s
    slot: Int64s  # of the customer's state
    local_at: Int64s  # microseconds on the world's clock
    account_id: Int64s
    instrument_id: Int64s
    device_id: Int64s
    merchant_id: Int64s
    payee_id: Int64s
    ip_address: Int64s
    cell: npt.NDArray[np.uint64]  # H3, resolution 7
    country: npt.NDArray[np.uint32]  # letters of the code, 8 bits each
    category: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    segment: npt.NDArray[np.int64]  # of the amount prior
    amount_minor: Int64s
    latitude: npt.NDArray[np.float32]
    longitude: npt.NDArray[np.float32]
    is_present: Booleans


class AccountEvents(NamedTuple):
    """Account events as arrays, shape (m,)."""

    event_at: Int64s  # microseconds UTC
    event_id: Int64s
    slot: Int64s
    local_at: Int64s  # microseconds on the world's clock
    account_id: Int64s
    kind: npt.NDArray[np.uint8]  # code in EVENT_KINDS
    amount_minor: Int64s  # signed; positive credits the account


class Settings(NamedTuple):
    """Thresholds and tables of the fold."""

    rapid_fire_gap_us: np.int64
    burst_payments: np.int64
    speed_cap_kmh: np.float64
    minimum_elapsed_us: np.int64
    prior_strength: np.float64
    prior_variance: np.float64  # in LOG_STEPS**2
    round_amount_minor: np.int64
    log_scale: Floats  # ln(common minor units per minor unit) of a segment
    prior_mean: Floats  # of a segment, in LOG_STEPS
    cosine_of_minute: Int64s  # of the day, shape (1440,), in 2**-20
    sine_of_minute: Int64s
