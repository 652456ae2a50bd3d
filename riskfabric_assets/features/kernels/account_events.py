"""What is no payment enters the state here, by its kind alone; a batch and a stream know no other way in.

An account event is visible to the payments after its moment. At one and the same moment payments come first: the
event may be their outcome, as a returned debit is.
"""

from typing import Final

import numpy as np

from riskfabric_assets.features.kernels.arrays import DAY_US, AccountEvents
from riskfabric_assets.features.kernels.balances import account_place_of, book, open_account
from riskfabric_assets.features.kernels.changes import (
    BANK_LINK,
    EMAIL_CHANGE,
    FIRST_CHANGE,
    IDENTITY,
    LINK,
    REFUNDED,
    RETURN,
    RETURNED_DEBIT,
    SIM_CHANGE,
    enter_change,
)
from riskfabric_assets.features.kernels.credits import enter_credit
from riskfabric_assets.features.kernels.days import roll_days
from riskfabric_assets.features.state import State
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS

OPENING: Final = EVENT_KINDS.index("opening")
REFUND: Final = EVENT_KINDS.index("refund")
SALARY_CREDIT: Final = EVENT_KINDS.index("salary_credit")
TRANSFER_CREDIT: Final = EVENT_KINDS.index("transfer_credit")


@inline_lean_kernel
def _note_movement(state: State, now: np.int64, kind: np.int64, account_id: np.int64, amount_minor: np.int64) -> None:
    if kind == OPENING:
        open_account(state, account_id, amount_minor)
        return
    book(state, account_place_of(state, account_id), amount_minor)
    if kind in (SALARY_CREDIT, TRANSFER_CREDIT):
        enter_credit(state, now, amount_minor)
    elif kind == REFUND:
        enter_change(state, now, REFUNDED)


@inline_lean_kernel
def _note_change(state: State, now: np.int64, kind: np.int64) -> None:
    state.kind_last_at[kind - FIRST_CHANGE] = now
    if EMAIL_CHANGE <= kind <= SIM_CHANGE:
        enter_change(state, now, IDENTITY)
    elif kind == BANK_LINK:
        enter_change(state, now, LINK)
    elif kind == RETURNED_DEBIT:
        enter_change(state, now, RETURN)


@inline_lean_kernel
def note_account_event(state: State, row: int, events: AccountEvents) -> None:
    """Let an account event enter the state."""
    now, kind = events.event_at[row], np.int64(events.kind[row])
    roll_days(state, events.local_at[row] // DAY_US)
    if kind < FIRST_CHANGE:
        _note_movement(state, now, kind, events.account_id[row], events.amount_minor[row])
    else:
        _note_change(state, now, kind)
    state.count_account_events += 1
    state.last_account_event_at, state.last_account_event_id = now, events.event_id[row]
