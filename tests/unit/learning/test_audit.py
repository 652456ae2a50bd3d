import dataclasses

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.model import EXPLANATION, LEAKAGE_AUDIT
from riskfabric_assets.learning import audit, dataset
from riskfabric_assets.learning.evaluation import Evaluation, score_window
from riskfabric_assets.learning.explanation import permutation_losses, shap_values
from riskfabric_assets.learning.summary import model_scores, save_scores
from tests.unit.learning.trained import assessment, classifier, gold, plan, windows


def scored():
    return score_window(classifier(), gold().payments, gold().truth, windows(), plan().evaluation, Streams(1))


def with_value(measure: str, value: float) -> Evaluation:
    is_it = (pl.col("target").cast(pl.String) == "truth") & (pl.col("name") == "all") & (pl.col("measure") == measure)
    evaluation = assessment().evaluation
    return dataclasses.replace(
        evaluation,
        table=evaluation.table.with_columns(pl.when(is_it).then(value).otherwise("value").alias("value")),
    )


def outcome(checks: tuple[audit.Check, ...], name: str) -> bool:
    return next(check.is_passed for check in checks if check.name == name)


def test_category_shares_add_up_and_the_index_is_their_ratio() -> None:
    table = LEAKAGE_AUDIT.check(assessment().categories)
    assert table["payment_share"].sum() == pytest.approx(1.0)
    assert table["flag_share"].sum() == pytest.approx(1.0)
    np.testing.assert_allclose(table["flag_index"], table["flag_share"] / table["payment_share"])


def test_a_category_that_is_all_fraud_raises_the_alarm() -> None:
    window = scored()
    gambling = (window.payments["merchant_category"].cast(pl.String) == "GAMBLING").to_numpy()
    rigged = dataclasses.replace(window, truth=window.truth | gambling)
    table = audit.audit_categories(rigged, 0.0, plan().audit)
    assert table.filter("is_alarm")["merchant_category"].to_list() == ["GAMBLING"]
    assert not audit.category_check(table, plan().audit).is_passed


def test_a_few_frauds_in_a_rare_category_raise_none() -> None:
    window = scored()
    rows = np.flatnonzero((window.payments["merchant_category"].cast(pl.String) == "CHARITY").to_numpy())[:4]
    few = dataclasses.replace(
        window,
        payments=window.payments[rows],
        scores=window.scores[rows],
        truth=np.array([True, True, False, False]),
    )
    assert not audit.audit_categories(few, 0.0, plan().audit)["is_alarm"].any()


@pytest.mark.parametrize(("share", "is_passed"), [(0.5, True), (0.51, False)])
def test_an_input_above_half_of_gain_dominates(share: float, is_passed: bool) -> None:
    table = assessment().explanation.table.with_columns(pl.lit(0.01).alias("shap_share"))
    rest = (1 - share) / (table.height - 1)
    rigged = table.with_columns(pl.Series("gain_share", [share] + [rest] * (table.height - 1)))
    assert audit.dominance_check(rigged, plan().audit).is_passed is is_passed


@pytest.mark.parametrize(("area", "is_passed"), [(0.69, False), (0.71, True), (0.98, True), (0.99, False)])
def test_the_health_band_has_two_sides(area: float, is_passed: bool) -> None:
    checks = audit.health_checks(with_value("roc_auc", area), plan().health)
    assert outcome(checks, "ROC AUC in the band") is is_passed


@pytest.mark.parametrize(("lift", "is_passed"), [(4.9, False), (5.1, True)])
def test_average_precision_is_judged_in_base_rates(lift: float, is_passed: bool) -> None:
    base = assessment().evaluation.estimate("truth", "population", "all", "base_rate").value
    checks = audit.health_checks(with_value("average_precision", lift * base), plan().health)
    assert outcome(checks, "PR-AUC above the base rate") is is_passed


def test_a_model_without_measures_is_not_healthy() -> None:
    empty = dataclasses.replace(assessment().evaluation, table=assessment().evaluation.table.clear())
    assert not any(check.is_passed for check in audit.health_checks(empty, plan().health))


def test_shares_of_the_explanation_add_up_to_one() -> None:
    table = EXPLANATION.check(assessment().explanation.table)
    assert table["gain_share"].sum() == pytest.approx(1.0)
    assert table["shap_share"].sum() == pytest.approx(1.0)
    assert set(table["feature"]) == {column.name for column in classifier().inputs}


def test_shap_values_and_the_base_add_up_to_the_margin() -> None:
    matrix = dataset.input_matrix(gold().payments.head(50), classifier().inputs)
    rest = classifier().margins(matrix) - shap_values(classifier(), matrix).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-4)


def test_an_input_that_no_tree_uses_loses_nothing_when_shuffled() -> None:
    matrix = dataset.input_matrix(gold().payments.head(400), classifier().inputs)
    used = classifier().booster.get_score(importance_type="weight")
    losses = permutation_losses(classifier(), matrix, np.arange(400) % 7 == 0, Streams(1))
    unused = [place for place, column in enumerate(classifier().inputs) if column.name not in used]
    assert (losses[unused] == 0).all()
    assert (losses != 0).any()


def test_the_closing_lines_are_read_back_as_written(tmp_path) -> None:
    save_scores(assessment(), tmp_path)
    lines = model_scores(tmp_path)
    area = assessment().evaluation.estimate("truth", "ranking", "all", "roc_auc").value
    assert lines["ROC AUC"].startswith(f"{area:.3f} [")
    assert model_scores(tmp_path / "nowhere") == {}
