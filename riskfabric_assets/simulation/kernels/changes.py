"""What happens to an account besides money, one customer-month after the other.

Two passes: `draft_changes_kernel` draws what happens as short drafts in local time, `write_changes_kernel` turns them
into rows. What happens of itself is in `episodes`, what devices and cards bring along is here.

Draws, key (stream, owned thing, first or last day): the thing is 256 * ordinal + its position, cards behind devices.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000, moment_of_day
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.episodes import (
    CARD_BLOCK,
    CARD_REISSUE,
    DEVICE_BINDING,
    DEVICE_IN_USE,
    EMAIL_CHANGE,
    LOGIN,
    MICROSECONDS_PER_SECOND,
    NO_DEVICE,
    PIN_RESET,
    SIM_CHANGE,
    Changes,
    Pad,
    Span,
    follow_up,
    link_banks,
    live_month,
    note,
    step_after,
    where,
)
from riskfabric_assets.simulation.kernels.records import Int64s, Records, Row
from riskfabric_assets.world.clock import Clock, utc_of

THINGS_PER_CUSTOMER: Final = 256
"""Room for devices, and behind them cards, of one customer among the draws."""
FIRST_CARD: Final = 128
KIND_ACCOUNT_CHANGE: Final = 16
"""identifiers.Kind.ACCOUNT_CHANGE as a plain number: kernels do not know enumerations."""


@inline_lean_kernel
def belonging_key(changes: Changes, customer: Row, position: int, day: int) -> np.uint64:
    """Address the draws of what one device or card brings along."""
    return key_of(changes.belongings_stream, np.int64(customer.ordinal * THINGS_PER_CUSTOMER + position), np.int64(day))


@inline_lean_kernel
def start_device(life: Life, changes: Changes, pad: Pad, customer: Row, device: int) -> None:
    """Log in from a new device and bind it on its first day; a replacement has consequences."""
    day, account, phase = life.devices[device].first_seen_day, customer.everyday_account, customer.phase_microseconds
    rules, key = changes.rules[0], belonging_key(changes, customer, device - customer.device_first, day)
    midnight = day * MICROSECONDS_PER_DAY
    login = midnight + moment_of_day(uniform_at(key, np.int64(0)), changes.moments, phase)
    bound = min(step_after(login, key, 1, rules.mean_step_microseconds), midnight + MICROSECONDS_PER_DAY - 1)
    note(pad, login, LOGIN, account, NO_ID, device)
    note(pad, bound, DEVICE_BINDING, account, NO_ID, device)
    if not changes.replaces_device[device]:
        return
    if uniform_at(key, np.int64(2)) < rules.device_pin_reset_share:
        reset = step_after(bound, key, 3, rules.mean_step_microseconds)
        note(pad, reset, PIN_RESET, account, NO_ID, where(changes, key, 4, device))
    if uniform_at(key, np.int64(5)) < rules.device_sim_change_share:
        note(pad, max(login - MICROSECONDS_PER_SECOND, midnight), SIM_CHANGE, account, NO_ID, NO_DEVICE)
    if uniform_at(key, np.int64(6)) < rules.device_email_change_share:
        later = follow_up(changes, bound, phase, key, 7)
        note(pad, later, EMAIL_CHANGE, account, NO_ID, where(changes, key, 9, device))
    if uniform_at(key, np.int64(10)) < rules.device_relink_share:
        later = step_after(bound, key, 11, rules.mean_step_microseconds)
        link_banks(changes, pad, account, later, device, key, 12)


@inline_lean_kernel
def change_card(life: Life, changes: Changes, pad: Pad, customer: Row, card: int, kind: int, day: int) -> None:
    """Block a card on its last day, or issue one that follows another on its first."""
    key = belonging_key(changes, customer, FIRST_CARD + card - customer.card_first, day)
    moment = moment_of_day(uniform_at(key, np.int64(kind)), changes.moments, customer.phase_microseconds)
    note(pad, day * MICROSECONDS_PER_DAY + moment, kind, life.cards[card].account, card, NO_DEVICE)


@lean_kernel
def draft_changes_kernel(
    life: Life, changes: Changes, span: Span, pad: Pad, first_customer: int, draft_first: Int64s
) -> None:
    """Draft the month of a block; `draft_first` gets each customer's first draft, shape (customers + 1,)."""
    first_day, stop_day = span.first_days[1], span.first_days[1] + span.count_days[1]
    for row in range(draft_first.shape[0] - 1):
        slot = first_customer + row
        customer = life.customers[slot]
        draft_first[row] = pad.used[0]
        pad.limits[0] = max(first_day, changes.registered_day[slot]) * MICROSECONDS_PER_DAY
        pad.limits[1] = stop_day * MICROSECONDS_PER_DAY
        for card in range(customer.card_first, customer.card_stop):
            if first_day <= changes.card_blocked_day[card] < stop_day:
                change_card(life, changes, pad, customer, card, CARD_BLOCK, changes.card_blocked_day[card])
            if first_day <= changes.card_reissued_day[card] < stop_day:
                change_card(life, changes, pad, customer, card, CARD_REISSUE, changes.card_reissued_day[card])
        if customer.everyday_account < 0:
            continue
        for device in range(customer.device_first, customer.device_stop):
            day = life.devices[device].first_seen_day
            if day >= first_day - changes.rules[0].follow_up_days and day < stop_day:
                start_device(life, changes, pad, customer, device)
        live_month(life, changes, span, pad, slot, 0)
        live_month(life, changes, span, pad, slot, 1)
    draft_first[draft_first.shape[0] - 1] = pad.used[0]


@inline_lean_kernel
def device_on(life: Life, customer: Row, day: int) -> int:
    """Return the first device that has been in use since before a day and still is; NO_DEVICE if there is none."""
    for device in range(customer.device_first, customer.device_stop):
        if life.devices[device].first_seen_day < day <= life.devices[device].last_seen_day:
            return device
    return NO_DEVICE


@lean_kernel
def write_changes_kernel(
    life: Life, clock: Clock, first_customer: int, draft_first: Int64s, drafts: Records, rows: Records
) -> None:
    """Turn drafts into rows; an event's number within its customer-day is part of its id."""
    for position in range(draft_first.shape[0] - 1):
        customer = life.customers[first_customer + position]
        for place in range(draft_first[position], draft_first[position + 1]):
            draft, row = drafts[place], rows[place]
            day, ordinal = draft.local // MICROSECONDS_PER_DAY, 0
            for earlier in range(draft_first[position], place):
                ordinal += drafts[earlier].local // MICROSECONDS_PER_DAY == day
            row.event_id = identifier_of(
                life.identifiers,
                np.int64(customer.ordinal),
                np.int64(day - DAYS_TO_2000),
                np.int64(ordinal),
                np.int64(KIND_ACCOUNT_CHANGE),
            )
            device = draft.device
            if device == DEVICE_IN_USE or (device >= 0 and life.devices[device].last_seen_day < day):
                device = device_on(life, customer, day)
            row.customer_id = customer.customer_id
            row.account_id, row.account_slot = life.accounts[draft.account].account_id, draft.account
            row.card_id = life.cards[draft.card].card_id if draft.card >= 0 else NO_ID
            row.device_id = life.devices[device].device_id if device >= 0 else NO_ID
            row.counterparty_id = row.related_event_id = NO_ID
            row.event_kind, row.amount_minor, row.event_date = draft.kind, 0, day
            row.event_at = utc_of(clock, day - clock.first_day, draft.local - day * MICROSECONDS_PER_DAY)
