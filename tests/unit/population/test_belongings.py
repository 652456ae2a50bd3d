"""Accounts, cards and devices: how many, of what kind, and dates that never contradict each other."""

import numpy as np
import polars as pl
import pytest

from tests.people import demography, population

COUNT = 10_000
INDIA = demography()
START = INDIA.start
CUSTOMERS, ACCOUNTS, CARDS, DEVICES, _ = population(COUNT)
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
    dates = HELD.select("registered_date", "opened_date", "issued_date", "activated_date")
    for earlier, later in zip(dates.columns[:-1], dates.columns[1:], strict=True):
        assert (dates[earlier] <= dates[later]).all(), (earlier, later)
    assert dates["activated_date"].max() <= START
    assert (HELD["activated_date"] < HELD["expiry_date"]).all()
    assert (
        (DEVICES.join(CUSTOMERS, on="customer_id").select(pl.col("first_seen_date") >= pl.col("registered_date")))
        .to_series()
        .all()
    )
    assert DEVICES["first_seen_date"].max() <= START


def test_only_expired_cards_have_passed_their_date():
    assert ((HELD["expiry_date"] <= START) == (HELD["card_status"] == "expired")).all()
    assert (CARDS["card_status"] == "expired").sum() > 10


def test_cards_are_active_as_often_as_configured():
    open_accounts = HELD.filter(pl.col("account_status") != "closed")
    assert within((open_accounts["card_status"] == "active").mean(), 0.92, open_accounts.height)


def test_cards_of_closed_accounts_are_blocked_and_say_why():
    closed = HELD.filter(account_status="closed")
    assert closed.height > 20
    assert set(closed["card_status"]) == {"blocked"}
    assert set(closed["status_reason"]) == {"account closed"}


def test_card_types_follow_the_account():
    kinds = HELD.group_by("account_type").agg(pl.col("card_type").unique())
    found = {account: set(cards) for account, cards in kinds.rows()}
    assert found == {"credit": {"credit"}, "salary": {"debit"}, "current": {"debit"}, "savings": {"debit", "prepaid"}}


def test_every_account_has_a_card_and_some_have_two():
    counts = CARDS.group_by("account_id").len()
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


def test_ids_are_unique_over_all_tables():
    ids = pl.concat([CUSTOMERS["customer_id"], ACCOUNTS["account_id"], CARDS["card_id"], DEVICES["device_id"]])
    assert ids.n_unique() == len(ids)
    assert ids.min() >= 0


def test_everybody_has_a_primary_device_and_some_a_second():
    counts = DEVICES.group_by("customer_id").agg(pl.len(), pl.col("is_primary").sum())
    assert counts.height == COUNT
    assert set(counts["is_primary"]) == {1}
    assert within((counts["len"] == 2).mean(), 0.15, COUNT)


def test_platforms_follow_the_kind_of_settlement():
    metro = DEVICES.filter("is_primary").join(CUSTOMERS.filter(location_type="Metro"), on="customer_id")
    for platform, share in INDIA.people.platforms.metro.items():
        assert within((metro["platform"] == platform).mean(), share, metro.height), platform


def test_user_agents_go_with_the_operating_system():
    signs = {"android": "Android", "ios": "iPhone", "desktop": "Mozilla/5.0 ("}
    for system, sign in signs.items():
        assert DEVICES.filter(operating_system=system)["user_agent"].str.contains(sign, literal=True).all()


def test_user_agents_are_varied():
    assert DEVICES["user_agent"].n_unique() > 150
