"""Payees: a social graph with the degrees, reciprocity and clustering of the facts."""

import numpy as np
import polars as pl
import pytest

from tests.people import population

COUNT = 6_000
POPULATION = population(COUNT)
CUSTOMERS, ACCOUNTS, PAYEES = POPULATION.customers, POPULATION.accounts, POPULATION.payees
KNOWN = PAYEES.filter(pl.col("known_since_date").is_null())
OTHERS = KNOWN.filter(pl.col("payee_customer_id").is_not_null() & (pl.col("relation") != "own_account"))
EDGES = set(OTHERS.select("customer_id", "payee_customer_id").rows())


def test_nobody_is_a_payee_twice_and_everybody_has_one():
    assert not PAYEES.select("customer_id", "payee_id").is_duplicated().any()
    assert PAYEES["customer_id"].n_unique() == COUNT


def test_payees_who_are_customers_have_their_account_and_bank():
    inside = PAYEES.drop_nulls("payee_customer_id")
    joined = inside.join(ACCOUNTS, left_on="payee_account_id", right_on="account_id", suffix="_of_account")
    assert joined.height == inside.height
    assert (joined["payee_id"] == joined["payee_account_id"]).all()
    assert (joined["payee_customer_id"] == joined["customer_id_of_account"]).all()
    assert (joined["bank_code"].cast(pl.String) == joined["bank_code_of_account"]).all()
    outside = PAYEES.filter(pl.col("payee_customer_id").is_null())
    assert outside["payee_account_id"].null_count() == outside.height
    assert not set(outside["payee_id"]) & set(ACCOUNTS["account_id"])


def test_degrees_are_log_normal():
    """Fact 4.35, without the payees that are met only once."""
    degree = KNOWN.group_by("customer_id").len()["len"]
    assert 6 <= degree.median() <= 10
    assert 0.35 < degree.log().std() < 0.8


def test_half_of_the_payees_are_customers():
    share = KNOWN.filter(pl.col("relation") != "own_account")["payee_customer_id"].is_not_null().mean()
    assert 0.42 < share < 0.58


def test_payments_are_returned_as_often_as_measured():
    """Fact 4.35: reciprocity 0.20-0.45, among customers."""
    back = sum((payee, payer) in EDGES for payer, payee in EDGES) / len(EDGES)
    assert 0.20 < back < 0.45


def test_friends_know_each_other_as_often_as_measured():
    """Fact 4.35: clustering 0.05-0.20, outsiders being neighbours of the graph, too."""
    near = {}
    for payer, payee in KNOWN.filter(pl.col("relation") != "own_account").select("customer_id", "payee_id").rows():
        near.setdefault(payer, set()).add(payee)
    owner = dict(ACCOUNTS.select("account_id", "customer_id").rows())
    generator = np.random.default_rng(1)
    found = []
    for payees in near.values():
        members = sorted(payees)
        if len(members) < 2:
            continue
        one, other = generator.choice(len(members), 2, replace=False)
        pair = (owner.get(members[one]), owner.get(members[other]))
        found.append(pair in EDGES or pair[::-1] in EDGES)
    assert 0.05 < np.mean(found) < 0.20


def test_weights_of_the_known_sum_to_one_and_the_top_payee_gets_a_quarter():
    shares = KNOWN.group_by("customer_id").agg(pl.col("weight").sum(), pl.col("weight").max().alias("top"), pl.len())
    assert shares["weight"].to_numpy() == pytest.approx(1.0)
    assert 0.15 < shares.filter(pl.col("len") > 1)["top"].median() < 0.30


def test_households_pay_each_other_and_tenants_their_landlord():
    homes = CUSTOMERS.select("customer_id", "household_id")
    inside = (
        PAYEES.filter(relation="household")
        .join(homes, on="customer_id")
        .join(homes, left_on="payee_customer_id", right_on="customer_id", suffix="_of_payee")
    )
    assert inside.height > COUNT / 2
    assert (inside["household_id"] == inside["household_id_of_payee"]).all()
    landlords = PAYEES.filter(relation="landlord")
    assert not landlords["customer_id"].is_duplicated().any()
    assert 0.05 < landlords.height / COUNT < 0.25


def test_most_payees_outside_the_household_live_near():
    cells = CUSTOMERS.select("customer_id", "region_id")
    friends = (
        OTHERS.filter(pl.col("relation") != "household")
        .join(cells, on="customer_id")
        .join(cells, left_on="payee_customer_id", right_on="customer_id", suffix="_of_payee")
    )
    assert (friends["region_id"] == friends["region_id_of_payee"]).mean() > 0.75


def test_own_accounts_are_other_open_accounts():
    own = PAYEES.filter(relation="own_account").join(
        ACCOUNTS, left_on="payee_id", right_on="account_id", suffix="_of_account"
    )
    assert (own["customer_id"] == own["payee_customer_id"]).all()
    assert not own["is_primary"].any()
    assert set(own["account_status"]) == {"active"}


def test_an_eighth_of_the_payees_is_new_within_a_year_and_met_in_order():
    new = PAYEES.drop_nulls("known_since_date")
    years = new["known_since_date"].dt.year().value_counts()
    assert new.height / KNOWN.height / 5 == pytest.approx(0.12, rel=0.1)
    assert years.height >= 5
    ordered = PAYEES.select(
        pl.col("known_since_date").fill_null(pl.date(1970, 1, 1)).is_sorted().over("customer_id").alias("is_ordered")
    )
    assert ordered["is_ordered"].all()


def test_vendors_are_paid_by_a_quarter():
    vendors = PAYEES.filter(relation="vendor").group_by("payee_id").agg(pl.col("customer_id").n_unique())
    assert vendors["customer_id"].mean() > 2
