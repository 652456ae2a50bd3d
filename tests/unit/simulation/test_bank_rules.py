"""The bank's rules in honest life."""

import collections
import functools

import numpy as np
import pytest

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, ENGINE_RULES
from riskfabric_assets.simulation.columns import NO_CODE, HonestMonth
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.society import Society
from tests.oracles.bank_rules_oracle import BILL, HOUR, MANDATE, MINUTE, broken_rule, great_circle_km
from tests.societies import FIRST_MONTH, honest, society
from tests.strict_bank import changed, honest_payments, inflows, strict, under

COUNT, MORE = 120, 160
"""Customers; among the larger number somebody pays a bill far from home."""
NAMED = [name for name in ENGINE_RULES if name != "risk_score"]
FOR_RISK, SHORT = (DECLINE_REASONS.index(name) for name in ("issuer_risk_rule", "insufficient_funds"))


@functools.cache
def lived(people: Society) -> HonestMonth:
    return live_month(people, FIRST_MONTH, 0, COUNT)


def judged(people: Society):
    """Yield every payment that the rules were asked about: found rule, rule by the oracle, payment."""
    month = lived(people)
    for slot in range(COUNT):
        earlier, came_in = [], inflows(month.event_rows, int(people.life.customers[slot]["customer_id"]))
        for payment in honest_payments(month, slot):
            rule = payment["engine_rule"]
            name = None if rule == NO_CODE else ENGINE_RULES[rule]
            if name != "risk_score" and payment["decline_reason"] in (NO_CODE, FOR_RISK, SHORT):
                yield name, broken_rule(people, people.habits.bank_rules, slot, earlier, came_in, payment), payment
            if payment["status"] == 0:
                earlier.append(payment)


@pytest.mark.parametrize("is_strict", [False, True])
def test_every_answer_is_that_of_the_obvious_rules(is_strict):
    people = strict(society(COUNT)) if is_strict else society(COUNT)
    answers = [(found, wanted) for found, wanted, _ in judged(people)]
    assert [found for found, _ in answers] == [wanted for _, wanted in answers]
    counts = collections.Counter(found for found, _ in answers)
    assert counts[None] > 0.5 * len(answers)
    if is_strict:
        assert set(counts) == {None, *NAMED}


def test_a_rule_is_named_if_and_only_if_the_bank_declines_for_risk():
    rows = honest(400).payment_rows
    assert ((rows["engine_rule"] != NO_CODE) == (rows["decline_reason"] == FOR_RISK)).all()
    assert (rows["status"][rows["engine_rule"] != NO_CODE] == 1).all()


def test_honest_people_are_declined_too_but_seldom():
    rows = honest(400).payment_rows
    share = np.isin(rows["engine_rule"], [ENGINE_RULES.index(name) for name in NAMED]).mean()
    assert 0.0003 < share < 0.004


@pytest.mark.parametrize("rule", ["travel", "new_network_and_device", "new_device", "burst", "drop"])
def test_a_rule_that_is_switched_off_declines_nothing(rule):
    own = {
        "travel": {"fast_geo_change", "fast_geo_change_online"},
        "new_network_and_device": {"new_ip_and_device_high_amount"},
        "new_device": {"new_device_and_high_amount"},
        "burst": {"trans_freq_increase"},
        "drop": {"drop_flow_cashout", "drop_purchaser"},
    }
    people = strict(society(COUNT))
    rules = changed(people.habits.bank_rules, {rule: {"is_enabled": False}})
    rows = live_month(under(people, rules), FIRST_MONTH, 0, COUNT).payment_rows
    named = {ENGINE_RULES[code] for code in np.unique(rows["engine_rule"]) if code != NO_CODE}
    assert named == set(ENGINE_RULES) - own[rule]


def test_nobody_is_approved_faster_than_the_threshold():
    """But for bills and mandates, which were agreed on before: they are paid from home by who is far away."""
    agreed_on = 0
    month = live_month(society(MORE), FIRST_MONTH, 0, MORE)
    for slot in range(MORE):
        stood = None
        for payment in honest_payments(month, slot):
            if payment["status"] != 0:
                continue
            if stood is not None:
                distance = great_circle_km(stood, payment)
                hours = (payment["event_at"] - stood["event_at"]) / HOUR
                is_agreed_on = payment["payment_kind"] == BILL or payment["entry_mode"] == MANDATE
                is_too_fast = distance > max(50.0, 800.0 * hours) + 0.01
                assert is_agreed_on or not is_too_fast
                agreed_on += is_too_fast
            stood = payment if payment["is_present"] else stood
    assert agreed_on > 0


def test_no_receiver_is_paid_more_than_three_times_in_twenty_minutes():
    for slot in range(COUNT):
        moments = collections.defaultdict(list)
        for payment in honest_payments(lived(society(COUNT)), slot):
            if payment["status"] == 0 and payment["payment_kind"] != 1:
                moments[payment["merchant_id"], payment["payee_id"]].append(payment["event_at"])
        for times in moments.values():
            assert all(later - first > 20 * MINUTE for first, later in zip(times, times[3:], strict=False))


def test_a_second_try_that_breaks_the_rule_again_is_declined_again():
    rows = lived(strict(society(COUNT))).payment_rows
    same = (rows["customer_id"][1:] == rows["customer_id"][:-1]) & (
        rows["amount_minor"][1:] == rows["amount_minor"][:-1]
    )
    burst = ENGINE_RULES.index("trans_freq_increase")
    again = same & (rows["engine_rule"][:-1] == burst) & (rows["merchant_id"][1:] == rows["merchant_id"][:-1])
    again &= np.diff(rows["event_at"]) < 9 * MINUTE
    assert again.sum() > 0
    assert (rows["status"][1:][again] == 1).mean() > 0.5


def test_the_drawn_share_leaves_room_for_the_rules():
    """Together they decline as often for risk as the packs say."""
    habits, rules = society(COUNT).habits, society(COUNT).life.rules[0]
    row = FOR_RISK
    for number, name in enumerate(("instant", "wallet", "pos", "online", "bank_transfer", "atm")):
        declines = rules["declines"][number]
        drawn = float(declines[row] - declines[row - 1])
        told = getattr(habits.payments.declines, name)["issuer_risk_rule"]
        assert drawn == pytest.approx(told * habits.bank_rules.score_share)
