"""What is always true of a month, however the work is cut."""

import datetime as dt
import functools
from pathlib import Path

import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import STATUSES
from riskfabric_assets.ledger.assemble import MonthTables, assemble_month
from riskfabric_assets.ledger.months import TABLE_NAMES, Making, days_at_once, write_month
from riskfabric_assets.ledger.ports import no_crime, no_reports
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.simulation.month import live_month
from tests.societies import society
from tests.underworld import inject_month, plan_month, underworld

COUNT = 120
MONTH = "2025-08"


def engine(**changes: int) -> Engine:
    usual = resolve({}, Path("nowhere")).config.engine
    return usual.model_copy(update={"threads": 1, **changes})


@functools.cache
def crime(month: str):
    under = underworld(customers=400)
    plan = plan_month(under, month)
    return under.society, lambda honest: inject_month(under, plan, honest)


def assembled(month: str = MONTH, through: dt.date | None = None, **changes: int) -> MonthTables:
    people, criminals = crime(month)
    return assemble_month(
        people,
        month,
        currency_code="INR",
        engine=engine(**changes),
        crime=criminals,
        reports=no_reports,
        through=through,
    )


@functools.cache
def whole(month: str = MONTH) -> MonthTables:
    return assembled(month)


@pytest.mark.parametrize(
    "changes",
    [{"cards_per_block": 1}, {"cards_per_block": 37}, {"block_days": 1}, {"block_days": 10}, {"threads": 2}],
    ids=str,
)
def test_no_cut_of_the_work_changes_a_byte(changes):
    for mine, theirs in zip(assembled(**changes), whole(), strict=True):
        assert mine.equals(theirs)


def test_a_month_does_not_depend_on_the_months_before_it():
    alone = assembled("2025-10")
    whole("2025-09")
    for mine, theirs in zip(assembled("2025-10"), alone, strict=True):
        assert mine.equals(theirs)


@pytest.mark.parametrize("day", [1, 13, 30, 31])
def test_through_keeps_a_prefix(day):
    through = dt.date(2025, 8, day)
    for mine, theirs in zip(assembled(through=through), whole(), strict=True):
        assert mine.equals(theirs.filter(pl.col("event_date") <= through))
        assert mine.equals(theirs.head(mine.height))


def test_another_seed_is_another_world():
    mine, theirs = (live_month(society(30, seed=seed), MONTH, 0, 30) for seed in (1, 2))
    assert set(mine.payments.event_id.tolist()).isdisjoint(theirs.payments.event_id.tolist())


def test_ids_are_unique_over_payments_events_and_months():
    ids = pl.concat([frame["event_id"] for month in (MONTH, "2025-09") for frame in whole(month)[:2]])
    assert ids.n_unique() == ids.len()


def test_movements_and_approved_debits_of_a_month_lead_from_opening_to_opening():
    tables, following = whole(), whole("2025-09")
    balances = _ends(tables).join(_ends(following), on="account_id", suffix="_later")
    people = crime(MONTH)[0]
    later = live_month(people, "2025-09", 0, people.people.count_customers)
    line = people.life.accounts["credit_limit_minor"]
    wanted = pl.DataFrame({"account_id": people.people.account_id, "wanted": later.leftover_minor[:, -1] - line})
    checked = balances.join(wanted, on="account_id")
    assert checked.height > COUNT
    assert (checked["moved"] + checked["moved_later"] == checked["wanted"]).all()


def test_what_is_sent_to_a_customer_arrives_as_it_left():
    tables = whole()
    kind, status = pl.col("event_kind").cast(pl.String), pl.col("status").cast(pl.String)
    arrived = tables.account_events.filter(kind == "transfer_credit", pl.col("related_event_id").is_not_null())
    sent = tables.transactions.filter(status == STATUSES[0])
    legs = arrived.join(sent, left_on="related_event_id", right_on="event_id", suffix="_sent")
    assert legs.height == arrived.height > COUNT
    assert (legs["amount_minor"] == legs["amount_minor_sent"]).all()
    assert (legs["counterparty_id"] == legs["account_id_sent"]).all()
    assert (legs["account_id"] == legs["payee_id"]).all()


def test_settlements_come_after_every_credit_of_others_and_inside_the_month():
    """What crime brings into a mule's account may come later: a movement of its own makes up for it."""
    events = whole().account_events.with_columns(kind=pl.col("event_kind").cast(pl.String))
    is_honest = ~pl.col("related_event_id").is_in(whole().fraud["event_id"].to_list())
    credits_of_others = events.filter(pl.col("related_event_id").is_not_null(), is_honest, kind="transfer_credit")
    last = credits_of_others.group_by("account_id").agg(last_at=pl.col("event_at").max())
    settled = events.filter(kind="settlement").join(last, on="account_id")
    assert settled.height > COUNT / 4
    assert (settled["event_at"] > settled["last_at"]).all()
    assert (settled["event_date"].dt.strftime("%Y-%m") == MONTH).all()
    assert settled["event_date"].equals(settled["event_at_local"].dt.date().alias("event_date"))


def _ends(tables: MonthTables) -> pl.DataFrame:
    """Net movement of every account over a month; the first month holds its opening."""
    approved = tables.transactions.filter(pl.col("status").cast(pl.String) == STATUSES[0])
    debits = approved.select("account_id", moved=-pl.col("amount_minor"))
    credited = tables.account_events.select("account_id", moved=pl.col("amount_minor"))
    return pl.concat([debits, credited]).group_by("account_id").agg(pl.col("moved").sum())


@pytest.mark.parametrize("through", [None, dt.date(2025, 8, 17)])
def test_a_month_that_does_not_fit_into_memory_gives_the_same_files(tmp_path, monkeypatch, through):
    people, criminals = crime(MONTH)
    files = {}
    for kind, bytes_per_payment in (("fits", 1), ("spills", 10**6)):
        monkeypatch.setattr("riskfabric_assets.ledger.months.BYTES_PER_PAYMENT", bytes_per_payment)
        making = Making("INR", engine(cards_per_block=100), criminals, no_reports)
        assert (days_at_once(people, MONTH, making.engine) is None) == (kind == "fits")
        files[kind] = {name: tmp_path / kind / f"{name}.parquet" for name in TABLE_NAMES.values()}
        written = write_month(people, MONTH, making, files[kind], {"a": "b"}, through)
        assert written.rows["bronze/transactions"] == pl.read_parquet(files[kind]["bronze/transactions"]).height
    for name in TABLE_NAMES.values():
        assert files["fits"][name].read_bytes() == files["spills"][name].read_bytes()
    assert not list(tmp_path.rglob(".spill-*"))


def test_without_crime_only_honest_life_is_written():
    people, _ = crime(MONTH)
    tables = assemble_month(people, MONTH, currency_code="INR", engine=engine(), crime=no_crime, reports=no_reports)
    lived = live_month(people, MONTH, 0, people.people.count_customers)
    assert sorted(tables.transactions["event_id"]) == sorted(lived.payments.event_id.tolist())
    assert tables.fraud.is_empty()
    assert tables.labels.is_empty()
