"""What is always true of a population: it depends on seed and ordinal, and on nothing else."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.draw import draw_blocks, draw_population
from riskfabric_assets.population.kernels import chains, lifetimes
from riskfabric_assets.population.numbers import PER_CUSTOMER
from riskfabric_assets.population.permutations import permute
from tests.people import demography
from tests.worlds import small_world

INDIA = demography()
HOMES = small_world().residential
COUNT = 150
"""More than two streets of 64."""
WHOLE = draw_population(INDIA, HOMES, Streams(5555), COUNT)


def assert_same(left, right):
    for name, one, other in zip(left._fields, left, right, strict=True):
        assert one.equals(other), name


@settings(max_examples=6, deadline=None)
@given(block=st.integers(min_value=1, max_value=COUNT + 5))
def test_the_block_size_changes_no_byte(block):
    assert_same(draw_population(INDIA, HOMES, Streams(5555), COUNT, block_customers=block), WHOLE)


@settings(max_examples=5, deadline=None)
@given(count=st.integers(min_value=1, max_value=COUNT))
def test_another_customer_changes_nobody_else(count):
    fewer = draw_population(INDIA, HOMES, Streams(5555), count)
    ids = set(fewer.customers["customer_id"])
    for name, one, other in zip(fewer._fields, fewer, WHOLE, strict=True):
        if name == "payees":
            continue  # neighbours are chosen among those who are there
        assert one.equals(other.filter(pl.col("customer_id").is_in(ids))), name


def test_the_order_of_residences_changes_no_byte():
    shuffled = HOMES.sample(fraction=1, shuffle=True, seed=4)
    assert_same(draw_population(INDIA, shuffled, Streams(5555), COUNT), WHOLE)


def test_the_same_seed_gives_the_same_population():
    assert_same(draw_population(INDIA, HOMES, Streams(5555), COUNT), WHOLE)


def test_another_seed_gives_other_people():
    other = draw_population(INDIA, HOMES, Streams(5556), COUNT)
    assert not set(other.customers["customer_id"]) & set(WHOLE.customers["customer_id"])
    assert not other.customers["full_name"].equals(WHOLE.customers["full_name"])


def test_blocks_are_the_population_in_pieces():
    pieces = list(draw_blocks(INDIA, HOMES, Streams(5555), COUNT, block_customers=25))
    assert [frame.height for name, frame in pieces if name == "customers"] == [25] * 6
    assert sum(frame.height for name, frame in pieces if name == "payees") == WHOLE.payees.height


@settings(max_examples=50, deadline=None)
@given(left=st.integers(1, 60), right=st.integers(1, 60), key=st.integers(0, 2**63))
def test_a_permutation_hits_every_number_once(left, right, key):
    import numpy as np

    values = np.arange(left * right)
    assert sorted(permute(values, left, right, np.uint64(key)).tolist()) == values.tolist()


def test_a_number_outside_the_permuted_range_is_refused():
    with pytest.raises(ValueError, match="outside"):
        permute([100], 10, 10, Streams(1).key("test"))


def test_the_catalogue_fits_the_places_for_serials():
    assert INDIA.rules.accounts.maximum * 2 * chains.MOST <= PER_CUSTOMER
    assert 2 * lifetimes.MOST <= PER_CUSTOMER


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**31), world=st.sampled_from(["india", "anywhere"]))
def test_dates_never_contradict_each_other_whatever_the_seed(seed, world):
    drawn = draw_population(demography(world), HOMES, Streams(seed), 400)
    far = pl.date(9999, 1, 1)
    cards = drawn.cards.join(drawn.accounts, on="account_id", suffix="_of_account").select(
        pl.col("opened_date") <= pl.col("issued_date"),
        pl.col("issued_date") <= pl.col("activated_date"),
        pl.col("activated_date") <= pl.col("closed_date").fill_null(far),
        (pl.col("closed_date") <= pl.col("expiry_date")).fill_null(True).alias("closed"),
        (pl.col("closed_date").fill_null(far) <= pl.col("closed_date_of_account").fill_null(far)).alias("account"),
    )
    assert all(column.all() for column in cards)
    later = drawn.cards.filter(pl.col("replaces_card_id").is_not_null())
    pairs = later.join(drawn.cards, left_on="replaces_card_id", right_on="card_id", suffix="_before")
    assert pairs.height == later.height
    assert (pairs["closed_date_before"] <= pairs["activated_date"]).all()
    devices = drawn.devices.join(drawn.customers, on="customer_id")
    assert (devices["first_seen_date"] >= devices["registered_date"]).all()
    assert (devices["first_seen_date"] <= devices["last_seen_date"]).fill_null(True).all()
    assert devices.group_by("customer_id", "is_primary").agg(pl.col("last_seen_date").null_count())[
        "last_seen_date"
    ].unique().to_list() == [1]
