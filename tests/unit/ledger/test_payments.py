"""Records as columns of the two long tables."""

import functools
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, DECLINE_REASONS, ENGINE_RULES, TRANSACTIONS
from riskfabric_assets.ledger.assemble import assemble_month
from riskfabric_assets.ledger.ordering import order_of
from riskfabric_assets.ledger.payments import TILE_ROWS, Gatherer, room_for_payments
from riskfabric_assets.ledger.ports import no_crime, no_reports
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID
from tests.societies import honest, society


@functools.cache
def tables(timezone="Asia/Kolkata", month="2025-08"):
    engine = resolve({}, Path("nowhere")).config.engine
    people = society(60, timezone)
    return assemble_month(people, month, currency_code="INR", engine=engine, crime=no_crime, reports=no_reports)


def gathered(rows, added, out_rows, first=0):
    out = room_for_payments(out_rows)
    Gatherer(honest().clock).gather(rows, added, order_of(rows, added), out, first)
    return out


def test_both_tables_keep_their_contracts_and_stand_in_order():
    for table, frame in zip((TRANSACTIONS, ACCOUNT_EVENTS), tables()[:2], strict=True):
        table.check(frame)
        assert frame.height > 0
        assert frame.equals(frame.sort("event_at", "event_id"))


def test_nulls_stand_where_the_records_have_none():
    frame = tables().transactions.sort("event_id")
    rows = np.sort(honest().payment_rows, order="event_id")
    for column, field, null in (
        ("card_id", "card_id", NO_ID),
        ("network_name", "network", NO_ID),
        ("decline_reason", "decline_reason", NO_CODE),
        ("engine_rule", "engine_rule", NO_CODE),
        ("merchant_id", "merchant_id", NO_ID),
        ("payee_id", "payee_id", NO_ID),
        ("fee_minor", "fee_minor", NO_ID),
    ):
        assert frame[column].is_null().to_list() == (rows[field] == null).tolist()


def test_codes_become_their_texts():
    frame = tables().transactions.sort("event_id")
    rows = np.sort(honest().payment_rows, order="event_id")
    wanted = [None if code == NO_CODE else DECLINE_REASONS[code] for code in rows["decline_reason"].tolist()]
    assert frame["decline_reason"].to_list() == wanted
    wanted = [None if code == NO_CODE else ENGINE_RULES[code] for code in rows["engine_rule"].tolist()]
    assert frame["engine_rule"].to_list() == wanted
    agents = society().dictionaries.user_agents
    assert frame["user_agent"].to_list() == [None if code < 0 else agents[code] for code in rows["user_agent"].tolist()]


@pytest.mark.parametrize(("timezone", "month"), [("Asia/Kolkata", "2025-08"), ("America/New_York", "2025-11")])
def test_local_time_is_that_of_the_zone_on_every_day(timezone, month):
    for frame in tables(timezone, month)[:2]:
        zoned = frame["event_at"].dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
        local = zoned.dt.replace_time_zone(None)
        assert frame["event_at_local"].equals(local.alias("event_at_local"))
        assert frame["event_date"].equals(frame["event_at_local"].dt.date().alias("event_date"))


def test_columns_are_the_records_in_order_wherever_the_added_ones_start():
    rows = honest().payment_rows
    assert rows.shape[0] > 2 * TILE_ROWS
    whole, split = (gathered(rows[:cut], rows[cut:], rows.shape[0] + 3, 3) for cut in (rows.shape[0], -40))
    order = order_of(rows, rows[:0])
    for name in rows.dtype.names:
        assert (getattr(whole, name)[3:] == rows[name][order]).all()
        assert (getattr(split, name)[3:] == rows[name][order]).all()
    for flag, name in (("has_card", "card_id"), ("has_connection", "device_id"), ("has_merchant", "merchant_id")):
        assert (getattr(whole, flag)[3:] == (rows[name][order] >= 0)).all()
    assert (whole.is_declined[3:] == (rows["status"][order] == 1)).all()


def test_the_instrument_is_the_card_else_the_account():
    rows = honest().payment_rows
    columns = gathered(rows, rows[:0], rows.shape[0])
    wanted = np.where(columns.has_card, columns.card_id, columns.account_id)
    assert (columns.instrument_id == wanted).all()


def test_files_hold_the_same_rows_however_they_are_cut_into_days():
    frame = tables().transactions
    assert frame["event_id"].n_unique() == frame.height == honest().payment_rows.shape[0]
    assert isinstance(frame["event_at"].dtype, pl.Datetime)
