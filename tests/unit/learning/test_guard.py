"""The too-easy guard passes a world that is not, and names every trace that is put into one."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning import guard as guards
from riskfabric_assets.learning import leaks, simple_rules
from riskfabric_assets.learning.evaluation import score_window
from riskfabric_assets.learning.guard import Finding
from riskfabric_assets.learning.ranking import average_precision
from tests.unit.learning.trained import assessment, classifier, contract, gold, plan, windows

FRAUDS = pl.col("event_id").is_in(gold().truth["event_id"].implode())


def guard_of(payments: pl.DataFrame, **changes: object) -> dict[str, Finding]:
    scored = score_window(classifier(), payments, gold().truth, windows(), plan().evaluation, Streams(1))
    changed = plan().guard.model_copy(update=changes)
    found = guards.guard(scored, payments, gold().truth, classifier().inputs, windows(), changed, Streams(1))
    return {finding.name: finding for finding in found}


def with_column(**columns: pl.Expr) -> dict[str, Finding]:
    return guard_of(gold().payments.with_columns(**columns))


def test_a_world_without_traces_has_no_leak() -> None:
    found = [finding for finding in assessment().findings if finding.question == "leaks"]
    assert [finding.name for finding in found if finding.verdict == "failed"] == []
    assert len(found) == len(leaks.ID_COLUMNS) + 3


def test_a_prefix_of_criminals_devices_is_found() -> None:
    own = pl.when(FRAUDS).then(9_000_000_000 + pl.col("event_id")).otherwise(1_000_000_000 + pl.col("device_id"))
    assert with_column(device_id=own)["prefix of device_id"].verdict == "failed"


def test_devices_of_one_range_give_nothing_away() -> None:
    own = 1_000_000_000 + 7_919 * pl.col("event_id")
    assert with_column(device_id=own)["prefix of device_id"].verdict == "passed"


def test_fraud_stored_behind_everything_else_is_found() -> None:
    last = pl.when(FRAUDS).then(10_000_000 + pl.col("stored_row")).otherwise("stored_row")
    assert with_column(stored_row=last)["order of rows"].verdict == "failed"


def test_rows_stored_in_any_order_that_does_not_know_fraud_pass() -> None:
    assert with_column(stored_row=pl.col("event_id"))["order of rows"].verdict == "passed"


def test_fraud_on_the_full_minute_is_found() -> None:
    full = pl.when(FRAUDS).then(pl.col("event_at").dt.truncate("1m")).otherwise("event_at")
    assert with_column(event_at=full)["second of the minute"].verdict == "failed"


def test_one_amount_of_all_fraud_is_found_and_named() -> None:
    found = with_column(amount_minor=pl.when(FRAUDS).then(49_999).otherwise("amount_minor"))
    assert found["one amount: 49,999 minor units"].verdict == "failed"


def test_an_amount_of_a_single_fraud_proves_nothing() -> None:
    _, share = leaks.share_of_one_amount(np.array([1, 2, 2, 3]), np.array([True, False, False, False]))
    assert share < 0.5


def test_a_column_that_tells_everything_is_a_simple_rule() -> None:
    told = pl.when(FRAUDS).then(900.0).otherwise(pl.col("speed_kmh") % 1)
    found = with_column(speed_kmh=told)
    assert found["best column: high speed_kmh"].found == pytest.approx(1.0)
    assert found["best column: high speed_kmh"].verdict == "failed"
    assert found["one threshold: speed_kmh"].verdict == "failed"
    assert found["tree of two questions: speed_kmh"].verdict == "failed"


def test_the_best_column_is_the_best_of_all_by_hand() -> None:
    scored = score_window(classifier(), gold().payments, gold().truth, windows(), plan().evaluation, Streams(1))
    _, best = simple_rules.best_column(scored.matrix, scored.truth, classifier().inputs)
    for position, column in enumerate(classifier().inputs):
        if not column.levels:
            values = scored.matrix[:, position].astype(float)
            for sign in (1, -1):
                ranked = np.where(np.isnan(values), -np.inf, sign * values)
                assert average_precision(scored.truth, ranked) <= best


def test_a_typology_outside_its_band_fails_on_both_sides() -> None:
    name = "account_takeover"
    found = {low: guard_of(gold().payments, detectability={name: band}) for low, band in BANDS.items()}
    assert {low: each[name].verdict for low, each in found.items()} == {
        "below": "failed",
        "in": "passed",
        "above": "failed",
    }


BANDS = {"below": (0.998, 0.999), "in": (0.01, 0.999), "above": (0.01, 0.02)}


def test_few_frauds_are_not_judged() -> None:
    found = guard_of(gold().payments, least_frauds=1_000_000)
    assert {finding.verdict for finding in found.values()} == {"too small to judge"}


def test_the_baseline_scores_no_payment_that_it_has_seen() -> None:
    sample = guards.draw_sample(gold().payments, gold().truth, classifier().inputs, plan().guard, Streams(1))
    folds = sample.payments["customer_id"].to_numpy() % 2
    told = np.column_stack([sample.matrix, np.arange(folds.size)]).astype(np.float32)
    extra = dataclasses.replace(classifier().inputs[0], name="row", type="DOUBLE", levels=())
    random = np.random.default_rng(1).permutation(sample.is_fraud)
    scores = simple_rules.baseline_scores(told[:, -1:], random, folds, (extra,))
    area = leaks.roc_auc(random, scores)
    assert area == pytest.approx(0.5, abs=2 * leaks.doubt_of(0.5, int(random.sum()), int((~random).sum())))


def test_doubt_shrinks_with_the_root_of_the_frauds() -> None:
    few, many = (leaks.doubt_of(0.7, frauds, 1_000_000) for frauds in (100, 10_000))
    assert few / many == pytest.approx(10, rel=0.05)


def test_the_contract_of_the_test_is_a_part_of_the_real_one() -> None:
    assert {column.name for column in classifier().inputs} <= set(contract().features)
