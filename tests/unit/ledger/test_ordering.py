"""One order."""

import time

import numpy as np
import pytest

from riskfabric_assets.ledger.ordering import order_of
from riskfabric_assets.simulation.columns import EVENT_ROW


def records(event_at, event_id):
    rows = np.zeros(len(event_at), dtype=EVENT_ROW)
    rows["event_at"], rows["event_id"] = event_at, event_id
    return rows


def slow_order(rows):
    return sorted(range(len(rows)), key=lambda row: (rows["event_at"][row], rows["event_id"][row]))


@pytest.mark.parametrize("added", [0, 3])
@pytest.mark.parametrize("span", [1, 50, 10**12])
@pytest.mark.parametrize("count", [0, 1, 2, 777])
def test_order_equals_the_plain_sort_with_many_ties_and_none(count, span, added):
    generator = np.random.default_rng(count + span % 97)
    moments = generator.integers(1_754_000_000_000_000, 1_754_000_000_000_000 + span, count)
    rows = records(moments, generator.permutation(count))
    cut = max(count - added, 0)
    assert order_of(rows[:cut], rows[cut:]).tolist() == slow_order(rows)


def test_order_of_many_at_one_moment_costs_little_more_per_row():
    """A due day: plain insertion would compare ten thousand million times."""
    ids = np.random.default_rng(5).permutation(200_000)
    rows = records(np.full(200_000, 7), ids)
    started = time.process_time()
    order = order_of(rows, rows[:0])
    assert time.process_time() - started < 5.0
    assert (ids[order] == np.arange(200_000)).all()


def test_order_survives_a_burst_in_one_bucket():
    rows = records(np.concatenate([[0], np.full(500, 7), [10**15]]), np.arange(502)[::-1])
    assert order_of(rows, rows[:0]).tolist() == slow_order(rows)
