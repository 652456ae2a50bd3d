"""Between frames and the arrays of the fold: which columns it reads, how they are coded, what it returns."""

from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.features.kernels.fold import AccountEvents, FeatureColumns, Payments
from riskfabric_assets.features.state import CustomerIndex, Int64s, read_only
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


def payments_of(frame: pl.DataFrame, index: CustomerIndex, currencies: tuple[str, ...]) -> Payments:
    """Return payments as arrays; unknown customers get slot -1.

    Raises:
        InputError: A column is missing, has another type, or holds nulls or unknown codes.
    """
    _refuse_unfit_columns(frame, TRANSACTIONS, PAYMENT_COLUMNS)
    channel = _codes(frame["channel"], CHANNELS, TRANSACTIONS.name)
    return Payments(
        event_at=_moments(frame["event_at"]),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
        local_at=_moments(frame["event_at_local"]),
        instrument_id=_array(frame["instrument_id"]),
        device_id=_array(frame["device_id"].fill_null(NO_DEVICE)),
        category=_codes(frame["merchant_category"], MERCHANT_CATEGORIES, TRANSACTIONS.name),
        segment=_currency_codes(frame["currency_code"], currencies) * np.int64(len(CHANNELS)) + channel,
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
        event_at=_moments(frame["event_at"]),
        event_id=_array(frame["event_id"]),
        slot=index.slots_of(_array(frame["customer_id"])),
    )


def empty_columns(rows: int) -> FeatureColumns:
    """Return arrays for the features of `rows` payments, not yet filled."""
    types = {"DOUBLE": np.float64, "INTEGER": np.int32, "BOOLEAN": np.bool_}
    return FeatureColumns(
        **{name: np.empty(rows, dtype=types[PAYMENT_FEATURES.column(name).type]) for name in FeatureColumns._fields}
    )


def frame_of(payments: pl.DataFrame, columns: FeatureColumns) -> pl.DataFrame:
    """Return the features as a frame under the contract silver/payment_features; NaN becomes null."""
    made = {
        name: series.fill_nan(None) if PAYMENT_FEATURES.column(name).is_nullable else series
        for name, series in ((name, pl.Series(name, getattr(columns, name))) for name in FeatureColumns._fields)
    }
    return pl.DataFrame([made[name] if name in made else payments[name] for name in PAYMENT_FEATURES.schema])


def _refuse_unfit_columns(frame: pl.DataFrame, table: Table, names: tuple[str, ...]) -> None:
    problems = []
    for name in names:
        column = table.column(name)
        place, fix = f"{table.name}.{name}", f"hand over {table.name} as its contract says"
        found = frame.schema.get(name)
        wanted = {column.polars_type, pl.String()} if column.values else {column.polars_type}
        if found not in wanted:
            problems.append(Problem(place, str(found or "no such column"), str(column.polars_type), fix))
        elif not column.is_nullable and frame[name].null_count():
            problems.append(Problem(place, f"{frame[name].null_count()} nulls", "no null", fix))
    if problems:
        raise InputError(problems)


def _array(series: pl.Series) -> np.ndarray:
    return read_only(series.to_numpy())


def _moments(series: pl.Series) -> Int64s:
    return _array(series.to_physical())


def _codes(series: pl.Series, values: tuple[str, ...], table: str) -> np.ndarray:
    if series.dtype == pl.Enum(values):
        return _array(series.to_physical().cast(pl.UInt8))
    codes = series.cast(pl.Enum(values), strict=False)
    if codes.null_count():
        unknown = series.filter(codes.is_null()).unique().sort().head(5).to_list()
        found, known = ", ".join(map(repr, unknown)), ", ".join(values)
        raise InputError([Problem(f"{table}.{series.name}", found, f"one of {known}", "correct the value")])
    return _array(codes.to_physical().cast(pl.UInt8))


def _currency_codes(series: pl.Series, currencies: tuple[str, ...]) -> Int64s:
    codes = series.cast(pl.Enum(currencies), strict=False).to_physical()
    return _array(codes.fill_null(currencies.index(ANY_OTHER_CURRENCY)).cast(pl.Int64))
