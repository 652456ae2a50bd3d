import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.features.contract import contract_hash
from riskfabric_assets.foundation.errors import ConfigError, InputError, StaleError
from riskfabric_assets.learning import dataset, ranking
from riskfabric_assets.learning.classifier import booster_bytes, load
from riskfabric_assets.learning.training import train
from tests.gold_frames import draw_gold
from tests.unit.learning.trained import classifier, contract, gold, plan, windows


def retrained(payments: pl.DataFrame) -> bytes:
    return booster_bytes(train(payments, contract(), plan(), windows()).booster)


def test_equal_data_in_any_order_gives_equal_bytes() -> None:
    shuffled = gold().payments.sample(fraction=1.0, shuffle=True, seed=3)
    assert retrained(shuffled) == booster_bytes(classifier().booster)


def test_a_label_known_after_the_cutoff_teaches_nothing() -> None:
    late_train = (pl.col("event_date") <= windows().train.last) & (pl.col("label_known_at") > windows().training_cutoff)
    late_validation = (pl.col("event_date") <= windows().validation.last) & (
        pl.col("label_known_at") > windows().threshold_cutoff
    )
    unlabelled = gold().payments.with_columns(
        pl.when(late_train | late_validation).then(False).otherwise("is_fraud").alias("is_fraud")
    )
    assert unlabelled["is_fraud"].sum() < gold().payments["is_fraud"].sum()
    assert retrained(unlabelled) == booster_bytes(classifier().booster)


def test_the_test_window_and_the_gaps_teach_nothing() -> None:
    seen = pl.col("event_date") <= windows().train.last
    tuned = pl.col("event_date").is_between(windows().validation.first, windows().validation.last)
    assert retrained(gold().payments.filter(seen | tuned)) == booster_bytes(classifier().booster)


def test_shuffled_labels_teach_nothing() -> None:
    large = draw_gold(40_000, 200).payments
    order = np.random.default_rng(5).permutation(large.height)
    shuffled = large.with_columns(large["is_fraud"][order]).with_columns(
        pl.when("is_fraud").then("event_at").alias("label_known_at")
    )
    test = dataset.in_window(shuffled, windows().test)
    labels = dataset.labels_as_of(test, None)
    area = ranking.roc_auc(labels, train(shuffled, contract(), plan(), windows()).score(test))
    # Four standard errors of an area at chance: 1 / sqrt(12 * labels) each.
    assert abs(area - 0.5) < 4 / np.sqrt(12 * labels.sum())


def test_it_learns_from_real_labels() -> None:
    test = dataset.in_window(gold().payments, windows().test)
    truth = dataset.truth_of(test, gold().truth)
    # Three standard errors above chance: p = 0.001.
    assert ranking.roc_auc(truth, classifier().score(test)) > 0.5 + 3 / np.sqrt(12 * truth.sum())


def test_frauds_weigh_as_much_as_honest_payments() -> None:
    card = classifier().card
    assert card.positive_weight == pytest.approx(
        (card.train.count_payments - card.train.count_frauds) / card.train.count_frauds
    )


def test_thresholds_rise_from_detection_to_blocking() -> None:
    values = list(classifier().card.thresholds.values())
    assert values == sorted(values)
    assert list(classifier().card.thresholds) == list(plan().evaluation.recall_targets)


def test_scores_keep_the_order_of_the_trees() -> None:
    matrix = dataset.input_matrix(gold().payments.head(500), classifier().inputs)
    order = np.argsort(classifier().margins(matrix), kind="stable")
    assert (np.diff(classifier().scores(matrix)[order]) >= 0).all()


def test_a_saved_model_scores_the_same(tmp_path: Path) -> None:
    classifier().save(tmp_path)
    stored = load(tmp_path, contract())
    assert stored.card == classifier().card
    np.testing.assert_array_equal(stored.score(gold().payments), classifier().score(gold().payments))


def test_the_card_says_what_the_model_saw(tmp_path: Path) -> None:
    _, path = classifier().save(tmp_path)
    card = json.loads(path.read_text())
    assert card["identity"] == "identity-of-a-test"
    assert card["feature_contract"] == contract_hash(contract())
    assert [entry["name"] for entry in card["inputs"]] == list(contract().model_inputs)
    levels = {entry["name"]: entry["levels"] for entry in card["inputs"]}
    assert levels["merchant_category"] == list(contract().categorical_inputs["merchant_category"])
    assert dt.datetime.fromisoformat(card["train"]["label_cutoff"]) == windows().training_cutoff
    assert set(card["libraries"]) == {"python", "xgboost", "polars", "numpy"}


def test_a_model_of_another_contract_is_stale(tmp_path: Path) -> None:
    classifier().save(tmp_path)
    settings = contract().settings.model_copy(update={"rapid_fire_gap": 301.0})
    with pytest.raises(StaleError, match="riskfabric train"):
        load(tmp_path, contract().model_copy(update={"settings": settings}))


def test_a_booster_that_does_not_belong_to_its_card_is_stale(tmp_path: Path) -> None:
    booster, _ = classifier().save(tmp_path)
    booster.write_text(booster.read_text().replace("0.1", "0.2", 1) + " ")
    with pytest.raises(StaleError, match="booster"):
        load(tmp_path, contract())


@pytest.mark.parametrize("content", ["{", '{"name": "something else"}'])
def test_a_card_that_cannot_be_read_is_stale(tmp_path: Path, content: str) -> None:
    _, card = classifier().save(tmp_path)
    card.write_text(content)
    with pytest.raises(StaleError, match="another format"):
        load(tmp_path, contract())


def test_no_model_is_stale_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(StaleError, match="riskfabric train"):
        load(tmp_path, contract())


def test_a_window_without_known_fraud_is_refused_with_its_days() -> None:
    honest = gold().payments.with_columns(pl.lit(value=False).alias("is_fraud"))
    with pytest.raises(InputError, match="0 frauds known by 2025-09"):
        train(honest, contract(), plan(), windows())


def test_a_contract_that_lets_in_a_label_is_refused() -> None:
    leaky = dict(contract().features)
    leaky["is_fraud"] = leaky["is_present"]
    with pytest.raises(ConfigError, match="is_fraud"):
        train(gold().payments, contract().model_copy(update={"features": leaky}), plan(), windows())
