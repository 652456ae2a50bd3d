"""Balances as the bank books them: opening, movements and approved payments, by account and all together.

What a customer's known accounts hold at the start of each business day is kept for 30 days, in whole currency units.
"""

from typing import NamedTuple

import numpy as np

from riskfabric_assets.features.kernels.arrays import Singles
from riskfabric_assets.features.kernels.recency import Index, fingerprint_of
from riskfabric_assets.features.state import ACCOUNT_SLOTS, DAY_SLOTS, State
from riskfabric_assets.foundation.jit import inline_lean_kernel

MINOR_UNITS = 100
"""Of a currency unit."""
LARGEST_OPENING = (1 << 31) - 1
"""What is kept of a day's opening, in currency units; a larger one makes the windows of days saturated."""


class BalanceColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    balance_minor: Singles
    amount_to_balance: Singles
    balance_to_mean_30d: Singles


@inline_lean_kernel
def account_place_of(state: State, account_id: np.int64) -> Index:
    """Return where the balance of an account is, or ACCOUNT_SLOTS where it is not known."""
    mark, found = fingerprint_of(account_id), ACCOUNT_SLOTS
    for place in range(ACCOUNT_SLOTS):
        found = place if state.accounts[place] == mark else found
    return found


@inline_lean_kernel
def write_balance(state: State, row: int, place: Index, amount_minor: np.int64, out: BalanceColumns) -> None:
    """Write the balance before the payment and what it means to the amount and to the last 30 days."""
    balance, to_balance, to_mean = np.nan, np.nan, np.nan
    if place < ACCOUNT_SLOTS:
        balance = np.float64(state.balances[place])
        to_balance = amount_minor / balance if balance > 0 else np.nan
    if state.sum_openings > 0:
        to_mean = state.sum_balances * np.float64(state.count_openings) / (state.sum_openings * MINOR_UNITS)
    out.balance_minor[row], out.amount_to_balance[row], out.balance_to_mean_30d[row] = balance, to_balance, to_mean


@inline_lean_kernel
def book(state: State, place: Index, amount_minor: np.int64) -> None:
    """Move a balance, if the account is known; positive credits it."""
    if place < ACCOUNT_SLOTS:
        state.balances[place] += amount_minor
        state.sum_balances += amount_minor


@inline_lean_kernel
def open_account(state: State, account_id: np.int64, balance_minor: np.int64) -> None:
    """Know the balance of an account from now on, in the place of the one that was opened first when all are taken."""
    place = account_place_of(state, account_id)
    if place == ACCOUNT_SLOTS:
        place = np.int64(state.count_accounts) % ACCOUNT_SLOTS
        state.count_accounts += 1
    state.sum_balances += balance_minor - state.balances[place]
    state.balances[place], state.accounts[place] = balance_minor, fingerprint_of(account_id)


@inline_lean_kernel
def open_day(state: State, day: Index) -> None:
    """Keep what the known accounts hold as a business day begins, in the place of 30 days ago."""
    if state.count_accounts == 0:
        return
    place, units = day % DAY_SLOTS, state.sum_balances // MINOR_UNITS
    kept = min(max(units, np.int64(-LARGEST_OPENING)), np.int64(LARGEST_OPENING))
    if kept != units:
        state.last_crowded_day = np.int64(day)
    state.sum_openings += kept - state.openings[place]
    state.openings[place] = kept
    state.count_openings = min(np.int64(state.count_openings) + 1, np.int64(DAY_SLOTS))
