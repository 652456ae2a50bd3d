"""Slow twin of what criminals can take: one dictionary of money taken, one of limits used, payment by payment."""

import collections
from typing import NamedTuple

from riskfabric_assets.foundation.tables.bronze import CHANNELS, DECLINE_REASONS
from riskfabric_assets.packs.crime import Reactions
from riskfabric_assets.simulation.columns import HonestMonth, Rows

ONLINE = CHANNELS.index("online")
ISSUER_RISK_RULE = DECLINE_REASONS.index("issuer_risk_rule")
INSUFFICIENT_FUNDS = DECLINE_REASONS.index("insufficient_funds")
LIMIT_EXCEEDED = DECLINE_REASONS.index("limit_exceeded")
APPROVED, ABSENT = 255, -1
RETRY, REDUCE, STOP = 0, 1, 2
STEP_MINOR = 10_000


class Answer(NamedTuple):
    """What becomes of a payment."""

    reason: int
    """Decline reason, APPROVED, or ABSENT for what is never tried."""
    amount_minor: int


def answers(
    honest: HonestMonth, attempts: Rows, payments: Rows, drawn: list[int], reactions: Reactions
) -> dict[int, Answer]:
    """Return what becomes of every payment by event id, given the reasons drawn before money is asked."""
    taken: dict[int, int] = collections.Counter()
    used: dict[tuple[str, int, int], int] = collections.Counter()
    own: dict[tuple[int, int, int], int] = collections.Counter()
    refusals: dict[tuple[int, int, int], int] = collections.Counter()
    failures: dict[tuple[int, int, int], int] = {}
    result = {}
    order = sorted(
        range(len(attempts)),
        key=lambda row: (attempts[row]["start_at"], attempts[row]["attack_id"], payments[row]["event_at"]),
    )
    for row in order:
        wanted, event_id = attempts[row], int(payments[row]["event_id"])
        amount, day, mood = int(payments[row]["amount_minor"]), int(wanted["day"]), int(wanted["mood"])
        account, card = int(wanted["account"]), int(wanted["card"])
        attack = (account, int(wanted["start_at"]), int(wanted["attack_id"]))
        if wanted["channel"] == ONLINE:
            place, limit = ("card", card, day), honest.unused_online_limit_minor[card - honest.first_card, day]
        else:
            place, limit = (
                ("account", account, day),
                honest.unused_account_limit_minor[account - honest.first_account, day],
            )
        left = honest.leftover_minor[account - honest.first_account, day]
        if refusals[attack] > 0 and (mood == STOP or refusals[attack] >= reactions.most_refusals):
            result[event_id] = Answer(ABSENT, amount)
            continue
        if wanted["is_spare"] and mood != _answer_to(failures.get(attack, APPROVED)):
            result[event_id] = Answer(ABSENT, amount)
            continue
        if refusals[attack] > 0 and not wanted["is_escalating"]:
            amount = _whole(amount * reactions.reduced_to ** refusals[attack]) or amount
        if wanted["is_fitting"] and amount > (fitting := _whole(min(limit, left - own[attack]))):
            if fitting < 0.2 * amount:
                result[event_id] = Answer(ABSENT, amount)
                continue
            amount = fitting
        own[attack] += amount if drawn[row] == APPROVED and own[attack] + amount <= left else 0
        if drawn[row] != APPROVED:
            reason = drawn[row]
        elif used[place] + amount > limit:
            reason = LIMIT_EXCEEDED
        elif taken[account] + amount > left:
            reason = INSUFFICIENT_FUNDS
        else:
            reason = APPROVED
            used[place] += amount
            taken[account] += amount
        refusals[attack] += reason != APPROVED and (drawn[row] == APPROVED or reason == ISSUER_RISK_RULE)
        failures[attack] = reason
        result[event_id] = Answer(reason, amount)
    return result


def _answer_to(failure: int) -> int | None:
    """Return the mood in which a spare payment follows a failure."""
    if failure == APPROVED:
        return None
    return REDUCE if failure in (INSUFFICIENT_FUNDS, LIMIT_EXCEEDED, ISSUER_RISK_RULE) else RETRY


def _whole(amount: float) -> int:
    return int(amount) // STEP_MINOR * STEP_MINOR
