"""`typed`: a column of somebody else's file in the type of its contract; null where a value does not fit."""

from typing import Final

import polars as pl

from riskfabric_assets.foundation.contracts import Column

TRUE, FALSE = ("true", "1"), ("false", "0")
MOMENT_FORMATS: Final = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f")


def typed(values: pl.Series, column: Column) -> pl.Series:
    """Return the column in the type of its contract.

    Args:
        values: As read: typed from Parquet, text from CSV, shape (n,).
        column: Its contract.

    Returns:
        Shape (n,), null where a value is missing or cannot be held without loss.
    """
    wanted = column.polars_type
    if values.dtype == wanted:
        return values
    if column.values:
        text = values.cast(pl.String)
        return text.set(~text.is_in(list(column.values)), None).cast(wanted)
    if column.type == "VARCHAR":
        return values.cast(pl.String)
    if values.dtype == pl.String:
        return _of_text(values, column)
    return _of_numbers(values, wanted)


def _of_text(values: pl.Series, column: Column) -> pl.Series:
    text = values.str.strip_chars()
    if column.type == "DATE":
        return text.str.to_date("%Y-%m-%d", strict=False)
    if column.type == "TIMESTAMP":
        first, second = (text.str.to_datetime(each, time_unit="us", strict=False) for each in MOMENT_FORMATS)
        return first.fill_null(second)
    if column.type == "BOOLEAN":
        lower = text.str.to_lowercase()
        return pl.Series(values.name, lower.is_in(TRUE)).set(~lower.is_in([*TRUE, *FALSE]), None)
    return text.cast(column.polars_type, strict=False)


def _of_numbers(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    """Cast numbers and moments; a moment with a time zone, or of another kind, fits nowhere."""
    nothing = pl.Series(values.name, [None], dtype=wanted).new_from_index(0, len(values))
    if wanted.is_temporal():
        is_naive = isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is None
        return values.cast(wanted) if is_naive and isinstance(wanted, pl.Datetime) else nothing
    if wanted == pl.Boolean or not values.dtype.is_numeric():
        return nothing
    if wanted.is_integer() and values.dtype.is_float():
        values = values.set(values != values.round(0), None)
    return values.cast(wanted, strict=False)
