"""The features of the fold, the obvious way: look at the whole history before each payment, one feature at a time.

Quadratic and unbounded; only what the state forgets by contract (64 payments, 16 devices, 8 instruments, 511
payments of a day and so on) is told again. Floating point is used without care for exactness, so amounts and hours
compare with a tolerance.
"""

import cmath
import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import h3.api.basic_int as h3
import polars as pl

from riskfabric_assets.packs.features import Features, FoldSettings

Payment = dict[str, Any]
History = Sequence[Payment]
Oracle = Callable[[History, Payment, FoldSettings], float | int | bool | None]
Key = Callable[[Payment], object]

EARTH_RADIUS_KM = 6371.0088
REMEMBERED_PAYMENTS, REMEMBERED_DEVICES, REMEMBERED_INSTRUMENTS, REMEMBERED_OF_A_DAY = 64, 16, 8, 511
LARGEST_AMOUNT = 2**32 - 1


def features_of(payments: pl.DataFrame, features: Features) -> pl.DataFrame:
    """Return every folded feature of every payment, rows as in `payments`."""
    rows, histories, made = payments.rows(named=True), {}, []
    for row in rows:
        history = histories.setdefault(row["customer_id"], [])
        made.append({name: feature(history, row, features.settings) for name, feature in ORACLES.items()})
        history.append({**row, **made[-1]})
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


def days_since_first_payment(history: History, row: Payment, settings: FoldSettings) -> float:
    return seconds_between(history[0], row) / 86_400 if history else 0.0


def within(history: History, row: Payment, seconds: float) -> History:
    """Payments of the window, as far as the ring remembers them."""
    return [earlier for earlier in history[-REMEMBERED_PAYMENTS:] if seconds_between(earlier, row) <= seconds]


def is_declined(payment: Payment) -> bool:
    return payment["status"] == "declined"


def count_declines_24h(history: History, row: Payment, settings: FoldSettings) -> int:
    return sum(is_declined(earlier) for earlier in within(history, row, 86_400))


def count_limit_declines_24h(history: History, row: Payment, settings: FoldSettings) -> int:
    return sum(earlier["decline_reason"] == "limit_exceeded" for earlier in within(history, row, 86_400))


def sum_within(seconds: float) -> Callable[[History, Payment, FoldSettings], int]:
    return lambda history, row, settings: sum(
        min(earlier["amount_minor"], LARGEST_AMOUNT) for earlier in within(history, row, seconds)
    )


def last_days(history: History, row: Payment, days: int) -> History:
    """Payments of today so far and of the business days before; of each the first 511."""
    counts: dict[dt.date, int] = {}
    kept = []
    for earlier in history:
        day = earlier["event_at_local"].date()
        counts[day] = counts.get(day, 0) + 1
        if (row["event_at_local"].date() - day).days < days and counts[day] <= REMEMBERED_OF_A_DAY:
            kept.append(earlier)
    return kept


def count_of_days(days: int) -> Callable[[History, Payment, FoldSettings], int]:
    return lambda history, row, settings: len(last_days(history, row, days))


def sum_of_days(days: int) -> Callable[[History, Payment, FoldSettings], int]:
    return lambda history, row, settings: sum(earlier["amount_minor"] for earlier in last_days(history, row, days))


def is_at_night(payment: Payment) -> bool:
    return not 6 <= payment["event_at_local"].hour < 22


def count_night_payments_7d(history: History, row: Payment, settings: FoldSettings) -> int:
    return sum(is_at_night(earlier) for earlier in last_days(history, row, 7))


def count_declines_7d(history: History, row: Payment, settings: FoldSettings) -> int:
    return sum(is_declined(earlier) for earlier in last_days(history, row, 7))


def count_first_times_7d(claim: str) -> Oracle:
    """Count payments of the week that were new when they were made."""
    return lambda history, row, settings: sum(earlier[claim] for earlier in last_days(history, row, 7))


def count_active_days_30d(history: History, row: Payment, settings: FoldSettings) -> int:
    return len({earlier["event_at_local"].date() for earlier in last_days(history, row, 30)})


def max_amount_minor_30d(history: History, row: Payment, settings: FoldSettings) -> int | None:
    return max((earlier["amount_minor"] for earlier in last_days(history, row, 30)), default=None)


def amount_to_mean_30d(history: History, row: Payment, settings: FoldSettings) -> float | None:
    amounts = [earlier["amount_minor"] for earlier in last_days(history, row, 30)]
    return row["amount_minor"] / (sum(amounts) / len(amounts)) if amounts else None


def amount_to_max_30d(history: History, row: Payment, settings: FoldSettings) -> float | None:
    highest = max_amount_minor_30d(history, row, settings)
    return None if highest is None else row["amount_minor"] / highest


def amount_deviation_30d(history: History, row: Payment, settings: FoldSettings) -> float:
    return amount_deviation(last_days(history, row, 30), row, settings)


def last_distinct(history: History, key: Key, slots: int) -> list[object]:
    """What was met last, the most recent first, as many as the state holds."""
    return list(dict.fromkeys(key(earlier) for earlier in reversed(history) if key(earlier) is not None))[:slots]


def is_new_among(key: Key, slots: int) -> Oracle:
    return lambda history, row, settings: key(row) is not None and key(row) not in last_distinct(history, key, slots)


def in_sets(name: str, sets: int) -> Oracle:
    """New among the last eight of its set, as the state keeps them: 16 bits of a hash."""

    def mark(payment: Payment) -> tuple[int, int] | None:
        if payment[name] is None:
            return None
        mixed = max((payment[name] * 0x9E3779B97F4A7C15) % 2**64 >> 32, 1)
        return (mixed >> 16) % sets, max(mixed & 0xFFFF, 1)

    def is_new(history: History, row: Payment, settings: FoldSettings) -> bool:
        if mark(row) is None:
            return False
        of_set = [earlier for earlier in history if mark(earlier) is not None and mark(earlier)[0] == mark(row)[0]]
        return mark(row) not in last_distinct(of_set, mark, 8)

    return is_new


def count_first_times(claim: str) -> Oracle:
    """Count how often something was new before."""
    return lambda history, row, settings: sum(earlier[claim] for earlier in history)


def days_since_device_first_seen(history: History, row: Payment, settings: FoldSettings) -> float | None:
    """Back to the payment at which the device was last new."""
    if row["device_id"] is None:
        return None
    first = row
    if not is_new_device(history, row, settings):
        first = [one for one in history if one["device_id"] == row["device_id"] and one["is_new_device"]][-1]
    return (row["event_at"].replace(microsecond=0) - first["event_at"].replace(microsecond=0)) / dt.timedelta(days=1)


def place_of(payment: Payment) -> str | None:
    return h3.cell_to_parent(payment["h3_cell_r7"], 4) if payment["is_present"] else None


def is_other_place(history: History, row: Payment, settings: FoldSettings) -> bool:
    places = [place_of(earlier) for earlier in history if earlier["is_present"]]
    return row["is_present"] and bool(places) and places[-1] != place_of(row)


def hours_since_midnight(history: History, row: Payment, settings: FoldSettings) -> float:
    at = row["event_at_local"]
    return (at - dt.datetime.combine(at.date(), dt.time())) / dt.timedelta(hours=1)


def share_of(claim: Callable[[Payment, Payment], bool]) -> Oracle:
    """Share of earlier payments of which, beside the scored one, the claim holds."""
    return lambda history, row, settings: (
        sum(claim(earlier, row) for earlier in history) / len(history) if history else None
    )


def is_on_weekend(payment: Payment) -> bool:
    return payment["event_at_local"].isoweekday() >= 6


def are_days_saturated(history: History, row: Payment, settings: FoldSettings) -> bool:
    days = [earlier["event_at_local"].date() for earlier in history]
    recent = [day for day in days if (row["event_at_local"].date() - day).days < 30]
    return any(recent.count(day) > REMEMBERED_OF_A_DAY for day in set(recent))


ORACLES: dict[str, Oracle] = {
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
    "days_since_first_payment": days_since_first_payment,
    "count_declines_24h": count_declines_24h,
    "count_limit_declines_24h": count_limit_declines_24h,
    "sum_amount_minor_1h": sum_within(3_600),
    "sum_amount_minor_24h": sum_within(86_400),
    "count_payments_today": count_of_days(1),
    "count_payments_7d": count_of_days(7),
    "count_payments_30d": count_of_days(30),
    "count_night_payments_7d": count_night_payments_7d,
    "count_declines_7d": count_declines_7d,
    "count_new_merchants_7d": count_first_times_7d("is_new_merchant"),
    "count_new_payees_7d": count_first_times_7d("is_new_payee"),
    "count_active_days_30d": count_active_days_30d,
    "sum_amount_minor_7d": sum_of_days(7),
    "sum_amount_minor_30d": sum_of_days(30),
    "max_amount_minor_30d": max_amount_minor_30d,
    "amount_to_mean_30d": amount_to_mean_30d,
    "amount_to_max_30d": amount_to_max_30d,
    "amount_deviation_30d": amount_deviation_30d,
    "days_since_device_first_seen": days_since_device_first_seen,
    "count_devices": count_first_times("is_new_device"),
    "count_merchants": count_first_times("is_new_merchant"),
    "count_payees": count_first_times("is_new_payee"),
    "count_countries": count_first_times("is_new_country"),
    "hours_since_midnight": hours_since_midnight,
    "hour_share": share_of(lambda earlier, row: earlier["event_at_local"].hour == row["event_at_local"].hour),
    "category_share": share_of(lambda earlier, row: earlier["merchant_category"] == row["merchant_category"]),
    "night_share": share_of(lambda earlier, row: is_at_night(earlier)),
    "weekend_share": share_of(lambda earlier, row: is_on_weekend(earlier)),
    "count_categories": count_first_times("is_new_category"),
    "are_days_saturated": are_days_saturated,
    "is_new_merchant": in_sets("merchant_id", 16),
    "is_new_payee": in_sets("payee_id", 4),
    "is_new_ip": is_new_among(lambda payment: payment["ip_address"], 16),
    "is_new_ip_range": is_new_among(lambda payment: payment["ip_address"] and payment["ip_address"] >> 16, 8),
    "is_new_place": is_new_among(place_of, 8),
    "is_other_place": is_other_place,
    "is_new_country": is_new_among(lambda payment: payment["merchant_country_code"], 8),
    "is_foreign": lambda history, row, settings: row["merchant_amount_minor"] is not None,
    "is_cross_border": lambda history, row, settings: (
        row["merchant_amount_minor"] is not None and not row["is_present"]
    ),
    "is_night": lambda history, row, settings: is_at_night(row),
    "is_weekend": lambda history, row, settings: is_on_weekend(row),
    "is_round_amount": lambda history, row, settings: row["amount_minor"] % (100 * settings.round_amount) == 0,
    "is_new_category": is_new_among(lambda payment: payment["merchant_category"], 20),
}
