"""Between frames and the arrays of the fold: which columns it reads, how they are coded, what it returns."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.features.kernels.fold import AccountEvents, FeatureColumns, Payments
from riskfabric_assets.features.state import CustomerIndex, read_only
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, CHANNELS, MERCHANT_CATEGORIES, TRANSACTIONS
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.packs.features import ANY_OTHER_CURRENCY

PAYMENT_COLUMNS: Final = (
    "event_id",
    "customer_id",
    "instrument_id",
    "device_id",
    "merchant_category",
    "channel",
    "currency_code",
    "amount_minor",
    "latitude",
    "longitude",
    "is_present",
    "event_date",
    "event_at",
    "event_at_local",
)
"""Columns of bronze/transactions that the fold reads; ask the reader for no more."""
ACCOUNT_EVENT_COLUMNS: Final = ("event_id", "customer_id", "event_at")
"""Columns of bronze/account_events that the fold reads."""
NO_DEVICE: Final = -1
_CHANNEL, _CATEGORY = pl.Enum(CHANNELS), pl.Enum(MERCHANT_CATEGORIES)


def payments_of(frame: pl.DataFrame, index: CustomerIndex, currencies: tuple[str, ...]) -> Payments:
    """Return payments as arrays; unknown customers get slot -1.

    Raises:
        InputError: A column is missing, has another type, or holds nulls or unknown codes.
    """
    _refuse_unfit_columns(frame, TRANSACTIONS, PAYMENT_COLUMNS)
    any_other = currencies.index(ANY_OTHER_CURRENCY)
    coded = frame.select(
        pl.col("event_at", "event_at_local").to_physical(),
        pl.col("device_id").fill_null(NO_DEVICE),
        pl.col("merchant_category").cast(_CATEGORY, strict=False).to_physical().cast(pl.UInt8),
        pl.col("channel").cast(_CHANNEL, strict=False).to_physical().cast(pl.Int64),
        pl.col("currency_code")
        .cast(pl.Enum(currencies), strict=False)
        .to_physical()
        .cast(pl.Int64)
        .fill_null(any_other),
    )
    _refuse_unknown_codes(frame, coded)
    return Payments(
        event_at=_array(coded["event_at"]),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
        local_at=_array(coded["event_at_local"]),
        instrument_id=_array(frame["instrument_id"]),
        device_id=_array(coded["device_id"]),
        category=_array(coded["merchant_category"]),
        segment=_array(coded["currency_code"]) * len(CHANNELS) + _array(coded["channel"]),
        amount_minor=_array(frame["amount_minor"]),
        latitude=_array(frame["latitude"]),
        longitude=_array(frame["longitude"]),
        is_present=_array(frame["is_present"]),
    )


def account_events_of(frame: pl.DataFrame, index: CustomerIndex) -> AccountEvents:
    """Return account events as arrays; unknown customers get slot -1.

    Raises:
        InputError: A column is missing, has another type, or holds nulls.
    """
    _refuse_unfit_columns(frame, ACCOUNT_EVENTS, ACCOUNT_EVENT_COLUMNS)
    return AccountEvents(
        event_at=_array(frame["event_at"].to_physical()),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
    )


def empty_columns(rows: int) -> FeatureColumns:
    """Return arrays for the features of `rows` payments, not yet filled."""
    return FeatureColumns(**{name: np.empty(rows, dtype=_NUMPY_TYPES[name]) for name in FeatureColumns._fields})


def frame_of(payments: pl.DataFrame, columns: FeatureColumns) -> pl.DataFrame:
    """Return the features as a frame under the contract silver/payment_features; NaN becomes null."""
    made = pl.DataFrame(columns._asdict()).with_columns(pl.col(_NULLABLE).fill_nan(None))
    return pl.DataFrame([(made if name in _NUMPY_TYPES else payments)[name] for name in _ORDER])


_ORDER: Final = tuple(PAYMENT_FEATURES.schema)
_NUMPY_TYPES: Final = {
    name: {"DOUBLE": np.float64, "INTEGER": np.int32, "BOOLEAN": np.bool_}[PAYMENT_FEATURES.column(name).type]
    for name in FeatureColumns._fields
}
_NULLABLE: Final = [column.name for column in PAYMENT_FEATURES.columns if column.is_nullable]
_WANTED: Final = {table.name: table.schema for table in (TRANSACTIONS, ACCOUNT_EVENTS)}


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


def _refuse_unknown_codes(frame: pl.DataFrame, coded: pl.DataFrame) -> None:
    problems = []
    for name in ("merchant_category", "channel"):
        if coded[name].null_count():
            unknown = frame[name].filter(coded[name].is_null()).cast(pl.String).unique().sort().head(5)
            known = ", ".join(TRANSACTIONS.column(name).values)
            place, found = f"{TRANSACTIONS.name}.{name}", ", ".join(map(repr, unknown))
            problems.append(Problem(place, found, f"one of {known}", "correct the value"))
    if problems:
        raise InputError(problems)


def _array(series: pl.Series) -> npt.NDArray[Any]:  # Any: a column's type is data; the contract has checked it
    return read_only(series.to_numpy())
