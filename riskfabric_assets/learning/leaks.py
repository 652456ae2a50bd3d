"""Traces that fraud would leave if it were put in carelessly: in ids, in the order of rows, in amounts, in clocks.

None of them is behaviour, so none may tell fraud from honest payments any better than chance does.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.learning.audit import NORMAL_QUANTILE
from riskfabric_assets.learning.ranking import Booleans, Floats, roc_auc

Int64s = npt.NDArray[np.int64]

ID_COLUMNS: Final = ("event_id", "device_id", "account_id")
PREFIX_CHARACTERS: Final = 2
CHANCE: Final = 0.5


def area_by_bucket(buckets: Int64s, is_fraud: Booleans) -> tuple[float, float]:
    """Return how well the fraud rate of a bucket tells fraud apart, and the doubt about it.

    Rates come from the other half of the rows, so that buckets with few rows give nothing away by themselves.

    Args:
        buckets: Bucket of every row, shape (n,).
        is_fraud: Shape (n,).

    Returns:
        ROC AUC, and half of its 95 % interval; NaN without both classes in both halves.
    """
    known, slots = np.unique(buckets, return_inverse=True)
    half = np.arange(slots.shape[0]) % 2
    overall = is_fraud.mean() if is_fraud.size else 0.0
    scores = np.empty(slots.shape[0])
    for own in (0, 1):
        other = half != own
        counts = np.bincount(slots[other], minlength=known.shape[0])
        frauds = np.bincount(slots[other], weights=is_fraud[other], minlength=known.shape[0])
        scores[half == own] = ((frauds + overall) / (counts + 1.0))[slots[half == own]]
    areas = [roc_auc(is_fraud[half == own], scores[half == own]) for own in (0, 1)]
    return float(np.mean(areas)), doubt_of(float(np.mean(areas)), int(is_fraud.sum()), int((~is_fraud).sum()))


def doubt_of(area: float, frauds: int, honest: int) -> float:
    """Return half of the 95 % interval of a ROC AUC (Hanley and McNeil 1982); NaN without both classes."""
    if not frauds or not honest or math.isnan(area):
        return math.nan
    both, one = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (frauds - 1) * (both - area**2) + (honest - 1) * (one - area**2)
    return NORMAL_QUANTILE * math.sqrt(max(variance, 0.0) / (frauds * honest))


def area_of_prefix(payments: pl.DataFrame, is_fraud: Booleans, column: str) -> tuple[float, float, int]:
    """Return ROC AUC, doubt and number of guilty ids, by the first characters of an id; every id counts once."""
    marked = payments.select(pl.col(column).alias("id"), pl.Series("is_fraud", is_fraud)).drop_nulls()
    ids = marked.group_by("id").agg(pl.col("is_fraud").any()).sort(pl.col("id").hash(seed=1), "id")
    prefix = ids["id"].cast(pl.String).str.slice(0, PREFIX_CHARACTERS).cast(pl.Int64).to_numpy()
    guilty = ids["is_fraud"].to_numpy()
    return *area_by_bucket(prefix, guilty), int(guilty.sum())


def area_of_second(payments: pl.DataFrame, is_fraud: Booleans) -> tuple[float, float]:
    """Return ROC AUC and doubt by the second within the minute."""
    return area_by_bucket(payments["event_at"].dt.second().cast(pl.Int64).to_numpy(), is_fraud)


def area_of_row_order(stored_row: Int64s, event_at: Int64s, is_fraud: Booleans) -> tuple[float, float]:
    """Return ROC AUC and doubt by how far a row is stored from its place in time.

    Args:
        stored_row: Place in the stored table, shape (n,).
        event_at: Moment, shape (n,).
        is_fraud: Shape (n,).
    """
    place = np.empty(stored_row.shape[0], dtype=np.int64)
    place[np.lexsort((stored_row, event_at))] = np.arange(stored_row.shape[0])
    stored = np.empty(stored_row.shape[0], dtype=np.int64)
    stored[np.argsort(stored_row, kind="stable")] = np.arange(stored_row.shape[0])
    area = roc_auc(is_fraud, (stored - place).astype(np.float64))
    return area, doubt_of(area, int(is_fraud.sum()), int((~is_fraud).sum()))


def share_of_one_amount(amounts: Int64s, is_fraud: Booleans) -> tuple[int, float]:
    """Return the amount that is most surely fraud, in minor units, and the low end of its share of fraud (Wilson)."""
    known, slots = np.unique(amounts, return_inverse=True)
    counts = np.bincount(slots).astype(np.float64)
    rates = np.bincount(slots, weights=is_fraud) / counts
    lows = wilson_low(rates, counts)
    worst = int(np.argmax(lows))
    return int(known[worst]), float(lows[worst])


def wilson_low(rates: Floats, counts: Floats) -> Floats:
    """Return the low ends of Wilson's 95 % intervals of shares."""
    square = NORMAL_QUANTILE**2
    spread = NORMAL_QUANTILE * np.sqrt((rates * (1 - rates) + square / (4 * counts)) / counts)
    return np.asarray((rates + square / (2 * counts) - spread) / (1 + square / counts))
