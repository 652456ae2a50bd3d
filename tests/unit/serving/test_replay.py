"""A replay in micro-batches sees what the batch saw, and whatever differs is counted."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.features.fold import advance
from riskfabric_assets.features.state import empty_states
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.packs.features import KEY_COLUMNS
from riskfabric_assets.serving.parity import compare, figures, is_exact
from riskfabric_assets.serving.replay import draw_cuts, replay
from riskfabric_assets.serving.states import StateStore
from tests.payments import customer_ids, random_account_events, random_payments, the_fold, with_shared_moments

CUSTOMERS = 6
DAY = dt.date(2025, 8, 1)
NAMES = [name for name in PAYMENT_FEATURES.schema if name not in KEY_COLUMNS]


def both_ways(largest_batch: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    payments = random_payments(3, CUSTOMERS, 300)
    events = with_shared_moments(random_account_events(3, CUSTOMERS, 90), payments, 3)
    empty = empty_states(customer_ids(CUSTOMERS), the_fold().contract)
    batch, _ = advance(empty, payments, events, the_fold())
    cuts = draw_cuts(payments.height + events.height, largest_batch, Streams(1), 20_301)
    return batch, replay(StateStore.of(empty), payments, events, the_fold(), cuts).features


@pytest.mark.parametrize("largest_batch", [1, 7, 64, 1_000])
def test_a_replay_gives_the_bits_of_the_batch(largest_batch):
    parity = compare(*both_ways(largest_batch), NAMES, 1, DAY)
    assert is_exact(parity)
    assert parity["feature"].to_list() == NAMES
    assert parity["count_payments"].unique().to_list() == [300]


def test_a_customer_nobody_knows_starts_empty():
    store = StateStore(the_fold().contract, {})
    payments, events = random_payments(3, CUSTOMERS, 50), random_account_events(3, CUSTOMERS, 0)
    features = replay(store, payments, events, the_fold(), np.array([0, 20, 50])).features
    empty = empty_states(customer_ids(CUSTOMERS), the_fold().contract)
    assert features.equals(advance(empty, payments, events, the_fold())[0])


def test_batches_are_cut_at_random_and_lose_no_event():
    cuts = draw_cuts(1_000, 64, Streams(1), 5)
    sizes = np.diff(cuts)
    assert (cuts[0], cuts[-1]) == (0, 1_000)
    assert 1 <= sizes.min() < sizes.max() <= 64
    assert not np.array_equal(cuts, draw_cuts(1_000, 64, Streams(1), 6))
    assert np.array_equal(cuts, draw_cuts(1_000, 64, Streams(1), 5))
    assert draw_cuts(0, 64, Streams(1), 5).tolist() == [0, 0]


def test_one_bit_is_a_mismatch_that_the_error_hardly_sees():
    batch = pl.Series([1.0, 2.0, 0.0])
    online = pl.Series([np.nextafter(1.0, 2.0), 2.0, 0.0])
    found = figures(batch, online)
    assert found["count_mismatches"] == 1
    assert 0 < found["smape"] < 1e-15


def test_missing_and_extra_values_are_told_apart():
    found = figures(pl.Series([1, None, 3, None]), pl.Series([1, 2, None, None]))
    assert found == {"count_mismatches": 0, "count_missing": 1, "count_extra": 1, "smape": 0.0}


def test_the_error_is_symmetric_and_at_most_two():
    one, other = pl.Series([1.0, 0.0, 0.0]), pl.Series([3.0, 5.0, 0.0])
    assert figures(one, other)["smape"] == figures(other, one)["smape"] == pytest.approx((1.0 + 2.0) / 3)
    assert figures(pl.Series([True]), pl.Series([False])) | {"smape": None} == {
        "count_mismatches": 1,
        "count_missing": 0,
        "count_extra": 0,
        "smape": None,
    }


def test_a_payment_that_the_replay_lost_is_missing_in_every_feature():
    batch, online = both_ways(64)
    parity = compare(batch, online.tail(-1), NAMES, 1, DAY)
    assert not is_exact(parity)
    lost = batch.head(1).select(pl.col(NAMES).is_not_null().cast(pl.Int64)).row(0)
    assert parity["count_missing"].to_list() == list(lost)


def test_nothing_compared_is_not_exact():
    batch, online = both_ways(64)
    assert not is_exact(compare(batch.head(0), online.head(0), NAMES, 0, DAY))
