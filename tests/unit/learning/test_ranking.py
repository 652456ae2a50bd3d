import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning import ranking
from tests.oracles import ranking_oracle

RATES = (0.05, 0.2)


def drawn(rows: int = 80, seed: int = 1, levels: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = random.random(rows) < 0.3
    scores = np.round(random.random(rows) + 0.3 * labels, 1) if levels else random.random(rows)
    return labels, scores, random.integers(0, 9, rows)


def resamples(customers: np.ndarray, count: int = 30) -> ranking.Resamples:
    return ranking.Resamples.draw(customers, count, 0.95, Streams(3))


@pytest.mark.parametrize("seed", range(5))
def test_areas_equal_the_slow_way_with_ties(seed: int) -> None:
    labels, scores, customers = drawn(seed=seed)
    found = ranking.areas(labels, scores, resamples(customers), RATES)
    ones = [1.0] * len(labels)
    assert found.average_precision.value == pytest.approx(ranking_oracle.average_precision(labels, scores, ones))
    assert found.roc_auc.value == pytest.approx(ranking_oracle.roc_auc(labels, scores, ones))
    for rate, recall in zip(RATES, found.recalls, strict=True):
        assert recall.value == pytest.approx(ranking_oracle.recall_at(labels, scores, rate))


@pytest.mark.parametrize("seed", range(3))
def test_areas_equal_scikit_learn(seed: int) -> None:
    labels, scores, _ = drawn(3000, seed)
    assert ranking.roc_auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))
    assert ranking.average_precision(labels, scores) == pytest.approx(average_precision_score(labels, scores))


def test_a_weight_counts_like_so_many_payments() -> None:
    labels, scores, customers = drawn(40)
    weights = np.random.default_rng(4).integers(1, 4, 40).astype(float)
    found = ranking.areas(labels, scores, resamples(customers), (), weights)
    assert found.average_precision.value == pytest.approx(ranking_oracle.average_precision(labels, scores, weights))
    assert found.roc_auc.value == pytest.approx(ranking_oracle.roc_auc(labels, scores, weights))


def test_a_resample_counts_each_customer_as_often_as_drawn() -> None:
    labels, scores, customers = drawn(60)
    one = resamples(customers, 1)
    drawn_once = ranking.Resamples(one.slots, np.vstack((one.multiplicities[1], one.multiplicities[1])), 0.95)
    weights = one.multiplicities[1][one.slots].astype(float)
    found = ranking.areas(labels, scores, drawn_once)
    assert found.roc_auc.value == pytest.approx(ranking_oracle.roc_auc(labels, scores, weights))


def test_customers_are_drawn_once_on_average_with_poisson_spread() -> None:
    counts = resamples(np.arange(2000), 50).multiplicities[1:].astype(float)
    tolerance = 5 / np.sqrt(counts.size)
    assert abs(counts.mean() - 1.0) < tolerance
    assert abs(counts.var() - 1.0) < 2 * tolerance


def test_resamples_do_not_depend_on_who_else_is_there() -> None:
    some, more = resamples(np.arange(10)), resamples(np.arange(20))
    np.testing.assert_array_equal(some.multiplicities, more.multiplicities[:, :10])


def test_the_interval_holds_the_value_and_narrows_with_more_customers() -> None:
    def width(count: int) -> float:
        customers = np.arange(count).repeat(5)
        hits = np.random.default_rng(1).random(customers.shape[0]) < 0.3
        found = resamples(customers, 200).ratio(hits, np.ones(hits.shape[0]))
        assert found.low <= found.value <= found.high
        return found.high - found.low

    assert width(4000) < 0.5 * width(400)


def test_without_both_classes_there_is_nothing_to_measure() -> None:
    found = ranking.areas(np.zeros(5, bool), np.arange(5.0), resamples(np.arange(5)), RATES)
    assert np.isnan([found.roc_auc.value, found.average_precision.low, found.recalls[0].high]).all()
    assert ranking.curve(np.zeros(5, bool), np.arange(5.0)).is_empty()


@pytest.mark.parametrize("recall", [0.05, 0.4, 0.5, 0.999, 1.0])
def test_the_threshold_is_the_highest_that_reaches_the_recall(recall: float) -> None:
    labels, scores, _ = drawn(500, levels=0)
    threshold = ranking.threshold_at_recall(labels, scores, recall)
    assert (scores[labels] >= threshold).mean() >= recall
    assert (scores[labels] > threshold).mean() < recall


def test_a_threshold_needs_a_labelled_payment() -> None:
    with pytest.raises(ValueError, match="no labelled payment"):
        ranking.threshold_at_recall(np.zeros(3, bool), np.arange(3.0), 0.5)


@pytest.mark.parametrize("per_day", [1, 3, 50])
def test_alerts_are_the_highest_scores_of_each_day(per_day: int) -> None:
    random = np.random.default_rng(2)
    days, scores = random.integers(0, 6, 100), np.round(random.random(100), 1)
    assert ranking.alerts(days, scores, per_day).tolist() == ranking_oracle.alerts(days, scores, per_day)


def test_the_curve_is_a_thinned_part_of_the_whole_curve() -> None:
    labels, scores, _ = drawn(5000, levels=0)
    points = ranking.curve(labels, scores)
    assert points.height <= ranking.CURVE_POINTS + 2
    for row in points.sample(20, seed=1).iter_rows(named=True):
        flags = scores >= row["threshold"]
        assert row["recall"] == pytest.approx(labels[flags].sum() / labels.sum())
        assert row["precision"] == pytest.approx(labels[flags].mean())
        assert row["false_positive_rate"] == pytest.approx((flags & ~labels).sum() / (~labels).sum())
