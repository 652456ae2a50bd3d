"""What a shop gives back of fraudulent purchases, and that nobody has to make up for it any more."""

import numpy as np

from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS, PAYMENT_KINDS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, Rows
from riskfabric_assets.typologies.payments import APPROVED
from riskfabric_assets.world.clock import Clock, Int64s, local_of, utc_of

REFUND = EVENT_KINDS.index("refund")
PURCHASE = PAYMENT_KINDS.index("purchase")


def refunds_of(attempts: Rows, payments: Rows, clock: Clock) -> Rows:
    """Return the refund of every approved purchase that the shop gives back, records of EVENT_ROW.

    As among honest people the whole amount comes back some days later at the same time of day, within the month;
    purchases of the last day stay.

    Args:
        attempts: Records of ATTEMPT that were carried out, shape (n,).
        payments: Their payments, records of PAYMENT_ROW.
        clock: Local days of the month.
    """
    day = payments["event_date"].astype(np.int64) - clock.first_day
    later = np.minimum(day + attempts["refund_days"], clock.count_days - 1)
    is_given = (payments["status"] == APPROVED) & (payments["payment_kind"] == PURCHASE) & (later > day)
    chosen = np.flatnonzero(is_given)
    events, bought = np.zeros(chosen.shape[0], dtype=EVENT_ROW), payments[chosen]
    for name in ("customer_id", "account_id", "amount_minor"):
        events[name] = bought[name]
    events["event_id"], events["account_slot"] = attempts["credit_id"][chosen], attempts["account"][chosen]
    events["card_id"] = events["device_id"] = NO_ID
    events["counterparty_id"], events["related_event_id"] = bought["merchant_id"], bought["event_id"]
    events["event_kind"] = REFUND
    events["event_date"] = clock.first_day + later[chosen]
    moments = np.empty(chosen.shape[0], dtype=np.int64)
    _move_kernel(clock, day[chosen], later[chosen], np.ascontiguousarray(bought["event_at"]), moments)
    events["event_at"] = moments
    return events


def relieve(drains: Rows, refunds: Rows) -> Rows:
    """Take off what was refunded from what has to be made up for, after the last refund.

    Args:
        drains: Records of DRAIN, ordered by account.
        refunds: Records of EVENT_ROW whose purchases are among what was drained.

    Returns:
        Records of DRAIN; those that nothing is left of are gone.
    """
    left: Rows = drains.copy()
    rows = np.searchsorted(left["account"], refunds["account_slot"])
    np.subtract.at(left["amount_minor"], rows, refunds["amount_minor"])
    np.maximum.at(left["last_at"], rows, refunds["event_at"])
    return np.compress(left["amount_minor"] != 0, left)


@kernel
def _move_kernel(clock: Clock, day: Int64s, later: Int64s, event_at: Int64s, out: Int64s) -> None:
    for row in range(day.shape[0]):
        local = local_of(clock, day[row], event_at[row]) - (clock.first_day + day[row]) * MICROSECONDS_PER_DAY
        out[row] = utc_of(clock, later[row], min(local, MICROSECONDS_PER_DAY - 2))
