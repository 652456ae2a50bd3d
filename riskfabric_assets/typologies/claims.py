"""First-party fraud: which of their own payments claimants dispute, by a weighted race without replacement."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of
from riskfabric_assets.foundation.tables.bronze import STATUSES
from riskfabric_assets.simulation.columns import Rows
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.steps import Claims, InjectContext

Int64s = npt.NDArray[np.int64]
Int16s = npt.NDArray[np.int16]
UInt64s = npt.NDArray[np.uint64]
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
    race = Race(
        np.empty(MOST_CLAIMS, dtype=np.int64),
        np.empty(MOST_CLAIMS, dtype=np.float64),
        np.zeros(honest.payment_rows.shape[0], dtype=np.bool_),
    )
    crime = Claimants(attacks.key, attacks.customer - honest.first_customer, attacks.count_steps, turns)
    count = _claims_kernel(
        crime,
        honest.payment_rows,
        honest.payment_first,
        context.average_minor,
        preferences,
        race,
        attack,
        payment,
        step,
    )
    return Claims(attack[:count], payment[:count], step[:count].astype(np.int16))


class Claimants(NamedTuple):
    """Who disputes, shape (attacks,) each."""

    key: UInt64s
    customer: Int64s
    """Slot within the block."""
    count_steps: Int16s
    turns: Int64s
    """Attacks in the order in which they choose."""


class Race(NamedTuple):
    """Scratch space: the best so far, by time; and which payments are claimed already, shape (payments,)."""

    row: Int64s
    time: Floats
    is_taken: npt.NDArray[np.bool_]


@inline_lean_kernel
def _time_of(payment: Row, key: np.uint64, average_minor: float, preferences: Preferences) -> float:
    """Return how long a payment runs: exponential over its weight."""
    ratio = payment.amount_minor / average_minor
    weight = preferences.channels[payment.channel] * preferences.categories[payment.merchant_category]
    if not preferences.amount_low <= ratio <= preferences.amount_high:
        weight *= preferences.other_weight
    return float(exponential_at(key_of(key, np.int64(payment.event_id), np.int64(0)), np.int64(0)) / weight)


@lean_kernel
def _claims_kernel(
    claimants: Claimants,
    payments: Rows,
    payment_first: Int64s,
    average_minor: Floats,
    preferences: Preferences,
    race: Race,
    out_attack: Int64s,
    out_payment: Int64s,
    out_step: Int64s,
) -> int:
    count = 0
    for turn in range(claimants.turns.shape[0]):
        attack = claimants.turns[turn]
        customer, wanted, found = claimants.customer[attack], claimants.count_steps[attack], 0
        for row in range(payment_first[customer], payment_first[customer + 1]):
            if payments[row].status != APPROVED or race.is_taken[row]:
                continue
            time = _time_of(payments[row], claimants.key[attack], average_minor[customer], preferences)
            place = found
            while place > 0 and race.time[place - 1] > time:
                if place < wanted:
                    race.time[place], race.row[place] = race.time[place - 1], race.row[place - 1]
                place -= 1
            if place < wanted:
                race.time[place], race.row[place] = time, row
                found = min(found + 1, wanted)
        for chosen in range(found):
            race.is_taken[race.row[chosen]] = True
            place = count + chosen
            while place > count and out_payment[place - 1] > race.row[chosen]:
                out_payment[place] = out_payment[place - 1]
                place -= 1
            out_payment[place] = race.row[chosen]
        for position in range(found):
            out_attack[count + position], out_step[count + position] = attack, position + 1
        count += found
    return count
