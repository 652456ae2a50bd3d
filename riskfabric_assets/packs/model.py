"""config/model.yaml: how the bank splits its data, trains, sets thresholds, and when a model counts as healthy."""

from typing import Annotated, Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from riskfabric_assets.packs.measured import Measured, Section, Share

OPERATING_POINTS: Final = ("detection", "triage", "investigation", "high_confidence", "blocking")
"""From the widest net to the narrowest."""

OpenShare = Annotated[float, Field(gt=0, lt=1)]


class Split(Section):
    """Shares of the calendar; what train and validation leave is the test window."""

    train: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    validation: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    label_gap: Annotated[int, Field(ge=0, le=180), Measured("days")]
    label_gap_limit: Annotated[float, Field(ge=0, le=0.2), Measured("share")]
    whole_months_from: Annotated[int, Field(ge=4), Measured("months")]

    @model_validator(mode="after")
    def _leave_a_test_window(self) -> "Split":
        if self.train + self.validation > 0.95:
            raise PydanticCustomError(
                "split",
                "train and validation of {total} together|at most 0.95, so that a test window is left|lower one",
                {"total": round(self.train + self.validation, 6)},
            )
        return self


class Boosting(Section):
    """Parameters of the gradient-boosted trees."""

    rounds: Annotated[int, Field(ge=1, le=5000), Measured("rounds")]
    early_stopping: Annotated[int, Field(ge=1), Measured("rounds")]
    learning_rate: Annotated[float, Field(gt=0, le=1), Measured("share")]
    max_depth: Annotated[int, Field(ge=1, le=16), Measured("levels")]
    min_child_weight: Annotated[float, Field(ge=0), Measured("hessian")]
    penalty: Annotated[float, Field(ge=0), Measured("weight")]
    row_share: Annotated[float, Field(gt=0, le=1), Measured("share")]
    column_share: Annotated[float, Field(gt=0, le=1), Measured("share")]
    max_bins: Annotated[int, Field(ge=16, le=1024), Measured("bins")]
    one_hot_levels: Annotated[int, Field(ge=1), Measured("levels")]
    threads: Annotated[int, Field(ge=1, le=64), Measured("threads")]
    seed: Annotated[int, Field(ge=0), Measured("seed")]


class EvaluationPlan(Section):
    """Which points of the curves are reported and how sure one can be of them."""

    recall_targets: Annotated[dict[str, OpenShare], Measured("share")]
    false_positive_rates: Annotated[tuple[OpenShare, ...], Field(min_length=1), Measured("share")]
    alerts_per_day: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1), Measured("alerts per 1000 customers")
    ]
    resamples: Annotated[int, Field(ge=20, le=10000), Measured("resamples")]
    confidence: Annotated[float, Field(gt=0, lt=1), Measured("share")]
    reliability_bins: Annotated[int, Field(ge=2, le=100), Measured("bins")]
    explained_payments: Annotated[int, Field(ge=100), Measured("payments")]
    permuted_payments: Annotated[int, Field(ge=100), Measured("payments")]

    @model_validator(mode="after")
    def _name_the_operating_points(self) -> "EvaluationPlan":
        if tuple(self.recall_targets) != OPERATING_POINTS:
            raise PydanticCustomError(
                "operating_points",
                "recall_targets of {found}|one target for each of {wanted}, in this order|add, remove or reorder them",
                {"found": ", ".join(self.recall_targets), "wanted": ", ".join(OPERATING_POINTS)},
            )
        return self


class Audit(Section):
    """What counts as a shortcut instead of behaviour."""

    dominance_limit: Share
    category_fraud_limit: Share
    operating_point: str

    @model_validator(mode="after")
    def _know_the_operating_point(self) -> "Audit":
        if self.operating_point not in OPERATING_POINTS:
            raise PydanticCustomError(
                "operating_point",
                "operating_point '{found}'|one of {wanted}|use a known name",
                {"found": self.operating_point, "wanted": ", ".join(OPERATING_POINTS)},
            )
        return self


class Health(Section):
    """The band: hard but learnable. Below, nothing is learned; above, the data gives the answer away."""

    roc_auc_low: Share
    roc_auc_high: Share
    precision_lift: Annotated[float, Field(ge=1), Measured("base rates")]
    count_frauds: Annotated[int, Field(ge=1), Measured("payments")]

    @model_validator(mode="after")
    def _be_a_band(self) -> "Health":
        if self.roc_auc_low >= self.roc_auc_high:
            raise PydanticCustomError(
                "band",
                "roc_auc_low {low} and roc_auc_high {high}|a low end below the high end|exchange or correct them",
                {"low": self.roc_auc_low, "high": self.roc_auc_high},
            )
        return self


Band = tuple[OpenShare, OpenShare]
"""Lowest and highest ROC AUC."""


class Guard(Section):
    """When the data is too easy: limits of simple rules and traces, and how hard each typology is to find."""

    least_frauds: Annotated[int, Field(ge=2), Measured("payments")]
    honest_payments: Annotated[int, Field(ge=1000), Measured("payments")]
    simple_limit: Share
    leak_margin: Annotated[float, Field(gt=0, lt=0.5), Measured("ROC AUC")]
    amount_limit: Share
    detectability: Annotated[dict[str, Band], Measured("ROC AUC")]
    detectability_of_others: Annotated[Band, Measured("ROC AUC")]

    @model_validator(mode="after")
    def _have_bands(self) -> "Guard":
        bands = {**self.detectability, "detectability_of_others": self.detectability_of_others}
        wrong = [f"{name} {list(band)}" for name, band in bands.items() if band[0] >= band[1]]
        if wrong:
            raise PydanticCustomError(
                "band", "{found}|a low end below the high end|exchange or correct them", {"found": ", ".join(wrong)}
            )
        return self


class CataloguePlan(Section):
    """How the catalogue of features looks at them."""

    payments: Annotated[int, Field(ge=1000), Measured("payments")]
    histogram_bins: Annotated[int, Field(ge=4, le=100), Measured("bins")]
    drift_bins: Annotated[int, Field(ge=2, le=100), Measured("bins")]
    drift_limit: Annotated[float, Field(gt=0), Measured("PSI")]


class ModelPlan(Section):
    """The whole file."""

    split: Split
    boosting: Boosting
    evaluation: EvaluationPlan
    audit: Audit
    health: Health
    guard: Guard
    catalogue: CataloguePlan
