"""The fold itself: each payment reads the state of its customer, writes its features, then enters the state.

`advance_kernel` walks payments and account events in the order (event_at, event_id); both streams are ascending
and nothing is late: `check_kernel` has seen to it. Integers carry everything that accumulates, so a state does
not depend on how the stream was cut.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.state import DEVICE_SLOTS, INSTRUMENT_SLOTS, RING_SLOTS, Records, State
from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.units import haversine_km

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
LOG_STEPS = 4096.0
"""Steps of a log amount per unit: 0.02 % of an amount; squares of 10**8 payments fit in 63 bits."""
RADIANS_PER_HOUR = 0.2617993877991494


class Payments(NamedTuple):
    """Payments as arrays, shape (n,)."""

    event_at: Int64s  # microseconds UTC
    event_id: Int64s
    slot: Int64s  # of the customer's state
    local_at: Int64s  # microseconds on the world's clock
    instrument_id: Int64s
    device_id: Int64s  # -1 where there is none
    category: npt.NDArray[np.uint8]
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


class Settings(NamedTuple):
    """Thresholds and tables of the fold."""

    rapid_fire_gap_us: np.int64
    burst_payments: np.int64
    speed_cap_kmh: np.float64
    minimum_elapsed_us: np.int64
    prior_strength: np.float64
    prior_variance: np.float64  # in LOG_STEPS**2
    log_scale: Floats  # ln(common minor units per minor unit) of a segment
    prior_mean: Floats  # of a segment, in LOG_STEPS
    cosine_of_minute: Int64s  # of the day, shape (1440,), in 2**-20
    sine_of_minute: Int64s


class FeatureColumns(NamedTuple):
    """What the fold writes, one array per feature, shape (n,); NaN stands for null."""

    seconds_since_last_payment: Floats
    seconds_since_last_on_instrument: Floats
    payment_sequence_number: npt.NDArray[np.int32]
    instrument_sequence_number: npt.NDArray[np.int32]
    speed_kmh: Floats
    log_speed: Floats
    hour_deviation: Floats
    amount_deviation: Floats
    count_payments_60s: npt.NDArray[np.int32]
    count_payments_1h: npt.NDArray[np.int32]
    count_payments_24h: npt.NDArray[np.int32]
    is_rapid_fire: Booleans
    is_burst: Booleans
    is_escalating: Booleans
    is_category_switch: Booleans
    is_new_device: Booleans
    is_window_saturated: Booleans


@inline_kernel
def _advance_sequence(
    state: State, now: np.int64, amount_minor: np.int64, category: np.int64, rapid_fire_gap_us: np.int64
) -> tuple[float, np.bool_, np.bool_, np.bool_]:
    """Return seconds since the last payment, rapid fire, escalation and category switch."""
    gap, has_last = now - state.last_payment_at, state.count_payments > 0
    last, before_last = state.last_amount_minor, state.second_last_amount_minor
    is_rapid_fire = has_last & (gap <= rapid_fire_gap_us)
    is_escalating = (state.count_payments > 1) & (before_last < last) & (last < amount_minor)
    is_category_switch = has_last & (category != state.last_category)
    state.last_payment_at = now
    state.last_category = category
    state.second_last_amount_minor = last
    state.last_amount_minor = amount_minor
    return gap / SECOND_US if has_last else np.nan, is_rapid_fire, is_escalating, is_category_switch


@inline_kernel
def _advance_windows(state: State, now: np.int64) -> tuple[int, int, int, np.bool_]:
    """Return payments in the minute, hour and day before, and whether the day's count is a lower bound."""
    count, ring = state.count_payments, state.ring_at
    in_minute, in_hour, in_day = 0, 0, 0
    for back in range(1, min(int(count), RING_SLOTS) + 1):
        age = now - ring[(count - back) & (RING_SLOTS - 1)]
        if age > DAY_US:
            break
        in_day += 1
        in_hour += age <= HOUR_US
        in_minute += age <= MINUTE_US
    is_saturated = (count > RING_SLOTS) & (now - state.last_forgotten_at <= DAY_US)
    place = count & (RING_SLOTS - 1)
    if count >= RING_SLOTS:
        state.last_forgotten_at = ring[place]
    ring[place] = now
    return in_minute, in_hour, in_day, is_saturated


@inline_kernel
def _place_among(wanted: np.int64, identifiers: Int64s, known: np.int64) -> np.int64:
    """Return where `wanted` is among the first `known` identifiers, or `known`; the last used comes first."""
    place = np.int64(0)
    while place < known and identifiers[place] != wanted:
        place += 1
    return place


@inline_kernel
def _advance_instrument(state: State, now: np.int64, instrument_id: np.int64) -> tuple[float, np.int64]:
    """Return seconds since the instrument's last payment and its running number; forgets the least recently used."""
    identifiers, last_at, counts = state.instrument_ids, state.instrument_last_at, state.instrument_counts
    known = state.count_known_instruments
    place = _place_among(instrument_id, identifiers, known)
    count, gap = np.int64(0), np.nan
    if place < known:
        count, gap = counts[place], (now - last_at[place]) / SECOND_US
    elif known < INSTRUMENT_SLOTS:
        state.count_known_instruments = known + 1
    else:
        state.count_forgotten_instruments += 1
        place = np.int64(INSTRUMENT_SLOTS - 1)
    for shifted in range(place, 0, -1):
        identifiers[shifted] = identifiers[shifted - 1]
        last_at[shifted] = last_at[shifted - 1]
        counts[shifted] = counts[shifted - 1]
    identifiers[0], last_at[0], counts[0] = instrument_id, now, count + 1
    return gap, count + 1


@inline_kernel
def _advance_device(state: State, device_id: np.int64) -> bool:
    """Return whether the device is new to the customer; forgets the least recently used."""
    if device_id < 0:
        return False
    identifiers, known = state.device_ids, state.count_known_devices
    place = _place_among(device_id, identifiers, known)
    is_new = bool(place == known)
    if is_new and known < DEVICE_SLOTS:
        state.count_known_devices = known + 1
    elif is_new:
        state.count_forgotten_devices += 1
        place = np.int64(DEVICE_SLOTS - 1)
    for shifted in range(place, 0, -1):
        identifiers[shifted] = identifiers[shifted - 1]
    identifiers[0] = device_id
    return is_new


@inline_kernel
def _advance_speed(
    state: State, now: np.int64, latitude: float, longitude: float, minimum_elapsed_us: np.int64, cap_kmh: float
) -> float:
    """Return km/h since the last payment with the payer present; this one is such a payment."""
    speed = np.nan
    if state.count_present_payments > 0:
        elapsed = max(now - state.last_present_at, minimum_elapsed_us)
        distance = haversine_km(state.last_present_latitude, state.last_present_longitude, latitude, longitude)
        speed = min(distance * HOUR_US / elapsed, cap_kmh)
    state.count_present_payments += 1
    state.last_present_at = now
    state.last_present_latitude = latitude
    state.last_present_longitude = longitude
    return speed


@inline_kernel
def _advance_hour(state: State, of_day_us: np.int64, cosine: np.int64, sine: np.int64) -> float:
    """Return hours between the time of day and the mean time of day so far, 0 to 12."""
    deviation = np.nan
    if state.sum_cosine_hour != 0 or state.sum_sine_hour != 0:
        mean_hour = math.atan2(state.sum_sine_hour, state.sum_cosine_hour) / RADIANS_PER_HOUR
        apart = abs(of_day_us / HOUR_US - mean_hour)
        apart = apart - 24.0 if apart >= 24.0 else apart
        deviation = min(apart, 24.0 - apart)
    state.sum_cosine_hour += cosine
    state.sum_sine_hour += sine
    return deviation


@inline_kernel
def _advance_amount(
    state: State, log_amount: np.int64, prior_mean: float, prior_variance: float, strength: float
) -> float:
    """Return how many standard deviations the amount is from its posterior mean; all but `strength` in LOG_STEPS."""
    count, total = np.float64(state.count_payments), state.sum_log_amount
    mean = total / max(count, 1.0)
    scatter = max(state.sum_square_log_amount - total * mean, 0.0)
    scatter += strength * count / (strength + count) * (mean - prior_mean) ** 2
    spread = math.sqrt((strength * prior_variance + scatter) / (strength + count))
    deviation = (log_amount - (strength * prior_mean + total) / (strength + count)) / spread
    state.sum_log_amount += log_amount
    state.sum_square_log_amount += log_amount * log_amount
    return deviation


@inline_kernel
def _is_before(at: np.int64, identifier: np.int64, other_at: np.int64, other_identifier: np.int64) -> np.bool_:
    return at < other_at or (at == other_at and identifier < other_identifier)


@inline_kernel
def _note_account_event(state: State, event_at: np.int64, event_id: np.int64) -> None:
    state.count_account_events += 1
    state.last_event_at = event_at
    state.last_event_id = event_id


@kernel
def advance_kernel(
    states: Records, payments: Payments, events: AccountEvents, use: Settings, out: FeatureColumns
) -> None:
    """Fold payments and account events into the states, in order, and write the features of the payments."""
    noted, count_events = 0, events.event_at.shape[0]
    for row in range(payments.event_at.shape[0]):
        now, event_id, state = payments.event_at[row], payments.event_id[row], states[payments.slot[row]]
        while noted < count_events and _is_before(events.event_at[noted], events.event_id[noted], now, event_id):
            _note_account_event(states[events.slot[noted]], events.event_at[noted], events.event_id[noted])
            noted += 1
        amount, category, segment = payments.amount_minor[row], np.int64(payments.category[row]), payments.segment[row]
        gap, is_rapid, is_escalating, is_switch = _advance_sequence(state, now, amount, category, use.rapid_fire_gap_us)
        out.seconds_since_last_payment[row], out.is_rapid_fire[row] = gap, is_rapid
        out.is_escalating[row], out.is_category_switch[row] = is_escalating, is_switch
        gap, count = _advance_instrument(state, now, payments.instrument_id[row])
        out.seconds_since_last_on_instrument[row], out.instrument_sequence_number[row] = gap, count
        in_minute, in_hour, in_day, is_saturated = _advance_windows(state, now)
        out.count_payments_60s[row], out.count_payments_1h[row], out.count_payments_24h[row] = (
            in_minute,
            in_hour,
            in_day,
        )
        out.is_burst[row], out.is_window_saturated[row] = in_minute + 1 > use.burst_payments, is_saturated
        out.is_new_device[row] = _advance_device(state, payments.device_id[row])
        speed, log_speed = np.nan, np.nan
        if payments.is_present[row]:
            latitude, longitude = np.float64(payments.latitude[row]), np.float64(payments.longitude[row])
            speed = _advance_speed(state, now, latitude, longitude, use.minimum_elapsed_us, use.speed_cap_kmh)
            log_speed = math.log1p(speed)
        out.speed_kmh[row], out.log_speed[row] = speed, log_speed
        of_day = payments.local_at[row] % DAY_US
        minute = of_day // MINUTE_US
        out.hour_deviation[row] = _advance_hour(state, of_day, use.cosine_of_minute[minute], use.sine_of_minute[minute])
        exact = (math.log(amount) + use.log_scale[segment]) * LOG_STEPS
        out.amount_deviation[row] = _advance_amount(
            state, np.int64(math.floor(exact + 0.5)), use.prior_mean[segment], use.prior_variance, use.prior_strength
        )
        state.count_payments += 1
        out.payment_sequence_number[row] = state.count_payments
        state.last_event_at, state.last_event_id = now, event_id
    for row in range(noted, count_events):
        _note_account_event(states[events.slot[row]], events.event_at[row], events.event_id[row])
