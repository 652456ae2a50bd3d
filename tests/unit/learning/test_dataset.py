import datetime as dt

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import ConfigError, InputError
from riskfabric_assets.learning import dataset
from tests.gold_frames import draw_gold, feature_contract, model_plan

SPLIT = model_plan().split
START = dt.date(2025, 1, 1)


def windows_of(days: int) -> dataset.Windows:
    return dataset.plan_windows(START, START + dt.timedelta(days=days - 1), SPLIT, "Asia/Kolkata")


@pytest.mark.parametrize("days", [28, 59, 61, 122, 181, 365, 396])
def test_windows_follow_each_other_and_leave_gaps(days: int) -> None:
    windows = windows_of(days)
    assert windows.train.first == START
    assert windows.train.last < windows.validation.first <= windows.validation.last < windows.test.first
    assert windows.test.last == START + dt.timedelta(days=days - 1)
    gap = min(SPLIT.label_gap, int(days * SPLIT.label_gap_limit))
    assert (windows.validation.first - windows.train.last).days == gap + 1
    assert (windows.test.first - windows.validation.last).days == gap + 1


def test_a_year_is_cut_into_nine_one_and_two_months() -> None:
    windows = windows_of(365)
    assert windows.validation.first == dt.date(2025, 10, 1)
    assert windows.test.first == dt.date(2025, 11, 1)


def test_cutoffs_are_the_moments_at_which_the_later_windows_open() -> None:
    """In India at 18:30 UTC of the day before."""
    windows, before = windows_of(122), dt.timedelta(hours=5, minutes=30)
    assert windows.training_cutoff + before == dt.datetime.combine(windows.validation.first, dt.time())
    assert windows.threshold_cutoff + before == dt.datetime.combine(windows.test.first, dt.time())


def test_a_calendar_too_short_for_three_windows_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"calendar\.yaml: months"):
        windows_of(3)


def test_a_label_counts_only_from_the_moment_it_is_known() -> None:
    known = dt.datetime(2025, 3, 1, 12)  # noqa: DTZ001  # moments are naive UTC
    frame = pl.DataFrame({"is_fraud": [True, True, False], "label_known_at": [known, None, None]})
    assert dataset.labels_as_of(frame, known).tolist() == [True, False, False]
    assert dataset.labels_as_of(frame, known - dt.timedelta(microseconds=1)).tolist() == [False, False, False]
    assert dataset.labels_as_of(frame, None).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "name",
    ["event_id", "customer_id", "event_at", "event_date", "is_fraud", "label_known_at", "reported_by", "status",
     "decline_reason", "engine_rule", "natural_weight", "amount_minor", "h3_cell_r7", "latitude", "ip_address"],
)  # fmt: skip
def test_ids_moments_labels_and_outcomes_are_refused_as_inputs(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        dataset.refuse_forbidden(["speed_kmh", name])


def test_the_contract_lets_in_no_forbidden_column() -> None:
    names = [column.name for column in dataset.model_inputs(feature_contract())]
    dataset.refuse_forbidden(names)
    assert len(names) == len(set(names)) >= 12


def test_the_matrix_holds_level_codes_and_nan_for_null() -> None:
    inputs = (
        dataset.ModelInput("channel", "VARCHAR", "", ("instant", "pos")),
        dataset.ModelInput("speed_kmh", "DOUBLE", "km/h"),
        dataset.ModelInput("is_present", "BOOLEAN", ""),
    )
    frame = pl.DataFrame({"channel": ["pos", "instant"], "speed_kmh": [None, 3.5], "is_present": [True, False]})
    matrix = dataset.input_matrix(frame, inputs)
    np.testing.assert_array_equal(matrix, np.array([[1, np.nan, 1], [0, 3.5, 0]], dtype=np.float32))


def test_an_unknown_level_and_a_missing_column_are_named_together() -> None:
    inputs = (
        dataset.ModelInput("channel", "VARCHAR", "", ("instant", "pos")),
        dataset.ModelInput("speed_kmh", "DOUBLE", "km/h"),
    )
    with pytest.raises(InputError) as refused:
        dataset.input_matrix(pl.DataFrame({"channel": ["carrier pigeon"]}), inputs)
    assert "carrier pigeon" in str(refused.value)
    assert "speed_kmh" in str(refused.value)


def test_rows_come_in_one_order_whatever_order_they_arrive_in() -> None:
    gold = draw_gold(200)
    window = dataset.Window(gold.first, gold.last)
    shuffled = gold.payments.sample(fraction=1.0, shuffle=True, seed=1)
    assert dataset.in_window(shuffled, window).equals(dataset.in_window(gold.payments, window))


def test_truth_is_the_answer_key_and_not_the_label() -> None:
    gold = draw_gold(2000)
    truth = dataset.truth_of(gold.payments, gold.truth)
    assert truth.sum() == gold.truth.height
    assert (truth != gold.payments["is_fraud"].to_numpy()).any()
