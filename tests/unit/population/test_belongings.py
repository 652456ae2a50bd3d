"""Accounts, cards and devices: how many, of what kind, and dates that never contradict each other."""

import numpy as np
import polars as pl
import pytest

from tests.people import demography, population

COUNT = 10_000
INDIA = demography()
START = INDIA.start
CUSTOMERS, ACCOUNTS, CARDS, *_ = population(COUNT)
OWNED = ACCOUNTS.join(CUSTOMERS, on="customer_id")
HELD = CARDS.join(ACCOUNTS, on="account_id", suffix="_of_account").join(CUSTOMERS, on="customer_id")


def within(share, wanted, n, sigmas=4):
    return abs(share - wanted) < sigmas * np.sqrt(wanted * (1 - wanted) / n)


def test_everybody_has_one_primary_account_that_is_active():
    primary = ACCOUNTS.filter("is_primary")
    assert primary["customer_id"].n_unique() == primary.height == COUNT
    assert (primary["account_status"] == "active").all()
    assert "credit" not in primary["account_type"].unique()


def test_customers_have_one_and_a_half_accounts_and_four_at_most():
    counts = ACCOUNTS.group_by("customer_id").len()["len"]
    assert counts.mean() == pytest.approx(1.5, abs=4 * 0.75 / np.sqrt(COUNT))
    assert counts.max() == 4


def test_the_rich_have_more_accounts():
    counts = OWNED.group_by("customer_id").agg(pl.len(), pl.col("monthly_income_minor").first())
    middle = counts["monthly_income_minor"].median()
    assert counts.filter(pl.col("monthly_income_minor") > middle)["len"].mean() > (
        counts.filter(pl.col("monthly_income_minor") <= middle)["len"].mean() + 0.1
    )


def test_credit_is_given_to_scored_adults_only():
    credit = OWNED.filter(account_type="credit")
    assert credit.height > 500
    assert credit["credit_score"].null_count() == 0
    assert credit["credit_score"].min() >= 650
    assert (START.year - credit["birth_year"]).min() >= 21
    assert (credit["credit_limit_minor"] >= 1_000_000).all()


def test_lines_of_credit_hang_on_credit_and_some_current_accounts():
    lines = ACCOUNTS.group_by("account_type").agg((pl.col("credit_limit_minor") > 0).mean())
    shares = dict(lines.rows())
    assert shares["credit"] == 1
    assert shares["savings"] == shares["salary"] == 0
    assert 0.2 < shares["current"] < 0.3


def test_banks_follow_their_shares():
    weights = INDIA.people.banks
    total = sum(weights.values())
    found = dict(ACCOUNTS.group_by("bank_code").len().rows())
    assert all(
        within(found.get(bank, 0) / ACCOUNTS.height, weight / total, ACCOUNTS.height)
        for bank, weight in weights.items()
    )


def test_dates_never_contradict_each_other():
    dates = HELD.select("registered_date", "opened_date", "issued_date", "activated_date", "expiry_date")
    for earlier, later in zip(dates.columns[:-1], dates.columns[1:], strict=True):
        assert (dates[earlier] <= dates[later]).all(), (earlier, later)
    ended = HELD.filter(pl.col("closed_date").is_not_null())
    assert (ended["activated_date"] <= ended["closed_date"]).all()
    assert (ended["closed_date"] <= ended["expiry_date"]).all()
    assert ACCOUNTS["opened_date"].max() <= START
    closed = ACCOUNTS.filter(account_status="closed")
    assert (closed["opened_date"] <= closed["closed_date"]).all()
    assert closed["closed_date"].max() < START
    assert ACCOUNTS.filter(pl.col("account_status") != "closed")["closed_date"].null_count() == (
        ACCOUNTS.height - closed.height
    )


def test_the_status_of_a_card_follows_from_its_dates():
    ended, pending = pl.col("closed_date") < START, pl.col("issued_date") > START
    ordinary = pl.col("closed_reason").is_in(["renewed", "validity ended"])
    wanted = CARDS.select(
        pl.when(pending)
        .then(pl.lit("pending"))
        .when(ended & ordinary)
        .then(pl.lit("expired"))
        .when(ended)
        .then(pl.lit("blocked"))
        .otherwise(pl.lit("active"))
    ).to_series()
    assert (CARDS["card_status"].cast(pl.String) == wanted).all()
    assert (CARDS["closed_date"].is_null() == CARDS["closed_reason"].is_null()).all()
    assert set(CARDS["card_status"]) == {"active", "blocked", "expired", "pending"}


def test_nobody_has_two_cards_of_a_line_at_a_time():
    after = CARDS.filter(pl.col("replaces_card_id").is_not_null())
    pairs = after.join(CARDS, left_on="replaces_card_id", right_on="card_id", suffix="_before")
    assert pairs.height == after.height > COUNT
    assert (pairs["account_id"] == pairs["account_id_before"]).all()
    assert (pairs["card_network"] == pairs["card_network_before"]).all()
    assert (pairs["activated_date"] >= pairs["closed_date_before"]).all()
    assert not pairs["replaces_card_id"].is_duplicated().any()


def test_cards_are_lost_at_the_configured_rate():
    debit = CARDS.filter(card_type="debit")
    until = pl.coalesce("closed_date", pl.lit(START) + pl.duration(days=1827))
    years = debit.select((until - pl.col("activated_date")).dt.total_days().sum() / 365.25).item()
    lost = debit["closed_reason"].is_in(list(INDIA.products.cards.loss_causes)).sum()
    given_up = debit["status_reason"].is_in(["blocked by holder", "wrong PIN entered too often"]).sum()
    assert given_up > 10
    shared = ["reported lost", "suspected fraud"]  # causes of both kinds of ends
    expected = 0.045 * years + 0.65 / 0.35 * given_up
    assert set(shared) <= set(INDIA.products.cards.loss_causes)
    assert lost == pytest.approx(expected, rel=0.06)


def test_lines_of_cards_are_in_use_as_often_as_configured():
    open_lines = HELD.filter((pl.col("account_status") != "closed") & (pl.col("issued_date") <= START))
    lines = open_lines.group_by("account_id", "card_type", "is_international_enabled").agg(
        (pl.col("card_status") == "active").any()
    )
    assert 0.88 < lines["card_status"].mean() < 0.95


def test_cards_of_closed_accounts_end_with_them():
    closed = HELD.filter(account_status="closed")
    assert closed.height > 20
    assert (closed["closed_date"] <= closed["closed_date_of_account"]).all()
    assert "account closed" in set(closed["closed_reason"])


def test_only_the_salaried_have_a_salary_account_first():
    first = OWNED.filter("is_primary", account_type="salary")
    assert set(first["occupation"]) == {"salaried"}
    assert first.height > 0.25 * COUNT


def test_card_types_follow_the_account():
    kinds = HELD.group_by("account_type").agg(pl.col("card_type").unique())
    found = {account: set(cards) for account, cards in kinds.rows()}
    assert found == {"credit": {"credit"}, "salary": {"debit"}, "current": {"debit"}, "savings": {"debit", "prepaid"}}


def test_every_account_has_a_line_of_cards_and_some_have_two():
    counts = CARDS.filter(pl.col("replaces_card_id").is_null()).group_by("account_id").len()
    assert counts.height == ACCOUNTS.height
    assert set(counts["len"]) == {1, 2}
    assert within((counts["len"] == 2).mean(), 0.06, ACCOUNTS.height)


def test_networks_follow_the_shares_of_the_card_type():
    debit = CARDS.filter(card_type="debit")
    assert within((debit["card_network"] == "RuPay").mean(), 0.64, debit.height)
    assert not (debit["card_network"] == "Amex").any()


def test_limits_rise_with_income_but_a_tap_is_limited_alike_for_all():
    assert CARDS["contactless_limit_minor"].unique().to_list() == [500_000]
    tiers = (
        HELD.group_by("daily_atm_limit_minor").agg(pl.col("monthly_income_minor").mean()).sort("daily_atm_limit_minor")
    )
    assert tiers["daily_atm_limit_minor"].to_list() == [2_500_000, 5_000_000, 10_000_000]
    assert tiers["monthly_income_minor"].is_sorted()
    assert (CARDS["daily_online_limit_minor"] == 2 * CARDS["daily_atm_limit_minor"]).all()


def test_banks_differ_in_their_share_of_the_domestic_network():
    rupay = HELD.filter(card_type="debit").group_by("bank_code").agg((pl.col("card_network") == "RuPay").mean())
    shares = dict(rupay.rows())
    assert shares["BANK_A"] > shares["BANK_B"] + 0.15


def test_closed_and_dormant_accounts_say_why():
    reasons = ACCOUNTS.group_by("account_status").agg(pl.col("status_reason").unique())
    found = {status: set(names) for status, names in reasons.rows()}
    assert found["active"] == {"normal usage"}
    assert found["dormant"] == {"no payments for two years"}
    assert found["closed"] <= set(INDIA.rules.accounts.closed_reasons)
