"""Training: gradient-boosted trees on what the bank knew, calibrated and given thresholds on later days.

Three sets of labels never mix: train as known at the start of validation, validation as known at the start of test,
test for evaluation alone. Validation is used three times (early stopping, calibration, thresholds); what that flatters
shows in the test window.
"""

import dataclasses
import datetime as dt
import platform

import numpy as np
import polars as pl
import xgboost as xgb

from riskfabric_assets.features.contract import contract_hash
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.learning import ranking
from riskfabric_assets.learning.calibration import Calibration, fit_calibration
from riskfabric_assets.learning.classifier import (
    THREADS,
    FraudClassifier,
    InputCard,
    ModelCard,
    WindowCard,
    booster_bytes,
    hash_of_bytes,
)
from riskfabric_assets.learning.dataset import (
    Booleans,
    Inputs,
    ModelInput,
    Window,
    Windows,
    hash_of,
    in_window,
    input_matrix,
    labels_as_of,
    model_inputs,
)
from riskfabric_assets.packs.features import Features
from riskfabric_assets.packs.model import Boosting, ModelPlan


@dataclasses.dataclass(frozen=True, eq=False)
class Examples:
    """Inputs and labels of one window as of one moment."""

    window: Window
    label_cutoff: dt.datetime
    matrix: Inputs
    labels: Booleans

    @property
    def card(self) -> WindowCard:
        """What the model's card says about them."""
        return WindowCard(
            first_day=self.window.first,
            last_day=self.window.last,
            label_cutoff=self.label_cutoff,
            count_payments=self.labels.shape[0],
            count_frauds=int(self.labels.sum()),
        )


def train(
    payments: pl.DataFrame, features: Features, plan: ModelPlan, windows: Windows, identity: str = ""
) -> FraudClassifier:
    """Train, calibrate and set thresholds.

    Args:
        payments: gold/payments, at least `dataset.needed_columns`, in any order.
        features: config/features.yaml.
        plan: config/model.yaml.
        windows: Days to learn from; the test window is not looked at.
        identity: Identity of the run, for the card.

    Raises:
        InputError: A window knows no fraud or no honest payment, or the frame lacks columns.
        ConfigError: The contract lets in a forbidden column.
    """
    inputs = model_inputs(features)
    training = _examples(payments, inputs, windows.train, windows.training_cutoff, "train")
    validation = _examples(payments, inputs, windows.validation, windows.threshold_cutoff, "validation")
    booster = fit_booster(training, validation, inputs, plan.boosting)
    margins = np.asarray(booster.inplace_predict(validation.matrix, predict_type="margin"), dtype=np.float64)
    calibration = fit_calibration(margins, validation.labels)
    scores = calibration.probabilities(margins)
    thresholds = {
        name: ranking.threshold_at_recall(validation.labels, scores, target)
        for name, target in plan.evaluation.recall_targets.items()
    }
    card = _card(booster, training, validation, calibration, inputs)
    facts = {"identity": identity, "feature_contract": contract_hash(features), "thresholds": thresholds}
    return FraudClassifier(booster, card.model_copy(update=facts))


def fit_booster(
    training: Examples, validation: Examples, inputs: tuple[ModelInput, ...], boosting: Boosting
) -> xgb.Booster:
    """Grow trees until the average precision of the validation window stops rising; keep the best number of them."""
    names = [column.name for column in inputs]
    types = [column.xgboost_type for column in inputs]
    shared = {"feature_names": names, "feature_types": types, "enable_categorical": True, "nthread": boosting.threads}
    train_data = xgb.QuantileDMatrix(training.matrix, training.labels, max_bin=boosting.max_bins, **shared)
    stop_data = xgb.QuantileDMatrix(
        validation.matrix, validation.labels, max_bin=boosting.max_bins, ref=train_data, **shared
    )
    booster = xgb.train(
        _parameters(boosting, positive_weight(training.labels)),
        train_data,
        boosting.rounds,
        evals=[(stop_data, "validation")],
        callbacks=[xgb.callback.EarlyStopping(rounds=boosting.early_stopping, metric_name="aucpr", maximize=True)],
        verbose_eval=False,
    )
    best = booster[: booster.best_iteration + 1]
    best.set_param({"nthread": THREADS})
    return best


def positive_weight(labels: Booleans) -> float:
    """Return honest payments per fraud."""
    return float((labels.shape[0] - labels.sum()) / labels.sum())


def _parameters(boosting: Boosting, weight: float) -> dict[str, object]:
    return {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "eval_metric": "aucpr",
        "eta": boosting.learning_rate,
        "max_depth": boosting.max_depth,
        "min_child_weight": boosting.min_child_weight,
        "lambda": boosting.penalty,
        "subsample": boosting.row_share,
        "colsample_bytree": boosting.column_share,
        "max_bin": boosting.max_bins,
        "max_cat_to_onehot": boosting.one_hot_levels,
        "scale_pos_weight": weight,
        "nthread": boosting.threads,
        "seed": boosting.seed,
        "base_score": 0.5,
    }


def _examples(
    payments: pl.DataFrame, inputs: tuple[ModelInput, ...], window: Window, cutoff: dt.datetime, name: str
) -> Examples:
    rows = in_window(payments, window)
    labels = labels_as_of(rows, cutoff)
    if not labels.any() or labels.all():
        raise InputError(
            [
                Problem(
                    f"gold/payments, {name} window {window.first} to {window.last}",
                    f"{int(labels.sum())} frauds known by {cutoff:%Y-%m-%d %H:%M} UTC in {rows.height} payments",
                    "at least one fraud and one honest payment",
                    "simulate more customers or months, or widen the window (config/model.yaml: split)",
                )
            ]
        )
    return Examples(window, cutoff, input_matrix(rows, inputs), labels)


def _card(
    booster: xgb.Booster,
    training: Examples,
    validation: Examples,
    calibration: Calibration,
    inputs: tuple[ModelInput, ...],
) -> ModelCard:
    return ModelCard(
        identity="",
        feature_contract="",
        data_hash=hash_of(training.matrix, training.labels),
        booster_hash=hash_of_bytes(booster_bytes(booster)),
        inputs=tuple(InputCard(**dataclasses.asdict(column)) for column in inputs),
        train=training.card,
        validation=validation.card,
        count_rounds=booster.num_boosted_rounds(),
        positive_weight=positive_weight(training.labels),
        calibration_slope=calibration.slope,
        calibration_intercept=calibration.intercept,
        thresholds={},
        libraries={
            "python": platform.python_version(),
            "xgboost": str(xgb.__version__),
            "polars": pl.__version__,
            "numpy": np.__version__,
        },
    )
