"""The bank's rules as the record that kernels read."""

from typing import Final

import numpy as np

from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.simulation.kernels.records import BANK_RULES, Records

FARTHEST_KM: Final = 20_040.0
"""Half of the earth's circumference."""
UNREACHED: Final = 1 << 40
"""A count that no payment reaches."""
MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE


def pack_bank_rules(rules: BankRules) -> Records:
    """Return the thresholds, shape (1,); those of a rule that is switched off are never reached."""
    packed = np.zeros(1, dtype=BANK_RULES)
    travel, burst, drop = rules.travel, rules.burst, rules.drop
    packed["history_payments"], packed["least_age_days"] = rules.history_payments, rules.least_age_days
    packed["fastest_kmh"] = travel.fastest_kmh if travel.is_enabled else np.inf
    packed["least_km"] = travel.least_km
    packed["reach_microseconds"] = FARTHEST_KM / travel.fastest_kmh * HOUR if travel.is_enabled else 0
    for name, unusual in (("network_ratio", rules.new_network_and_device), ("device_ratio", rules.new_device)):
        packed[name] = unusual.amount_over_average if unusual.is_enabled else np.inf
    packed["burst_payments"] = burst.most_payments if burst.is_enabled else UNREACHED
    packed["burst_microseconds"] = round(burst.within * MINUTE)
    packed["drop_credits"] = drop.most_credits if drop.is_enabled else UNREACHED
    packed["drop_outgoing"] = drop.most_outgoing if drop.is_enabled else UNREACHED
    packed["drop_least_credits"] = drop.least_credits if drop.is_enabled else UNREACHED
    packed["drop_least_share"] = drop.least_share
    packed["drop_microseconds"] = round(drop.within * HOUR)
    return packed
