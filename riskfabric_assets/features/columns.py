"""Between frames and the arrays of the fold: which columns it reads, how they are coded, what it returns."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.features.kernels.arrays import DECLINED, FOREIGN, LIMIT_DECLINED, AccountEvents, Payments
from riskfabric_assets.features.kernels.fold import FeatureColumns
from riskfabric_assets.features.state import CustomerIndex, read_only
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.tables.bronze import (
    ACCOUNT_EVENTS,
    CHANNELS,
    EVENT_KINDS,
    MERCHANT_CATEGORIES,
    TRANSACTIONS,
)
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.packs.features import ANY_OTHER_CURRENCY

PAYMENT_COLUMNS: Final = (
    "event_id",
    "customer_id",
    "account_id",
    "instrument_id",
    "device_id",
    "merchant_id",
    "payee_id",
    "merchant_category",
    "channel",
    "status",
    "decline_reason",
    "currency_code",
    "merchant_country_code",
    "amount_minor",
    "merchant_amount_minor",
    "ip_address",
    "h3_cell_r7",
    "latitude",
    "longitude",
    "is_present",
    "event_date",
    "event_at",
    "event_at_local",
)
"""Columns of bronze/transactions that the fold reads; ask the reader for no more."""
ACCOUNT_EVENT_COLUMNS: Final = (
    "event_id",
    "customer_id",
    "account_id",
    "event_kind",
    "amount_minor",
    "event_at",
    "event_at_local",
)
"""Columns of bronze/account_events that the fold reads."""
NOBODY: Final = -1
"""Stands for an identifier that is null."""
_LEVELS: Final = {"merchant_category": MERCHANT_CATEGORIES, "channel": CHANNELS, "event_kind": EVENT_KINDS}


def payments_of(frame: pl.DataFrame, index: CustomerIndex, currencies: tuple[str, ...]) -> Payments:
    """Return payments as arrays; unknown customers get slot -1.

    Raises:
        InputError: A column is missing, has another type, or holds nulls or unknown codes.
    """
    _refuse_unfit_columns(frame, TRANSACTIONS, PAYMENT_COLUMNS)
    any_other = currencies.index(ANY_OTHER_CURRENCY)
    coded = frame.select(
        pl.col("event_at", "event_at_local").to_physical(),
        pl.col("device_id", "merchant_id", "payee_id").fill_null(NOBODY),
        pl.col("ip_address").cast(pl.Int64).fill_null(NOBODY),
        _code_of("merchant_category"),
        _code_of("channel").cast(pl.Int64),
        pl.col("currency_code")
        .cast(pl.Enum(currencies), strict=False)
        .to_physical()
        .cast(pl.Int64)
        .fill_null(any_other),
        (
            (pl.col("status") == "declined").cast(pl.UInt8) * DECLINED
            + (pl.col("decline_reason") == "limit_exceeded").fill_null(False).cast(pl.UInt8) * LIMIT_DECLINED
            + pl.col("merchant_amount_minor").is_not_null().cast(pl.UInt8) * FOREIGN
        ).alias("flags"),
    )
    _refuse_unknown_codes(frame, coded, TRANSACTIONS, ("merchant_category", "channel"))
    return Payments(
        event_at=_array(coded["event_at"]),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
        local_at=_array(coded["event_at_local"]),
        account_id=_array(frame["account_id"]),
        instrument_id=_array(frame["instrument_id"]),
        device_id=_array(coded["device_id"]),
        merchant_id=_array(coded["merchant_id"]),
        payee_id=_array(coded["payee_id"]),
        ip_address=_array(coded["ip_address"]),
        cell=_array(frame["h3_cell_r7"]),
        country=_array(_letters_of(frame["merchant_country_code"])),
        category=_array(coded["merchant_category"]),
        flags=_array(coded["flags"]),
        segment=_array(coded["currency_code"]) * len(CHANNELS) + _array(coded["channel"]),
        amount_minor=_array(frame["amount_minor"]),
        latitude=_array(frame["latitude"]),
        longitude=_array(frame["longitude"]),
        is_present=_array(frame["is_present"]),
    )


def account_events_of(frame: pl.DataFrame, index: CustomerIndex) -> AccountEvents:
    """Return account events as arrays; unknown customers get slot -1.

    Raises:
        InputError: A column is missing, has another type, or holds nulls or unknown codes.
    """
    _refuse_unfit_columns(frame, ACCOUNT_EVENTS, ACCOUNT_EVENT_COLUMNS)
    coded = frame.select(pl.col("event_at", "event_at_local").to_physical(), _code_of("event_kind"))
    _refuse_unknown_codes(frame, coded, ACCOUNT_EVENTS, ("event_kind",))
    return AccountEvents(
        event_at=_array(coded["event_at"]),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
        local_at=_array(coded["event_at_local"]),
        account_id=_array(frame["account_id"]),
        kind=_array(coded["event_kind"]),
        amount_minor=_array(frame["amount_minor"]),
    )


def empty_columns(rows: int) -> FeatureColumns:
    """Return arrays for the features of `rows` payments, not yet filled.

    All lie in one piece of memory, each starting on another line of a page: a payment writes to every one of them, and
    arrays that start alike would drive each other out of the processor's first cache.
    """
    sizes = [rows * np.dtype(_NUMPY_TYPES[name]).itemsize for name in _NAMES]
    starts, end = [], 0
    for number, size in enumerate(sizes):
        start = -(-end // PAGE_BYTES) * PAGE_BYTES + number * LINE_BYTES % PAGE_BYTES
        starts.append(start)
        end = start + size
    memory = np.empty(end + PAGE_BYTES, dtype=np.uint8)
    memory = memory[-memory.ctypes.data % PAGE_BYTES :]
    arrays: Iterator[npt.NDArray[Any]] = iter(  # Any: a column's type is data
        memory[start : start + size].view(_NUMPY_TYPES[name])
        for name, start, size in zip(_NAMES, starts, sizes, strict=True)
    )
    groups = FeatureColumns.__annotations__.values()
    return FeatureColumns(*(group(*(next(arrays) for _ in group._fields)) for group in groups))


def named_columns(columns: FeatureColumns) -> dict[str, npt.NDArray[Any]]:  # Any: a column's type is data
    """Return the arrays by the names of their features."""
    return {name: array for group in columns for name, array in group._asdict().items()}


def frame_of(payments: pl.DataFrame, columns: FeatureColumns) -> pl.DataFrame:
    """Return the features as a frame under the contract silver/payment_features; NaN becomes null."""
    made = pl.DataFrame(named_columns(columns)).with_columns(pl.col(_NULLABLE).fill_nan(None))
    return pl.DataFrame([(made if name in _NUMPY_TYPES else payments)[name] for name in _ORDER])


PAGE_BYTES: Final = 4096
LINE_BYTES: Final = 64
_ORDER: Final = tuple(PAYMENT_FEATURES.schema)
_NAMES: Final = tuple(name for group in FeatureColumns.__annotations__.values() for name in group._fields)
_TYPES: Final = {"DOUBLE": np.float64, "FLOAT": np.float32, "INTEGER": np.int32, "BOOLEAN": np.bool_}
_NUMPY_TYPES: Final = {name: _TYPES[PAYMENT_FEATURES.column(name).type] for name in _NAMES}
_NULLABLE: Final = [column.name for column in PAYMENT_FEATURES.columns if column.is_nullable]
_WANTED: Final = {table.name: table.schema for table in (TRANSACTIONS, ACCOUNT_EVENTS)}


def _letters_of(codes: pl.Series) -> pl.Series:
    """Return country codes as numbers that no other batch spells differently: eight bits for each letter."""
    few = codes.unique().cast(pl.String)
    numbers = [int.from_bytes(code.encode(), "big") for code in few]
    return codes.cast(pl.String).replace_strict(few, numbers).cast(pl.UInt32())


def _refuse_unfit_columns(frame: pl.DataFrame, table: Table, names: tuple[str, ...]) -> None:
    problems, schema, fix = [], frame.schema, f"hand over {table.name} as its contract says"
    for name in names:
        place, found, wanted = f"{table.name}.{name}", schema.get(name), _WANTED[table.name][name]
        if not table.column(name).accepts(found) and not (found == pl.String and isinstance(wanted, pl.Enum)):
            problems.append(Problem(place, str(found or "no such column"), str(wanted), fix))
        elif not table.column(name).is_nullable and frame[name].null_count():
            problems.append(Problem(place, f"{frame[name].null_count()} nulls", "no null", fix))
    if problems:
        raise InputError(problems)


def _code_of(name: str) -> pl.Expr:
    """Code a text as its place among its levels, null where it is none of them."""
    return pl.col(name).cast(pl.Enum(_LEVELS[name]), strict=False).to_physical().cast(pl.UInt8)


def _refuse_unknown_codes(frame: pl.DataFrame, coded: pl.DataFrame, table: Table, names: tuple[str, ...]) -> None:
    problems = []
    for name in names:
        if coded[name].null_count():
            unknown = frame[name].filter(coded[name].is_null()).cast(pl.String).unique().sort().head(5)
            known = ", ".join(_LEVELS[name])
            place, found = f"{table.name}.{name}", ", ".join(map(repr, unknown))
            problems.append(Problem(place, found, f"one of {known}", "correct the value"))
    if problems:
        raise InputError(problems)


def _array(series: pl.Series) -> npt.NDArray[Any]:  # Any: a column's type is data; the contract has checked it
    return read_only(series.to_numpy())
