"""Random payments and account events for tests and benches of the fold: literal rules, seeded, deliberately uneven."""

import datetime as dt
import functools

import h3.api.basic_int as h3
import numpy as np
import polars as pl

from riskfabric_assets.features.columns import ACCOUNT_EVENT_COLUMNS, PAYMENT_COLUMNS
from riskfabric_assets.features.contract import Fold
from riskfabric_assets.foundation.tables.bronze import (
    ACCOUNT_EVENTS,
    CHANNELS,
    EVENT_KINDS,
    MERCHANT_CATEGORIES,
    TRANSACTIONS,
)
from riskfabric_assets.packs.documents import read_document
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.settings import packaged_config
from riskfabric_assets.packs.validation import validate

DAY_US = 86_400_000_000
LOCAL_OFFSET_US = 19_800_000_000
START_US = 20_301 * DAY_US
START = dt.datetime(2025, 8, 1)  # noqa: DTZ001  # naive UTC, as bronze has it
CUSTOMER = 7
DELHI, MUMBAI = (28.6139, 77.2090), (19.0760, 72.8777)
DELHI_CELL, MUMBAI_CELL = 0x873DA1146FFFFFF, 0x87608B0B6FFFFFF
CELLS = tuple(h3.latlng_to_cell(12 + step, 77 + step % 3, 7) for step in range(20))
NO_ACCOUNT_EVENTS = ACCOUNT_EVENTS.empty().select(ACCOUNT_EVENT_COLUMNS)


@functools.cache
def the_features() -> Features:
    """The feature contract as it ships."""
    root = packaged_config()
    return validate(read_document(root / "features.yaml", root), Features)


@functools.cache
def the_fold() -> Fold:
    """The fold of the contract as it ships."""
    return Fold.of(the_features())


def payment(after_seconds: float, **changes: object) -> dict[str, object]:
    """One literal payment of CUSTOMER, so many seconds after 2025-08-01 00:00 UTC, 05:30 local."""
    at = START + dt.timedelta(seconds=after_seconds)
    row = {
        "customer_id": CUSTOMER,
        "account_id": 1,
        "instrument_id": 1,
        "device_id": 1,
        "merchant_id": 1,
        "payee_id": None,
        "merchant_category": "GROCERY",
        "channel": "instant",
        "status": "approved",
        "decline_reason": None,
        "currency_code": "INR",
        "merchant_country_code": "IN",
        "amount_minor": 17_500,
        "merchant_amount_minor": None,
        "ip_address": 1,
        "h3_cell_r7": DELHI_CELL,
        "latitude": DELHI[0],
        "longitude": DELHI[1],
        "is_present": False,
        "event_at": at,
        "event_at_local": at + dt.timedelta(hours=5, minutes=30),
    }
    return {**row, **changes}


def payments(*rows: dict[str, object]) -> pl.DataFrame:
    """Literal payments as a frame, numbered from 1 in the order given unless they bring an event_id."""
    schema = TRANSACTIONS.schema
    whole = [
        {"event_id": number, "event_date": row["event_at_local"].date(), **row} for number, row in enumerate(rows, 1)
    ]
    return pl.DataFrame(whole, schema={name: schema[name] for name in PAYMENT_COLUMNS})


def account_event(after_seconds: float, kind: str, amount_minor: int = 0, **changes: object) -> dict[str, object]:
    """One literal account event of CUSTOMER, so many seconds after 2025-08-01 00:00 UTC, 05:30 local."""
    at = START + dt.timedelta(seconds=after_seconds)
    row = {
        "customer_id": CUSTOMER,
        "account_id": 1,
        "event_kind": kind,
        "amount_minor": amount_minor,
        "event_at": at,
        "event_at_local": at + dt.timedelta(hours=5, minutes=30),
    }
    return {**row, **changes}


def account_events(*rows: dict[str, object]) -> pl.DataFrame:
    """Literal account events as a frame, numbered from 1,000,001 in the order given unless they bring an event_id."""
    whole = [{"event_id": number, **row} for number, row in enumerate(rows, 1_000_001)]
    return pl.DataFrame(whole, schema=NO_ACCOUNT_EVENTS.schema)


def customer_ids(customers: int) -> np.ndarray:
    """Ids without order, as the product has them."""
    return (np.arange(customers, dtype=np.int64) * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) & (2**62 - 1)


def moments(generator: np.random.Generator, rows: int, days: int, burst_share: float) -> np.ndarray:
    """Ascending microseconds; a share of the gaps is 0 to 20 s, some exactly 0."""
    at = np.sort(generator.integers(0, days * DAY_US, rows))
    close = np.flatnonzero(generator.random(rows) < burst_share)
    at[close[close > 0]] = at[close[close > 0] - 1] + generator.integers(0, 20, (close > 0).sum()) * 1_000_000
    return START_US + np.sort(at)


def random_payments(
    seed: int,
    customers: int,
    rows: int,
    days: int = 60,
    devices: int = 4,
    instruments: int = 3,
    burst_share: float = 0.1,
) -> pl.DataFrame:
    """The columns of bronze/transactions that the fold reads, ascending by (event_at, event_id)."""
    generator = np.random.default_rng(seed)
    ids = customer_ids(customers)
    owner = np.minimum((customers * generator.random(rows) ** 1.5).astype(np.int64), customers - 1)
    at = moments(generator, rows, days, burst_share)
    frame = pl.DataFrame(
        {
            "event_id": generator.permutation(rows).astype(np.int64) * 2 + 1,
            "customer_id": ids[owner],
            "account_id": _accounts(np.random.default_rng([seed, 4]), ids[owner]),
            "instrument_id": ids[owner] ^ generator.integers(0, instruments, rows),
            "device_id": pl.Series(ids[owner] ^ (1000 + (devices * generator.random(rows) ** 3).astype(np.int64))),
            "merchant_category": pl.Series(np.array(MERCHANT_CATEGORIES)[generator.integers(0, 5, rows)]),
            "channel": pl.Series(np.array(CHANNELS)[generator.integers(0, len(CHANNELS), rows)]),
            "currency_code": pl.Series(np.array(["INR", "INR", "INR", "USD", "JPY"])[generator.integers(0, 5, rows)]),
            "amount_minor": np.exp(generator.normal(10, 1.5, rows)).astype(np.int64) // 500 * 500 + 100,
            "latitude": (20 + owner % 7 + generator.normal(0, 0.05, rows)).astype(np.float32),
            "longitude": (76 + owner % 5 + generator.normal(0, 0.05, rows)).astype(np.float32),
            "is_present": generator.random(rows) < 0.5,
            "event_at": pl.Series(at).cast(pl.Datetime("us")),
            "event_at_local": pl.Series(at + LOCAL_OFFSET_US).cast(pl.Datetime("us")),
            **_other_sides(np.random.default_rng([seed, 2]), ids[owner]),
        }
    ).with_columns(
        pl.when(pl.col("is_present") & (pl.col("event_id") % 3 == 0))
        .then(None)
        .otherwise(pl.col("device_id"))
        .alias("device_id"),
        event_date=pl.col("event_at_local").dt.date(),
    )
    schema = TRANSACTIONS.schema
    return frame.select(pl.col(name).cast(schema[name]) for name in schema if name in frame.columns).sort(
        "event_at", "event_id"
    )


def _other_sides(generator: np.random.Generator, owner: np.ndarray) -> dict[str, pl.Series]:
    """Merchants, payees, addresses, places and outcomes; most come again, some never do."""
    rows = owner.shape[0]

    def some(count: int, lean: float) -> np.ndarray:
        return (owner ^ (count * generator.random(rows) ** lean).astype(np.int64)) & (2**62 - 1)

    is_transfer, chance = generator.random(rows) < 0.15, generator.random(rows)
    reason = np.where(chance < 0.02, "limit_exceeded", np.where(chance < 0.06, "wrong_pin", ""))
    is_remote = generator.random(rows) < 0.6
    country = np.array(["IN", "US", "SG", "GB", "IE", "JP", "CH", "FR", "DE", "TH"])
    is_foreign = generator.random(rows) < 0.05
    merchant, payee = some(300, 2.5), some(40, 2)
    return {
        "merchant_id": pl.Series(
            [None if transfer else one for transfer, one in zip(is_transfer, merchant.tolist(), strict=True)]
        ),
        "payee_id": pl.Series(
            [one if transfer else None for transfer, one in zip(is_transfer, payee.tolist(), strict=True)]
        ),
        "ip_address": pl.Series(
            [
                one if remote else None
                for remote, one in zip(is_remote, (some(30 << 16, 4) & (2**32 - 1)).tolist(), strict=True)
            ]
        ),
        "h3_cell_r7": pl.Series(
            np.array(CELLS, dtype=np.uint64)[(len(CELLS) * generator.random(rows) ** 6).astype(np.int64)]
        ),
        "status": pl.Series(np.where(reason == "", "approved", "declined")),
        "decline_reason": pl.Series([text or None for text in reason.tolist()]),
        "merchant_country_code": pl.Series(np.where(is_foreign, country[generator.integers(0, 10, rows)], "IN")),
        "merchant_amount_minor": pl.Series([1 if foreign else None for foreign in is_foreign.tolist()]),
    }


def _accounts(generator: np.random.Generator, owner: np.ndarray) -> np.ndarray:
    """Most on the first account of a customer, some on the sixth, which is more than a state holds."""
    return owner ^ (2000 + (6 * generator.random(owner.shape[0]) ** 3).astype(np.int64))


def random_account_events(seed: int, customers: int, rows: int, days: int = 60) -> pl.DataFrame:
    """The columns of bronze/account_events that the fold reads, ascending by (event_at, event_id)."""
    generator = np.random.default_rng([seed, 1])
    owner = customer_ids(customers)[generator.integers(0, customers, rows)]
    kind = generator.integers(0, len(EVENT_KINDS), rows)
    kind = np.where(generator.random(rows) < 0.5, EVENT_KINDS.index("transfer_credit"), kind)
    amount = np.exp(generator.normal(11, 1.5, rows)).astype(np.int64)
    amount = np.where(kind == EVENT_KINDS.index("opening"), 20 * amount, amount)
    amount = np.where(kind == EVENT_KINDS.index("settlement"), amount * generator.integers(-1, 2, rows), amount)
    at, accounts = moments(generator, rows, days, 0.1), _accounts(generator, owner)
    frame = pl.DataFrame(
        {
            "event_id": generator.permutation(rows).astype(np.int64) * 2,
            "customer_id": owner,
            "account_id": np.where(
                kind == EVENT_KINDS.index("opening"), owner ^ (2000 + generator.integers(0, 6, rows)), accounts
            ),
            "event_kind": pl.Series(np.array(EVENT_KINDS)[kind]),
            "amount_minor": np.where(kind < EVENT_KINDS.index("email_change"), amount, 0),
            "event_at": pl.Series(at).cast(pl.Datetime("us")),
            "event_at_local": pl.Series(at + LOCAL_OFFSET_US).cast(pl.Datetime("us")),
        }
    )
    return _as_account_events(frame)


def with_shared_moments(events: pl.DataFrame, payments: pl.DataFrame, seed: int, share: float = 0.2) -> pl.DataFrame:
    """Move a share of account events to the moment of a payment of the same customer, or a microsecond beside it."""
    generator = np.random.default_rng([seed, 5])
    chosen = generator.random(events.height) < share
    other = payments[generator.integers(0, payments.height, events.height).tolist()]
    beside = pl.Series(generator.integers(-1, 2, events.height)).cast(pl.Duration("us"))
    moved = other.select("customer_id", pl.col("event_at", "event_at_local") + beside)
    return _as_account_events(
        events.with_columns(pl.when(pl.Series(chosen)).then(series).otherwise(events[series.name]) for series in moved)
    )


def _as_account_events(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.cast(NO_ACCOUNT_EVENTS.schema).select(NO_ACCOUNT_EVENTS.columns).sort("event_at", "event_id")
