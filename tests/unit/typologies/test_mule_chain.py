"""Mule chain: the victim pays a mule, mules pass on what came, less what they keep, and cash comes out."""

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from riskfabric_assets.foundation.tables.truth import PHASES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.typologies.engine import plan_month
from riskfabric_assets.typologies.mule_chain import LEAST_STEPS
from tests.underworld import (
    MONTH,
    deeds,
    frame,
    injected,
    planned,
    society,
    typology,
    underworld,
    undisturbed,
    with_params,
)

NAME = "mule_chain"
HOUR = 3_600_000_000
CREDIT = EVENT_KINDS.index("transfer_credit")


def members() -> dict[int, tuple[int, int, int]]:
    """Victim, collector and second mule of every attack, as customer ids."""
    attacks, ids = planned().attacks[NAME], society().people.customer_id
    people = np.column_stack([ids[attacks.customer], ids[attacks.members]]).tolist()
    return dict(zip(attacks.attack_id.tolist(), map(tuple, people), strict=True))


def approved() -> pl.DataFrame:
    """Approved payments with the part each member plays."""
    people = members()
    rows = deeds(NAME).filter(status=0)
    role = [people[attack].index(customer) for attack, customer in rows.select("attack_id", "customer_id").iter_rows()]
    return rows.with_columns(role=pl.Series(role))


def test_victim_collector_and_second_mule_are_different_people():
    people = members()
    assert len(people) > 5
    assert all(len(set(three)) == 3 for three in people.values())
    mules = {each for three in people.values() for each in three[1:]}
    assert not mules & {victim for victim, *_ in people.values()}


def engagements() -> pl.DataFrame:
    """Every engagement of a mule: the days on which the attack can move money."""
    attacks = planned().attacks[NAME]
    end = attacks.local_microseconds + int((typology(NAME).params.span_cap + 1) * HOUR)
    rows = pl.DataFrame({"first": attacks.day, "stop": attacks.day + end // MICROSECONDS_PER_DAY + 1})
    rows = rows.with_columns(mule=pl.Series(attacks.members, dtype=pl.List(pl.Int64)))
    return rows.explode("mule").sort("mule", "first")


def test_mules_serve_several_victims_one_after_the_other():
    rows = engagements().with_columns(before=pl.col("stop").shift().over("mule"))
    again = rows.filter(pl.col("before").is_not_null())
    assert again.height > 3
    assert (again["first"] >= again["before"]).all()


def test_no_mule_lasts_longer_than_half_as_long_again_as_usual():
    longest = 1.5 * typology(NAME).params.mule_life
    lives = engagements().group_by("mule").agg(count=pl.len(), life=pl.col("stop").max() - pl.col("first").min())
    assert (lives.filter(pl.col("count") > 1)["life"] <= longest).all()


def test_under_strong_control_every_victim_needs_new_mules():
    strong = plan_month(underworld(of=with_params(NAME, mule_life=1.0)), MONTH)
    attacks = strong.attacks[NAME]
    assert np.unique(attacks.members).shape[0] == attacks.members.size > 10


def test_the_victim_pays_the_collector_who_pays_the_second_mule():
    people, ids = (
        members(),
        dict(zip(society().people.account_id.tolist(), society().people.account_owner, strict=True)),
    )
    slot = society().people.customer_id
    rows = approved()
    paid = rows.filter(pl.col("payee_id").is_in(list(ids)))
    assert paid.height > 10
    for attack, customer, payee in paid.select("attack_id", "customer_id", "payee_id").iter_rows():
        chain = people[attack]
        assert chain.index(int(slot[ids[payee]])) == chain.index(customer) + 1
    assert rows.filter(pl.col("role") == 0)["payee_id"].is_in(list(ids)).all()


def test_every_passed_on_payment_arrives_as_a_credit_that_names_it():
    arrived = frame(injected().events._asdict()).filter(event_kind=CREDIT)
    ours = society().people.account_id.tolist()
    passed = approved().filter(pl.col("payee_id").is_in(ours))
    joined = passed.join(arrived, left_on="event_id", right_on="related_event_id", suffix="_credit")
    assert joined.height == passed.height > 0
    assert (joined["amount_minor"] == joined["amount_minor_credit"]).all()
    assert (joined["payee_id"] == joined["account_id_credit"]).all()


def test_no_mule_sends_more_than_came_less_what_it_keeps():
    kept = typology(NAME).params.kept
    rows = approved()
    came = (
        rows.filter(pl.col("payee_id").is_in(society().people.account_id.tolist()))
        .group_by("attack_id", pl.col("role") + 1)
        .agg(came=pl.col("amount_minor").sum())
    )
    sent = rows.filter(pl.col("role") > 0).group_by("attack_id", "role").agg(sent=pl.col("amount_minor").sum())
    both = sent.join(came, on=("attack_id", "role"))
    assert both.height == sent.height > 10
    assert (both["sent"] <= both["came"] * (1 - kept) + 1).all()
    assert (both["sent"] / both["came"]).median() > 0.7


def test_money_leaves_the_chain_within_the_span_and_cash_is_drawn_last_or_by_mules_only():
    rows = approved()
    span = rows.group_by("attack_id").agg((pl.col("event_at").max() - pl.col("event_at").min()).alias("span"))["span"]
    assert span.max() <= typology(NAME).params.span_cap * HOUR
    cash = rows.filter(payment_kind=PAYMENT_KINDS.index("cash_withdrawal"))
    assert cash.height > 3
    assert cash["role"].min() > 0
    assert set(cash["phase"]) == {"cash_out"}
    assert set(rows.filter(pl.col("role") == 0)["phase"]) == {"drain"}
    assert "layering" in PHASES


def test_chains_that_meet_no_refusal_are_whole():
    steps = undisturbed(NAME).group_by("attack_id").agg(pl.col("step").min(), pl.len())
    assert steps.height > 0
    assert (steps["step"] == 1).all()
    assert steps["len"].min() >= LEAST_STEPS - 1


def test_nothing_happens_at_night():
    local = deeds(NAME)["event_at"] + 5 * HOUR + HOUR // 2
    assert ((local % (24 * HOUR)) // HOUR).min() >= 7
