"""Slow twin of the race in which claimants choose what to dispute: everything runs, the first ones in are kept."""

import numpy as np

from riskfabric_assets.foundation.streams import exponential_at, key_of
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.claims import Preferences


def claimed_by(
    honest: HonestMonth, attacks: Attacks, attack: int, preferences: Preferences, averages: dict[int, float]
) -> list[int]:
    """Return the ids that an attack claims when nothing has been taken yet."""
    customer = int(attacks.customer[attack]) - honest.first_customer
    rows = honest.payment_rows[honest.payment_first[customer] : honest.payment_first[customer + 1]]
    times = []
    for row in rows:
        if row["status"] != 0:
            continue
        ratio = row["amount_minor"] / averages[int(row["customer_id"])]
        weight = preferences.channels[row["channel"]] * preferences.categories[row["merchant_category"]]
        if not preferences.amount_low <= ratio <= preferences.amount_high:
            weight *= preferences.other_weight
        key = np.uint64(key_of(attacks.key[attack], np.int64(row["event_id"]), np.int64(0)))
        times.append((float(exponential_at(key, np.int64(0))) / weight, int(row["event_id"])))
    return [event_id for _, event_id in sorted(times)[: int(attacks.count_steps[attack])]]
