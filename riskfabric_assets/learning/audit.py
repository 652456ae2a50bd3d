"""Shortcuts and health: is the model good for the right reasons, and neither useless nor too good to be true?"""

import dataclasses
from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.model import LEAKAGE_AUDIT
from riskfabric_assets.learning.evaluation import ALL, Evaluation, ScoredWindow
from riskfabric_assets.packs.model import Audit, Health

NORMAL_QUANTILE: Final = 1.959964
"""97.5 % point of the normal distribution."""
NOTHING: Final = "nothing to measure"


@dataclasses.dataclass(frozen=True)
class Check:
    """One question that a model answers with yes or no."""

    name: str
    is_passed: bool
    found: str
    expected: str


def audit_categories(scored: ScoredWindow, threshold: float, audit: Audit) -> pl.DataFrame:
    """Compare merchant categories among flags and among all payments; contract model/leakage_audit.

    Args:
        scored: The test window.
        threshold: From which score a payment counts as flagged.
        audit: config/model.yaml, audit.

    Source: RiskFabric, verify_leakage; its limit of 20 % holds for the true fraud rate of a category.
    """
    flags = pl.Series("is_flag", scored.scores >= threshold)
    truth = pl.Series("is_true", scored.truth)
    rows = scored.payments.select(pl.col("merchant_category").cast(pl.String)).with_columns(flags, truth)
    total, flagged = rows.height, max(1, int(flags.sum()))
    counted = rows.group_by("merchant_category").agg(
        pl.len().cast(pl.Int64).alias("count_payments"),
        pl.col("is_flag").sum().cast(pl.Int64).alias("count_flags"),
        pl.col("is_true").mean().alias("fraud_rate"),
        (pl.col("is_flag") & pl.col("is_true")).sum().alias("count_hits"),
    )
    shares = counted.with_columns(
        (pl.col("count_payments") / total).alias("payment_share"), (pl.col("count_flags") / flagged).alias("flag_share")
    )
    measured = shares.with_columns(
        (pl.col("flag_share") / pl.col("payment_share")).alias("flag_index"),
        pl.when(pl.col("count_flags") > 0).then(pl.col("count_hits") / pl.col("count_flags")).alias("verified_share"),
        (_wilson_low(pl.col("fraud_rate"), pl.col("count_payments")) > audit.category_fraud_limit).alias("is_alarm"),
    )
    return measured.sort("flag_index", "merchant_category", descending=[True, False]).select(list(LEAKAGE_AUDIT.schema))


def _wilson_low(rate: pl.Expr, count: pl.Expr) -> pl.Expr:
    """Return the lower end of Wilson's 95 % interval: ten payments of a rare category prove nothing."""
    square = NORMAL_QUANTILE**2
    middle = rate + square / (2 * count)
    spread = NORMAL_QUANTILE * ((rate * (1 - rate) + square / (4 * count)) / count).sqrt()
    return (middle - spread) / (1 + square / count)


def dominance_check(explanation: pl.DataFrame, audit: Audit) -> Check:
    """Ask whether one input carries more than its share of the gain or of the SHAP values."""
    worst = explanation.select("feature", pl.max_horizontal("gain_share", "shap_share").alias("share")).sort("share")
    name, share = worst.row(-1)
    return Check(
        "no input dominates",
        share <= audit.dominance_limit,
        f"{name} with {share:.1%} of gain or SHAP",
        f"at most {audit.dominance_limit:.0%}",
    )


def category_check(categories: pl.DataFrame, audit: Audit) -> Check:
    """Ask whether a merchant category gives fraud away."""
    worst = categories.sort("fraud_rate").tail(1)
    name, rate = (worst["merchant_category"][0], worst["fraud_rate"][0]) if worst.height else ("nothing", 0.0)
    return Check(
        "no category gives fraud away",
        not categories["is_alarm"].any(),
        f"{name} with {rate:.1%} fraud",
        f"at most {audit.category_fraud_limit:.0%}, beyond doubt",
    )


def health_checks(evaluation: Evaluation, health: Health) -> tuple[Check, ...]:
    """Ask whether the model is in the band: hard but learnable, on enough frauds to tell, by the best there is."""
    judge = evaluation.reference
    frauds = evaluation.estimate(judge, "population", ALL, "count_frauds").value
    area = evaluation.estimate(judge, "ranking", ALL, "roc_auc").value
    precision = evaluation.estimate(judge, "ranking", ALL, "average_precision").value
    base_rate = evaluation.estimate(judge, "population", ALL, "base_rate").value
    lift = precision / base_rate if base_rate > 0 else float("nan")
    return (
        Check(
            "enough frauds to tell",
            frauds >= health.count_frauds,
            NOTHING if np.isnan(frauds) else f"{frauds:,.0f} in the test window",
            f"at least {health.count_frauds}",
        ),
        Check(
            "ROC AUC in the band",
            bool(health.roc_auc_low <= area <= health.roc_auc_high),
            NOTHING if np.isnan(area) else f"{area:.3f} against the {judge}",
            f"{health.roc_auc_low:g} to {health.roc_auc_high:g}",
        ),
        Check(
            "PR-AUC above the base rate",
            bool(np.nan_to_num(lift) >= health.precision_lift),
            NOTHING if np.isnan(lift) else f"{lift:.1f} base rates ({precision:.3f} at {base_rate:.2%})",
            f"at least {health.precision_lift:g} base rates",
        ),
    )
