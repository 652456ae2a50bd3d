"""Population frames as arrays for kernels: customers by ordinal, what they own as slices."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.tables.population import (
    ACCOUNT_STATUSES,
    ACCOUNT_TYPES,
    CARD_STATUSES,
    CARD_TYPES,
    PLATFORMS,
)
from riskfabric_assets.simulation.columns import Dictionaries, Int32s, Int64s, People, UInt8s

FOREVER: Final = np.iinfo(np.int32).max
"""Last day of what has no end."""


class PopulationFrames(NamedTuple):
    """The frames of population/*."""

    customers: pl.DataFrame
    accounts: pl.DataFrame
    cards: pl.DataFrame
    devices: pl.DataFrame
    traits: pl.DataFrame


class Schemes(NamedTuple):
    """What money is called and runs on; the world's own country and currency come first."""

    countries: Sequence[str]
    """ISO 3166 codes."""
    currencies: Sequence[str]
    """ISO 4217 codes."""
    channel_rails: Sequence[str]
    """Name of the scheme of every channel, in the order of CHANNELS."""
    card_networks: Sequence[str]


def build_people(
    frames: PopulationFrames, networks: Sequence[str], further_networks: Sequence[str], schemes: Schemes
) -> tuple[People, Dictionaries]:
    """Turn population frames into arrays.

    Args:
        frames: population/*, in any row order.
        networks: Household providers in the order of their codes.
        further_networks: Networks that are no household's; their codes follow.
        schemes: Countries, currencies and rails.

    Raises:
        ValueError: A customer has no traits, account or device, or a card no account.
    """
    traits = frames.traits.select(pl.exclude("customer_id"), pl.col("customer_id"))
    customers = frames.customers.join(traits, on="customer_id", how="inner").sort("customer_ordinal")
    if customers.height != frames.customers.height or customers.height != frames.traits.height:
        raise ValueError("customers and traits differ")
    slots = customers.select("customer_id").with_row_index("slot").with_columns(pl.col("slot").cast(pl.Int64))
    accounts = _owned(frames.accounts, slots, ["slot", "is_primary", "account_id"], [False, True, False])
    cards = _owned(frames.cards, slots, ["slot", "card_id"], [False, False])
    devices = _owned(frames.devices, slots, ["slot", "is_primary", "device_id"], [False, True, False])
    user_agents = tuple(sorted(devices["user_agent"].unique().to_list()))
    dictionaries = Dictionaries(
        user_agents,
        (*networks, *further_networks),
        tuple(schemes.countries),
        tuple(schemes.currencies),
        (*schemes.channel_rails, *schemes.card_networks),
    )
    account_slots = accounts.select("account_id").with_row_index("account_slot")
    cards = cards.join(account_slots, on="account_id", how="left", maintain_order="left")
    if cards["account_slot"].null_count():
        raise ValueError("a card has no account")
    first = {name: _first(frame, customers.height) for name, frame in (("a", accounts), ("c", cards), ("d", devices))}
    if customers.height and (np.diff(first["a"]).min() < 1 or np.diff(first["d"]).min() < 1):
        raise ValueError("a customer has no account or no device")
    people = People(
        customer_id=_ints(customers, "customer_id"),
        customer_ordinal=_ints(customers, "customer_ordinal"),
        home_latitude=_floats(customers, "home_latitude"),
        home_longitude=_floats(customers, "home_longitude"),
        home_h3_cell_r7=np.ascontiguousarray(customers["home_h3_cell_r7"].to_numpy(), dtype=np.uint64),
        network=_indices(customers, "network_name", networks).astype(np.int16),
        registered_day=_days(customers, "registered_date"),
        monthly_income_minor=_ints(customers, "monthly_income_minor"),
        monthly_spend_minor=_ints(customers, "monthly_spend_minor"),
        payments_per_year=_floats(customers, "payments_per_year"),
        amount_factor=_floats(customers, "amount_factor"),
        phase_hours=_floats(customers, "phase_hours"),
        online_affinity=_floats(customers, "online_affinity"),
        thrift=_floats(customers, "thrift"),
        susceptibility=_floats(customers, "susceptibility"),
        dispute_propensity=_floats(customers, "dispute_propensity"),
        account_first=first["a"],
        account_id=_ints(accounts, "account_id"),
        account_owner=_ints(accounts, "slot"),
        account_type=_codes(accounts, "account_type", ACCOUNT_TYPES),
        account_status=_codes(accounts, "account_status", ACCOUNT_STATUSES),
        account_opened_day=_days(accounts, "opened_date"),
        credit_limit_minor=_ints(accounts, "credit_limit_minor"),
        card_first=first["c"],
        card_id=_ints(cards, "card_id"),
        card_account=_ints(cards, "account_slot"),
        card_type=_codes(cards, "card_type", CARD_TYPES),
        card_status=_codes(cards, "card_status", CARD_STATUSES),
        card_network=_codes(cards, "card_network", schemes.card_networks),
        card_activated_day=_days(cards, "activated_date"),
        card_expiry_day=_days(cards, "expiry_date"),
        contactless_limit_minor=_ints(cards, "contactless_limit_minor"),
        daily_atm_limit_minor=_ints(cards, "daily_atm_limit_minor"),
        daily_online_limit_minor=_ints(cards, "daily_online_limit_minor"),
        device_first=first["d"],
        device_id=_ints(devices, "device_id"),
        device_platform=_codes(devices, "platform", PLATFORMS),
        device_user_agent=_indices(devices, "user_agent", user_agents),
        device_first_seen_day=_days(devices, "first_seen_date"),
        device_last_seen_day=_days(devices, "last_seen_date"),
    )
    return people, dictionaries


def _owned(frame: pl.DataFrame, slots: pl.DataFrame, order: list[str], descending: list[bool]) -> pl.DataFrame:
    joined = frame.join(slots, on="customer_id", how="inner")
    if joined.height != frame.height:
        raise ValueError("something is owned by nobody")
    return joined.sort(order, descending=descending)


def _first(frame: pl.DataFrame, customers: int) -> Int64s:
    counts = np.bincount(frame["slot"].to_numpy(), minlength=customers)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])


def _ints(frame: pl.DataFrame, name: str) -> Int64s:
    return np.ascontiguousarray(frame[name].to_numpy(), dtype=np.int64)


def _floats(frame: pl.DataFrame, name: str) -> npt.NDArray[np.float64]:
    return np.ascontiguousarray(frame[name].to_numpy(), dtype=np.float64)


def _days(frame: pl.DataFrame, name: str) -> Int32s:
    return np.ascontiguousarray(frame[name].cast(pl.Int32).fill_null(FOREVER).to_numpy(), dtype=np.int32)


def _codes(frame: pl.DataFrame, name: str, values: Sequence[str]) -> UInt8s:
    return _indices(frame, name, values).astype(np.uint8)


def _indices(frame: pl.DataFrame, name: str, values: Sequence[str]) -> Int32s:
    codes = {value: code for code, value in enumerate(values)}
    column = frame[name].cast(pl.String).replace_strict(codes, return_dtype=pl.Int32)
    return np.ascontiguousarray(column.to_numpy(), dtype=np.int32)
