"""What holds for the fold whatever the stream: no future, no neighbor and no cut changes a feature by a bit."""

import functools

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.features.checkpoint import from_checkpoint, to_checkpoint
from riskfabric_assets.features.fold import advance, advance_in_place
from riskfabric_assets.features.state import StateTable, empty_states
from tests.payments import START, customer_ids, random_account_events, random_payments, the_fold, with_shared_moments

CUSTOMERS = 8
Cut = st.lists(st.floats(0, 60), min_size=0, max_size=6).map(sorted)
SEEDS = st.integers(0, 9)


@functools.cache
def stream(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    paid = random_payments(seed, CUSTOMERS, 400)
    return paid, with_shared_moments(random_account_events(seed, CUSTOMERS, 300), paid, seed)


@functools.cache
def whole(seed: int) -> tuple[pl.DataFrame, StateTable]:
    return advance(empty_states(customer_ids(CUSTOMERS), the_fold().contract), *stream(seed), the_fold())


def between(frame: pl.DataFrame, start_day: float, end_day: float) -> pl.DataFrame:
    day = (pl.col("event_at") - START).dt.total_microseconds() / 86_400_000_000
    return frame.filter((day >= start_day) & (day < end_day))


def bits(frame: pl.DataFrame) -> list[bytes]:
    words = [series.cast(pl.UInt8) if series.dtype == pl.Boolean else series.to_physical() for series in frame]
    return [series.is_null().to_numpy().tobytes() + series.fill_null(0).to_numpy().tobytes() for series in words]


@settings(max_examples=40, deadline=None)
@given(SEEDS, Cut)
def test_a_stream_gives_the_same_bits_however_it_is_cut(seed, cuts):
    states, parts = empty_states(customer_ids(CUSTOMERS), the_fold().contract), []
    for start, end in zip([-1.0, *cuts], [*cuts, 99.0], strict=True):
        batch = [between(frame, start, end) for frame in stream(seed)]
        parts.append(advance_in_place(states, *batch, the_fold()))
    features, after = whole(seed)
    assert bits(pl.concat(parts)) == bits(features)
    assert states.records.tobytes() == after.records.tobytes()


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(2, 5))
def test_a_stream_gives_the_same_bits_on_any_number_of_threads(seed, threads):
    states = empty_states(customer_ids(CUSTOMERS), the_fold().contract)
    features = advance_in_place(states, *stream(seed), the_fold(), threads)
    assert bits(features) == bits(whole(seed)[0])
    assert states.records.tobytes() == whole(seed)[1].records.tobytes()


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0, 60))
def test_payments_after_a_moment_change_no_feature_before_it(seed, day):
    kept = [between(frame, -1, day) for frame in stream(seed)]
    alone, _ = advance(empty_states(customer_ids(CUSTOMERS), the_fold().contract), *kept, the_fold())
    assert bits(alone) == bits(whole(seed)[0].head(alone.height))


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.sets(st.integers(0, CUSTOMERS - 1), min_size=1))
def test_a_customer_has_the_same_features_with_and_without_the_others(seed, chosen):
    ids = customer_ids(CUSTOMERS)[sorted(chosen)]
    kept = [frame.filter(pl.col("customer_id").is_in(ids)) for frame in stream(seed)]
    alone, _ = advance(empty_states(ids, the_fold().contract), *kept, the_fold())
    assert bits(alone) == bits(whole(seed)[0].filter(pl.col("customer_id").is_in(ids)))


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(0, 60))
def test_a_checkpoint_between_two_batches_changes_nothing(seed, day):
    states = empty_states(np.sort(customer_ids(CUSTOMERS)), the_fold().contract)
    before = advance_in_place(states, *(between(frame, -1, day) for frame in stream(seed)), the_fold())
    checkpoint = to_checkpoint(states, START.date())
    after, _ = advance(
        from_checkpoint(checkpoint, the_fold().contract),
        *(between(frame, day, 99) for frame in stream(seed)),
        the_fold(),
    )
    assert bits(pl.concat([before, after])) == bits(whole(seed)[0])
