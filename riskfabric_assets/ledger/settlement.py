"""The settlement of a month learns what others sent.

Whoever pays writes the payee's credit too, in the payer's own block; the payee's settlement, drawn in another block,
does not know it. So when every block of a month has been drafted, each settlement is lowered by the credits of its
account and comes after the last of them: opening and movements give the next opening again. Sums do not depend on the
order of blocks, and the moment is a draw of the settlement's own id, so that no cut of the work changes a byte.
"""

from typing import Final, NamedTuple

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import NO_ID, Int64s, Rows
from riskfabric_assets.simulation.month import month_end
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.world.clock import Clock

SETTLEMENT: Final = EVENT_KINDS.index("settlement")
TRANSFER_CREDIT: Final = EVENT_KINDS.index("transfer_credit")
STREAM: Final = "ledger/settlement"
"""Draw, key (event id of the settlement, 0): 0 the moment between the last credit and the month's end."""


class Credits(NamedTuple):
    """What other customers sent to every account in a month; row = account slot of People.

    An inflow from outside belongs to the account's own month, which has settled it already: it has no payment.
    What criminals pass on is closed by themselves: its credits have no account slot.
    """

    sum_minor: Int64s
    last_at: Int64s
    """Moment of the last of them; meaningless where there is none."""
    unsettled: Int64s
    """How many are not settled yet."""


def no_credits(society: Society) -> Credits:
    """Return a month in which nobody has sent anything yet."""
    accounts = society.people.account_id.shape[0]
    return Credits(*(np.zeros(accounts, dtype=np.int64) for _ in Credits._fields))


def note_credits(events: Rows, received: Credits) -> None:
    """Add the credits among the events of a block, records of EVENT_ROW, to those of the blocks before."""
    _note_kernel(events, received)


def settle(events: Rows, received: Credits, society: Society, clock: Clock) -> None:
    """Correct the settlements among events, in place; call it once for every settlement, after the last block.

    Args:
        events: Records of EVENT_ROW.
        received: Those of the whole month; what is settled is marked.
        society: Whose month it is.
        clock: Days of the month.
    """
    _settle_kernel(events, received, clock.midnight_at, clock.first_day, month_end(clock), society.streams.key(STREAM))


def refuse_unsettled(received: Credits, society: Society) -> None:
    """Make sure that every credit has met a settlement.

    Raises:
        ValueError: Somebody sent money to an account that is not settled, so that it would be lost.
    """
    left = np.flatnonzero(received.unsettled)
    if left.size:
        first = society.people.account_id[left[0]]
        raise ValueError(f"{left.size} accounts hold credits of others but have no settlement, first {first}")


@lean_kernel
def _note_kernel(events: Rows, received: Credits) -> None:
    for row in range(events.shape[0]):
        event = events[row]
        slot = event.account_slot
        if slot != NO_ID and event.event_kind == TRANSFER_CREDIT and event.related_event_id != NO_ID:
            received.sum_minor[slot] += event.amount_minor
            is_first = received.unsettled[slot] == 0
            received.last_at[slot] = event.event_at if is_first else max(received.last_at[slot], event.event_at)
            received.unsettled[slot] += 1


@lean_kernel
def _settle_kernel(
    events: Rows, received: Credits, midnight_at: Int64s, first_day: int, end: int, stream: np.uint64
) -> None:
    for row in range(events.shape[0]):
        event = events[row]
        if event.event_kind != SETTLEMENT or received.unsettled[event.account_slot] == 0:
            continue
        slot = event.account_slot
        event.amount_minor -= received.sum_minor[slot]
        received.unsettled[slot] = 0
        if event.event_at <= received.last_at[slot]:
            moment = _moment_after(received.last_at[slot], end, stream, event.event_id)
            event.event_at = moment
            day = midnight_at.shape[0] - 1
            while day > 0 and midnight_at[day] > moment:
                day -= 1
            event.event_date = first_day + day


@inline_lean_kernel
def _moment_after(last_at: int, end: int, stream: np.uint64, event_id: int) -> int:
    """Return a moment of the month after the last credit; the very last one of the month leaves no later one."""
    draw = uniform_at(key_of(stream, np.int64(event_id), np.int64(0)), np.int64(0))
    return min(last_at + 1 + int(draw * (end - last_at - 1)), end - 1)
