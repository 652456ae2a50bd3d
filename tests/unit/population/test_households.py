"""Households: who lives together fits together, and shares what a household shares."""

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.households import draw_households
from riskfabric_assets.population.kernels.matching import ALONE, CHILD, FLATMATE, PARENT, PARTNER, STREET
from tests.people import SEED, demography, population

COUNT = 10_000
CUSTOMERS = population(COUNT).customers
HOUSEHOLDS = draw_households(demography(), Streams(SEED), np.arange(COUNT, dtype=np.int64))
PEOPLE = pl.DataFrame(
    {
        "head": HOUSEHOLDS.head,
        "role": HOUSEHOLDS.role,
        "age": HOUSEHOLDS.age,
        "is_female": HOUSEHOLDS.is_female,
        "name": CUSTOMERS["full_name"].str.split(" ").list.last(),
    }
)
PEOPLE = PEOPLE.head(COUNT // STREET * STREET)  # whole streets
SIZES = CUSTOMERS.group_by("household_id").len()


@pytest.mark.parametrize(
    "column",
    ["residence_id", "home_h3_cell_r7", "home_latitude", "home_longitude", "address_text", "home_network_name"],
)
def test_members_share_home_address_and_line(column):
    assert CUSTOMERS.group_by("household_id").agg(pl.col(column).n_unique())[column].max() == 1


def test_households_have_two_members_on_average_and_seven_at_most():
    assert 1.7 < SIZES["len"].mean() < 2.8
    assert SIZES["len"].max() <= 7
    assert 0.10 < (SIZES["len"] == 1).sum() / COUNT < 0.35


def test_couples_are_of_two_genders_and_of_fitting_ages():
    couples = PEOPLE.filter(role=PARTNER).group_by("head").agg("age", "is_female").filter(pl.col("age").list.len() == 2)
    assert couples.height > 0.25 * COUNT
    man = couples.select(
        pl.when(pl.col("is_female").list.first()).then(pl.col("age").list.last()).otherwise(pl.col("age").list.first()),
        pl.when(pl.col("is_female").list.first())
        .then(pl.col("age").list.first())
        .otherwise(pl.col("age").list.last())
        .alias("woman"),
    )
    assert couples["is_female"].list.sum().unique().to_list() == [1]
    assert (man["age"] - man["woman"]).mean() == pytest.approx(4.0, abs=1.0)


def test_children_are_a_generation_younger_than_their_parents():
    parents = PEOPLE.filter(role=PARTNER).group_by("head").agg(pl.col("age").min().alias("youngest"))
    children = PEOPLE.filter(role=CHILD).join(parents, on="head")
    assert children.height == PEOPLE.filter(role=CHILD).height > 0.08 * COUNT
    assert (children["youngest"] - children["age"]).min() >= 18


def test_grandparents_are_a_generation_older_than_their_hosts():
    hosts = PEOPLE.filter(role=PARTNER).group_by("head").agg(pl.col("age").min().alias("youngest"))
    old = PEOPLE.filter(role=PARENT).join(hosts, on="head")
    assert old.height == PEOPLE.filter(role=PARENT).height > 0.02 * COUNT
    assert (old["age"] - old["youngest"]).min() >= 18


def test_families_mostly_bear_one_name_and_flatmates_do_not():
    def alike(roles):
        names = (
            PEOPLE.filter(pl.col("role").is_in(roles))
            .group_by("head")
            .agg("name")
            .filter(pl.col("name").list.len() > 1)
        )
        return names.select((pl.col("name").list.n_unique() == 1).mean()).item()

    assert alike([CHILD]) > 0.5
    assert alike([FLATMATE]) < 0.2


def test_who_lives_alone_is_alone():
    sizes = PEOPLE.group_by("head").len()
    alone = PEOPLE.filter(role=ALONE).join(sizes, on="head")
    assert set(alone["len"]) == {1}


def test_a_household_does_not_depend_on_where_the_run_of_ordinals_begins():
    some = draw_households(demography(), Streams(SEED), np.arange(100, 300, dtype=np.int64))
    for name in ("age", "is_female", "head", "role"):
        assert (getattr(some, name) == getattr(HOUSEHOLDS, name)[100:300]).all()
    assert draw_households(demography(), Streams(SEED), np.zeros(0, dtype=np.int64)).age.size == 0


def test_members_of_a_household_have_incomes_alike():
    log = CUSTOMERS.select("household_id", pl.col("monthly_income_minor").log().alias("income"))
    two = log.group_by("household_id").agg("income").filter(pl.col("income").list.len() == 2)["income"]
    first, second = two.list.first().to_numpy(), two.list.last().to_numpy()
    assert 0.1 < np.corrcoef(first, second)[0, 1] < 0.8
