"""Curves, areas and thresholds of a ranking, and intervals from resampling customers.

Payments of one customer stand and fall together, so customers are resampled, not payments: each is drawn a
Poisson(1) number of times, a pure function of (seed, customer, resample). A point estimate is the resample in which
everybody is drawn once, so there is one implementation of every measure.
"""

import dataclasses
import math
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning.kernels.ranking import ranking_kernel

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

STREAM: Final = "learning/bootstrap"
POISSON_ONE: Final = np.cumsum([math.exp(-1.0) / math.factorial(count) for count in range(9)])
"""P(at most k) for k = 0...8; more than 8 happens once in a million draws and is cut."""
CURVE_POINTS: Final = 300


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A value with its bootstrap interval; all NaN where there is nothing to measure."""

    value: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, eq=False)
class Resamples:
    """How often each customer is drawn: row 0 everybody once, then the resamples."""

    slots: npt.NDArray[np.int32]
    multiplicities: npt.NDArray[np.uint8]
    confidence: float

    @classmethod
    def draw(cls, customers: npt.NDArray[np.int64], count: int, confidence: float, streams: Streams) -> "Resamples":
        """Draw `count` resamples of the customers of some payments, shape (n,)."""
        known, slots = np.unique(customers, return_inverse=True)
        multiplicities = np.ones((count + 1, known.shape[0]), dtype=np.uint8)
        for resample in range(1, count + 1):
            multiplicities[resample] = np.searchsorted(POISSON_ONE, streams.uniforms(STREAM, known, resample))
        return cls(slots.astype(np.int32), multiplicities, confidence)

    def estimate(self, values: Floats) -> Estimate:
        """Summarize one measure, shape (1 + resamples,): point, then percentiles of the finite resamples."""
        finite = values[1:][np.isfinite(values[1:])]
        if not np.isfinite(values[0]) or not finite.size:
            return Estimate(float("nan"), float("nan"), float("nan"))
        tail = 0.5 * (1.0 - self.confidence)
        low, high = np.quantile(finite, (tail, 1.0 - tail))
        return Estimate(float(values[0]), float(min(low, values[0])), float(max(high, values[0])))

    def ratio(self, numerators: npt.ArrayLike, denominators: npt.ArrayLike) -> Estimate:
        """Estimate sum(numerators) / sum(denominators) over payments, both of shape (n,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.estimate(self._sums(numerators) / self._sums(denominators))

    def _sums(self, values: npt.ArrayLike) -> Floats:
        column = np.asarray(values, dtype=np.float64)
        per_customer = np.bincount(self.slots, weights=column, minlength=self.multiplicities.shape[1])
        present = np.flatnonzero(per_customer)
        return np.asarray(self.multiplicities[:, present].astype(np.float64) @ per_customer[present])


@dataclasses.dataclass(frozen=True)
class Areas:
    """What a ranking is worth without choosing a threshold."""

    average_precision: Estimate
    roc_auc: Estimate
    recalls: tuple[Estimate, ...]


def areas(
    labels: Booleans,
    scores: Floats,
    resamples: Resamples,
    false_positive_rates: tuple[float, ...] = (),
    weights: Floats | None = None,
) -> Areas:
    """Measure a ranking.

    Args:
        labels: What is to be found, shape (n,).
        scores: Higher is more suspicious, shape (n,).
        resamples: Of the customers of the same n payments.
        false_positive_rates: Where recall is asked for; the best recall at no more than this rate.
        weights: Weight per payment, shape (n,); 1 when absent.

    Returns:
        Average precision (area under the precision-recall curve by steps, not interpolated), ROC AUC with ties
        counted half, and the recalls.
    """
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    is_last_of_tie = np.append(falling[1:] != falling[:-1], True) if falling.size else np.empty(0, dtype=np.bool_)
    mass = np.ones(scores.shape[0]) if weights is None else np.asarray(weights, dtype=np.float64)
    out = np.empty((resamples.multiplicities.shape[0], 2 + len(false_positive_rates)))
    ranking_kernel(
        resamples.slots[order],
        np.asarray(labels, dtype=np.bool_)[order],
        mass[order],
        is_last_of_tie,
        resamples.multiplicities,
        np.asarray(false_positive_rates, dtype=np.float64),
        out,
    )
    average_precision, roc_auc, *recalls = (resamples.estimate(out[:, column]) for column in range(out.shape[1]))
    return Areas(average_precision, roc_auc, tuple(recalls))


def roc_auc(labels: Booleans, scores: Floats) -> float:
    """Return the area under the ROC curve, ties counted half; NaN without both classes."""
    everybody = Resamples(np.zeros(scores.shape[0], np.int32), np.ones((2, 1), np.uint8), 0.95)
    return areas(labels, scores, everybody).roc_auc.value


def average_precision(labels: Booleans, scores: Floats) -> float:
    """Return the area under the precision-recall curve by steps; NaN without both classes."""
    everybody = Resamples(np.zeros(scores.shape[0], np.int32), np.ones((2, 1), np.uint8), 0.95)
    return areas(labels, scores, everybody).average_precision.value


def threshold_at_recall(labels: Booleans, scores: Floats, recall: float) -> float:
    """Return the highest threshold at which `score >= threshold` finds at least this share of the labels.

    Raises:
        ValueError: No payment is labelled.
    """
    found = np.sort(scores[labels])[::-1]
    if not found.size:
        raise ValueError("no labelled payment to set a threshold on")
    return float(found[max(0, math.ceil(recall * found.size - 1e-9) - 1)])


def curve(labels: Booleans, scores: Floats) -> pl.DataFrame:
    """Return at most 300 points of both curves, from the highest threshold down.

    Columns: threshold, recall, precision, false_positive_rate. Points are spread evenly over recall, and densely
    where few payments are flagged, because that is where thresholds are chosen.
    """
    order = np.argsort(-scores, kind="stable")
    falling, hits = scores[order], np.cumsum(labels[order])
    if not hits.size or not hits[-1] or hits[-1] == hits.size:
        return pl.DataFrame(schema=dict.fromkeys(_CURVE_COLUMNS, pl.Float64))
    last_of_tie = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    flagged = last_of_tie + 1
    found = hits[last_of_tie]
    points = pl.DataFrame(
        {
            "threshold": falling[last_of_tie],
            "recall": found / hits[-1],
            "precision": found / flagged,
            "false_positive_rate": (flagged - found) / (hits.size - hits[-1]),
        }
    )
    return points[_spread(points)]


_CURVE_COLUMNS: Final = ("threshold", "recall", "precision", "false_positive_rate")


def _spread(points: pl.DataFrame) -> list[int]:
    along_recall = np.searchsorted(points["recall"].to_numpy(), np.linspace(0, 1, CURVE_POINTS // 2))
    rate = points["false_positive_rate"].to_numpy()
    along_rate = np.searchsorted(rate, np.geomspace(1e-5, 1, CURVE_POINTS // 2))
    chosen = np.unique(np.concatenate(([0, points.height - 1], along_recall, along_rate)))
    return [int(row) for row in chosen[chosen < points.height]]


def alerts(days: npt.NDArray[np.int64], scores: Floats, per_day: int) -> Booleans:
    """Mark the `per_day` highest scores of each day, shape (n,); among equal scores the earlier row wins."""
    order = np.lexsort((-scores, days))
    ordered = days[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if ordered.size else np.empty(0, np.int64)
    lengths = np.diff(np.append(starts, ordered.size))
    position = np.arange(ordered.size) - np.repeat(starts, lengths)
    marked = np.zeros(days.shape[0], dtype=np.bool_)
    marked[order[position < per_day]] = True
    return marked
