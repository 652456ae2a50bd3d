"""A bank whose rules are so strict that a small town breaks all of them; and histories as the oracle reads them."""

import dataclasses
import functools
from typing import Any

import numpy as np

from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.simulation.bank_rules import pack_bank_rules
from riskfabric_assets.simulation.columns import NO_ID, HonestMonth
from riskfabric_assets.simulation.society import Society
from tests.oracles.bank_rules_oracle import Credit

TRANSFER_CREDIT = EVENT_KINDS.index("transfer_credit")
STRICT = {
    "travel": {"fastest_kmh": 30.0, "least_km": 3.0},
    "new_network_and_device": {"amount_over_average": 0.05},
    "new_device": {"amount_over_average": 0.6},
    "burst": {"most_payments": 1, "within": 40.0},
    "drop": {"most_credits": 3, "most_outgoing": 2, "least_credits": 2, "least_share": 0.2},
}


def changed(rules: BankRules, changes: dict[str, dict[str, object]]) -> BankRules:
    """Replace some thresholds by rule."""
    rooms = {name: getattr(rules, name).model_copy(update=update) for name, update in changes.items()}
    return rules.model_copy(update=rooms)


@functools.cache
def strict(society: Society) -> Society:
    """The same people at a bank with strict rules."""
    return under(society, changed(society.habits.bank_rules, STRICT))


def under(society: Society, rules: BankRules) -> Society:
    """The same people at a bank with other rules."""
    life = society.life._replace(bank_rules=pack_bank_rules(rules))
    habits = dataclasses.replace(society.habits, bank_rules=rules)
    return dataclasses.replace(society, life=life, habits=habits)


def dicts_of(rows: np.ndarray) -> list[dict[str, Any]]:
    """Records as dictionaries: reading a field of one is ten times faster."""
    return [dict(zip(rows.dtype.names, row, strict=True)) for row in rows.tolist()]


def honest_payments(month: HonestMonth, slot: int) -> list[dict[str, Any]]:
    """Payments of a customer in order of time."""
    row = slot - month.first_customer
    return dicts_of(month.payment_rows[month.payment_first[row] : month.payment_first[row + 1]])


def inflows(events: np.ndarray, customer_id: int) -> list[Credit]:
    """What outsiders sent a customer."""
    is_inflow = (events["event_kind"] == TRANSFER_CREDIT) & (events["related_event_id"] == NO_ID)
    own = events[is_inflow & (events["customer_id"] == customer_id)]
    return [Credit(*row) for row in own[["account_id", "event_at", "amount_minor"]].tolist()]
