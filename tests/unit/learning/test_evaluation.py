import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.model import EVALUATION
from riskfabric_assets.learning import dataset
from riskfabric_assets.learning.evaluation import ALL, evaluate, score_window
from tests.unit.learning.trained import assessment, classifier, gold, plan, windows


def value(target: str, section: str, name: str, measure: str) -> float:
    return assessment().evaluation.estimate(target, section, name, measure).value


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    test = dataset.in_window(gold().payments, windows().test)
    return test.with_columns(
        pl.Series("score", classifier().score(test)), pl.Series("is_true", dataset.truth_of(test, gold().truth))
    )


def test_the_table_keeps_its_contract_with_one_row_per_measure() -> None:
    table = EVALUATION.check(assessment().evaluation.table)
    assert table.select(EVALUATION.key).is_unique().all()


@pytest.mark.parametrize("point", ["detection", "investigation", "blocking"])
@pytest.mark.parametrize(("target", "column"), [("label", "is_fraud"), ("truth", "is_true")])
def test_operating_points_count_flags_and_hits(rows: pl.DataFrame, point: str, target: str, column: str) -> None:
    flags = rows.filter(pl.col("score") >= classifier().card.thresholds[point])
    hits, positives = flags.filter(column), rows.filter(column)
    precision, recall = hits.height / flags.height, hits.height / positives.height
    assert value(target, "operating_point", point, "precision") == pytest.approx(precision)
    assert value(target, "operating_point", point, "recall") == pytest.approx(recall)
    assert value(target, "operating_point", point, "f1") == pytest.approx(2 * precision * recall / (precision + recall))
    money = hits["amount_minor"].sum() / positives["amount_minor"].sum()
    assert value(target, "operating_point", point, "value_recall") == pytest.approx(money)
    days = rows["event_date"].n_unique()
    assert value(target, "operating_point", point, "flags_per_day") == pytest.approx(flags.height / days)


def test_each_kind_of_fraud_has_its_own_recall(rows: pl.DataFrame) -> None:
    kinds = rows.join(gold().truth.select("event_id", "typology"), on="event_id")
    for (kind,), those in kinds.group_by("typology"):
        caught = (those["score"] >= classifier().card.thresholds["blocking"]).mean()
        assert value("truth", "typology", str(kind), "recall_at_blocking") == pytest.approx(caught)
        assert value("truth", "typology", str(kind), "count_frauds") == those.height


def test_the_recall_ceiling_is_the_share_of_right_labels(rows: pl.DataFrame) -> None:
    labelled = rows.filter("is_fraud")
    assert value("label", "population", ALL, "recall_ceiling") == pytest.approx(labelled["is_true"].mean())


def test_intervals_hold_their_values() -> None:
    known = assessment().evaluation.table.drop_nulls()
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()


def test_reliability_bins_average_to_the_whole(rows: pl.DataFrame) -> None:
    table = assessment().evaluation.table.filter(
        (pl.col("section").cast(pl.String) == "reliability") & (pl.col("target").cast(pl.String) == "truth")
    )
    scores = table.filter(pl.col("measure") == "mean_score").sort("name")["value"].drop_nulls()
    assert scores.is_sorted()
    assert scores.min() <= rows["score"].mean() <= scores.max()


def test_natural_prevalence_lowers_average_precision() -> None:
    enriched = value("label", "ranking", ALL, "average_precision")
    assert value("label", "ranking", "natural prevalence", "average_precision") < enriched


def test_the_order_of_gold_and_truth_changes_nothing() -> None:
    payments = gold().payments.sample(fraction=1.0, shuffle=True, seed=1)
    truth = gold().truth.sample(fraction=1.0, shuffle=True, seed=2)
    scored = score_window(classifier(), payments, truth, windows(), plan().evaluation, Streams(1))
    again = evaluate(scored, classifier().card.thresholds, plan().evaluation)
    assert again.table.equals(assessment().evaluation.table)


def test_a_test_window_without_fraud_has_no_areas_and_no_error() -> None:
    honest = gold().payments.with_columns(pl.lit(value=False).alias("is_fraud"))
    nothing = gold().truth.clear()
    scored = score_window(classifier(), honest, nothing, windows(), plan().evaluation, Streams(1))
    found = evaluate(scored, classifier().card.thresholds, plan().evaluation)
    assert np.isnan(found.estimate("truth", "ranking", ALL, "roc_auc").value)
    assert found.estimate("truth", "population", ALL, "base_rate").value == 0
