"""What follows from a payment's outcome."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, EVENT_KINDS, PAYMENT_KINDS
from riskfabric_assets.simulation.columns import NO_ID
from tests.societies import honest, society

COUNT = 400
CREDIT, REFUND, TOP_UP, RETURNED = (
    EVENT_KINDS.index(name) for name in ("transfer_credit", "refund", "replenishment", "returned_debit")
)
TRANSFER = PAYMENT_KINDS.index("transfer")


def events(kind):
    rows = honest(COUNT).event_rows
    return rows[rows["event_kind"] == kind]


def payments_of(ids):
    rows = np.sort(honest(COUNT).payment_rows, order="event_id")
    places = np.searchsorted(rows["event_id"], ids)
    assert (rows["event_id"][places] == ids).all()
    return rows[places]


def retried():
    """Declined payments that are followed by the same merchant or payee within nine minutes, and what follows."""
    rows = honest(COUNT).payment_rows
    again = (
        (rows["customer_id"][1:] == rows["customer_id"][:-1])
        & (rows["merchant_id"][1:] == rows["merchant_id"][:-1])
        & (rows["payee_id"][1:] == rows["payee_id"][:-1])
        & (rows["status"][:-1] == 1)
        & (np.diff(rows["event_at"]) <= 548_000_000)
    )
    return rows[:-1][again], rows[1:][again]


def test_a_third_to_two_thirds_of_declines_are_tried_again_and_half_of_those_succeed():
    first, second = retried()
    declined = (honest(COUNT).payment_rows["status"] == 1).sum()
    assert 0.30 < len(first) / declined < 0.65
    assert 0.40 < (second["status"] == 0).mean() < 0.75


def test_a_second_try_never_asks_for_more():
    first, second = retried()
    assert (second["amount_minor"] <= first["amount_minor"]).mean() > 0.97  # the rest are two purchases in a row


def test_the_payee_is_credited_what_the_payer_is_debited():
    received = events(CREDIT)
    received = received[received["related_event_id"] != NO_ID]  # the others come from outside
    paid = payments_of(received["related_event_id"])
    assert (received["amount_minor"] == paid["amount_minor"]).all()
    assert (received["event_at"] == paid["event_at"]).all()
    assert (received["account_id"] == paid["payee_id"]).all()
    assert (received["counterparty_id"] == paid["account_id"]).all()
    assert (paid["status"] == 0).all()
    accounts = society(COUNT).life.accounts
    open_accounts = accounts["account_id"][accounts["is_active"]]  # a closed one takes no credit
    inside = np.isin(honest(COUNT).payment_rows["payee_id"], open_accounts)
    approved = honest(COUNT).payment_rows[inside & (honest(COUNT).payment_rows["status"] == 0)]
    assert len(received) == len(approved)


def test_refunds_give_back_purchases_days_later_within_the_month():
    refunds, month = events(REFUND), honest(COUNT)
    bought = payments_of(refunds["related_event_id"])
    assert len(refunds) > 0
    assert (refunds["amount_minor"] == bought["amount_minor"]).all()
    assert (refunds["event_at"] - bought["event_at"] > 20 * 3_600_000_000).all()
    assert (refunds["event_date"] < month.clock.first_day + month.clock.count_days).all()
    assert (refunds["counterparty_id"] == bought["merchant_id"]).all()


def test_top_ups_come_before_a_second_try_that_they_cover():
    short = DECLINE_REASONS.index("insufficient_funds")
    first, second = retried()
    covered = (first["decline_reason"] == short) & (second["amount_minor"] == first["amount_minor"])
    covered &= second["status"] == 0
    tops = {(int(row["account_id"]), int(row["event_at"])) for row in events(TOP_UP)}
    assert tops
    pairs = list(zip(first[covered], second[covered], strict=True))
    helped = [
        any(a["account_id"] == account and a["event_at"] < at < b["event_at"] for account, at in tops) for a, b in pairs
    ]
    assert all(helped)


def test_most_top_ups_come_before_a_payment_that_would_have_lacked_money():
    rows, tops = honest(COUNT).payment_rows, events(TOP_UP)
    assert (tops["related_event_id"] == NO_ID).all()
    waits = []
    for top in tops:
        later = rows["event_at"][(rows["account_id"] == top["account_id"]) & (rows["event_at"] >= top["event_at"])]
        waits.append(later.min() - top["event_at"])
    assert max(waits) <= 560_000_000


def test_a_returned_debit_moves_nothing_and_names_the_mandate_it_answers():
    returned = events(RETURNED)
    if len(returned):
        asked = payments_of(returned["related_event_id"])
        assert (returned["amount_minor"] == 0).all()
        assert (asked["status"] == 1).all()
    assert (returned["counterparty_id"] != NO_ID).all()


def test_every_event_has_an_id_of_its_own():
    ids = np.concatenate([honest(COUNT).event_rows["event_id"], honest(COUNT).payment_rows["event_id"]])
    assert len(np.unique(ids)) == len(ids)


def test_some_transfers_go_to_somebody_who_is_never_paid_again_and_has_no_account_here():
    month, people = honest(COUNT), society(COUNT).people
    sent = month.payment_rows[month.payment_rows["payment_kind"] == TRANSFER]
    regular = np.isin(sent["payee_id"], people.payee_id)
    strangers = sent[~regular]
    share = society(COUNT).habits.behaviour.payees.stranger_share
    assert abs(len(strangers) / len(sent) - share) < 0.04
    tried, times = np.unique(strangers["payee_id"], return_counts=True)
    assert (times <= 2).all()  # a second try of a declined transfer
    assert tried.size > 20
    assert not np.isin(tried, people.account_id).any()
    assert not np.isin(strangers["event_id"], month.event_rows["related_event_id"]).any()
