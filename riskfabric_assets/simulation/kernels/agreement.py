"""What changes of a device or card have to do with the payments made on the same day.

Changes are drawn without looking at payments. On a device's first day and on a card's last one the two could contradict
each other; then the change gives way, within its day: a binding to before the first payment, a block to after the last.
"""

from typing import Final, NamedTuple

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.episodes import CARD_BLOCK, DEVICE_BINDING, LOGIN
from riskfabric_assets.simulation.kernels.records import Int64s, Records, Row

MOMENT_BEFORE: Final = 60_000_000
"""Between a binding and the first payment, and between the last payment and a block, microseconds."""
NEVER_USED: Final = -1


@bundle
class Days(NamedTuple):
    """Days of the month."""

    first_day: int
    """Days since 1970-01-01."""
    midnight_at: Int64s
    end_at: Int64s
    """First moment after each day."""


@bundle
class Made(NamedTuple):
    """Payments of a block, customer by customer and in order of time."""

    first_customer: int
    payments: Records
    payment_first: Int64s


@inline_lean_kernel
def is_first_day(life: Life, customer: Row, event: Row) -> bool:
    """Tell whether an event falls on the first day of its device."""
    for device in range(customer.device_first, customer.device_stop):
        if life.devices[device].device_id == event.device_id:
            return bool(life.devices[device].first_seen_day == event.event_date)
    return False


@inline_lean_kernel
def bind_before(rows: Records, place: int, first: int, stop: int, use: int, midnight: int) -> None:
    """Move a binding, and what came from the device before it, to before its first use."""
    bound, late = rows[place].event_at, rows[place].event_at - (use - MOMENT_BEFORE)
    for other in range(first, stop):
        event = rows[other]
        if (
            event.device_id == rows[place].device_id
            and event.event_date == rows[place].event_date
            and event.event_kind == LOGIN
            and event.event_at <= bound
        ):
            event.event_at = max(event.event_at - late, midnight)
    rows[place].event_at = max(bound - late, midnight)


@inline_lean_kernel
def first_use(payments: Records, first: int, stop: int, event: Row) -> int:
    """Return when the device of an event pays for the first time that day, NEVER_USED if it does not."""
    for place in range(first, stop):
        if payments[place].device_id == event.device_id and payments[place].event_date == event.event_date:
            return int(payments[place].event_at)
    return NEVER_USED


@inline_lean_kernel
def last_use(payments: Records, first: int, stop: int, event: Row) -> int:
    """Return when the card of an event pays for the last time that day, NEVER_USED if it does not."""
    for place in range(stop - 1, first - 1, -1):
        if payments[place].card_id == event.card_id and payments[place].event_date == event.event_date:
            return int(payments[place].event_at)
    return NEVER_USED


@lean_kernel
def agree_kernel(life: Life, owners: Int64s, days: Days, made: Made, rows: Records) -> None:
    """Move bindings and blocks in place; `owners` is the customer slot of every account."""
    first, stop = 0, 0
    for place in range(rows.shape[0]):
        event = rows[place]
        slot, day = owners[event.account_slot], event.event_date - days.first_day
        if place == stop:
            first = place
            while stop < rows.shape[0] and owners[rows[stop].account_slot] == slot:
                stop += 1
        begin, end = made.payment_first[slot - made.first_customer], made.payment_first[slot - made.first_customer + 1]
        if event.event_kind == CARD_BLOCK:
            use = last_use(made.payments, begin, end, event)
            if use >= event.event_at:
                event.event_at = min(use + MOMENT_BEFORE, days.end_at[day] - 1)
        if event.event_kind == DEVICE_BINDING and is_first_day(life, life.customers[slot], event):
            use = first_use(made.payments, begin, end, event)
            if use != NEVER_USED and use <= event.event_at + MOMENT_BEFORE:
                bind_before(rows, place, first, stop, use, days.midnight_at[day])
