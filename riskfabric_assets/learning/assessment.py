"""One call after training: scores, measures, importances, audits and checks of one model.

This is where `truth/fraud` enters the bank's wing, and it goes no further than counts and measures.
"""

import dataclasses

import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning import audit as audits
from riskfabric_assets.learning.audit import Check
from riskfabric_assets.learning.classifier import FraudClassifier
from riskfabric_assets.learning.dataset import Windows
from riskfabric_assets.learning.evaluation import Evaluation, evaluate, reported, score_window
from riskfabric_assets.learning.explanation import Explanation, explain
from riskfabric_assets.learning.guard import Finding, guard
from riskfabric_assets.packs.model import ModelPlan


@dataclasses.dataclass(frozen=True, eq=False)
class Assessment:
    """Everything that is known about a model; `days` and `cells` count payments of the whole calendar.

    `days` has event_date, count_payments, count_reported, count_true; `cells` has h3_cell_r7 and the same counts;
    `categories` keeps the contract of model/leakage_audit; `findings` are those of the too-easy guard.
    """

    classifier: FraudClassifier
    windows: Windows
    evaluation: Evaluation
    explanation: Explanation
    categories: pl.DataFrame
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    days: pl.DataFrame
    cells: pl.DataFrame

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks that did not pass."""
        return tuple(check for check in self.checks if not check.is_passed)


def assess(
    classifier: FraudClassifier,
    payments: pl.DataFrame,
    truth: pl.DataFrame | None,
    windows: Windows,
    plan: ModelPlan,
    streams: Streams,
) -> Assessment:
    """Assess a model on its test window.

    Args:
        classifier: The trained model.
        payments: gold/payments of the whole calendar in the order of time, at least `dataset.needed_columns`, and
            `stored_row`, the place of each row in the table.
        truth: truth/fraud of the same days; None where payments were not simulated, and the label judges alone.
        windows: The windows it was trained with.
        plan: config/model.yaml.
        streams: Random streams of the run's seed; they draw resamples and samples.
    """
    scored = score_window(classifier, payments, truth, windows, plan.evaluation, streams)
    evaluation = evaluate(scored, classifier.card.thresholds, plan.evaluation)
    explanation = explain(classifier, scored, plan.evaluation, streams)
    threshold = classifier.card.thresholds[plan.audit.operating_point]
    categories = audits.audit_categories(scored, threshold, plan.audit)
    checks = (
        *audits.health_checks(evaluation, plan.health),
        audits.dominance_check(explanation.table, plan.audit),
        audits.category_check(categories, plan.audit),
    )
    key = reported(payments) if truth is None else truth
    findings = guard(scored, payments, key, classifier.inputs, windows, plan.guard, streams)
    days, cells = count_by(payments, key, "event_date"), count_by(payments, key, "h3_cell_r7")
    return Assessment(classifier, windows, evaluation, explanation, categories, checks, findings, days, cells)


def count_by(payments: pl.DataFrame, truth: pl.DataFrame, key: str) -> pl.DataFrame:
    """Count payments, reported frauds and true frauds by one column, in its order."""
    marked = payments.select(key, "event_id", "is_fraud").join(
        truth.select("event_id", pl.lit(1).alias("is_true")), on="event_id", how="left"
    )
    return (
        marked.group_by(key)
        .agg(
            pl.len().cast(pl.Int64).alias("count_payments"),
            pl.col("is_fraud").sum().cast(pl.Int64).alias("count_reported"),
            pl.col("is_true").count().cast(pl.Int64).alias("count_true"),
        )
        .sort(key)
    )
