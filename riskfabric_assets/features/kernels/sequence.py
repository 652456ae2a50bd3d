"""One payment after the other: gaps, running numbers, what changed since the last ones."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import DAY_US, SECOND_US, Booleans, Floats, Payments, Settings, Singles
from riskfabric_assets.features.kernels.recency import fingerprint_of, move_to_front, place_of
from riskfabric_assets.features.state import INSTRUMENT_SLOTS, State
from riskfabric_assets.foundation.jit import inline_lean_kernel


class SequenceColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    seconds_since_last_payment: Floats
    seconds_since_last_on_instrument: Floats
    payment_sequence_number: npt.NDArray[np.int32]
    instrument_sequence_number: npt.NDArray[np.int32]
    days_since_first_payment: Singles
    is_rapid_fire: Booleans
    is_escalating: Booleans
    is_category_switch: Booleans


@inline_lean_kernel
def write_sequence(state: State, row: int, payments: Payments, use: Settings, out: SequenceColumns) -> None:
    """Write gaps, running numbers and changes; enter time, amount and category."""
    now, amount, category = payments.event_at[row], payments.amount_minor[row], payments.category[row]
    count, gap = np.int64(state.count_payments), now - state.last_payment_at
    has_last, last, before_last = count > 0, state.last_amount_minor, state.second_last_amount_minor
    if not has_last:
        state.first_payment_at = now
    out.seconds_since_last_payment[row] = gap / SECOND_US if has_last else np.nan
    out.payment_sequence_number[row] = count + 1
    out.days_since_first_payment[row] = (now - state.first_payment_at) / DAY_US
    out.is_rapid_fire[row] = has_last & (gap <= use.rapid_fire_gap_us)
    out.is_escalating[row] = (count > 1) & (before_last < last) & (last < amount)
    out.is_category_switch[row] = has_last & (category != state.last_category)
    state.last_payment_at = now
    state.last_category = category
    state.second_last_amount_minor = last
    state.last_amount_minor = amount


@inline_lean_kernel
def write_instrument(state: State, row: int, now: np.int64, instrument_id: np.int64, out: SequenceColumns) -> None:
    """Write the instrument's gap and running number; forgets the least recently used."""
    known, last_at, counts = state.instruments, state.instrument_last_at, state.instrument_counts
    mark = fingerprint_of(instrument_id)
    place = place_of(mark, known, 0, INSTRUMENT_SLOTS)
    count, gap = np.int32(0), np.nan
    if place < INSTRUMENT_SLOTS and known[place] == mark:
        count, gap = counts[place], (now - last_at[place]) / SECOND_US
    elif place == INSTRUMENT_SLOTS:
        state.count_forgotten_instruments += 1
        place -= 1
    for shifted in range(place, 0, -1):
        last_at[shifted] = last_at[shifted - 1]
        counts[shifted] = counts[shifted - 1]
    move_to_front(mark, known, 0, place)
    last_at[0], counts[0] = now, count + 1
    out.seconds_since_last_on_instrument[row] = gap
    out.instrument_sequence_number[row] = count + 1
