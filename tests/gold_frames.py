"""A small drawn gold/payments with its answer key, for tests of everything that stands on gold.

Fraud is learnable but not given away: attacks shift amount, speed, hour and device, honest life overlaps. Labels
miss 8 % of fraud, accuse 0.5 % of honest payments and arrive days later, as in the default scenario.
"""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Final

import h3.api.basic_int as h3
import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables import truth as truth_tables
from riskfabric_assets.foundation.tables.bronze import CHANNELS, LABEL_REPORTERS, MERCHANT_CATEGORIES
from riskfabric_assets.packs.documents import read_document
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.model import ModelPlan
from riskfabric_assets.packs.validation import validate

CONFIG: Final = Path(__file__).resolve().parents[1] / "config"
TYPOLOGIES: Final = ("account_takeover", "velocity_abuse", "card_not_present", "friendly_fraud", "upi_scam")
TOWNS: Final = ((28.61, 77.21), (19.08, 72.88), (12.97, 77.59), (22.57, 88.36), (13.08, 80.27), (26.45, 80.33))
FIRST_DAY: Final = dt.date(2025, 8, 1)


@dataclasses.dataclass(frozen=True)
class Gold:
    """Payments and the answer key of one small world."""

    payments: pl.DataFrame
    truth: pl.DataFrame

    @property
    def first(self) -> dt.date:
        """First business day."""
        return self.payments["event_date"].min()

    @property
    def last(self) -> dt.date:
        """Last business day."""
        return self.payments["event_date"].max()


def feature_contract() -> Features:
    """Return the real feature contract."""
    return validate(read_document(CONFIG / "features.yaml", CONFIG), Features)


def model_plan(**changes: object) -> ModelPlan:
    """Return the real plan of learning, sections replaced by `changes`."""
    return validate(read_document(CONFIG / "model.yaml", CONFIG), ModelPlan).model_copy(update=changes)


def draw_gold(count_payments: int = 12_000, count_customers: int = 60, count_days: int = 61, seed: int = 7) -> Gold:
    """Draw a world; 3 % of its payments are fraud, more than in life, so that small frames hold some of each kind."""
    random = np.random.default_rng(seed)
    rows = count_payments
    is_true_fraud = random.random(rows) < 0.03
    typology = random.integers(0, len(TYPOLOGIES), rows)
    second = np.sort(random.integers(0, count_days * 86_400, rows))
    event_at = np.datetime64(FIRST_DAY, "us") + second.astype("timedelta64[s]")
    attack = is_true_fraud & (random.random(rows) < 0.75) & (typology != TYPOLOGIES.index("friendly_fraud"))
    town = random.integers(0, len(TOWNS), count_customers)
    customer = random.integers(0, count_customers, rows)
    place = np.where(attack & (typology == 0), random.integers(0, len(TOWNS), rows), town[customer])
    latitude = np.array([lat for lat, _ in TOWNS])[place] + random.normal(0, 0.08, rows)
    longitude = np.array([lon for _, lon in TOWNS])[place] + random.normal(0, 0.08, rows)
    is_labelled = np.where(is_true_fraud, random.random(rows) >= 0.08, random.random(rows) < 0.005)
    delay = (random.lognormal(np.log(4.2), 0.6, rows) * 86_400).astype("timedelta64[s]")
    gap = random.exponential(3e4, rows) * np.where(attack & (typology == 1), 0.002, 1.0)
    payments = pl.DataFrame(
        {
            "event_id": random.permutation(rows).astype(np.int64) + 1_000_000,
            "customer_id": customer.astype(np.int64) + 500,
            "account_id": customer.astype(np.int64) + 900,
            "device_id": customer.astype(np.int64) + 300,
            "stored_row": np.arange(rows, dtype=np.int64),
            "merchant_category": np.array(MERCHANT_CATEGORIES)[_categories(random, attack & (typology == 2))],
            "channel": np.array(CHANNELS)[random.choice(len(CHANNELS), rows, p=(0.5, 0.1, 0.2, 0.12, 0.05, 0.03))],
            "amount_minor": (np.exp(random.normal(10.5, 1.2, rows) + 1.1 * attack)).astype(np.int64),
            "h3_cell_r7": _cells(latitude, longitude),
            "is_present": random.random(rows) < np.where(attack & (typology == 2), 0.05, 0.6),
            "natural_weight": np.where(is_labelled, 0.05, 1.0),
            "seconds_since_last_payment": gap,
            "seconds_since_last_on_instrument": gap * random.uniform(1, 2, rows),
            "payment_sequence_number": np.arange(rows, dtype=np.int32) // count_customers + 1,
            "instrument_sequence_number": np.arange(rows, dtype=np.int32) // (2 * count_customers) + 1,
            "speed_kmh": np.where(
                attack & (typology == 0), random.uniform(50, 2000, rows), random.exponential(9, rows)
            ),
            "hour_deviation": np.minimum(random.exponential(3 + 3.0 * attack, rows), 12.0),
            "amount_deviation": random.normal(0, 1, rows) + 1.1 * attack,
            "count_payments_60s": random.poisson(0.02 + 1.2 * (attack & (typology == 1))).astype(np.int32),
            "count_payments_1h": random.poisson(0.3 + 1.5 * (attack & (typology == 1))).astype(np.int32),
            "count_payments_24h": random.poisson(2.5 + 1.0 * attack).astype(np.int32),
            "is_rapid_fire": gap <= 300,
            "is_burst": random.random(rows) < 0.002,
            "is_escalating": random.random(rows) < 0.15 + 0.1 * attack,
            "is_category_switch": random.random(rows) < 0.6 + 0.1 * attack,
            "is_new_device": random.random(rows) < 0.03 + 0.25 * attack,
            **_reputations(np.random.default_rng(seed + 1), attack),
            "is_fraud": is_labelled,
            "event_at": event_at,
            "label_known_at": event_at + delay,
        }
    ).with_columns(
        pl.when("is_fraud").then("label_known_at").cast(pl.Datetime("us")).alias("label_known_at"),
        pl.when("is_fraud").then(pl.lit(LABEL_REPORTERS[0])).alias("reported_by"),
        pl.when(pl.col("payment_sequence_number") > 1).then("seconds_since_last_payment"),
        pl.when("is_present").then("speed_kmh").alias("speed_kmh"),
        pl.col("event_at").dt.date().alias("event_date"),
    )
    payments = payments.with_columns(_inputs_not_drawn(payments, np.random.default_rng([seed, 3])))
    return Gold(payments, _answer_key(payments, is_true_fraud, typology))


def _reputations(random: np.random.Generator, attack: np.ndarray) -> dict[str, np.ndarray]:
    """Draw what dbt adds: reputations a little worse where fraud is, and few transfers among the payments."""
    rows = attack.shape[0]
    is_transfer = random.random(rows) < 0.1
    shares = {
        f"{entity}_report_share": random.gamma(2.0 + 0.3 * attack, 0.007)
        for entity in ("merchant", "device", "ip", "payee", "cell_category", "region_category", "customer")
    }
    shares["payee_report_share"][~is_transfer] = np.nan
    return {
        **shares,
        "merchant_risk_score": random.binomial(100, 0.5, rows).astype(np.int32),
        "count_payee_payments": np.where(is_transfer, random.poisson(4, rows), 0).astype(np.int32),
        "count_customer_reports": random.poisson(2.0 + attack).astype(np.int32),
        **{
            f"count_{name}": random.poisson(0.1 + 0.3 * attack).astype(np.int32)
            for name in (
                *("device_others_7d", "ip_others_1d", "ip_others_7d"),
                *("payee_others_7d", "payee_payments_of_others_7d"),
            )
        },
        "count_customer_disputes": random.poisson(1.5 + 0.5 * attack).astype(np.int32),
    }


def _inputs_not_drawn(payments: pl.DataFrame, random: np.random.Generator) -> list[pl.Series]:
    """Every other input of the contract as noise in its type, so that a new feature needs no line here."""
    rows, drawn = payments.height, []
    for name, feature in feature_contract().features.items():
        if not feature.is_model_input or name in payments.columns:
            continue
        values = {
            "BOOLEAN": lambda: random.random(rows) < 0.1,
            "INTEGER": lambda: random.poisson(2.0, rows).astype(np.int32),
            "FLOAT": lambda: random.exponential(1.0, rows).astype(np.float32),
            "DOUBLE": lambda: random.exponential(1.0, rows),
        }[feature.type]()
        series = pl.Series(name, values)
        is_nullable = feature.type in ("FLOAT", "DOUBLE") and not feature.null_rule.startswith("never null")
        drawn.append(series.set(pl.Series(random.random(rows) < 0.05), None) if is_nullable else series)
    return drawn


def _categories(random: np.random.Generator, is_shopping_spree: np.ndarray) -> np.ndarray:
    weights = np.array((22, 18, 8, 7, 4, 5, 4, 6, 3, 2, 1, 4, 6, 1, 5, 2, 1, 1), dtype=float)
    spree = weights * np.array((1, 1, 1, 2, 3, 4, 2, 1, 1, 5, 1, 1, 1, 1, 1, 1, 4, 1))
    count = is_shopping_spree.shape[0]
    honest = random.choice(weights.shape[0], count, p=weights / weights.sum())
    return np.where(is_shopping_spree, random.choice(weights.shape[0], count, p=spree / spree.sum()), honest)


def _cells(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    cells = [h3.latlng_to_cell(lat, lon, 7) for lat, lon in zip(latitude, longitude, strict=True)]
    return np.array(cells, dtype=np.uint64)


def _answer_key(payments: pl.DataFrame, is_true_fraud: np.ndarray, typology: np.ndarray) -> pl.DataFrame:
    names = np.array(TYPOLOGIES)[typology[is_true_fraud]]
    frauds = payments.filter(pl.Series(is_true_fraud)).select("event_id", "customer_id", "event_date")
    constants = {
        "attack_id": 1,
        "campaign_id": None,
        "phase": "purchase",
        "campaign_phase": None,
        "flags": None,
        "injector_version": "1",
        "step": 1,
        "burst_position": None,
        "campaign_day": None,
        "has_geo_anomaly": False,
        "has_device_anomaly": False,
        "has_ip_anomaly": False,
    }
    schema = truth_tables.FRAUD.schema
    return frauds.with_columns(
        pl.Series("typology", names),
        (pl.Series("typology", names) == "friendly_fraud").alias("is_claimed"),
        *(pl.lit(value).alias(name) for name, value in constants.items()),
    ).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
