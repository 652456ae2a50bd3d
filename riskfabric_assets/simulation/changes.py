"""`draw_changes`: what happens to the accounts of a block in a month besides money.

Owns: the rows of a block, and their agreement with the payments of the same day (`agree_with_payments`). What is drawn
and from which streams: `kernels.changes`; how often: `change_rules`.
"""

from typing import Final

import numpy as np

from riskfabric_assets.simulation.change_rules import span_of
from riskfabric_assets.simulation.columns import EVENT_ROW, HonestMonth, Rows
from riskfabric_assets.simulation.kernels.agreement import Days, Made, agree_kernel
from riskfabric_assets.simulation.kernels.changes import draft_changes_kernel, write_changes_kernel
from riskfabric_assets.simulation.kernels.episodes import DRAFT, Pad
from riskfabric_assets.simulation.month import month_end
from riskfabric_assets.simulation.society import Society
from riskfabric_assets.world.clock import Clock

DRAFTS_PER_CUSTOMER: Final = 3
"""First guess at the room for a month; more is made when it does not suffice."""


def draw_changes(society: Society, clock: Clock, first_customer: int, stop_customer: int) -> Rows:
    """Draw what happens to the accounts of customer slots `first_customer` to `stop_customer` in a whole month.

    Args:
        society: People and habits.
        clock: Days of the month.
        first_customer: First customer slot.
        stop_customer: Slot after the last.

    Returns:
        Records of EVENT_ROW, customer by customer, without order within a customer. Nothing is moved: amounts are 0.
    """
    count, life, span = stop_customer - first_customer, society.life, span_of(clock)
    draft_first = np.zeros(count + 1, dtype=np.int64)
    pad = empty_pad(DRAFTS_PER_CUSTOMER * count)
    draft_changes_kernel(life, society.changes, span, pad, first_customer, draft_first)
    if draft_first[-1] > pad.drafts.shape[0]:
        pad = empty_pad(int(draft_first[-1]))
        draft_changes_kernel(life, society.changes, span, pad, first_customer, draft_first)
    rows = np.empty(int(draft_first[-1]), dtype=EVENT_ROW)
    write_changes_kernel(life, clock, first_customer, draft_first, pad.drafts, rows)
    return rows


def agree_with_payments(society: Society, honest: HonestMonth, rows: Rows) -> Rows:
    """Return the changes of a block's month, moved within their day where its payments demand it.

    A new device is bound before it pays for the first time, and a card is blocked after it paid for the last time.

    Args:
        society: People and habits.
        honest: Payments of the block.
        rows: What `draw_changes` gave for the same block and month.
    """
    moved, clock = rows.copy(), honest.clock
    days = Days(clock.first_day, clock.midnight_at, np.append(clock.midnight_at[1:], month_end(clock)))
    made = Made(honest.first_customer, honest.payment_rows, honest.payment_first)
    agree_kernel(society.life, society.people.account_owner, days, made, moved)
    return moved


def empty_pad(drafts: int) -> Pad:
    """Return room for a number of drafts."""
    return Pad(np.empty(drafts, dtype=DRAFT), np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64))
