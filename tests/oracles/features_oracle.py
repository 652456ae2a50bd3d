"""The features of the fold, the obvious way: look at the whole history before each payment, one feature at a time.

Quadratic and unbounded; only what the state forgets by contract (64 payments, 16 devices, 8 instruments) is
told again. Floating point is used without care for exactness, so amounts and hours compare with a tolerance.
"""

import cmath
import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from riskfabric_assets.packs.features import Features, FoldSettings

Payment = dict[str, Any]
History = Sequence[Payment]

EARTH_RADIUS_KM = 6371.0088
REMEMBERED_PAYMENTS, REMEMBERED_DEVICES, REMEMBERED_INSTRUMENTS = 64, 16, 8


def features_of(payments: pl.DataFrame, features: Features) -> pl.DataFrame:
    """Return every folded feature of every payment, rows as in `payments`."""
    rows, histories, made = payments.rows(named=True), {}, []
    for row in rows:
        history = histories.setdefault(row["customer_id"], [])
        made.append({name: feature(history, row, features.settings) for name, feature in ORACLES.items()})
        history.append(row)
    return pl.DataFrame(made, infer_schema_length=None)


def seconds_between(earlier: Payment, later: Payment) -> float:
    return (later["event_at"] - earlier["event_at"]) / dt.timedelta(seconds=1)


def seconds_since_last_payment(history: History, row: Payment, settings: FoldSettings) -> float | None:
    return seconds_between(history[-1], row) if history else None


def instrument_chain(history: History, row: Payment) -> list[Payment]:
    """Earlier payments of the instrument, back to where eight others had displaced it."""
    chain, others = [], set()
    for earlier in reversed(history):
        if earlier["instrument_id"] != row["instrument_id"]:
            others.add(earlier["instrument_id"])
            if len(others) == REMEMBERED_INSTRUMENTS:
                break
        else:
            chain.append(earlier)
            others = set()
    return chain


def seconds_since_last_on_instrument(history: History, row: Payment, settings: FoldSettings) -> float | None:
    chain = instrument_chain(history, row)
    return seconds_between(chain[0], row) if chain else None


def payment_sequence_number(history: History, row: Payment, settings: FoldSettings) -> int:
    return len(history) + 1


def instrument_sequence_number(history: History, row: Payment, settings: FoldSettings) -> int:
    return len(instrument_chain(history, row)) + 1


def distance_km(one: Payment, other: Payment) -> float:
    """Great circle by the spherical law through unit vectors, not by the haversine."""

    def vector(place: Payment) -> tuple[float, float, float]:
        latitude, longitude = math.radians(place["latitude"]), math.radians(place["longitude"])
        across = math.cos(latitude)
        return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)

    return EARTH_RADIUS_KM * 2 * math.asin(min(1.0, math.dist(vector(one), vector(other)) / 2))


def speed_kmh(history: History, row: Payment, settings: FoldSettings) -> float | None:
    present = [earlier for earlier in history if earlier["is_present"]]
    if not row["is_present"] or not present:
        return None
    elapsed = max(seconds_between(present[-1], row), settings.minimum_elapsed)
    return min(distance_km(present[-1], row) / (elapsed / 3600), settings.speed_cap)


def log_speed(history: History, row: Payment, settings: FoldSettings) -> float | None:
    speed = speed_kmh(history, row, settings)
    return None if speed is None else math.log(1 + speed)


def hour_deviation(history: History, row: Payment, settings: FoldSettings) -> float | None:
    """Payments before count at the middle of their minute."""

    def angle(at: dt.datetime) -> float:
        return (at - dt.datetime.combine(at.date(), dt.time())) / dt.timedelta(days=1) * 2 * math.pi

    middles = [angle(earlier["event_at_local"].replace(second=30, microsecond=0)) for earlier in history]
    mean = sum(cmath.exp(1j * middle) for middle in middles)
    if abs(mean) < 1e-9:
        return None
    return abs(cmath.phase(cmath.exp(1j * angle(row["event_at_local"])) / mean)) * 24 / (2 * math.pi)


def amount_deviation(history: History, row: Payment, settings: FoldSettings) -> float:
    prior = settings.amount_prior

    def comparable(payment: Payment) -> float:
        scale = prior.rupees_per_unit.get(payment["currency_code"], prior.rupees_per_unit["XXX"])
        return math.log(payment["amount_minor"] / 100 * scale)

    amounts, count, weight = [comparable(earlier) for earlier in history], len(history), prior.strength
    prior_mean = math.log(prior.median_amount[row["channel"]])
    mean = sum(amounts) / count if amounts else prior_mean
    scatter = sum((amount - mean) ** 2 for amount in amounts)
    pull = weight * count / (weight + count) * (mean - prior_mean) ** 2
    variance = (weight * prior.log_spread**2 + scatter + pull) / (weight + count)
    return (comparable(row) - (weight * prior_mean + count * mean) / (weight + count)) / math.sqrt(variance)


def true_count(history: History, row: Payment, seconds: float) -> int:
    return sum(seconds_between(earlier, row) <= seconds for earlier in history)


def count_within(seconds: float) -> Callable[[History, Payment, FoldSettings], int]:
    return lambda history, row, settings: min(true_count(history, row, seconds), REMEMBERED_PAYMENTS)


def is_window_saturated(history: History, row: Payment, settings: FoldSettings) -> bool:
    return true_count(history, row, 86_400) > REMEMBERED_PAYMENTS


def is_rapid_fire(history: History, row: Payment, settings: FoldSettings) -> bool:
    return bool(history) and seconds_between(history[-1], row) <= settings.rapid_fire_gap


def is_burst(history: History, row: Payment, settings: FoldSettings) -> bool:
    return true_count(history, row, 60) + 1 > settings.burst_payments


def is_escalating(history: History, row: Payment, settings: FoldSettings) -> bool:
    amounts = [payment["amount_minor"] for payment in [*history[-2:], row]]
    return len(amounts) == 3 and amounts[0] < amounts[1] < amounts[2]


def is_category_switch(history: History, row: Payment, settings: FoldSettings) -> bool:
    return bool(history) and history[-1]["merchant_category"] != row["merchant_category"]


def is_new_device(history: History, row: Payment, settings: FoldSettings) -> bool:
    devices = dict.fromkeys(e["device_id"] for e in reversed(history) if e["device_id"] is not None)
    return row["device_id"] is not None and row["device_id"] not in list(devices)[:REMEMBERED_DEVICES]


ORACLES: dict[str, Callable[[History, Payment, FoldSettings], float | int | bool | None]] = {
    "seconds_since_last_payment": seconds_since_last_payment,
    "seconds_since_last_on_instrument": seconds_since_last_on_instrument,
    "payment_sequence_number": payment_sequence_number,
    "instrument_sequence_number": instrument_sequence_number,
    "speed_kmh": speed_kmh,
    "log_speed": log_speed,
    "hour_deviation": hour_deviation,
    "amount_deviation": amount_deviation,
    "count_payments_60s": count_within(60),
    "count_payments_1h": count_within(3_600),
    "count_payments_24h": count_within(86_400),
    "is_rapid_fire": is_rapid_fire,
    "is_burst": is_burst,
    "is_escalating": is_escalating,
    "is_category_switch": is_category_switch,
    "is_new_device": is_new_device,
    "is_window_saturated": is_window_saturated,
}
