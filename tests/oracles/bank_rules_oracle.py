"""Slow twin of the bank's rules: every rule looks at the whole month before, with the thresholds as configured."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from riskfabric_assets.foundation.tables.bronze import CHANNELS, ENTRY_MODES, PAYMENT_KINDS
from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.simulation.society import Society

MINUTE, HOUR = 60_000_000, 3_600_000_000
BILL, TRANSFER, CASH = (PAYMENT_KINDS.index(name) for name in ("bill", "transfer", "cash_withdrawal"))
MANDATE, ONLINE = ENTRY_MODES.index("mandate"), CHANNELS.index("online")


class Credit(NamedTuple):
    """Money that came in."""

    account_id: int
    moment: int
    amount_minor: int


def broken_rule(
    society: Society, rules: BankRules, slot: int, earlier: Sequence[Any], inflows: Sequence[Credit], payment: Any
) -> str | None:
    """Return the first rule that a payment breaks; `earlier` are approved payments of the customer before it."""
    if payment["entry_mode"] == MANDATE or payment["payment_kind"] == BILL:
        return None
    unusual = unusual_amounts(society, rules, slot, earlier, payment)
    is_online = way_of(payment) == "online"
    broken = {
        "fast_geo_change": payment["is_present"] and too_fast(rules, earlier, payment),
        "fast_geo_change_online": not payment["is_present"] and too_fast(rules, earlier, payment),
        "new_ip_and_device_high_amount": "new_ip_and_device_high_amount" in unusual,
        "new_device_and_high_amount": "new_device_and_high_amount" in unusual,
        "trans_freq_increase": is_burst(rules, earlier, payment),
        "drop_flow_cashout": not is_online and passes_on(rules, earlier, inflows, payment),
        "drop_purchaser": is_online and passes_on(rules, earlier, inflows, payment),
    }
    return next((name for name, is_broken in broken.items() if is_broken), None)


def unusual_amounts(society: Society, rules: BankRules, slot: int, earlier: Sequence[Any], payment: Any) -> list[str]:
    """Return the rules on amounts that a payment on a new device breaks."""
    person, people = society.life.customers[slot], society.people
    recent = int(payment["event_date"]) - rules.least_age_days
    old = [row for row in earlier if row["event_date"] < recent]
    owned = slice(int(people.device_first[slot]), int(people.device_first[slot + 1]))
    bound = dict(zip(people.device_id[owned].tolist(), people.device_first_seen_day[owned].tolist(), strict=True))
    device = int(payment["device_id"])
    is_new = bound[device] >= recent if device in bound else device not in [row["device_id"] for row in old]
    if device < 0 or not is_new:
        return []
    ratio = int(payment["amount_minor"]) / average(rules, person, earlier)
    known = {int(person["network"]), int(person["mobile_network"]), *(int(row["network"]) for row in old)}
    both, alone = rules.new_network_and_device, rules.new_device
    broken = {
        "new_ip_and_device_high_amount": both.is_enabled
        and ratio > both.amount_over_average
        and payment["network"] not in known,
        "new_device_and_high_amount": alone.is_enabled and ratio > alone.amount_over_average,
    }
    return [name for name, is_broken in broken.items() if is_broken]


def is_burst(rules: BankRules, earlier: Sequence[Any], payment: Any) -> bool:
    """Tell whether one receiver was paid often within the time of a burst."""
    receiver = (payment["merchant_id"], payment["payee_id"])
    same = [row for row in earlier if (row["merchant_id"], row["payee_id"]) == receiver]
    paid = [row for row in same if payment["event_at"] - row["event_at"] <= rules.burst.within * MINUTE]
    return rules.burst.is_enabled and len(paid) >= rules.burst.most_payments


def too_fast(rules: BankRules, earlier: Sequence[Any], payment: Any) -> bool:
    """Tell whether the speed since the last payment in person is above the threshold."""
    stood = [row for row in earlier if row["is_present"]]
    if not stood or not rules.travel.is_enabled:
        return False
    distance = great_circle_km(stood[-1], payment)
    hours = (int(payment["event_at"]) - int(stood[-1]["event_at"])) / HOUR
    return distance > rules.travel.least_km and distance > rules.travel.fastest_kmh * hours


def great_circle_km(one: Any, other: Any) -> float:
    """Distance on the sphere by the angle between two vectors, km."""
    vectors = []
    for row in (one, other):
        latitude, longitude = math.radians(float(row["latitude"])), math.radians(float(row["longitude"]))
        around = (math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude))
        vectors.append(np.array([*around, math.sin(latitude)]))
    cross, dot = np.linalg.norm(np.cross(*vectors)), float(np.dot(*vectors))
    return math.atan2(float(cross), dot) * 6371.0088


def average(rules: BankRules, person: Any, earlier: Sequence[Any]) -> float:
    """The average on file counts as some payments beside those of the month."""
    amounts = [float(row["amount_minor"]) for row in earlier]
    weight = rules.history_payments
    return (weight * float(person["usual_minor"]) + sum(amounts)) / (weight + len(amounts))


def way_of(payment: Any) -> str:
    """How money leaves."""
    if payment["payment_kind"] in (TRANSFER, CASH):
        return "sent"
    return "online" if payment["channel"] == ONLINE else "other"


def passes_on(rules: BankRules, earlier: Sequence[Any], inflows: Sequence[Credit], payment: Any) -> bool:
    """Tell whether an account takes in too often, or sends most of it on too often."""
    begin, now = int(payment["event_at"]) - rules.drop.within * HOUR, int(payment["event_at"])
    own = [each for each in inflows if each.account_id == payment["account_id"] and begin <= each.moment < now]
    if not rules.drop.is_enabled or way_of(payment) == "other" or len(own) < rules.drop.least_credits:
        return False
    first = min(each.moment for each in own)
    out = [row for row in earlier if row["account_id"] == payment["account_id"] and row["event_at"] >= first]
    out = [row for row in out if way_of(row) == way_of(payment)]
    sent = int(payment["amount_minor"]) + sum(int(row["amount_minor"]) for row in out)
    is_sent_on = sent >= rules.drop.least_share * sum(each.amount_minor for each in own)
    return len(own) >= rules.drop.most_credits or (len(out) >= rules.drop.most_outgoing and is_sent_on)
