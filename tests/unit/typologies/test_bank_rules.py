"""The bank's rules and criminals: judged on honest life and on what the attack did before."""

import collections
import dataclasses
import functools

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, ENGINE_RULES, PAYMENT_KINDS
from riskfabric_assets.simulation.columns import NO_CODE, HonestMonth
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.typologies.engine import Injection, inject_month, plan_month
from tests.oracles.bank_rules_oracle import MINUTE, Credit, broken_rule
from tests.strict_bank import dicts_of, honest_payments, inflows, strict
from tests.underworld import CUSTOMERS, MONTH, deeds, injected, society, underworld

NAMED = [name for name in ENGINE_RULES if name != "risk_score"]
FOR_RISK, SHORT = (DECLINE_REASONS.index(name) for name in ("issuer_risk_rule", "insufficient_funds"))
BILL = PAYMENT_KINDS.index("bill")
BURST = ENGINE_RULES.index("trans_freq_increase")


@functools.cache
def at_strict_bank() -> tuple[Society, HonestMonth, Injection]:
    people = strict(society())
    honest, world = live_month(people, MONTH, 0, CUSTOMERS), dataclasses.replace(underworld(), society=people)
    return people, honest, inject_month(world, plan_month(world, MONTH), honest)


def attacks(made: Injection) -> dict[tuple[int, int], list[dict]]:
    """Payments of each attack on one account, in order of time."""
    by_id = {row["event_id"]: row for row in dicts_of(made.payment_rows)}
    found = collections.defaultdict(list)
    for event_id, attack_id in made.fraud.filter(~pl.col("is_claimed")).select("event_id", "attack_id").iter_rows():
        found[attack_id, by_id[event_id]["account_id"]].append(by_id[event_id])
    return {key: sorted(rows, key=lambda row: row["event_at"]) for key, rows in found.items()}


def judged():
    """Yield rule by the kernel and rule by the oracle of payments by criminals at the strict bank."""
    people, honest, made = at_strict_bank()
    slots = {int(number): slot for slot, number in enumerate(people.life.customers["customer_id"].tolist())}
    by_attack = attacks(made)
    often = collections.Counter(account for _, account in by_attack)
    for (_, account), rows in by_attack.items():
        customer_id = rows[0]["customer_id"]
        life = [row for row in honest_payments(honest, slots[customer_id]) if row["status"] == 0]
        came_in: list[Credit] = inflows(honest.event_rows, customer_id) + inflows(made.event_rows, customer_id)
        own: list[dict] = []
        for payment in rows:
            rule, earlier = payment["engine_rule"], [row for row in life if row["event_at"] < payment["event_at"]]
            name = None if rule == NO_CODE else ENGINE_RULES[rule]
            if name != "risk_score" and payment["decline_reason"] in (NO_CODE, FOR_RISK, SHORT):
                history = sorted(earlier + own, key=lambda row: row["event_at"])
                slot = slots[customer_id]
                wanted = broken_rule(people, people.habits.bank_rules, slot, history, came_in, payment)
                if (
                    often[account] == 1 or "drop" not in f"{name} {wanted}"
                ):  # credits of other attacks are no part of it
                    yield name, wanted
            if payment["status"] == 0:
                own.append(payment)


def test_every_answer_is_that_of_the_obvious_rules():
    answers = list(judged())
    assert [found for found, _ in answers] == [wanted for _, wanted in answers]
    assert {found for found, _ in answers} == {None, *NAMED}


def test_a_rule_is_named_if_and_only_if_the_bank_declines_for_risk():
    rows = injected().payment_rows
    assert ((rows["engine_rule"] != NO_CODE) == (rows["decline_reason"] == FOR_RISK)).all()
    assert (rows["status"][rows["engine_rule"] != NO_CODE] == 1).all()


def test_the_first_three_payments_of_a_burst_are_let_through_by_its_rule_and_no_fourth():
    """As in the source: who bursts is known by the fourth payment, and the first three stay approved and fraudulent."""
    bursts = [rows for rows in attacks(injected()).values() if any(row["engine_rule"] == BURST for row in rows)]
    assert len(bursts) >= 3
    for rows in bursts:
        for place, row in enumerate(rows):
            passed = [
                each for each in rows[:place]
                if each["status"] == 0
                and each["merchant_id"] == row["merchant_id"]
                and row["event_at"] - each["event_at"] <= 20 * MINUTE
            ]  # fmt: skip
            assert len(passed) == 3 if row["engine_rule"] == BURST else len(passed) < 3 or row["status"] != 0
    approved = deeds("trans_freq_increase").filter(status=0).group_by("attack_id").len()["len"]
    assert approved.max() == 3


@pytest.mark.parametrize("name", ["new_device_and_high_amount", "new_ip_and_device_high_amount", "velocity_abuse"])
def test_the_bank_stops_some_payments_of_what_its_rules_are_made_for(name):
    rules = deeds(name)["engine_rule"]
    assert np.isin(rules.to_numpy(), [ENGINE_RULES.index(each) for each in NAMED]).any()


def test_who_is_declined_by_a_rule_asks_for_less_or_leaves_after_three_refusals():
    """But for standing debits, which come whatever happened before."""
    most = underworld().crime.reactions.most_refusals
    for rows in attacks(injected()).values():
        asked = [row for row in rows if row["payment_kind"] != BILL]
        refused = [row for row in asked if row["decline_reason"] in (FOR_RISK, SHORT)]
        assert len(refused) <= most
