"""What the bank has seen of a customer when a criminal pays: honest life so far this month, and the attack's own part.

One history at a time, that of the attack at hand on one account; other attacks are no part of it, so that none changes
what becomes of another.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import NO_ID, PAYMENT_ROW, HonestMonth, Rows
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.simulation.kernels.scratch import CREDIT
from riskfabric_assets.world.clock import NEVER

Int64s = npt.NDArray[np.int64]

TRANSFER_CREDIT: Final = EVENT_KINDS.index("transfer_credit")
STATE: Final = np.dtype(
    [
        ("payments", np.int64),
        ("credits", np.int64),
        ("next", np.int64),
        ("stop", np.int64),
    ]
)
"""How much of a history there is, the next honest payment to be read and the one after the customer's last."""


@bundle
class Histories(NamedTuple):
    """A block's honest month, and room for the history of one attack."""

    first_customer: int
    honest_payments: Rows
    payment_first: Int64s
    honest_events: Rows
    event_first: Int64s
    payments: Rows
    """The history in order of time, honest payments and those of the attack."""
    credits: Rows
    """Records of CREDIT: those of the honest month, then those of the attack; the last has the moment NEVER."""
    state: Rows
    """Shape (1,)."""


def histories_of(honest: HonestMonth, attempts: Rows) -> Histories:
    """Return room for the longest history.

    Args:
        honest: The block's honest month.
        attempts: Records of ATTEMPT of all attacks.
    """
    longest = np.unique(attempts["attack_id"], return_counts=True)[1].max(initial=0)
    most = int(np.diff(honest.payment_first).max(initial=0) + longest)
    most_credits = int(np.diff(honest.event_first).max(initial=0) + longest) + 1
    return Histories(
        honest.first_customer,
        honest.payment_rows,
        honest.payment_first,
        honest.event_rows,
        honest.event_first,
        np.empty(most, dtype=PAYMENT_ROW),
        np.empty(most_credits, dtype=CREDIT),
        np.zeros(1, dtype=STATE),
    )


@inline_lean_kernel
def begin(histories: Histories, customer: int) -> None:
    """Start the history of an attack: nothing is paid yet, and every credit of the honest month is known by its moment.

    `customer` is a slot of all customers.
    """
    state, row = histories.state[0], customer - histories.first_customer
    state.payments, state.credits = 0, 0
    state.next, state.stop = histories.payment_first[row], histories.payment_first[row + 1]
    for number in range(histories.event_first[row], histories.event_first[row + 1]):
        event = histories.honest_events[number]
        if event.event_kind == TRANSFER_CREDIT and event.related_event_id == NO_ID:
            _add_credit(histories, event)
    histories.credits[state.credits].moment = NEVER


@inline_lean_kernel
def read_until(histories: Histories, moment: int) -> None:
    """Take in the honest payments before a moment."""
    state = histories.state[0]
    while state.next < state.stop and histories.honest_payments[state.next].event_at < moment:
        histories.payments[state.payments] = histories.honest_payments[state.next]
        state.payments += 1
        state.next += 1


@inline_lean_kernel
def note(histories: Histories, payment: Row, is_credit: bool) -> None:
    """Take in what the attack has just done: an approved payment, or a credit."""
    state = histories.state[0]
    if is_credit:
        _add_credit(histories, payment)
        return
    histories.payments[state.payments] = payment
    state.payments += 1


@inline_lean_kernel
def _add_credit(histories: Histories, event: Row) -> None:
    state = histories.state[0]
    credit = histories.credits[state.credits]
    credit.account_id, credit.moment, credit.amount_minor = event.account_id, event.event_at, event.amount_minor
    state.credits += 1
    histories.credits[state.credits].moment = NEVER
