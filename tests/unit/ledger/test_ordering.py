"""One order, and rows as columns."""

import numpy as np
import pytest

from riskfabric_assets.ledger.ordering import order_of, sort_payments
from tests.societies import honest


def slow_order(event_at, event_id):
    return sorted(range(len(event_at)), key=lambda row: (event_at[row], event_id[row]))


@pytest.mark.parametrize("span", [1, 50, 10**12])
@pytest.mark.parametrize("count", [0, 1, 2, 777])
def test_order_equals_the_plain_sort_with_many_ties_and_none(count, span):
    generator = np.random.default_rng(count + span % 97)
    event_at = generator.integers(1_754_000_000_000_000, 1_754_000_000_000_000 + span, count)
    event_id = generator.permutation(count).astype(np.int64)
    assert order_of(event_at, event_id).tolist() == slow_order(event_at.tolist(), event_id.tolist())


def test_order_survives_a_burst_in_one_bucket():
    event_at = np.concatenate([[0], np.full(500, 7), [10**15]]).astype(np.int64)
    event_id = np.arange(502)[::-1].copy()
    assert order_of(event_at, event_id).tolist() == slow_order(event_at.tolist(), event_id.tolist())


def test_columns_are_the_records_in_order_wherever_the_added_ones_start():
    month = honest(60)
    rows, none = month.payment_rows, month.payment_rows[:0]
    whole = sort_payments(rows, none, month.clock)
    split = sort_payments(rows[:-40], rows[-40:], month.clock)
    assert all((mine == theirs).all() for mine, theirs in zip(whole, split, strict=True))
    order = order_of(np.ascontiguousarray(rows["event_at"]), np.ascontiguousarray(rows["event_id"]))
    nullable = {"card_id", "device_id", "network", "user_agent", "decline_reason", "merchant_id", "payee_id"}
    for name in set(rows.dtype.names) - nullable - {"merchant_currency", "merchant_amount_minor", "fee_minor"}:
        assert (getattr(whole, name) == rows[name][order]).all()
    for name, is_known in (
        ("card_id", whole.has_card),
        ("device_id", whole.has_connection),
        ("payee_id", whole.has_payee),
    ):
        assert (getattr(whole, name) == np.maximum(rows[name][order], 0)).all()
        assert (is_known == (rows[name][order] >= 0)).all()
    assert (whole.is_declined == (rows["status"][order] == 1)).all()


def test_the_instrument_is_the_card_else_the_account():
    month = honest(60)
    columns = sort_payments(month.payment_rows, month.payment_rows[:0], month.clock)
    assert (columns.instrument_id == np.where(columns.has_card, columns.card_id, columns.account_id)).all()
