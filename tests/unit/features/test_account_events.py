"""What is no payment, in the features: changes, returns, refunds, money received, balances."""

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.features.fold import advance
from riskfabric_assets.features.state import empty_states
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from tests.oracles.account_events_oracle import EVENT_ORACLES, event_features_of
from tests.payments import (
    CUSTOMER,
    account_event,
    account_events,
    customer_ids,
    payment,
    payments,
    random_account_events,
    random_payments,
    the_fold,
    with_shared_moments,
)

HOUR, DAY = 3_600, 86_400
MIDNIGHT = 18.5 * HOUR
"""Of the business day, after the start of literal rows."""
UNEVEN, CROWDED, SCATTERED = (1, 12, 60, 500, 800), (2, 3, 4, 300, 700), (3, 6, 300, 300, 500)
"""Seed, customers, days, payments and account events of a stream."""


def stream(seed: int, customers: int, days: int, rows: int, event_rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    paid = random_payments(seed, customers, rows, days)
    return paid, with_shared_moments(random_account_events(seed, customers, event_rows, days), paid, seed)


def folded(events: list[dict[str, object]], *rows: dict[str, object]) -> pl.DataFrame:
    states = empty_states(np.array([CUSTOMER]), the_fold().contract)
    return advance(states, payments(*rows), account_events(*events), the_fold())[0]


def last(events: list[dict[str, object]], *rows: dict[str, object]) -> dict[str, object]:
    return folded(events, *rows).row(-1, named=True)


@pytest.mark.parametrize("drawn", [UNEVEN, CROWDED, SCATTERED], ids=["uneven", "crowded", "scattered"])
def test_fold_equals_the_naive_oracle_of_account_events(drawn):
    paid, noted = stream(*drawn)
    found, _ = advance(empty_states(customer_ids(drawn[1]), the_fold().contract), paid, noted, the_fold())
    wanted = event_features_of(paid, noted)
    for name in EVENT_ORACLES:
        np.testing.assert_allclose(
            found[name].cast(pl.Float64).to_numpy(),
            wanted[name].cast(pl.Float64).to_numpy(),
            rtol=3e-7 if found.schema[name] == pl.Float32 else 0,
            err_msg=name,
        )


def test_streams_of_the_oracle_reach_every_feature_ties_saturation_and_forgotten_accounts():
    paid, noted = stream(*CROWDED)
    ties = noted.join(paid, on=["customer_id", "event_at"])
    assert (ties["event_id"] < ties["event_id_right"]).any()
    assert (ties["event_id"] > ties["event_id_right"]).any()
    made = pl.concat(
        [event_features_of(*stream(*UNEVEN)), event_features_of(*stream(*CROWDED))], how="vertical_relaxed"
    )
    assert all(made[name].n_unique() > 1 for name in EVENT_ORACLES)
    opened = (
        noted.filter(pl.col("event_kind") == "opening").group_by("customer_id").agg(pl.col("account_id").n_unique())
    )
    assert opened["account_id"].max() > 4


@pytest.mark.parametrize("event_id", [1, 3])
def test_an_event_at_the_moment_of_a_payment_comes_after_it(event_id):
    credit = account_event(60, "transfer_credit", 500, event_id=event_id)
    rows = folded([credit], payment(60, event_id=2), payment(60, event_id=4), payment(60.000001, event_id=6))
    assert rows["count_credits_24h"].to_list() == [0, 0, 1]


def test_a_returned_debit_does_not_tell_the_outcome_of_its_own_payment():
    refusal = {"status": "declined", "decline_reason": "insufficient_funds"}
    returned = account_event(60, "returned_debit", event_id=1)
    rows = folded([returned], payment(60, event_id=2, **refusal), payment(120, event_id=3))
    assert rows["count_returned_debits_30d"].to_list() == [0, 1]
    assert rows["hours_since_returned_debit"].to_list() == [None, pytest.approx(1 / 60)]


def test_an_event_after_a_payment_changes_none_of_its_features():
    later = [account_event(61, kind, 700) for kind in EVENT_KINDS]
    assert folded(later, payment(60)).equals(folded([], payment(60)))


@pytest.mark.parametrize("kind", ["login", "card_block"])
def test_events_that_no_feature_asks_for_change_none(kind):
    rows = [payment(60), payment(120), payment(2 * DAY)]
    assert folded([account_event(0, kind), account_event(90, kind)], *rows).equals(folded([], *rows))


@pytest.mark.parametrize(
    ("kind", "feature"),
    [
        ("email_change", "hours_since_email_change"),
        ("phone_change", "hours_since_phone_change"),
        ("address_change", "hours_since_address_change"),
        ("device_binding", "hours_since_device_binding"),
        ("sim_change", "hours_since_sim_change"),
        ("pin_reset", "hours_since_pin_reset"),
        ("card_reissue", "hours_since_card_reissue"),
        ("returned_debit", "hours_since_returned_debit"),
        ("salary_credit", "hours_since_credit"),
        ("transfer_credit", "hours_since_credit"),
    ],
)
def test_ages_are_those_of_the_last_event_of_the_kind_and_end_after_thirty_days(kind, feature):
    events = [account_event(0, kind, 5), account_event(DAY, kind, 5)]
    rows = folded(events, payment(DAY + HOUR), payment(31 * DAY), payment(31 * DAY + 1))
    assert rows[feature].to_list() == [1.0, 720.0, None]
    others = [name for name in rows.columns if name.startswith("hours_since_") and name != feature]
    assert {name for name in others if rows[name].null_count() < 3} == {"hours_since_midnight"}


@pytest.mark.parametrize("kind", ["email_change", "phone_change", "address_change", "device_binding", "sim_change"])
def test_five_kinds_are_changes_of_identity(kind):
    row = last([account_event(0, kind)], payment(60))
    assert [row[f"count_identity_changes_{window}"] for window in ("24h", "72h", "7d")] == [1, 1, 1]


def test_a_pin_a_card_and_a_bank_are_no_changes_of_identity():
    row = last([account_event(0, kind) for kind in ("pin_reset", "card_reissue", "bank_link")], payment(60))
    assert [row[f"count_identity_changes_{window}"] for window in ("24h", "72h", "7d")] == [0, 0, 0]


def test_windows_of_changes_end_at_their_edge():
    changed = [account_event(0, "sim_change")]
    gaps = (DAY, DAY + 0.000001, 3 * DAY, 3 * DAY + 0.000001, 6 * DAY + MIDNIGHT - 1, 6 * DAY + MIDNIGHT)
    rows = folded(changed, *(payment(gap) for gap in gaps))
    assert rows["count_identity_changes_24h"].to_list() == [1, 0, 0, 0, 0, 0]
    assert rows["count_identity_changes_72h"].to_list() == [1, 1, 1, 0, 0, 0]
    assert rows["count_identity_changes_7d"].to_list() == [1, 1, 1, 1, 1, 0]


def test_windows_of_links_end_at_their_edge():
    linked = [account_event(0, "bank_link"), account_event(60, "bank_link")]
    gaps = (HOUR, HOUR + 60, DAY, DAY + 60, 29 * DAY + MIDNIGHT - 1, 29 * DAY + MIDNIGHT)
    rows = folded(linked, *(payment(gap) for gap in gaps))
    assert rows["count_bank_links_1h"].to_list() == [2, 1, 0, 0, 0, 0]
    assert rows["count_bank_links_24h"].to_list() == [2, 2, 2, 1, 0, 0]
    assert rows["count_bank_links_30d"].to_list() == [2, 2, 2, 2, 2, 0]


@pytest.mark.parametrize(("events", "claim"), [(24, False), (25, True)])
def test_more_changes_than_a_state_holds_are_told(events, claim):
    linked = [account_event(60 * number, "bank_link") for number in range(events)]
    row = last(linked, payment(DAY))
    assert (row["count_bank_links_30d"], row["are_events_saturated"]) == (24, claim)
    assert not last(linked, payment(40 * DAY))["are_events_saturated"]


@pytest.mark.parametrize(("events", "claim"), [(12, False), (13, True)])
def test_more_credits_of_a_day_than_a_state_holds_are_told_and_the_week_has_them_all(events, claim):
    received = [account_event(60 * number, "transfer_credit", 100) for number in range(events)]
    row = last(received, payment(HOUR))
    assert (row["count_credits_24h"], row["sum_credit_minor_24h"]) == (12, 1200)
    assert (row["count_credits_7d"], row["sum_credit_minor_7d"]) == (events, 100 * events)
    assert row["are_events_saturated"] is claim
    assert not last(received, payment(2 * DAY))["are_events_saturated"]


def test_only_salaries_and_transfers_are_money_received():
    moved = [account_event(60, kind, 100) for kind in ("opening", "settlement", "replenishment", "reversal", "refund")]
    row = last(moved, payment(120))
    assert (row["count_credits_24h"], row["count_credits_7d"], row["hours_since_credit"]) == (0, 0, None)
    assert (row["amount_to_credits_24h"], row["pass_through_ratio_24h"]) == (None, None)
    assert row["count_refunds_30d"] == 1
    assert last([account_event(60, "salary_credit", 100)], payment(120))["count_credits_24h"] == 1


def test_credits_leave_the_week_with_their_business_day():
    received = [account_event(0, "transfer_credit", 100), account_event(MIDNIGHT, "transfer_credit", 50)]
    gaps = (MIDNIGHT + 1, 6 * DAY + MIDNIGHT - 1, 6 * DAY + MIDNIGHT, 7 * DAY + MIDNIGHT)
    rows = folded(received, *(payment(gap) for gap in gaps))
    assert rows["count_credits_7d"].to_list() == [2, 2, 1, 0]
    assert rows["sum_credit_minor_7d"].to_list() == [150, 150, 50, 0]


def test_money_that_comes_in_and_goes_out_passes_through():
    received = [account_event(60, "transfer_credit", 1000)]
    rows = folded(
        received,
        payment(0, amount_minor=5000),
        payment(120, amount_minor=600),
        payment(180, amount_minor=300, status="declined", decline_reason="wrong_pin"),
        payment(240, amount_minor=300),
        payment(DAY + 60.000001),
    )
    assert rows["pass_through_ratio_24h"].to_list() == [None, 0, pytest.approx(0.6), pytest.approx(0.6), None]
    assert rows["amount_to_credits_24h"].to_list()[:3] == [None, pytest.approx(0.6), pytest.approx(0.3)]


def test_a_balance_is_opening_and_movements_less_approved_payments():
    events = [
        account_event(0, "opening", 10_000),
        account_event(10, "salary_credit", 5_000),
        account_event(20, "settlement", -2_000),
        account_event(30, "returned_debit", 9_999),
    ]
    rows = folded(
        events,
        payment(60, amount_minor=6_500),
        payment(70, amount_minor=100, status="declined", decline_reason="wrong_pin"),
        payment(80, amount_minor=100, account_id=2),
        payment(90, amount_minor=13_000),
    )
    assert rows["balance_minor"].to_list() == [13_000, 6_500, None, 6_500]
    assert rows["amount_to_balance"].to_list() == [0.5, pytest.approx(100 / 6_500), None, 2.0]


def test_an_amount_is_not_compared_with_an_empty_account():
    row = last([account_event(0, "opening", -400)], payment(60))
    assert (row["balance_minor"], row["amount_to_balance"], row["balance_to_mean_30d"]) == (-400, None, None)


def test_the_fifth_account_takes_the_place_of_the_first():
    opened = [account_event(number, "opening", 1_000 * number, account_id=number) for number in range(1, 6)]
    rows = folded(opened, *(payment(60 + number, account_id=number, amount_minor=1) for number in range(1, 6)))
    assert rows["balance_minor"].to_list() == [None, 2_000, 3_000, 4_000, 5_000]


def test_balances_are_compared_with_the_start_of_thirty_days():
    events = [account_event(0, "opening", 100_000), account_event(DAY, "opening", 300_000, account_id=2)]
    small = {"amount_minor": 1, "status": "declined", "decline_reason": "wrong_pin"}
    rows = folded(events, payment(60, **small), payment(DAY - HOUR, **small), payment(2 * DAY, **small))
    assert rows["balance_to_mean_30d"].to_list() == [None, 1.0, pytest.approx(400_000 / 250_000)]
    assert last(events, payment(60), payment(40 * DAY, **small))["balance_to_mean_30d"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("events", "claim"),
    [
        ([account_event(0, "transfer_credit", 2**38)], False),
        ([account_event(0, "transfer_credit", 2**38 + 1)], True),
        ([account_event(0, "opening", 100 * (2**31 - 1))], False),
        ([account_event(0, "opening", 100 * 2**31)], True),
        ([account_event(0, "opening", -100 * 2**31)], True),
    ],
)
def test_amounts_that_windows_of_days_cannot_hold_are_told(events, claim):
    assert last(events, payment(DAY), payment(29 * DAY))["are_days_saturated"] is claim


def test_more_credits_than_a_day_holds_are_told():
    received = [account_event(number, "transfer_credit", 1) for number in range(512)]
    row = last(received, payment(HOUR))
    assert (row["count_credits_7d"], row["are_days_saturated"]) == (511, True)
