"""How far the simplest models get: one column, one threshold, a tree of two questions, and a small fixed baseline.

They learn from the truth of the training window, which no bank has. That is the point: what even they cannot find is
not written on the payments' faces.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from riskfabric_assets.learning.dataset import Inputs, ModelInput
from riskfabric_assets.learning.ranking import Booleans, Floats, average_precision

BASELINE_ROUNDS: Final = 40
BASELINE_DEPTH: Final = 3
BASELINE_RATE: Final = 0.2
"""The baseline never changes, so that detectability can be compared between versions of the data."""
FOLDS: Final = 2
MAX_BINS: Final = 128


def best_column(matrix: Inputs, is_fraud: Booleans, inputs: tuple[ModelInput, ...]) -> tuple[str, float]:
    """Return the quantity that ranks fraud best by itself, upwards or downwards, and its average precision."""
    best = ("nothing", 0.0)
    for position, column in enumerate(inputs):
        if column.levels:
            continue
        values = matrix[:, position].astype(np.float64)
        for sign, word in ((1.0, "high"), (-1.0, "low")):
            found = average_precision(is_fraud, np.nan_to_num(sign * values, nan=-np.inf))
            if found > best[1]:
                best = (f"{word} {column.name}", found)
    return best


def fit_tree(matrix: Inputs, is_fraud: Booleans, inputs: tuple[ModelInput, ...], depth: int) -> xgb.Booster:
    """Grow one tree; of depth 1 it is one threshold on one column."""
    return _fit(matrix, is_fraud, inputs, depth=depth, rounds=1, rate=1.0)


def scores_of(booster: xgb.Booster, matrix: Inputs) -> Floats:
    """Return margins, shape (n,)."""
    return np.asarray(booster.inplace_predict(matrix, predict_type="margin"), dtype=np.float64)


def columns_of(booster: xgb.Booster) -> str:
    """Return the names of the columns that a booster asks about."""
    return ", ".join(sorted(booster.get_score(importance_type="weight"))) or "nothing"


def baseline_scores(
    matrix: Inputs, is_fraud: Booleans, folds: npt.NDArray[np.int64], inputs: tuple[ModelInput, ...]
) -> Floats:
    """Score every payment by a baseline that has seen none of its fold, shape (n,).

    Args:
        matrix: Inputs, shape (n, k).
        is_fraud: Truth, shape (n,).
        folds: 0 or 1, the same for all payments of a customer, shape (n,).
        inputs: Columns of the matrix.
    """
    scores = np.full(is_fraud.shape[0], np.nan)
    for fold in range(FOLDS):
        seen, unseen = folds != fold, folds == fold
        if is_fraud[seen].any() and unseen.any():
            booster = _fit(
                matrix[seen], is_fraud[seen], inputs, depth=BASELINE_DEPTH, rounds=BASELINE_ROUNDS, rate=BASELINE_RATE
            )
            scores[unseen] = scores_of(booster, matrix[unseen])
    return scores


def _fit(
    matrix: Inputs, is_fraud: Booleans, inputs: tuple[ModelInput, ...], *, depth: int, rounds: int, rate: float
) -> xgb.Booster:
    names, types = [column.name for column in inputs], [column.xgboost_type for column in inputs]
    data = xgb.QuantileDMatrix(
        matrix, is_fraud, max_bin=MAX_BINS, feature_names=names, feature_types=types, enable_categorical=True, nthread=1
    )
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": depth,
        "max_bin": MAX_BINS,
        "eta": rate,
        "scale_pos_weight": float((~is_fraud).sum() / max(int(is_fraud.sum()), 1)),
        "nthread": 1,
        "seed": 1,
        "base_score": 0.5,
    }
    return xgb.train(parameters, data, rounds)
