"""What every month of every world keeps, whatever the seed, the size, the days and the cut of the work.

All four tables at once: transactions, account events, labels and fraud. Few and small examples, the same in each run.
"""

import dataclasses
import datetime as dt
import functools
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.units import last_day, next_month
from riskfabric_assets.ledger.assemble import MonthTables, assemble_month
from riskfabric_assets.ledger.books import Books, open_books
from riskfabric_assets.packs.settings import Settings, known_worlds, packaged_config, resolve
from riskfabric_assets.population.demography import demography_of
from riskfabric_assets.population.draw import draw_population
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.world.remote import draw_remote_merchants
from tests.worlds import small_world

WORLDS: Final = known_worlds(packaged_config())
few_examples = settings(max_examples=2, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**31 - 1)
SIZES = st.integers(2, 40)
CUTS = st.fixed_dictionaries(
    {"cards_per_block": st.integers(1, 60), "block_days": st.integers(1, 31), "threads": st.integers(1, 3)}
)


@functools.cache
def configured(world: str) -> Settings:
    return resolve({"RISKFABRIC_WORLD": world}, Path("nowhere"))


def opened(world: str, seed: int, size: int) -> Books:
    """Open the books of the small world from nothing."""
    config, streams, places = configured(world).config, Streams(seed), small_world()
    drawn = draw_population(demography_of(config), places.residential, streams, size)
    people = PopulationFrames(*(getattr(drawn, name) for name in PopulationFrames._fields))
    remote = draw_remote_merchants(config.remote, config.world, streams)
    return open_books(configured(world), places.merchants, places.financial, remote, people, streams)


def month_of(of: Books, month: str, through: dt.date | None = None, **cut: int) -> MonthTables:
    engine = configured(WORLDS[0]).config.engine.model_copy(update={"threads": 1, **cut})
    making = of.making(month, engine)
    arguments = {field.name: getattr(making, field.name) for field in dataclasses.fields(making)}
    return assemble_month(of.society, month, through=through, **arguments)


def first_month(world: str) -> str:
    return configured(world).config.calendar.first_month


@pytest.mark.parametrize("world", WORLDS)
@few_examples
@given(seed=SEEDS, size=SIZES, day=st.integers(1, 28), cut=CUTS)
def test_no_cut_of_the_work_changes_a_byte_and_a_day_more_only_appends(world, seed, size, day, cut):
    of, month = opened(world, seed, size), first_month(world)
    whole, through = month_of(of, month), last_day(month).replace(day=day)
    for mine, theirs in zip(month_of(of, month, **cut), whole, strict=True):
        assert mine.equals(theirs)
    for mine, theirs in zip(month_of(of, month, through, **cut), whole, strict=True):
        assert mine.equals(theirs.filter(pl.col("event_date") <= through))


@pytest.mark.parametrize("world", WORLDS)
@few_examples
@given(seed=SEEDS, size=SIZES)
def test_months_are_the_same_in_any_order(world, seed, size):
    first, second = first_month(world), next_month(first_month(world))
    forth, back = opened(world, seed, size), opened(world, seed, size)
    ascending = [month_of(forth, first), month_of(forth, second)]
    descending = [month_of(back, second), month_of(back, first)][::-1]
    for mine, theirs in zip(ascending, descending, strict=True):
        for table, other in zip(mine, theirs, strict=True):
            assert table.equals(other)
    ids = pl.concat([frame["event_id"] for tables in ascending for frame in tables[:2]])
    assert ids.n_unique() == ids.len()


@pytest.mark.parametrize("world", WORLDS)
@few_examples
@given(seed=SEEDS, size=SIZES)
def test_no_account_is_ever_below_its_credit_line_and_legs_match(world, seed, size):
    """Openings, movements and approved debits in one order; what is not a movement has the amount 0."""
    of = opened(world, seed, size)
    tables = month_of(of, first_month(world))
    approved = tables.transactions.filter(pl.col("status").cast(pl.String) == "approved")
    line = pl.DataFrame({"account_id": of.society.people.account_id, "line": of.society.people.credit_limit_minor})
    order = ("account_id", "event_at", "event_id")
    moves = pl.concat(
        [
            approved.select(*order, moved=-pl.col("amount_minor")),
            tables.account_events.select(*order, moved=pl.col("amount_minor")),
        ]
    )
    balances = moves.sort("event_at", "event_id").with_columns(balance=pl.col("moved").cum_sum().over("account_id"))
    checked = balances.join(line, on="account_id")
    assert checked.height == moves.height
    assert (checked["balance"] + checked["line"] >= 0).all()
    legs_arrive_as_they_left(tables, of)


@pytest.mark.parametrize("world", WORLDS)
@few_examples
@given(seed=SEEDS, size=SIZES)
def test_movements_of_two_months_lead_to_the_opening_of_the_third(world, seed, size):
    """Opening and movements are the balance: what a month closes with is what the next one opens with."""
    of, first = opened(world, seed, size), first_month(world)
    second = next_month(first)
    moved = pl.concat([net_movements(month_of(of, month)) for month in (first, second)])
    closing = moved.group_by("account_id").agg(pl.col("moved").sum())
    people = of.society.people
    later = live_month(of.society, second, 0, people.count_customers)
    wanted = later.leftover_minor[:, -1] - people.credit_limit_minor
    checked = closing.join(pl.DataFrame({"account_id": people.account_id, "wanted": wanted}), on="account_id")
    assert checked.height == closing.height > 0
    assert (checked["moved"] == checked["wanted"]).all()


def net_movements(tables: MonthTables) -> pl.DataFrame:
    """Movement of every account over a month, openings included."""
    approved = tables.transactions.filter(pl.col("status").cast(pl.String) == "approved")
    return pl.concat(
        [
            approved.select("account_id", moved=-pl.col("amount_minor")),
            tables.account_events.select("account_id", moved=pl.col("amount_minor")),
        ]
    )


def legs_arrive_as_they_left(tables: MonthTables, of: Books) -> None:
    """What one customer pays to another: one credit for each approved debit, of the same amount."""
    status, kind = pl.col("status").cast(pl.String), pl.col("event_kind").cast(pl.String)
    ours = of.society.people.account_id.tolist()
    sent = tables.transactions.filter(status == "approved", pl.col("payee_id").is_in(ours))
    received = tables.account_events.filter(kind == "transfer_credit", pl.col("related_event_id").is_not_null())
    legs = sent.join(received, left_on="event_id", right_on="related_event_id", suffix="_received")
    assert legs.height == sent.height == received.height
    assert (legs["amount_minor"] == legs["amount_minor_received"]).all()
    assert (legs["account_id_received"] == legs["payee_id"]).all()
