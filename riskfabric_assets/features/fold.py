"""Advance states by events: the one definition of every feature, for a month of files or a micro-batch alike."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from riskfabric_assets.features.columns import account_events_of, empty_columns, frame_of, payments_of
from riskfabric_assets.features.contract import Fold
from riskfabric_assets.features.kernels.arrays import AccountEvents, Payments
from riskfabric_assets.features.kernels.check import check_account_events_kernel, check_payments_kernel
from riskfabric_assets.features.kernels.fold import FeatureColumns, Part, advance_kernel
from riskfabric_assets.features.state import Int64s, StateTable, empty_states
from riskfabric_assets.foundation.errors import InputError, Problem, StaleError
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, TRANSACTIONS

REBUILD_COMMAND = "riskfabric materialize --select silver/customer_state silver/payment_features"
"""What rebuilds states that belong to another contract."""

_PROBLEMS = (
    ("of unknown customers", "customers that have a state", "enroll the customers before their events"),
    ("out of order", "ascending (event_at, event_id)", "sort by event_at, event_id and remove repetitions"),
    ("late", "events after the customer's last one", "drop them, or fold again from the checkpoint before"),
    ("off the Earth", "latitude in [-90, 90], longitude in [-180, 180]", "correct the position"),
    ("not above 0", "a positive amount_minor", "correct the amount; credits belong to account events"),
)
"""Found, expected and fix, by the problem numbers of the check kernels."""


def advance(
    states: StateTable, payments: pl.DataFrame, account_events: pl.DataFrame, fold: Fold
) -> tuple[pl.DataFrame, StateTable]:
    """Return the features of the payments and the states after all events; the states handed in stay as they are.

    Args:
        states: Before the first event; every customer of the batch has a slot.
        payments: bronze/transactions (PAYMENT_COLUMNS suffice), ascending by (event_at, event_id).
        account_events: bronze/account_events of the same stretch, ascending likewise; they move the high-water mark.
        fold: The prepared contract.

    Returns:
        A frame under the contract silver/payment_features, rows as in `payments`, and the new states. However a
        stream is cut into batches, features and states are the same to the bit.

    Raises:
        InputError: Events out of order, late, repeated, of unknown customers, off the Earth or without an amount;
            counted, with the first offender. Nothing is folded.
        StaleError: The states were folded under another contract.
    """
    after = states.copy()
    return advance_in_place(after, payments, account_events, fold), after


def advance_in_place(
    states: StateTable, payments: pl.DataFrame, account_events: pl.DataFrame, fold: Fold, threads: int = 1
) -> pl.DataFrame:
    """Return the features of the payments and move `states` itself; otherwise as `advance`.

    For a scorer, whose states are many and whose batches are small, and for months on several threads. A refused batch
    leaves the states untouched.
    """
    paid = payments_of(payments, states.index, fold.currencies)
    noted = account_events_of(account_events, states.index)
    return frame_of(payments, advance_arrays(states, paid, noted, fold, threads))


def advance_arrays(
    states: StateTable, payments: Payments, account_events: AccountEvents, fold: Fold, threads: int = 1
) -> FeatureColumns:
    """Return the features of payments given as arrays and move `states` itself; the core of `advance`.

    Args:
        states: Before the first event.
        payments: Shape (n,), ascending by (event_at, event_id), with slots from `states.index`.
        account_events: Shape (m,), ascending likewise.
        fold: The prepared contract.
        threads: Each folds the customers of its own; features and states do not depend on how many there are.

    Raises:
        InputError: As `advance`; a refused batch leaves the states untouched.
        StaleError: The states were folded under another contract.
    """
    if states.contract != fold.contract:
        raise StaleError(f"states of contract {states.contract}", f"contract {fold.contract}", REBUILD_COMMAND)
    _refuse_unfit(states, payments, account_events)
    columns = empty_columns(payments.event_at.shape[0])
    _fold_parts(states, payments, account_events, fold, columns, parts_of(payments, account_events, threads))
    return columns


def _fold_parts(
    states: StateTable,
    payments: Payments,
    account_events: AccountEvents,
    fold: Fold,
    columns: FeatureColumns,
    parts: list[Part],
) -> None:
    """Fold every part in a thread of its own; a single one without, as starting a thread takes longer than a batch."""

    def fold_part(part: Part) -> None:
        advance_kernel(states.records, payments, account_events, fold.settings, columns, part)

    if len(parts) == 1:
        fold_part(parts[0])
        return
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(fold_part, parts))


def parts_of(payments: Payments, account_events: AccountEvents, count: int) -> list[Part]:
    """Deal the customers to so many parts; each is in order."""
    if count == 1:
        return [Part(np.arange(payments.slot.shape[0]), np.arange(account_events.slot.shape[0]))]
    of_payments, of_events = payments.slot % count, account_events.slot % count
    return [Part(np.flatnonzero(of_payments == part), np.flatnonzero(of_events == part)) for part in range(count)]


def _refuse_unfit(states: StateTable, payments: Payments, account_events: AccountEvents) -> None:
    counts, first = np.zeros((2, len(_PROBLEMS)), dtype=np.int64), np.zeros((2, len(_PROBLEMS)), dtype=np.int64)
    check_payments_kernel(states.records, payments, counts[0], first[0])
    check_account_events_kernel(states.records, account_events, counts[1], first[1])
    problems = [
        *_problems(TRANSACTIONS.name, payments.event_id, counts[0], first[0]),
        *_problems(ACCOUNT_EVENTS.name, account_events.event_id, counts[1], first[1]),
        *_repeated(np.concatenate([payments.event_id, account_events.event_id])),
    ]
    if problems:
        raise InputError(problems)


def _problems(table: str, event_ids: Int64s, counts: Int64s, first: Int64s) -> list[Problem]:
    return [
        Problem(table, f"{count} events {what}, the first event_id {event_ids[row]} in row {row}", expected, fix)
        for count, row, (what, expected, fix) in zip(counts, first, _PROBLEMS, strict=True)
        if count
    ]


def _repeated(event_ids: Int64s) -> list[Problem]:
    ascending = np.sort(event_ids)
    again = ascending[1:][ascending[1:] == ascending[:-1]]
    if not again.size:
        return []
    found = f"{again.size} repeated event_ids, the lowest {again[0]}"
    place = f"{TRANSACTIONS.name}, {ACCOUNT_EVENTS.name}"
    return [Problem(place, found, "one event for each id", "remove repetitions")]


def warm_up(fold: Fold) -> None:
    """Compile every kernel of the room, or load it from the cache, by folding nothing; for setup and for a scorer."""
    states = empty_states(np.zeros(1, dtype=np.int64), fold.contract)
    advance_in_place(states, TRANSACTIONS.empty(), ACCOUNT_EVENTS.empty(), fold)
