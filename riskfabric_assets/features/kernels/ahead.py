"""The state of a payment or account event that is still to come, fetched while others are folded."""

import numpy as np

from riskfabric_assets.features.kernels.arrays import DAY_US, AccountEvents, Int64s, Payments
from riskfabric_assets.features.kernels.novelty import start_of_set
from riskfabric_assets.features.kernels.windows import RING_BYTES
from riskfabric_assets.features.state import (
    DAY_COLUMNS,
    DAY_SLOTS,
    HEAD_BYTES,
    MERCHANT_SETS,
    RING_SLOTS,
    Records,
    offset_of,
)
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.prefetch import LINE_BYTES, prefetch_line

FAR, NEAR = 12, 6
"""Payments ahead: for what is at a known place of a state, and for what the state itself must tell."""
MERCHANTS_AT, DAYS_AT, RING_AT, AMOUNTS_AT, LISTS_AT, WEEK_AT = (
    offset_of(name) for name in ("merchants", "days", "ring_at", "ring_amount", "devices", "credit_days")
)
WORD = 8


@inline_lean_kernel
def fetch_far(states: Records, payments: Payments, rows: Int64s, place: int) -> None:
    """Ask for the fields that every payment touches, and for the day's row and the merchant's set."""
    if place >= rows.shape[0]:
        return
    row = rows[place]
    slot = payments.slot[row]
    for offset in range(0, HEAD_BYTES, LINE_BYTES):
        prefetch_line(states, slot, offset)
    day = (payments.local_at[row] // DAY_US) % DAY_SLOTS
    prefetch_line(states, slot, DAYS_AT + day * DAY_COLUMNS * WORD)
    prefetch_line(states, slot, MERCHANTS_AT + 2 * start_of_set(payments.merchant_id[row], MERCHANT_SETS))


@inline_lean_kernel
def fetch_account_event(states: Records, events: AccountEvents, rows: Int64s, place: int) -> None:
    """Ask for the fields before the lists, and for the rows of the day among days and credits."""
    if place >= rows.shape[0]:
        return
    row = rows[place]
    slot = events.slot[row]
    for offset in range(0, LISTS_AT, LINE_BYTES):
        prefetch_line(states, slot, offset)
    day = (events.local_at[row] // DAY_US) % DAY_SLOTS
    prefetch_line(states, slot, DAYS_AT + day * DAY_COLUMNS * WORD)
    prefetch_line(states, slot, WEEK_AT)


@inline_lean_kernel
def fetch_near(states: Records, payments: Payments, rows: Int64s, place: int) -> None:
    """Ask for the newest and the oldest payment of the day on the ring."""
    if place >= rows.shape[0]:
        return
    row = rows[place]
    slot = payments.slot[row]
    state = states[slot]
    newest, oldest = (state.count_payments - 1) & (RING_SLOTS - 1), state.ring_tail & (RING_SLOTS - 1)
    prefetch_line(states, slot, RING_AT + np.int64(newest) * WORD)
    prefetch_line(states, slot, RING_AT + np.int64(oldest) * WORD)
    prefetch_line(states, slot, AMOUNTS_AT + np.int64(newest) * RING_BYTES)
