"""First-party fraud: which of their own payments claimants dispute, by a weighted race without replacement."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of
from riskfabric_assets.foundation.tables.bronze import STATUSES
from riskfabric_assets.simulation.columns import Rows
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.steps import Claims, InjectContext

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

APPROVED = STATUSES.index("approved")
MOST_CLAIMS = 64
"""Room for the claims of one attack; as many as a config file can state."""


class Preferences(NamedTuple):
    """How willingly a payment is disputed."""

    channels: Floats
    """Weight by channel code."""
    categories: Floats
    """Weight by category code."""
    amount_low: float
    """Lower bound of the preferred amounts, in personal averages."""
    amount_high: float
    other_weight: float
    """Weight of an amount outside the bounds."""


def claim_payments(context: InjectContext, attacks: Attacks, preferences: Preferences) -> Claims:
    """Choose approved honest payments of each claimant's month.

    Every payment runs for an exponential time over its weight, keyed by attack and payment; the first ones in
    are claimed. Attacks take turns in order of their start, so no payment is claimed twice.

    Returns:
        Claims in time order within each attack; fewer than planned where a claimant paid less often.
    """
    turns = np.lexsort((attacks.attack_id, attacks.start_at))
    room = int(attacks.count_steps.sum())
    attack, payment, step = (np.empty(room, dtype=np.int64) for _ in range(3))
    honest = context.honest
    count = _claims_kernel(
        attacks,
        turns,
        honest.payment_rows,
        honest.payment_first,
        honest.first_customer,
        context.average_minor,
        preferences,
        np.zeros(honest.payment_rows.shape[0], dtype=np.bool_),
        (attack, payment, step),
    )
    return Claims(attack[:count], payment[:count], step[:count].astype(np.int16))


@kernel
def _claims_kernel(
    attacks: Attacks,
    turns: Int64s,
    payments: Rows,
    payment_first: Int64s,
    first_customer: int,
    average_minor: Floats,
    preferences: Preferences,
    is_taken: npt.NDArray[np.bool_],
    out: tuple[Int64s, Int64s, Int64s],
) -> int:
    count = 0
    best_row, best_time = np.empty(MOST_CLAIMS, dtype=np.int64), np.empty(MOST_CLAIMS)
    for turn in range(turns.shape[0]):
        attack = turns[turn]
        customer = attacks.customer[attack] - first_customer
        wanted, found = attacks.count_steps[attack], 0
        for row in range(payment_first[customer], payment_first[customer + 1]):
            payment = payments[row]
            if payment.status != APPROVED or is_taken[row]:
                continue
            ratio = payment.amount_minor / average_minor[customer]
            is_usual = preferences.amount_low <= ratio <= preferences.amount_high
            weight = preferences.channels[payment.channel] * preferences.categories[payment.merchant_category]
            weight *= 1.0 if is_usual else preferences.other_weight
            key = key_of(attacks.key[attack], payment.event_id, np.int64(0))
            time = exponential_at(key, np.int64(0)) / weight
            place = found
            while place > 0 and best_time[place - 1] > time:
                if place < wanted:
                    best_time[place], best_row[place] = best_time[place - 1], best_row[place - 1]
                place -= 1
            if place < wanted:
                best_time[place], best_row[place] = time, row
                found = min(found + 1, wanted)
        chosen = np.sort(best_row[:found])
        for position in range(found):
            is_taken[chosen[position]] = True
            out[0][count], out[1][count], out[2][count] = attack, chosen[position], position + 1
            count += 1
    return count
