"""A small literal population of the small world, as frames of population/*, for tests of rooms above population.

Its homes are residences of tests.worlds; everything else is drawn with a seeded numpy generator, with the
uneven cases in it on purpose: customers with only a credit line, blocked and expired cards, dormant accounts,
a desktop as the only device.
"""

import datetime as dt

import numpy as np
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables import population as contracts
from riskfabric_assets.simulation.people import PopulationFrames, Schemes
from riskfabric_assets.world.cells import parents_of
from tests.worlds import small_world

SCHEMES = Schemes(
    ["IN"], ["INR"], ["UPI", "Wallet", "pos", "online", "IMPS", "atm"], ["RuPay", "Visa", "Mastercard", "Amex"]
)
NETWORKS = ("Jio", "Airtel", "ACT")
SLICES = ("100.64.0.0/11", "100.96.0.0/12", "240.0.0.0/16")
AGENTS = {"android": "Mozilla/5.0 (Linux; Android 14)", "ios": "Mozilla/5.0 (iPhone)", "desktop": "Mozilla/5.0 (X11)"}


def residents(count: int, seed: int = 7, payments_per_year: float = 900.0) -> PopulationFrames:
    """Return `count` customers with accounts, cards, devices and traits."""
    generator, key = np.random.default_rng(seed), Streams(seed).key("identifiers")
    ordinals = np.arange(count)
    ids = identifiers(key, Kind.CUSTOMER, ordinals)
    homes = small_world().residential
    homes = homes[generator.integers(0, homes.height, count)]
    cells = homes["h3_cell_r7"].to_numpy()
    customers = homes.select(
        "residence_id", "district_id", "region_id", "city_name", "postcode", "region_name"
    ).with_columns(
        customer_id=ids,
        full_name=pl.lit("Test Person"),
        gender=pl.lit("female"),
        email_address=pl.lit(None),
        email_provider=pl.lit(None),
        phone_number=pl.lit("+91 0000000000"),
        address_text=pl.lit("somewhere"),
        location_type=homes["location_type"],
        household_id=ids,
        home_network_name=pl.Series(np.array(NETWORKS)[generator.integers(0, 3, count)].tolist()),
        mobile_network_name=pl.lit("Jio"),
        birth_year=pl.lit(1990),
        occupation=pl.lit("salaried"),
        employer_id=pl.lit(1),
        pay_day=pl.Series(np.array(contracts.PAY_DAYS)[generator.integers(0, 9, count)].tolist()),
        advance_day=pl.lit(None),
        advance_share=pl.lit(0.0),
        credit_score=pl.lit(None),
        monthly_income_minor=pl.Series((np.exp(generator.normal(10.3, 0.6, count)) * 100).astype(np.int64)),
        monthly_spend_minor=pl.lit(2_000_000),
        currency_code=pl.lit("INR"),
        home_latitude=homes["latitude"],
        home_longitude=homes["longitude"],
        home_h3_cell_r7=pl.Series(cells),
        home_h3_cell_r5=pl.Series(parents_of(cells, 5)),
        registered_date=pl.lit(dt.date(2020, 1, 1)),
    )
    accounts = _accounts(generator, key, ids, 1 + generator.integers(0, 3, count))
    cards = _cards(generator, key, accounts)
    devices = _devices(generator, key, ids, 1 + (generator.random(count) < 0.3))
    payees = _payees(generator, key, ids, accounts)
    traits = pl.DataFrame(
        {
            "customer_id": ids,
            "customer_ordinal": ordinals,
            "payments_per_year": generator.gamma(1.4, payments_per_year / 1.4, count),
            "amount_factor": np.exp(generator.normal(0, 0.25, count)),
            "phase_hours": generator.normal(0, 1.5, count),
            "online_affinity": np.exp(generator.normal(0, 0.4, count)),
            "thrift": generator.uniform(0.05, 0.3, count),
            "mobility_class": np.array(contracts.MOBILITY_CLASSES)[generator.integers(0, 4, count)],
            "susceptibility": np.ones(count),
            "dispute_propensity": np.ones(count),
        }
    )
    frames = zip(
        ("CUSTOMERS", "ACCOUNTS", "CARDS", "DEVICES", "PAYEES", "TRAITS"),
        (customers, accounts, cards, devices, payees, traits),
        strict=True,
    )
    return PopulationFrames(*(_checked(getattr(contracts, name), frame) for name, frame in frames))


def _accounts(generator: np.random.Generator, key: np.uint64, ids: np.ndarray, counts: np.ndarray) -> pl.DataFrame:
    owner = np.repeat(np.arange(len(ids)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    kind = np.array(contracts.ACCOUNT_TYPES)[generator.choice(4, len(owner), p=[0.5, 0.3, 0.05, 0.15])]
    status = np.where((number > 0) & (generator.random(len(owner)) < 0.15), "dormant", "active")
    return pl.DataFrame(
        {
            "account_id": identifiers(key, Kind.ACCOUNT, owner, number),
            "customer_id": ids[owner],
            "account_number": np.full(len(owner), "001234567890123456"),
            "bank_code": np.full(len(owner), "BANK_A"),
            "account_type": kind,
            "account_status": status,
            "status_reason": np.full(len(owner), "none"),
            "currency_code": np.full(len(owner), "INR"),
            "credit_limit_minor": np.where(kind == "credit", 10_000_000, 0),
            "is_primary": number == 0,
            "opened_date": np.full(len(owner), np.datetime64("2021-01-01")),
            "closed_date": np.full(len(owner), np.datetime64("NaT"), dtype="datetime64[D]"),
        }
    )


def _cards(generator: np.random.Generator, key: np.uint64, accounts: pl.DataFrame) -> pl.DataFrame:
    rows = accounts.height
    is_blocked = generator.random(rows) < 0.08
    return pl.DataFrame(
        {
            "card_id": identifiers(key, Kind.CARD, np.arange(rows)),
            "replaces_card_id": [None] * rows,
            "account_id": accounts["account_id"],
            "customer_id": accounts["customer_id"],
            "card_number": np.full(rows, "4111111111111112"),
            "card_network": np.full(rows, "Visa"),
            "card_type": np.where(accounts["account_type"].to_numpy() == "credit", "credit", "debit"),
            "card_status": np.where(is_blocked, "blocked", "active"),
            "status_reason": np.full(rows, "none"),
            "issuing_bank": np.full(rows, "Bank A"),
            "contactless_limit_minor": np.full(rows, 500_000),
            "daily_atm_limit_minor": np.full(rows, 2_500_000),
            "daily_online_limit_minor": np.full(rows, 5_000_000),
            "is_international_enabled": np.zeros(rows, dtype=bool),
            "issued_date": np.full(rows, np.datetime64("2022-01-01")),
            "activated_date": np.full(rows, np.datetime64("2022-01-05")),
            "expiry_date": np.where(
                generator.random(rows) < 0.05, np.datetime64("2025-08-12"), np.datetime64("2029-01-31")
            ),
            "closed_date": np.where(is_blocked, np.datetime64("2024-03-01"), np.datetime64("NaT")),
            "closed_reason": ["reported lost" if blocked else None for blocked in is_blocked],
        }
    )


def _devices(generator: np.random.Generator, key: np.uint64, ids: np.ndarray, counts: np.ndarray) -> pl.DataFrame:
    owner = np.repeat(np.arange(len(ids)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    platform = np.array(["android", "ios", "desktop"])[generator.choice(3, len(owner), p=[0.8, 0.15, 0.05])]
    return pl.DataFrame(
        {
            "device_id": identifiers(key, Kind.DEVICE, owner, number),
            "customer_id": ids[owner],
            "operating_system": platform,
            "user_agent": [AGENTS[name] for name in platform],
            "app_user_agent": [None if name == "desktop" else f"App/1.0 ({name})" for name in platform],
            "second_app_user_agent": [None] * len(owner),
            "is_owner": np.full(len(owner), True),
            "is_primary": number == 0,
            "first_seen_date": np.full(len(owner), np.datetime64("2023-01-01")),
            "last_seen_date": np.full(len(owner), np.datetime64("NaT"), dtype="datetime64[D]"),
        }
    )


def _payees(generator: np.random.Generator, key: np.uint64, ids: np.ndarray, accounts: pl.DataFrame) -> pl.DataFrame:
    """Three payees each: somebody's account, an outsider, and another outsider from September 2025 on."""
    owner, number = np.repeat(np.arange(len(ids)), 3), np.tile(np.arange(3), len(ids))
    paid = accounts[generator.integers(0, accounts.height, len(owner))]
    outsider, is_known = identifiers(key, Kind.OUTSIDER, owner, number), pl.Series(number == 0)
    return paid.select(
        pl.Series("customer_id", ids[owner]),
        pl.when(is_known).then("account_id").otherwise(pl.Series(outsider)).alias("payee_id"),
        pl.when(is_known).then("customer_id").alias("payee_customer_id"),
        pl.when(is_known).then("account_id").alias("payee_account_id"),
        pl.when(is_known).then(pl.lit("friend")).otherwise(pl.lit("vendor")).alias("relation"),
        "bank_code",
        pl.lit(0.5).alias("weight"),
        pl.when(pl.Series(number == 2)).then(pl.lit(dt.date(2025, 9, 10))).alias("known_since_date"),
    )


def _checked(table: contracts.Table, frame: pl.DataFrame) -> pl.DataFrame:
    return table.check(frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items()))
