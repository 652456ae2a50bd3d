"""What makes events unfit for the fold, counted in one pass before any state moves."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import AccountEvents, Payments
from riskfabric_assets.features.state import Records, State
from riskfabric_assets.foundation.jit import inline_kernel, kernel

Int64s = npt.NDArray[np.int64]

UNKNOWN_CUSTOMER, OUT_OF_ORDER, LATE, OFF_EARTH, AMOUNT_NOT_POSITIVE = range(5)
"""Positions in the counts and first offenders that the kernels fill."""


@inline_kernel
def _note(problem: int, row: int, counts: Int64s, first: Int64s) -> None:
    if counts[problem] == 0:
        first[problem] = row
    counts[problem] += 1


@inline_kernel
def _is_after(event_at: np.int64, event_id: np.int64, last_at: np.int64, last_id: np.int64) -> bool:
    return bool((event_at > last_at) | ((event_at == last_at) & (event_id > last_id)))


@inline_kernel
def _is_late_payment(state: State, event_at: np.int64, event_id: np.int64) -> bool:
    is_first = state.count_payments == 0
    is_in_order = is_first | _is_after(event_at, event_id, state.last_payment_at, state.last_payment_id)
    return bool(not (is_in_order & ((state.count_account_events == 0) | (event_at > state.last_account_event_at))))


@inline_kernel
def _is_late_account_event(state: State, event_at: np.int64, event_id: np.int64) -> bool:
    is_first = state.count_account_events == 0
    is_in_order = is_first | _is_after(event_at, event_id, state.last_account_event_at, state.last_account_event_id)
    return bool(not (is_in_order & ((state.count_payments == 0) | (event_at >= state.last_payment_at))))


@inline_kernel
def _is_ascending(event_at: Int64s, event_id: Int64s, row: int) -> bool:
    before = row - 1
    is_tie = event_at[row] == event_at[before]
    return bool((event_at[row] > event_at[before]) | (is_tie & (event_id[row] > event_id[before])))


@kernel
def check_payments_kernel(states: Records, payments: Payments, counts: Int64s, first: Int64s) -> None:
    """Count unfit payments by problem, shape (5,), and note the row of the first of each."""
    for row in range(payments.event_at.shape[0]):
        slot = payments.slot[row]
        if slot < 0:
            _note(UNKNOWN_CUSTOMER, row, counts, first)
        elif _is_late_payment(states[slot], payments.event_at[row], payments.event_id[row]):
            _note(LATE, row, counts, first)
        if row > 0 and not _is_ascending(payments.event_at, payments.event_id, row):
            _note(OUT_OF_ORDER, row, counts, first)
        if not (abs(payments.latitude[row]) <= 90.0 and abs(payments.longitude[row]) <= 180.0):
            _note(OFF_EARTH, row, counts, first)
        if payments.amount_minor[row] <= 0:
            _note(AMOUNT_NOT_POSITIVE, row, counts, first)


@kernel
def check_account_events_kernel(states: Records, events: AccountEvents, counts: Int64s, first: Int64s) -> None:
    """Count unfit account events by problem, shape (5,), and note the row of the first of each."""
    for row in range(events.event_at.shape[0]):
        slot = events.slot[row]
        if slot < 0:
            _note(UNKNOWN_CUSTOMER, row, counts, first)
        elif _is_late_account_event(states[slot], events.event_at[row], events.event_id[row]):
            _note(LATE, row, counts, first)
        if row > 0 and not _is_ascending(events.event_at, events.event_id, row):
            _note(OUT_OF_ORDER, row, counts, first)
