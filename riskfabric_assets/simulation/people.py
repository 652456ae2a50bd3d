"""Population frames as arrays for kernels: customers by ordinal, what they own as slices."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.tables.population import (
    ACCOUNT_STATUSES,
    ACCOUNT_TYPES,
    CARD_STATUSES,
    CARD_TYPES,
    MOBILITY_CLASSES,
    OPERATING_SYSTEMS,
    ORDINARY_CARD_ENDS,
    PAY_DAYS,
    RELATIONS,
)
from riskfabric_assets.simulation.columns import NO_ID, Dictionaries, Int32s, Int64s, People, UInt8s

Arrays = dict[str, npt.NDArray[Any]]
"""Fields of People by name; Any because each has a type of its own."""
_MEASURES: Final = (
    "home_latitude",
    "home_longitude",
    "payments_per_year",
    "amount_factor",
    "phase_hours",
    "online_affinity",
    "thrift",
    "advance_share",
    "susceptibility",
    "dispute_propensity",
)
_CARD_LIMITS: Final = ("contactless_limit_minor", "daily_atm_limit_minor", "daily_online_limit_minor")
FOREVER: Final = np.iinfo(np.int32).max
"""Last day of what has no end."""


class PopulationFrames(NamedTuple):
    """The frames of population/*."""

    customers: pl.DataFrame
    accounts: pl.DataFrame
    cards: pl.DataFrame
    devices: pl.DataFrame
    payees: pl.DataFrame
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
    dictionaries = Dictionaries(
        _user_agents(devices),
        (*networks, *further_networks),
        tuple(schemes.countries),
        tuple(schemes.currencies),
        (*schemes.channel_rails, *schemes.card_networks),
        tuple(sorted({*accounts["bank_code"].unique(), *frames.payees["bank_code"].cast(pl.String).unique()})),
    )
    arrays = (
        _customer_arrays(customers, networks)
        | _account_arrays(accounts, customers.height, dictionaries.banks)
        | _card_arrays(cards, accounts, customers.height, schemes.card_networks)
        | _device_arrays(devices, customers.height, dictionaries.user_agents)
        | _payee_arrays(frames.payees, slots, accounts, dictionaries.banks)
    )
    people = People(**arrays)
    if customers.height and (np.diff(people.account_first).min() < 1 or np.diff(people.device_first).min() < 1):
        raise ValueError("a customer has no account or no device")
    return people, dictionaries


def _customer_arrays(customers: pl.DataFrame, networks: Sequence[str]) -> Arrays:
    home = _indices_or_none(customers, "home_network_name", networks)
    mobile = _indices(customers, "mobile_network_name", networks)
    return {
        "customer_id": _ints(customers, "customer_id"),
        "customer_ordinal": _ints(customers, "customer_ordinal"),
        "home_h3_cell_r7": np.ascontiguousarray(customers["home_h3_cell_r7"].to_numpy(), dtype=np.uint64),
        "network": np.where(home == NO_ID, mobile, home).astype(np.int16),
        "mobile_network": mobile.astype(np.int16),
        "has_home_line": home != NO_ID,
        "pay_day": _indices_or_none(customers, "pay_day", PAY_DAYS).astype(np.int16),
        "advance_day": _indices_or_none(customers, "advance_day", PAY_DAYS).astype(np.int16),
        "employer_id": _ints(customers.select(pl.col("employer_id").fill_null(NO_ID)), "employer_id"),
        "mobility": _codes(customers, "mobility_class", MOBILITY_CLASSES),
        "registered_day": _days(customers, "registered_date"),
        "birth_year": np.ascontiguousarray(customers["birth_year"].to_numpy(), dtype=np.int32),
        "monthly_income_minor": _ints(customers, "monthly_income_minor"),
        "monthly_spend_minor": _ints(customers, "monthly_spend_minor"),
        **{name: _floats(customers, name) for name in _MEASURES},
    }


def _account_arrays(accounts: pl.DataFrame, customers: int, banks: Sequence[str]) -> Arrays:
    return {
        "account_first": _first(accounts["slot"].to_numpy(), customers),
        "account_id": _ints(accounts, "account_id"),
        "account_owner": _ints(accounts, "slot"),
        "account_type": _codes(accounts, "account_type", ACCOUNT_TYPES),
        "account_status": _codes(accounts, "account_status", ACCOUNT_STATUSES),
        "account_bank": _indices(accounts, "bank_code", banks).astype(np.int16),
        "account_opened_day": _days(accounts, "opened_date"),
        "account_closed_day": _days(accounts, "closed_date"),
        "credit_limit_minor": _ints(accounts, "credit_limit_minor"),
    }


def _card_arrays(cards: pl.DataFrame, accounts: pl.DataFrame, customers: int, networks: Sequence[str]) -> Arrays:
    account, before = (
        _slots_of(cards[column], owner[name])
        for column, owner, name in (
            ("account_id", accounts, "account_id"),
            ("replaces_card_id", cards, "card_id"),
        )
    )
    if np.any(account == NO_ID):
        raise ValueError("a card has no account")
    ends = cards["closed_reason"].cast(pl.String)
    return {
        "card_first": _first(cards["slot"].to_numpy(), customers),
        "card_id": _ints(cards, "card_id"),
        "card_account": account,
        "card_type": _codes(cards, "card_type", CARD_TYPES),
        "card_status": _codes(cards, "card_status", CARD_STATUSES),
        "card_network": _codes(cards, "card_network", networks),
        "card_replaces": before,
        "card_issued_day": _days(cards, "issued_date"),
        "card_activated_day": _days(cards, "activated_date"),
        "card_expiry_day": _days(cards, "expiry_date"),
        "card_closed_day": _days(cards, "closed_date"),
        "card_is_lost": (ends.is_not_null() & ~ends.is_in(ORDINARY_CARD_ENDS).fill_null(False)).to_numpy(),
        "card_is_international": cards["is_international_enabled"].to_numpy(),
        **{name: _ints(cards, name) for name in _CARD_LIMITS},
    }


def _device_arrays(devices: pl.DataFrame, customers: int, user_agents: Sequence[str]) -> Arrays:
    return {
        "device_first": _first(devices["slot"].to_numpy(), customers),
        "device_id": _ints(devices, "device_id"),
        "device_operating_system": _codes(devices, "operating_system", OPERATING_SYSTEMS),
        "device_user_agent": _indices(devices, "user_agent", user_agents),
        "device_app_user_agent": _indices_or_none(devices, "app_user_agent", user_agents),
        "device_second_app_user_agent": _indices_or_none(devices, "second_app_user_agent", user_agents),
        "device_is_owner": devices["is_owner"].to_numpy(),
        "device_first_seen_day": _days(devices, "first_seen_date"),
        "device_last_seen_day": _days(devices, "last_seen_date"),
    }


def _payee_arrays(payees: pl.DataFrame, slots: pl.DataFrame, accounts: pl.DataFrame, banks: Sequence[str]) -> Arrays:
    owner = _slots_of(payees["customer_id"], slots["customer_id"])
    if np.any(owner == NO_ID):
        raise ValueError("something is owned by nobody")
    known = payees["known_since_date"].cast(pl.Int32).fill_null(0).to_numpy()
    order = np.lexsort((payees["payee_id"].to_numpy(), known, owner))
    met = payees[order]
    return {
        "payee_first": _first(owner, slots.height),
        "payee_id": _ints(met, "payee_id"),
        "payee_customer": _slots_of(met["payee_customer_id"], slots["customer_id"]),
        "payee_account": _slots_of(met["payee_account_id"], accounts["account_id"]),
        "payee_relation": _codes(met, "relation", RELATIONS),
        "payee_bank": _indices(met, "bank_code", banks).astype(np.int16),
        "payee_weight": _floats(met, "weight"),
        "payee_known_day": np.ascontiguousarray(known[order], dtype=np.int32),
    }


def _user_agents(devices: pl.DataFrame) -> tuple[str, ...]:
    columns = ("user_agent", "app_user_agent", "second_app_user_agent")
    texts = {text for column in columns for text in devices[column].cast(pl.String).unique().drop_nulls()}
    return tuple(sorted(texts))


def _slots_of(wanted: pl.Series, ids: pl.Series) -> Int64s:
    """Return where the wanted ids stand among `ids`, NO_ID for nulls and for ids that are not there."""
    known = ids.to_numpy()
    order = np.argsort(known, kind="stable")
    sought = wanted.fill_null(NO_ID).to_numpy()
    if known.size == 0:
        return np.full(sought.shape[0], NO_ID, dtype=np.int64)
    places = order[np.minimum(np.searchsorted(known, sought, sorter=order), known.shape[0] - 1)]
    return np.where(known[places] == sought, places, NO_ID).astype(np.int64)


def _owned(frame: pl.DataFrame, slots: pl.DataFrame, order: list[str], descending: list[bool]) -> pl.DataFrame:
    joined = frame.join(slots, on="customer_id", how="inner")
    if joined.height != frame.height:
        raise ValueError("something is owned by nobody")
    return joined.sort(order, descending=descending)


def _first(owners: npt.NDArray[np.int64], customers: int) -> Int64s:
    counts = np.bincount(owners, minlength=customers)
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


def _indices_or_none(frame: pl.DataFrame, name: str, values: Sequence[str]) -> Int32s:
    """Return indices, NO_ID for nulls."""
    codes = {value: code for code, value in enumerate(values)}
    column = frame[name].cast(pl.String).replace_strict(codes, return_dtype=pl.Int32, default=None)
    if column.null_count() > frame[name].null_count():
        raise ValueError(f"{name} has a value that is not among {', '.join(values)[:80]}")
    return np.ascontiguousarray(column.fill_null(NO_ID).to_numpy(), dtype=np.int32)
