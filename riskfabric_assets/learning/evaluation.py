"""What the scores of the test window are worth, against the label that the bank has and against the truth.

The label says what a bank could measure, the truth what it cannot: labels miss fraud and accuse honest payments, so
recall against them has a ceiling below 1 however good the model is. Everything is measured on days after the
thresholds were set, with every report that ever arrives.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.model import EVALUATION
from riskfabric_assets.learning import ranking
from riskfabric_assets.learning.classifier import FraudClassifier
from riskfabric_assets.learning.dataset import Inputs, Window, Windows, in_window, input_matrix, labels_as_of, truth_of
from riskfabric_assets.learning.ranking import Booleans, Estimate, Floats, Resamples
from riskfabric_assets.packs.model import EvaluationPlan

ALL: Final = "all"
HONEST: Final = "none"
"""Typology of a payment that is no fraud."""
REPORTED: Final = "reported"
"""Typology of every reported payment where nobody knows more."""
HISTOGRAM_EDGES: Final = np.linspace(-10.0, 5.0, 46)
"""Edges of score bins in log odds: 0.005 % to 99.3 %."""

Row = tuple[str, str, str, str, str, Estimate]


@dataclasses.dataclass(frozen=True, eq=False)
class ScoredWindow:
    """The payments of one window, in order (event_at, event_id), with scores and both targets."""

    window: Window
    payments: pl.DataFrame
    matrix: Inputs
    scores: Floats
    label: Booleans
    truth: Booleans
    typology: npt.NDArray[np.str_]
    resamples: Resamples
    has_truth: bool = True
    """Payments that were not simulated have no answer key; `truth` is the label then, and no target of its own."""

    @property
    def targets(self) -> Mapping[str, Booleans]:
        """Targets by name."""
        return {"label": self.label, "truth": self.truth} if self.has_truth else {"label": self.label}


@dataclasses.dataclass(frozen=True, eq=False)
class Evaluation:
    """The measures as a table (contract model/evaluation), and what the report draws.

    `curves` has columns target, threshold, recall, precision, false_positive_rate; `histogram` has outcome
    (honest, reported fraud, unreported fraud), low and high (log odds), count, share (of the outcome).
    """

    table: pl.DataFrame
    curves: pl.DataFrame
    histogram: pl.DataFrame

    @property
    def reference(self) -> str:
        """The target that a model is judged by: the truth, or the label where nobody knows the truth."""
        return "truth" if (self.table["target"].cast(pl.String) == "truth").any() else "label"

    def estimate(self, target: str, section: str, name: str, measure: str) -> Estimate:
        """Return one measure; NaN where there was nothing to measure or no such row."""
        wanted = {"target": target, "section": section, "name": name, "measure": measure}
        rows = self.table.filter(*(pl.col(column).cast(pl.String) == value for column, value in wanted.items()))
        values = rows.row(0, named=True) if rows.height else {}
        return Estimate(*(float("nan") if values.get(end) is None else values[end] for end in ("value", "low", "high")))


def score_window(
    classifier: FraudClassifier,
    payments: pl.DataFrame,
    truth: pl.DataFrame | None,
    windows: Windows,
    plan: EvaluationPlan,
    streams: Streams,
) -> ScoredWindow:
    """Score the test window.

    Args:
        classifier: The trained model.
        payments: gold/payments, at least `dataset.needed_columns`.
        truth: truth/fraud; None where payments were not simulated, and labels are all there is.
        windows: The windows it was trained with.
        plan: config/model.yaml, evaluation.
        streams: Random streams for the resamples.
    """
    rows = in_window(payments, windows.test)
    matrix = input_matrix(rows, classifier.inputs)
    key = reported(rows) if truth is None else truth
    kinds = rows.select("event_id").join(
        key.select("event_id", "typology"), on="event_id", how="left", maintain_order="left"
    )
    return ScoredWindow(
        window=windows.test,
        payments=rows,
        matrix=matrix,
        scores=classifier.scores(matrix),
        label=labels_as_of(rows, None),
        truth=truth_of(rows, key),
        typology=kinds["typology"].cast(pl.String).fill_null(HONEST).to_numpy().astype(np.str_),
        resamples=Resamples.draw(rows["customer_id"].to_numpy(), plan.resamples, plan.confidence, streams),
        has_truth=truth is not None,
    )


def reported(payments: pl.DataFrame) -> pl.DataFrame:
    """Return what was ever reported in place of an answer key: event_id, typology."""
    return payments.filter("is_fraud").select("event_id", pl.lit(REPORTED).alias("typology"))


def evaluate(scored: ScoredWindow, thresholds: Mapping[str, float], plan: EvaluationPlan) -> Evaluation:
    """Measure a scored window at the thresholds that were chosen on earlier days."""
    rows: list[Row] = []
    for target, positives in scored.targets.items():
        rows += _population(scored, target, positives)
        rows += _ranking(scored, target, positives, plan)
        rows += _alerts(scored, target, positives, plan)
        for name, threshold in thresholds.items():
            rows += _operating_point(scored, target, positives, name, threshold)
        rows += _reliability(scored, target, positives, plan.reliability_bins)
    if scored.has_truth:
        rows += _typologies(scored, thresholds)
    curves = [
        ranking.curve(positives, scored.scores).select(pl.lit(target).alias("target"), pl.all())
        for target, positives in scored.targets.items()
    ]
    return Evaluation(_as_table(rows), pl.concat(curves), _histogram(scored))


def _population(scored: ScoredWindow, target: str, positives: Booleans) -> Iterator[Row]:
    ones = np.ones(positives.shape[0])
    yield target, "population", ALL, "count_payments", "payments", _exact(positives.shape[0])
    yield target, "population", ALL, "count_frauds", "payments", _exact(int(positives.sum()))
    yield target, "population", ALL, "base_rate", "share", scored.resamples.ratio(positives, ones)
    if target == "label" and scored.has_truth:
        both = scored.label & scored.truth
        yield target, "population", ALL, "recall_ceiling", "share", scored.resamples.ratio(both, scored.label)
        yield target, "population", ALL, "reported_share", "share", scored.resamples.ratio(both, scored.truth)


def _ranking(scored: ScoredWindow, target: str, positives: Booleans, plan: EvaluationPlan) -> Iterator[Row]:
    rates = plan.false_positive_rates
    found = ranking.areas(positives, scored.scores, scored.resamples, rates)
    yield target, "ranking", ALL, "average_precision", "share", found.average_precision
    yield target, "ranking", ALL, "roc_auc", "share", found.roc_auc
    for rate, recall in zip(rates, found.recalls, strict=True):
        yield target, "ranking", f"false positives {rate:.1%}", "recall", "share", recall
    weights = scored.payments["natural_weight"].to_numpy()
    if weights.size and weights.min() < weights.max():
        natural = ranking.areas(positives, scored.scores, scored.resamples, (), weights)
        yield target, "ranking", "natural prevalence", "average_precision", "share", natural.average_precision
    squares = (scored.scores - positives) ** 2
    yield target, "ranking", ALL, "brier", "score", scored.resamples.ratio(squares, np.ones(squares.shape[0]))


def _alerts(scored: ScoredWindow, target: str, positives: Booleans, plan: EvaluationPlan) -> Iterator[Row]:
    days = scored.payments["event_date"].to_physical().to_numpy().astype(np.int64)
    customers = scored.resamples.multiplicities.shape[1]
    for budget in dict.fromkeys(max(1, round(each * customers / 1000)) for each in plan.alerts_per_day):
        marked = ranking.alerts(days, scored.scores, budget)
        yield (
            target,
            "alerts",
            f"{budget} a day",
            "precision",
            "share",
            scored.resamples.ratio(marked & positives, marked),
        )
        yield (
            target,
            "alerts",
            f"{budget} a day",
            "recall",
            "share",
            scored.resamples.ratio(marked & positives, positives),
        )


def _operating_point(
    scored: ScoredWindow, target: str, positives: Booleans, name: str, threshold: float
) -> Iterator[Row]:
    flags = scored.scores >= threshold
    hits = flags & positives
    amounts = scored.payments["amount_minor"].to_numpy().astype(np.float64)
    ratio = scored.resamples.ratio
    measures = {
        "flag_share": ("share", ratio(flags, np.ones(flags.shape[0]))),
        "flags_per_day": ("flags", _exact(flags.sum() / scored.window.count_days)),
        "precision": ("share", ratio(hits, flags)),
        "recall": ("share", ratio(hits, positives)),
        "f1": ("share", ratio(2.0 * hits, 1.0 * flags + positives)),
        "value_recall": ("share", ratio(hits * amounts, positives * amounts)),
        "threshold": ("probability", _exact(threshold)),
    }
    for measure, (unit, estimate) in measures.items():
        yield target, "operating_point", name, measure, unit, estimate


def _reliability(scored: ScoredWindow, target: str, positives: Booleans, bins: int) -> Iterator[Row]:
    """Yield bins that hold equal numbers of expected frauds, so that the rare high scores are not one bin."""
    order = np.argsort(scored.scores, kind="stable")
    mass = np.cumsum(scored.scores[order])
    if not mass.size:
        return
    bin_of = np.empty(order.shape[0], dtype=np.int64)
    bin_of[order] = np.minimum((mass / mass[-1] * bins).astype(np.int64), bins - 1)
    for number in range(bins):
        inside = bin_of == number
        share = scored.resamples.ratio(inside & positives, inside)
        yield (
            target,
            "reliability",
            f"{number + 1:02d}",
            "mean_score",
            "share",
            scored.resamples.ratio(inside * scored.scores, inside),
        )
        yield target, "reliability", f"{number + 1:02d}", "fraud_share", "share", share


def _typologies(scored: ScoredWindow, thresholds: Mapping[str, float]) -> Iterator[Row]:
    honest = ~scored.truth
    for name in np.unique(scored.typology[scored.truth]):
        those = scored.typology == name
        either = those | honest
        area = ranking.roc_auc(those[either], scored.scores[either])
        yield "truth", "typology", str(name), "count_frauds", "payments", _exact(int(those.sum()))
        yield "truth", "typology", str(name), "roc_auc", "share", _exact(area)
        yield (
            "truth",
            "typology",
            str(name),
            "reported_share",
            "share",
            scored.resamples.ratio(those & scored.label, those),
        )
        for point, threshold in thresholds.items():
            caught = scored.resamples.ratio(those & (scored.scores >= threshold), those)
            yield "truth", "typology", str(name), f"recall_at_{point}", "share", caught


def _histogram(scored: ScoredWindow) -> pl.DataFrame:
    chances = np.clip(scored.scores, 1e-9, 1 - 1e-9)
    log_odds = np.clip(np.log(chances / (1 - chances)), HISTOGRAM_EDGES[0], HISTOGRAM_EDGES[-1])
    outcomes = {
        "honest": ~scored.truth,
        "reported fraud": scored.truth & scored.label,
        "unreported fraud": scored.truth & ~scored.label,
    }
    frames = []
    for outcome, rows in outcomes.items():
        counts = np.histogram(log_odds[rows], HISTOGRAM_EDGES)[0]
        frames.append(
            pl.DataFrame(
                {
                    "outcome": outcome,
                    "low": HISTOGRAM_EDGES[:-1],
                    "high": HISTOGRAM_EDGES[1:],
                    "count": counts,
                    "share": counts / max(1, counts.sum()),
                }
            )
        )
    return pl.concat(frames)


def _exact(value: float) -> Estimate:
    return Estimate(float(value), float(value), float(value))


def _as_table(rows: list[Row]) -> pl.DataFrame:
    columns: dict[str, list[object]] = {name: [] for name in EVALUATION.schema}
    for target, section, name, measure, unit, estimate in rows:
        values = (target, section, name, measure, unit, *dataclasses.astuple(estimate))
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return pl.DataFrame(columns, schema=EVALUATION.schema).with_columns(pl.col("value", "low", "high").fill_nan(None))
