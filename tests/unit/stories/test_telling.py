"""Literal evidence: a scam of three steps, of which the second was declined and the first went to a mule."""

import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.stories.evidence import Evidence
from riskfabric_assets.stories.telling import tell
from riskfabric_assets.stories.terminal import money_line
from tests.exported_home import (
    ASHA,
    ASHA_ACCOUNT,
    OUTSIDER,
    PHONE,
    RAVI,
    RAVI_ACCOUNT,
    STOLEN_PHONE,
    movement,
    payment,
    rows_of,
    transfer,
)

NAMES = {ASHA: "Asha Rao", RAVI: "Ravi Das"}
TO_MULE, REFUSED, CASH, LUNCH = 1, 2, 3, 4
MONTH = "2025-08"


def _payments() -> pl.DataFrame:
    declined = {"status": "declined", "decline_reason": "issuer_risk_rule", "engine_rule": "new_device_and_high_amount"}
    cash = {"payment_kind": "cash_withdrawal", "channel": "atm", "device_id": None, "merchant_category": "CASH"}
    rows = rows_of(
        "bronze/transactions",
        payment(LUNCH, MONTH, 6, 4, amount_minor=30_000),
        transfer(TO_MULE, MONTH, 6, 6, RAVI_ACCOUNT, amount_minor=500_000, device_id=STOLEN_PHONE),
        transfer(REFUSED, MONTH, 6, 7, OUTSIDER, amount_minor=900_000, device_id=STOLEN_PHONE, **declined),
        payment(CASH, MONTH, 6, 8, customer_id=RAVI, account_id=RAVI_ACCOUNT, amount_minor=480_000, **cash),
    )
    named = {"customer_id": "customer_name", "payee_customer_id": "payee_name"}
    is_mule = pl.col("payee_id") == RAVI_ACCOUNT
    return rows.with_columns(
        payee_customer_id=pl.when(is_mule).then(RAVI),
        merchant_name=pl.lit("Grocer"),
        merchant_city=pl.lit("Delhi"),
        card_network=pl.lit(None, pl.String),
        card_type=pl.lit(None, pl.String),
        operating_system=pl.when(pl.col("device_id") == PHONE).then(pl.lit("android")),
        is_owner=pl.when(pl.col("device_id") == PHONE).then(True),
        is_primary=pl.when(pl.col("device_id") == PHONE).then(True),
        is_customers_device=pl.col("device_id") == PHONE,
        home_distance_km=pl.lit(0.2),
    ).with_columns(pl.col(key).replace_strict(NAMES, default=None).alias(name) for key, name in named.items())


def _events() -> pl.DataFrame:
    credit = {"counterparty_id": ASHA_ACCOUNT, "related_event_id": TO_MULE}
    rows = rows_of(
        "bronze/account_events",
        movement(20, MONTH, 5, ASHA_ACCOUNT, "sim_change", 0),
        movement(21, MONTH, 6, ASHA_ACCOUNT, "salary_credit", 70_000),
        movement(22, MONTH, 7, RAVI_ACCOUNT, "transfer_credit", 500_000, **credit),
    )
    return rows.with_columns(
        customer_name=pl.col("customer_id").replace_strict(NAMES),
        counterparty_name=pl.when(pl.col("counterparty_id") == ASHA_ACCOUNT).then(pl.lit("Asha Rao")),
        operating_system=pl.lit(None, pl.String),
        is_owner=pl.lit(None, pl.Boolean),
        is_primary=pl.lit(None, pl.Boolean),
        is_customers_device=pl.lit(None, pl.Boolean),
    )


def _fraud() -> pl.DataFrame:
    attack = {"attack_id": 31, "campaign_id": 41, "typology": "sim_swap", "campaign_phase": "early", "campaign_day": 2}
    return rows_of(
        "truth/fraud",
        attack | {"event_id": TO_MULE, "customer_id": ASHA, "step": 1, "phase": "drain", "has_device_anomaly": True},
        attack | {"event_id": REFUSED, "customer_id": ASHA, "step": 2, "phase": "drain"},
        attack | {"event_id": CASH, "customer_id": RAVI, "step": 3, "phase": "cash_out"},
    )


def _attacks() -> pl.DataFrame:
    own = {"attack_id": 31, "customer_id": ASHA, "campaign_id": 41, "actor_id": 51, "count_steps": 4}
    rows = rows_of("plan/attacks", own, own | {"attack_id": 32, "customer_id": RAVI, "count_steps": 2})
    return rows.with_columns(
        victim_name=pl.Series(["Asha Rao", "Ravi Das"]),
        count_payments=pl.Series([3, 1]),
        amount_minor=pl.Series([5, 7]),
    )


def _evidence(event_id: int, **changes) -> Evidence:
    known = {"event_id": TO_MULE, "customer_id": ASHA}
    reported = {
        "label_event_kind": "reported",
        "made_by": "victim",
        "label_event_known_at": dt.datetime.fromisoformat("2025-08-09"),
    }
    confirmed = {
        "label_event_kind": "partly_confirmed", "made_by": "bank", "accepted_share": 0.5,
        "label_event_known_at": dt.datetime.fromisoformat("2025-09-20"),
    }  # fmt: skip
    frames = {
        "near_payment_id": None,
        "through": dt.date(2025, 8, 31),
        "payments": _payments(),
        "events": _events(),
        "fraud": _fraud(),
        "attacks": _attacks(),
        "label_events": rows_of("bronze/label_events", known | reported, known | confirmed),
        "labels": rows_of("bronze/labels", known | {"label_known_at": dt.datetime.fromisoformat("2025-09-20")}),
    }
    return Evidence(event_id, **(frames | changes))


def _honest(event_id: int) -> Evidence:
    return _evidence(
        event_id,
        fraud=_fraud().clear(),
        attacks=_attacks().clear(),
        label_events=rows_of("bronze/label_events"),
        labels=rows_of("bronze/labels"),
    )


def test_a_fraud_is_told_with_actor_campaign_victim_and_what_was_planned():
    attack = tell(_evidence(TO_MULE)).attack
    assert (attack.typology, attack.actor_id, attack.campaign_id, attack.victim) == ("sim_swap", 51, 41, "Asha Rao")
    assert (attack.planned_steps, len(attack.steps)) == (4, 3)
    assert [each.victim for each in attack.campaign] == ["Ravi Das"]


def test_the_steps_stand_in_order_of_time_and_the_one_asked_about_is_marked():
    steps = tell(_evidence(REFUSED)).attack.steps
    assert [step.payment.event_id for step in steps] == [TO_MULE, REFUSED, CASH]
    assert [step.is_asked for step in steps] == [False, True, False]
    assert steps[0].anomalies == ("attacker's device",)


def test_money_is_followed_from_the_victim_through_the_mule_into_cash():
    flows = tell(_evidence(TO_MULE)).money
    assert [(flow.payer, flow.way, flow.amount_minor) for flow in flows] == [
        ("Asha Rao", "mule account", 500_000),
        ("Ravi Das", "cash", 480_000),
    ]
    assert flows[0].credit_event_id == 22


def test_declined_payments_move_no_money():
    assert REFUSED not in {flow.event_id for flow in tell(_evidence(TO_MULE)).money}


def test_a_refund_is_told_as_money_that_was_given_back():
    refund = movement(23, MONTH, 9, ASHA_ACCOUNT, "refund", 1_000, related_event_id=TO_MULE)
    events = pl.concat([_events(), rows_of("bronze/account_events", refund)], how="diagonal_relaxed")
    flow = tell(_evidence(TO_MULE, events=events)).money[-1]
    assert (flow.way, flow.amount_minor, flow.step) == ("given back: refund", 1_000, 1)


def test_changes_on_the_accounts_around_the_attack_are_told_without_the_money_told_already():
    meanwhile = tell(_evidence(TO_MULE)).meanwhile
    assert [each.what for each in meanwhile] == ["sim change", "salary credit"]


def test_what_the_bank_knew_begins_with_its_rules_and_tells_what_comes_too_late():
    story = tell(_evidence(TO_MULE))
    assert [(each.what, each.step, each.is_yet_to_come) for each in story.learned] == [
        ("engine declined by rule new_device_and_high_amount", 2, False),
        ("reported by victim", 1, False),
        ("partly confirmed by bank, 50% of the amount accepted", 1, True),
    ]
    assert story.label_known_at_utc == dt.datetime.fromisoformat("2025-09-20")


def test_devices_are_told_by_whose_they_are():
    story = tell(_evidence(TO_MULE))
    assert story.asked.device == f"a device that no customer owns ({STOLEN_PHONE})"
    assert next(each for each in story.day if each.event_id == LUNCH).device == "main device (android)"
    assert next(step for step in story.attack.steps if step.payment.event_id == CASH).payment.device == "the terminal"


def test_an_honest_payment_is_told_with_the_day_around_it_and_no_attack():
    story = tell(_honest(LUNCH))
    assert (story.verdict, story.attack, story.meanwhile, story.learned) == ("honest", None, (), ())
    assert [each.event_id for each in story.day] == [21, LUNCH, TO_MULE, REFUSED]


def test_an_honest_transfer_to_a_customer_is_no_mule():
    assert [flow.way for flow in tell(_honest(TO_MULE)).money] == ["account of this bank"]


def test_an_account_event_is_told_with_the_payment_that_it_mirrors():
    story = tell(_evidence(22))
    assert (story.asked.what, story.about_payment_id, story.verdict) == ("transfer credit", TO_MULE, "fraud")


def test_an_account_event_on_its_own_is_not_called_honest_and_has_no_attack_when_none_is_near():
    story = tell(_honest(21))
    assert (story.asked.what, story.about_payment_id, story.verdict, story.money) == (
        "salary credit",
        None,
        "event",
        (),
    )
    assert [each.event_id for each in story.day] == [21, LUNCH, TO_MULE, REFUSED]


def test_an_account_event_near_an_attack_is_told_with_that_attack_on_its_own_day():
    story = tell(_evidence(20, near_payment_id=TO_MULE))
    assert (story.verdict, story.about_payment_id, story.attack.typology) == ("event", TO_MULE, "sim_swap")
    assert [each.event_id for each in story.day] == [20]


def test_who_is_paid_by_a_disputed_payment_is_no_mule():
    flows = tell(_evidence(TO_MULE, fraud=_fraud()[:1].with_columns(is_claimed=True))).money
    assert [flow.way for flow in flows] == ["account of this bank"]


def test_a_disputed_honest_payment_is_neither_honest_nor_fraud():
    story = tell(_evidence(TO_MULE, fraud=_fraud()[:1].with_columns(is_claimed=True)))
    assert story.verdict == "claimed"


def test_a_story_without_its_event_is_refused():
    with pytest.raises(ValueError, match="no event 99"):
        tell(_evidence(99))


def test_sums_are_told_by_way():
    assert money_line(tell(_evidence(TO_MULE)).money) == "In total: mule account ₹5,000.00; cash ₹4,800.00."
