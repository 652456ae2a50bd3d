"""The settlement the obvious way: account by account, from lists of its events."""

from collections import defaultdict

import numpy as np


def settled_amounts(events: np.ndarray, settlement: int, credit: int) -> dict[int, int]:
    """Return the corrected amount of every settlement by event id; what comes from outside is settled already."""
    sent: dict[int, int] = defaultdict(int)
    for event in events:
        if event["event_kind"] == credit and event["related_event_id"] >= 0:
            sent[int(event["account_slot"])] += int(event["amount_minor"])
    return {
        int(event["event_id"]): int(event["amount_minor"]) - sent[int(event["account_slot"])]
        for event in events
        if event["event_kind"] == settlement
    }


def last_credits(events: np.ndarray, credit: int) -> dict[int, int]:
    """Return the moment of the last credit by account slot."""
    last: dict[int, int] = {}
    for event in sorted(events, key=lambda event: int(event["event_at"])):
        if event["event_kind"] == credit and event["related_event_id"] >= 0:
            last[int(event["account_slot"])] = int(event["event_at"])
    return last
