"""Why the model scores as it does: three kinds of importance side by side, because each misleads in its own way.

Gain counts what splits promised in training and favours inputs with many values. Permutation counts what the ranking
loses without an input and hides twins. SHAP spreads each score over the inputs. Where they disagree, the input
deserves a look; RiskFabric's velocity led by gain and was fifth by SHAP.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import xgboost as xgb

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.model import EXPLANATION
from riskfabric_assets.learning import ranking
from riskfabric_assets.learning.classifier import THREADS, FraudClassifier
from riskfabric_assets.learning.dataset import Inputs
from riskfabric_assets.learning.evaluation import ScoredWindow
from riskfabric_assets.learning.ranking import Booleans, Floats
from riskfabric_assets.packs.model import EvaluationPlan

SAMPLE_STREAM: Final = "learning/sample"
SHUFFLE_STREAM: Final = "learning/permutation"
SWARM_PAYMENTS: Final = 260
"""Dots per input in the report's swarm: enough to see a shape, few enough to print."""

Rows = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Explanation:
    """Importances (contract model/explanation) and what the report draws.

    `typologies` has typology, feature and shap_share, in falling order per typology; `swarm` has feature, shap (log
    odds) and level (rank of the input's value, 0 to 1, null when it is null or a category).
    """

    table: pl.DataFrame
    typologies: pl.DataFrame
    swarm: pl.DataFrame


def explain(classifier: FraudClassifier, scored: ScoredWindow, plan: EvaluationPlan, streams: Streams) -> Explanation:
    """Compute the importances on a sample of the test window in which up to half the payments are fraud."""
    names = [column.name for column in classifier.inputs]
    explained = _sample(scored, plan.explained_payments, streams)
    contributions = shap_values(classifier, scored.matrix[explained])
    permuted = _sample(scored, plan.permuted_payments, streams)
    table = pl.DataFrame(
        {
            "feature": names,
            "gain_share": _shares(_total_gain(classifier, names)),
            "permutation_loss": permutation_losses(
                classifier, scored.matrix[permuted], scored.truth[permuted], streams
            ),
            "shap_share": _shares(np.abs(contributions).mean(axis=0)),
            "solo_roc_auc": _solo_areas(classifier, scored),
        },
        schema=EXPLANATION.schema,
    ).sort("shap_share", descending=True, maintain_order=True)
    kinds = scored.typology[explained]
    swarm = _swarm(
        names, contributions, scored.matrix[explained], [bool(column.levels) for column in classifier.inputs]
    )
    return Explanation(table, _by_typology(names, contributions, kinds), swarm)


def shap_values(classifier: FraudClassifier, matrix: Inputs) -> Floats:
    """Return the SHAP values of each payment and input in log odds, shape (n, k), by XGBoost's exact tree algorithm."""
    if not matrix.shape[0]:
        return np.zeros((0, len(classifier.inputs)))
    data = xgb.DMatrix(
        matrix,
        feature_names=[column.name for column in classifier.inputs],
        feature_types=[column.xgboost_type for column in classifier.inputs],
        enable_categorical=True,
        nthread=THREADS,
    )
    return np.asarray(classifier.booster.predict(data, pred_contribs=True)[:, :-1], dtype=np.float64)


def permutation_losses(classifier: FraudClassifier, matrix: Inputs, truth: Booleans, streams: Streams) -> Floats:
    """Return the fall of ROC AUC when each input is shuffled over payments, shape (k,); 0 without both classes."""
    whole = ranking.roc_auc(truth, classifier.margins(matrix))
    order = np.argsort(streams.uniforms(SHUFFLE_STREAM, np.arange(matrix.shape[0])))
    losses = np.zeros(matrix.shape[1])
    for column in range(matrix.shape[1]):
        shuffled = matrix.copy()
        shuffled[:, column] = matrix[order, column]
        losses[column] = whole - ranking.roc_auc(truth, classifier.margins(shuffled))
    return np.nan_to_num(losses)


def _total_gain(classifier: FraudClassifier, names: list[str]) -> Floats:
    gains = classifier.booster.get_score(importance_type="total_gain")
    return np.array([np.sum(gains.get(name, 0.0)) for name in names], dtype=np.float64)


def _shares(values: Floats) -> Floats:
    total = values.sum()
    return np.asarray(values / total if total > 0 else np.zeros_like(values))


def _sample(scored: ScoredWindow, count: int, streams: Streams) -> Rows:
    draws = streams.uniforms(SAMPLE_STREAM, scored.payments["event_id"].to_numpy())
    frauds = np.flatnonzero(scored.truth)
    honest = np.flatnonzero(~scored.truth)
    chosen_frauds = frauds[np.argsort(draws[frauds])][: count // 2]
    chosen_honest = honest[np.argsort(draws[honest])][: count - chosen_frauds.shape[0]]
    return np.sort(np.concatenate((chosen_frauds, chosen_honest)))


def _solo_areas(classifier: FraudClassifier, scored: ScoredWindow) -> list[float | None]:
    found: list[float | None] = []
    for position, column in enumerate(classifier.inputs):
        values = scored.matrix[:, position].astype(np.float64)
        known = ~np.isnan(values)
        area = float("nan") if column.levels else ranking.roc_auc(scored.truth[known], values[known])
        found.append(None if np.isnan(area) else max(area, 1.0 - area))
    return found


def _by_typology(names: list[str], contributions: Floats, kinds: npt.NDArray[np.str_]) -> pl.DataFrame:
    schema = {"typology": pl.String, "feature": pl.String, "shap_share": pl.Float64}
    frames = [
        pl.DataFrame(
            {
                "typology": str(kind),
                "feature": names,
                "shap_share": _shares(np.abs(contributions[kinds == kind]).mean(0)),
            },
            schema=schema,
        ).sort("shap_share", descending=True)
        for kind in np.unique(kinds)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _swarm(names: list[str], contributions: Floats, matrix: Inputs, is_category: list[bool]) -> pl.DataFrame:
    step = max(1, contributions.shape[0] // SWARM_PAYMENTS)
    schema = {"feature": pl.String, "shap": pl.Float64, "level": pl.Float64}
    frames = []
    for position, name in enumerate(names):
        level = pl.Series(matrix[::step, position].astype(np.float64)).fill_nan(None)
        ranks = (level.rank("average") - 0.5) / max(1, level.count())
        values = pl.Series([None] * level.len(), dtype=pl.Float64) if is_category[position] else ranks
        frames.append(
            pl.DataFrame({"feature": name, "shap": contributions[::step, position], "level": values}, schema=schema)
        )
    return pl.concat([pl.DataFrame(schema=schema), *frames])
