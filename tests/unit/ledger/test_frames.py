"""Records as frames."""

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, DECLINE_REASONS, TRANSACTIONS
from riskfabric_assets.ledger.frames import account_events_frame, series_of, transactions_frame
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID
from tests.societies import honest, society


def transactions(timezone="Asia/Kolkata", month="2025-08"):
    lived = honest(60, month, timezone)
    return transactions_frame(lived.payment_rows, lived.payment_rows[:0], lived.clock, society().dictionaries, "INR")


def test_transactions_keep_their_contract():
    TRANSACTIONS.check(transactions())


def test_account_events_keep_their_contract_and_order():
    frame = account_events_frame(honest().event_rows, honest().clock, "INR")
    ACCOUNT_EVENTS.check(frame)
    assert frame.equals(frame.sort("event_at", "event_id"))


def test_transactions_stand_in_order():
    frame = transactions()
    assert frame.equals(frame.sort("event_at", "event_id"))


def test_nulls_stand_where_the_records_have_none():
    frame = transactions().sort("event_id")
    rows = np.sort(honest().payment_rows, order="event_id")
    assert frame["card_id"].is_null().to_list() == (rows["card_id"] == NO_ID).tolist()
    assert frame["network_name"].is_null().to_list() == (rows["network"] == NO_ID).tolist()
    assert frame["decline_reason"].is_null().to_list() == (rows["decline_reason"] == NO_CODE).tolist()


def test_codes_become_their_texts():
    frame = transactions().sort("event_id")
    rows = np.sort(honest().payment_rows, order="event_id")
    wanted = [None if code == NO_CODE else DECLINE_REASONS[code] for code in rows["decline_reason"].tolist()]
    assert frame["decline_reason"].to_list() == wanted
    agents = society().dictionaries.user_agents
    assert frame["user_agent"].to_list() == [None if code < 0 else agents[code] for code in rows["user_agent"].tolist()]


def test_no_payments_make_an_empty_frame_of_the_contract():
    none = honest().payment_rows[:0]
    frame = transactions_frame(none, none, honest().clock, society().dictionaries, "INR")
    assert TRANSACTIONS.check(frame).height == 0


@pytest.mark.parametrize(("timezone", "month"), [("Asia/Kolkata", "2025-08"), ("America/New_York", "2025-11")])
def test_local_time_is_that_of_the_zone_on_every_day(timezone, month):
    frame = transactions(timezone, month)
    local = frame["event_at"].dt.replace_time_zone("UTC").dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    assert frame["event_at_local"].equals(local.alias("event_at_local"))
    assert frame["event_date"].equals(frame["event_at_local"].dt.date().alias("event_date"))


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float32, np.uint32, np.bool_])
def test_series_share_values_and_nulls_with_their_arrays(dtype):
    values = np.arange(19).astype(dtype)
    is_null = np.arange(19) % 3 == 0
    assert series_of(values).to_list() == values.tolist()
    expected = [None if null else value for value, null in zip(values.tolist(), is_null.tolist(), strict=True)]
    assert series_of(values, pa.py_buffer(np.packbits(~is_null, bitorder="little"))).to_list() == expected
    assert isinstance(series_of(values), pl.Series)
