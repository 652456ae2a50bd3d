"""The catalogue of features, measured.

Of each column of the contract: how it is distributed, how often it is missing, how it drifts from month to month, and
how well it alone tells reports from the rest. Reads no truth.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.units import month_of
from riskfabric_assets.learning.ranking import Booleans, Floats, roc_auc
from riskfabric_assets.packs.features import Feature, Features
from riskfabric_assets.packs.model import CataloguePlan

SMALLEST_SHARE: Final = 1e-4
"""Floor of a bin's share, so that an empty bin gives a finite PSI."""
TAIL: Final = 0.005
"""Share at either end that a distribution is not stretched for; it counts in the last bin."""
SKEWED: Final = 20.0
"""The 99.5th percentile over the median (plus one) from which on values that are never negative are drawn by log."""


@dataclasses.dataclass(frozen=True, eq=False)
class Distribution:
    """Shares of the honest and of the reported payments by bin; `edges` has one more entry than there are bins.

    `names` says what the bins are where they are single values, else it is empty; `is_log` that edges are ln(1 + x).
    """

    edges: Floats
    honest: Floats
    reported: Floats
    names: tuple[str, ...]
    is_log: bool


@dataclasses.dataclass(frozen=True, eq=False)
class FeatureProfile:
    """One feature, as the contract says it and as the payments show it."""

    name: str
    definition: str
    feature: Feature
    distribution: Distribution
    missing: float
    missing_by_month: dict[str, float]
    drift_by_month: dict[str, float]
    solo_roc_auc: float | None

    @property
    def drift(self) -> float:
        """The largest PSI of a month against the first."""
        return max(self.drift_by_month.values(), default=0.0)


def needed_columns(features: Features) -> tuple[str, ...]:
    """Return the columns of gold/payments that `profiles` reads."""
    return ("event_id", "event_date", "is_fraud", *features.features)


def profiles(
    payments: pl.DataFrame, features: Features, definitions: dict[str, str], plan: CataloguePlan
) -> list[FeatureProfile]:
    """Measure every feature of the contract, in its order.

    Args:
        payments: A sample of gold/payments, columns as `needed_columns` says, at least one row.
        features: The contract.
        definitions: What each column is, by name.
        plan: Numbers of bins.
    """
    labels = payments["is_fraud"].to_numpy()
    months = np.array([month_of(day) for day in payments["event_date"]])
    return [
        _profile(name, feature, payments[name], labels, months, definitions.get(name, ""), plan)
        for name, feature in features.features.items()
    ]


def _profile(
    name: str,
    feature: Feature,
    column: pl.Series,
    labels: Booleans,
    months: npt.NDArray[np.str_],
    definition: str,
    plan: CataloguePlan,
) -> FeatureProfile:
    values, levels = _numbers(column)
    missing = np.isnan(values)
    known = sorted(set(months.tolist()))
    area = roc_auc(labels[~missing], _scores(values, labels, levels)[~missing]) if not missing.all() else float("nan")
    places = _places(values, values[months == known[0]], plan.drift_bins)
    first = places[months == known[0]]
    return FeatureProfile(
        name=name,
        definition=definition,
        feature=feature,
        distribution=_distribution(values, labels, levels, plan.histogram_bins),
        missing=float(missing.mean()),
        missing_by_month={month: float(missing[months == month].mean()) for month in known},
        drift_by_month={month: stability_index(first, places[months == month]) for month in known[1:]},
        solo_roc_auc=None if np.isnan(area) else max(area, 1.0 - area),
    )


def stability_index(first: npt.NDArray[np.int64], later: npt.NDArray[np.int64]) -> float:
    """Return the population stability index of two samples of bin numbers: 0 is the same, 0.2 is drift.

    Source: sum of (p - q) ln(p / q), as credit scorecards are watched (Siddiqi 2006).
    """
    count = int(max(first.max(initial=0), later.max(initial=0))) + 1
    p, q = (
        np.maximum(np.bincount(each, minlength=count) / max(each.size, 1), SMALLEST_SHARE) for each in (first, later)
    )
    return float(((q - p) * np.log(q / p)).sum())


def _numbers(column: pl.Series) -> tuple[Floats, tuple[str, ...]]:
    """Return the values as numbers, NaN where there is none, and the levels behind the numbers of a category."""
    if column.dtype in (pl.String, pl.Categorical, pl.Enum):
        text = column.cast(pl.String)
        levels = tuple(sorted(text.drop_nulls().unique()))
        codes = text.replace_strict(levels, range(len(levels)), default=None, return_dtype=pl.Float64)
        return codes.fill_null(np.nan).to_numpy(), levels
    levels = ("no", "yes") if column.dtype == pl.Boolean else ()
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy(), levels


def _scores(values: Floats, labels: Booleans, levels: tuple[str, ...]) -> Floats:
    """Return what to rank by: the value, or of a category with more than two levels the level's share of reports."""
    if len(levels) <= 2:
        return values
    codes = np.nan_to_num(values, nan=float(len(levels))).astype(np.int64)
    counts = np.bincount(codes, minlength=len(levels) + 1)
    shares: Floats = np.bincount(codes, weights=labels, minlength=len(levels) + 1) / np.maximum(counts, 1)
    return shares[codes]


def _places(values: Floats, first: Floats, count_bins: int) -> npt.NDArray[np.int64]:
    """Return the bin of each value among the quantiles of the first month; what is missing has a bin of its own."""
    known = first[~np.isnan(first)]
    inner = np.unique(np.quantile(known, np.arange(1, count_bins) / count_bins)) if known.size else np.zeros(0)
    places = np.searchsorted(inner, values, side="left").astype(np.int64)
    places[np.isnan(values)] = inner.size + 1
    return places


def _distribution(values: Floats, labels: Booleans, levels: tuple[str, ...], count_bins: int) -> Distribution:
    known = ~np.isnan(values)
    seen, places = np.unique(values[known], return_inverse=True)
    is_log = False
    if levels or seen.size <= count_bins:
        edges = np.arange(seen.size + 1.0)
        names = tuple(levels[int(value)] if levels else f"{value:g}" for value in seen)
    else:
        low, middle, high = np.quantile(values[known], (TAIL, 0.5, 1 - TAIL))
        is_log, names = bool(seen[0] >= 0 and high > SKEWED * (middle + 1)), ()
        ends = np.log1p((low, high)) if is_log else np.array((low, high))
        edges = np.linspace(ends[0], max(ends[1], ends[0] + 1e-9), count_bins + 1)
        shown = np.log1p(values[known]) if is_log else values[known]
        places = np.clip(np.searchsorted(edges, shown, side="right") - 1, 0, count_bins - 1)
    honest, reported = (
        np.bincount(places[labels[known] == outcome], minlength=edges.size - 1) for outcome in (False, True)
    )
    return Distribution(edges, honest / max(honest.sum(), 1), reported / max(reported.sum(), 1), names, is_log)
