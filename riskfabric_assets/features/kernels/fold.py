"""The fold itself: each payment reads the state of its customer, writes its features, then enters the state.

`advance_kernel` walks payments and account events in the order of their moments, payments first at the same one;
both streams are ascending by (event_at, event_id) and nothing is late: `check_kernel` has seen to it. Integers carry
everything that accumulates, so a state does not depend on how the stream was cut.
"""

from typing import NamedTuple

import numpy as np

from riskfabric_assets.features.kernels.account_events import note_account_event
from riskfabric_assets.features.kernels.ahead import FAR, NEAR, fetch_account_event, fetch_far, fetch_near
from riskfabric_assets.features.kernels.arrays import (
    DAY_US,
    DECLINED,
    LIMIT_DECLINED,
    AccountEvents,
    Booleans,
    Int64s,
    Payments,
    Settings,
)
from riskfabric_assets.features.kernels.balances import BalanceColumns, account_place_of, book, write_balance
from riskfabric_assets.features.kernels.changes import ChangeColumns, write_ages, write_changes
from riskfabric_assets.features.kernels.credits import CreditColumns, write_credits
from riskfabric_assets.features.kernels.days import (
    DECLINE,
    NEW_MERCHANT,
    NEW_PAYEE,
    NIGHT,
    DayColumns,
    enter_day,
    roll_days,
    write_days,
)
from riskfabric_assets.features.kernels.habits import HabitColumns, write_amount, write_category, write_hours
from riskfabric_assets.features.kernels.journey import JourneyColumns, write_journey
from riskfabric_assets.features.kernels.novelty import (
    NoveltyColumns,
    write_counterparty,
    write_device,
    write_network,
    write_places,
)
from riskfabric_assets.features.kernels.sequence import SequenceColumns, write_instrument, write_sequence
from riskfabric_assets.features.kernels.windows import WindowColumns, enter_windows, write_windows
from riskfabric_assets.features.state import Records, State
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel


class SaturationColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,)."""

    are_events_saturated: Booleans


class FeatureColumns(NamedTuple):
    """What the fold writes, by the module that writes it."""

    sequence: SequenceColumns
    journey: JourneyColumns
    windows: WindowColumns
    days: DayColumns
    novelty: NoveltyColumns
    habits: HabitColumns
    changes: ChangeColumns
    credits: CreditColumns
    balances: BalanceColumns
    saturation: SaturationColumns


@inline_lean_kernel
def _advance_payment(state: State, row: int, payments: Payments, use: Settings, out: FeatureColumns) -> None:
    """Write every feature of one payment, then let it enter the state, its outcome included."""
    now, amount, flags = payments.event_at[row], payments.amount_minor[row], np.int64(payments.flags[row])
    day = payments.local_at[row] // DAY_US
    of_day = payments.local_at[row] - day * DAY_US
    write_windows(state, row, now, use.burst_payments, out.windows)
    write_instrument(state, row, now, payments.instrument_id[row], out.sequence)
    write_sequence(state, row, payments, use, out.sequence)
    write_journey(state, row, payments, use, out.journey)
    write_device(state, row, now, payments.device_id[row], out.novelty)
    is_new_merchant, is_new_payee = write_counterparty(
        state, row, payments.merchant_id[row], payments.payee_id[row], out.novelty
    )
    write_network(state, row, payments.ip_address[row], out.novelty)
    write_places(state, row, payments, out.novelty)
    is_night = write_hours(state, row, payments.local_at[row], use, out.habits)
    write_category(state, row, np.int64(payments.category[row]), out.habits)
    log_amount = write_amount(state, row, payments, use, out.habits)
    roll_days(state, day)
    write_days(state, row, amount, log_amount, use.prior_mean[payments.segment[row]], use, out.days)
    write_ages(state, row, now, out.changes)
    is_short_of_changes = write_changes(state, row, now, of_day, out.changes)
    is_short_of_credits = write_credits(state, row, now, amount, out.credits)
    out.saturation.are_events_saturated[row] = is_short_of_changes | is_short_of_credits
    account = account_place_of(state, payments.account_id[row])
    write_balance(state, row, account, amount, out.balances)
    if flags & DECLINED == 0:
        book(state, account, -amount)
        state.sum_paid += amount
    marks = (np.int64(is_night) << NIGHT) | (np.int64(is_new_merchant) << NEW_MERCHANT)
    marks |= (np.int64(is_new_payee) << NEW_PAYEE) | ((flags & DECLINED) << DECLINE)
    enter_day(state, amount, log_amount, marks)
    enter_windows(state, now, amount, flags & (DECLINED | LIMIT_DECLINED))
    state.count_payments += 1
    state.last_payment_id = payments.event_id[row]


class Part(NamedTuple):
    """Which rows are folded, ascending: all those of some customers."""

    payments: Int64s
    events: Int64s


@lean_kernel
def advance_kernel(
    states: Records, payments: Payments, events: AccountEvents, use: Settings, out: FeatureColumns, part: Part
) -> None:
    """Fold payments and account events into the states, in order, and write the features of the payments."""
    noted, count_events = 0, part.events.shape[0]
    for place in range(part.payments.shape[0]):
        row = part.payments[place]
        while noted < count_events and events.event_at[part.events[noted]] < payments.event_at[row]:
            fetch_account_event(states, events, part.events, noted + 1)
            note_account_event(states[events.slot[part.events[noted]]], part.events[noted], events)
            noted += 1
        fetch_far(states, payments, part.payments, place + FAR)
        fetch_near(states, payments, part.payments, place + NEAR)
        _advance_payment(states[payments.slot[row]], row, payments, use, out)
    for place in range(noted, count_events):
        note_account_event(states[events.slot[part.events[place]]], part.events[place], events)
