"""Which columns of payments are compared, and how: as numbers or as categories, with a few made from the moment."""

import dataclasses
from typing import Final, Literal

import numpy as np
import polars as pl

from riskfabric_assets.realism.comparing.similarity import Codes, Floats

Kind = Literal["number", "category"]
MOST_CATEGORIES: Final = 1_000
"""A column of more values than this is an identifier, and no category."""

COMPARED: Final[dict[str, Kind]] = {
    "amount": "number",
    "event_hour": "number",
    "event_weekday": "category",
    "event_day_of_month": "number",
    "fee_minor": "number",
    "latitude": "number",
    "longitude": "number",
    "payment_kind": "category",
    "channel": "category",
    "rail": "category",
    "entry_mode": "category",
    "authentication": "category",
    "status": "category",
    "decline_reason": "category",
    "merchant_category": "category",
    "merchant_category_code": "category",
    "currency_code": "category",
    "merchant_country_code": "category",
    "merchant_currency_code": "category",
    "network_name": "category",
    "is_present": "category",
}
"""Columns that describe a payment. Identifiers say nothing by their values and are left out."""


@dataclasses.dataclass(frozen=True, eq=False)
class Pair:
    """One column of both data sets; nulls are NaN or -1."""

    name: str
    kind: Kind
    a: Floats | Codes
    b: Floats | Codes


def pairs_of(a: pl.DataFrame, b: pl.DataFrame) -> list[Pair]:
    """Return the columns that both sides hold with at least one value."""
    shared = [name for name in COMPARED if _has_values(a, name) and _has_values(b, name)]
    pairs = [_pair(name, COMPARED[name], a[name], b[name]) for name in shared]
    return [pair for pair in pairs if pair.kind == "number" or _values(pair) <= MOST_CATEGORIES]


def _pair(name: str, kind: Kind, a: pl.Series, b: pl.Series) -> Pair:
    if kind == "number":
        return Pair(name, kind, _numbers(a), _numbers(b))
    both = pl.concat([a.cast(pl.String), b.cast(pl.String)])
    codes = (both.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()
    return Pair(name, kind, codes[: a.len()], codes[a.len() :])


def _numbers(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _has_values(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and frame[name].null_count() < frame.height


def _values(pair: Pair) -> int:
    return int(max(np.max(pair.a), np.max(pair.b))) + 1
