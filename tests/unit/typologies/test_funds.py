"""Criminals and money: only what honest life leaves over, given back once."""

import functools

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID, PAYMENT_ROW
from riskfabric_assets.simulation.kernels.decisions import ISSUER_RISK_RULE, TECHNICAL
from riskfabric_assets.typologies.funds import settle
from riskfabric_assets.typologies.payments import ATTEMPT
from tests.oracles.funds import ABSENT, answers
from tests.underworld import frame, honest, injected, planned, registry, society, underworld

ATTEMPTS = 600
REPLENISHMENT, REVERSAL, TRANSFER_CREDIT, REFUND = (
    EVENT_KINDS.index(name) for name in ("replenishment", "reversal", "transfer_credit", "refund")
)


@functools.cache
def crowded() -> tuple[np.ndarray, np.ndarray]:
    """Many attempts on few accounts, by transfer and by card, large and small, in no order; none breaks a rule."""
    generator, people = np.random.default_rng(3), society().people
    attempts, payments = np.zeros(ATTEMPTS, dtype=ATTEMPT), np.zeros(ATTEMPTS, dtype=PAYMENT_ROW)
    cards = generator.integers(0, 30, ATTEMPTS)
    attempts["card"], attempts["account"] = cards, people.card_account[cards]
    attempts["customer"] = people.account_owner[attempts["account"]]
    attempts["event_kind"] = NO_CODE
    attempts["channel"] = generator.choice([0, 3], ATTEMPTS)
    attempts["day"] = generator.integers(0, 31, ATTEMPTS)
    attempts["start_at"] = generator.integers(0, 50, ATTEMPTS)
    attempts["attack_id"] = attempts["start_at"] * 5 + generator.integers(0, 5, ATTEMPTS)
    payments["event_at"] = generator.permutation(ATTEMPTS)
    payments["event_id"] = np.arange(ATTEMPTS)
    payments["merchant_id"], payments["device_id"] = payments["event_id"], NO_ID
    payments["channel"] = attempts["channel"]
    payments["amount_minor"] = np.exp(generator.normal(11, 2, ATTEMPTS)).astype(np.int64)
    reason = np.where(generator.random(ATTEMPTS) < 0.5, TECHNICAL, ISSUER_RISK_RULE)
    payments["decline_reason"] = np.where(generator.random(ATTEMPTS) < 0.1, reason, NO_CODE)
    payments["status"] = payments["decline_reason"] != NO_CODE
    attempts["mood"] = generator.integers(0, 3, ATTEMPTS)
    for name in ("is_spare", "is_fitting", "is_escalating"):
        attempts[name] = generator.random(ATTEMPTS) < 0.3
    return attempts, payments


def test_no_account_is_overdrawn_at_any_moment_whatever_attacks_bring_in_later():
    """Attacks on one account take turns, and credits of one come after payments of another."""
    attempts, payments = crowded()[0].copy(), crowded()[1].copy()
    generator = np.random.default_rng(4)
    attempts["day"] = np.sort(generator.integers(0, 31, ATTEMPTS))[payments["event_at"]]
    is_credit = generator.random(ATTEMPTS) < 0.4
    attempts["event_kind"][is_credit] = TRANSFER_CREDIT
    payments["status"][is_credit], payments["decline_reason"][is_credit] = 0, NO_CODE
    payments["amount_minor"][is_credit] *= 20
    month = honest()
    settle(society().life, month, attempts, payments, underworld().crime.reactions)
    moved = (payments["status"] == 0) & ~attempts["is_absent"]
    balances: dict[int, int] = {}
    relied_on = 0
    for row in np.argsort(payments["event_at"]):
        account, amount = int(attempts["account"][row]), int(payments["amount_minor"][row])
        if not moved[row]:
            continue
        if is_credit[row]:
            balances[account] = balances.get(account, 0) - amount
            continue
        relied_on += balances.get(account, 0) < 0
        balances[account] = balances.get(account, 0) + amount
        left = month.leftover_minor[account - month.first_account, attempts["day"][row]]
        assert balances[account] <= left
    assert relied_on > 3


def test_the_answer_is_that_of_the_obvious_ledger():
    attempts, payments = crowded()[0].copy(), crowded()[1].copy()
    reactions = underworld().crime.reactions
    wanted = answers(honest(), attempts, payments, payments["decline_reason"].tolist(), reactions)
    settle(society().life, honest(), attempts, payments, reactions)
    reasons = np.where(attempts["is_absent"], ABSENT, payments["decline_reason"].astype(np.int64))
    made = dict(zip(payments["event_id"].tolist(), reasons.tolist(), strict=True))
    assert made == {event_id: answer.reason for event_id, answer in wanted.items()}
    assert len(set(made.values())) == 6
    amounts = dict(zip(payments["event_id"].tolist(), payments["amount_minor"].tolist(), strict=True))
    tried = [event_id for event_id, answer in wanted.items() if answer.reason != ABSENT]
    assert [amounts[event_id] for event_id in tried] == [wanted[event_id].amount_minor for event_id in tried]
    assert amounts != dict(zip(crowded()[1]["event_id"].tolist(), crowded()[1]["amount_minor"].tolist(), strict=True))


def test_what_was_taken_is_what_was_approved():
    attempts, payments = crowded()[0].copy(), crowded()[1].copy()
    drains = settle(society().life, honest(), attempts, payments, underworld().crime.reactions)
    approved = (payments["status"] == 0) & ~attempts["is_absent"]
    assert drains["amount_minor"].sum() == payments["amount_minor"][approved].sum()
    assert np.unique(drains["account"]).shape == drains["account"].shape


def movements() -> pl.DataFrame:
    """What crime takes (positive) from accounts and brings in (negative)."""
    payments = frame(injected().payments._asdict()).filter(status=0)
    events = frame(injected().events._asdict())
    received = events.filter(pl.col("event_kind").is_in([TRANSFER_CREDIT, REFUND]))
    columns = ("account_id", "event_at", "event_date")
    return pl.concat(
        [
            payments.select(*columns, taken=pl.col("amount_minor")),
            received.select(*columns, taken=-pl.col("amount_minor")),
        ]
    ).sort("event_at")


def test_one_movement_makes_up_exactly_for_what_attackers_took_or_left():
    """One for each relay that left something on the account, and one for all else."""
    events = frame(injected().events._asdict()).filter(pl.col("event_kind").is_in([REPLENISHMENT, REVERSAL]))
    taken = movements().group_by("account_id").agg(pl.col("taken").sum(), pl.col("event_at").max())
    made_up = events.group_by("account_id").agg(pl.col("amount_minor").sum())
    net = made_up.join(taken.filter(pl.col("taken") != 0), on="account_id", how="full").fill_null(0)
    assert (net["amount_minor"] == net["taken"]).all()
    relayed = [planned().attacks[name] for name in registry().relays]
    people = society().people
    in_relays = np.concatenate([np.append(each.members.ravel(), each.customer) for each in relayed])
    own = people.account_id[np.isin(people.account_owner, in_relays)].tolist()
    alone = ~pl.col("account_id").is_in(own)
    both = events.filter(alone).join(taken.filter(alone), on="account_id", how="full", suffix="_taken")
    assert (both["amount_minor"] == both["taken"]).all()
    assert (both["event_at"] > both["event_at_taken"]).all()
    assert ((both["event_kind"] == REVERSAL) == (both["amount_minor"] < 0)).all()
    assert set(events["event_kind"]) == {REPLENISHMENT, REVERSAL}


def test_balances_with_crime_never_fall_below_the_credit_line():
    """The honest low from each day on covers everything taken so far, beyond what came in."""
    people, month = society().people, honest()
    slots = dict(zip(people.account_id.tolist(), range(people.account_id.shape[0]), strict=True))
    taken: dict[int, int] = {}
    for account_id, amount, date in movements().select("account_id", "taken", "event_date").iter_rows():
        slot = slots[account_id]
        taken[slot] = taken.get(slot, 0) + amount
        assert taken[slot] <= month.leftover_minor[slot - month.first_account, date - month.clock.first_day]


def test_replenishments_lie_in_their_month():
    days = injected().events.event_date - honest().clock.first_day
    assert days.min() >= 0
    assert days.max() < honest().clock.count_days
