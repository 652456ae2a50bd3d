"""Slow twin of what criminals can take: one dictionary of money taken, one of limits used, payment by payment."""

import collections

from riskfabric_assets.foundation.tables.bronze import CHANNELS, DECLINE_REASONS
from riskfabric_assets.simulation.columns import HonestMonth, Rows

ONLINE = CHANNELS.index("online")
INSUFFICIENT_FUNDS = DECLINE_REASONS.index("insufficient_funds")
LIMIT_EXCEEDED = DECLINE_REASONS.index("limit_exceeded")
APPROVED = 255


def answers(honest: HonestMonth, attempts: Rows, payments: Rows, drawn: list[int]) -> dict[int, int]:
    """Return the decline reason (255 for approved) by event id, given the reasons drawn before money is asked."""
    taken: dict[int, int] = collections.Counter()
    used: dict[tuple[str, int, int], int] = collections.Counter()
    result = {}
    order = sorted(
        range(len(attempts)),
        key=lambda row: (attempts[row]["start_at"], attempts[row]["attack_id"], payments[row]["event_at"]),
    )
    for row in order:
        wanted, event_id = attempts[row], int(payments[row]["event_id"])
        amount, day = int(payments[row]["amount_minor"]), int(wanted["day"])
        account, card = int(wanted["account"]), int(wanted["card"])
        if wanted["channel"] == ONLINE:
            place, limit = ("card", card, day), honest.unused_online_limit_minor[card - honest.first_card, day]
        else:
            place, limit = (
                ("account", account, day),
                honest.unused_account_limit_minor[account - honest.first_account, day],
            )
        left = honest.leftover_minor[account - honest.first_account, day]
        if drawn[row] != APPROVED:
            result[event_id] = drawn[row]
        elif used[place] + amount > limit:
            result[event_id] = LIMIT_EXCEEDED
        elif taken[account] + amount > left:
            result[event_id] = INSUFFICIENT_FUNDS
        else:
            result[event_id] = APPROVED
            used[place] += amount
            taken[account] += amount
    return result
