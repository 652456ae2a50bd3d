"""The quality report of two samples: shapes, pair trends, coverage and novelty, and the overall score."""

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.realism.comparing import similarity
from riskfabric_assets.realism.comparing.columns import Pair, pairs_of
from riskfabric_assets.realism.comparing.similarity import Codes, Floats

NEAR: Final = 0.01
"""Relative tolerance within which two numbers are the same in a search for copied rows. Source: SDMetrics,
NewRowSynthesis, numerical_match_tolerance."""
ROW_COLUMNS: Final = ("channel", "payment_kind", "merchant_category_code", "event_hour", "event_weekday", "entry_mode")


@dataclasses.dataclass(frozen=True)
class ColumnScore:
    """How alike one column is: `shape` enters the overall score, the rest is for diagnosis; None: not measurable."""

    name: str
    metric: str
    shape: float | None
    nulls: float | None
    coverage: float | None
    adherence: float | None


@dataclasses.dataclass(frozen=True)
class TrendScore:
    """How alike the trend between two columns is."""

    first: str
    second: str
    metric: str
    score: float | None


@dataclasses.dataclass(frozen=True)
class Rows:
    """How many rows repeat: within each side (same customer, merchant, amount and moment), and from A in B."""

    duplicates_a: float
    duplicates_b: float
    novelty: float | None


@dataclasses.dataclass(frozen=True)
class Quality:
    """The whole report; scores are means of what could be measured."""

    columns: tuple[ColumnScore, ...]
    trends: tuple[TrendScore, ...]
    rows: Rows

    @property
    def shapes_score(self) -> float | None:
        """Mean of the column shapes."""
        return _mean([column.shape for column in self.columns])

    @property
    def trends_score(self) -> float | None:
        """Mean of the pair trends."""
        return _mean([trend.score for trend in self.trends])

    @property
    def overall(self) -> float | None:
        """Mean of the two, as in SDMetrics."""
        return _mean([self.shapes_score, self.trends_score])


def quality(a: pl.DataFrame, b: pl.DataFrame) -> Quality:
    """Compare two samples of payments with the columns of `columns.COMPARED`; `a` takes the place of the real data."""
    pairs = pairs_of(a, b)
    binned = {pair.name: _codes(pair) for pair in pairs}
    trends = [_trend(first, second, binned) for first, second in itertools.combinations(pairs, 2)]
    return Quality(tuple(_column(pair) for pair in pairs), tuple(trends), _rows(a, b))


def _column(pair: Pair) -> ColumnScore:
    if pair.kind == "number":
        a, b = pair.a.astype(np.float64), pair.b.astype(np.float64)
        return ColumnScore(
            pair.name,
            "KS complement",
            similarity.ks_complement(a, b),
            similarity.null_similarity(np.isnan(a), np.isnan(b)),
            similarity.range_coverage(a, b),
            similarity.boundary_adherence(a, b),
        )
    left, right = pair.a.astype(np.int64), pair.b.astype(np.int64)
    return ColumnScore(
        pair.name,
        "TV complement",
        similarity.tv_complement(left, right),
        similarity.null_similarity(left == similarity.NULL_CODE, right == similarity.NULL_CODE),
        similarity.category_coverage(left, right),
        similarity.category_adherence(left, right),
    )


def _trend(first: Pair, second: Pair, binned: dict[str, tuple[Codes, Codes]]) -> TrendScore:
    if first.kind == second.kind == "number":
        score = similarity.correlation_similarity(_sides(first, second, 0), _sides(first, second, 1))
        return TrendScore(first.name, second.name, "correlation", score)
    (a_first, b_first), (a_second, b_second) = binned[first.name], binned[second.name]
    score = similarity.contingency_similarity((a_first, a_second), (b_first, b_second))
    return TrendScore(first.name, second.name, "contingency", score)


def _sides(first: Pair, second: Pair, side: int) -> tuple[Floats, Floats]:
    columns = [(pair.a, pair.b)[side].astype(np.float64) for pair in (first, second)]
    return columns[0], columns[1]


def _codes(pair: Pair) -> tuple[Codes, Codes]:
    if pair.kind == "number":
        return similarity.binned(pair.a.astype(np.float64), pair.b.astype(np.float64))
    return pair.a.astype(np.int64), pair.b.astype(np.int64)


def _rows(a: pl.DataFrame, b: pl.DataFrame) -> Rows:
    return Rows(_duplicates(a), _duplicates(b), _novelty(a, b))


def _duplicates(frame: pl.DataFrame) -> float:
    names = [name for name in ("customer_id", "merchant_id", "payee_id", "amount", "event_at") if name in frame.columns]
    return 1 - frame.select(names).n_unique() / frame.height


def _novelty(a: pl.DataFrame, b: pl.DataFrame) -> float | None:
    """Return the share of rows of B that no row of A equals in amount (within one percent) and what describes it."""
    names = [name for name in ROW_COLUMNS if name in a.columns and name in b.columns]
    if not names or "amount" not in a.columns or "amount" not in b.columns:
        return None
    text = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    sides = [frame.select(*text, pl.col("amount").cast(pl.Float64)).sort("amount") for frame in (a, b)]
    nearest = sides[1].join_asof(
        sides[0].with_columns(known=pl.col("amount")), on="amount", by=names, strategy="nearest", check_sortedness=False
    )
    is_copy = (pl.col("known") - pl.col("amount")).abs() <= NEAR * pl.col("amount").abs()
    return 1 - float(nearest.select(is_copy.fill_null(False).mean()).item())


def _mean(scores: Sequence[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None
