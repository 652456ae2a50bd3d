"""Standing debits that an account could not pay: the bank returns them, as it does those of honest people."""

import numpy as np

from riskfabric_assets.foundation.tables.bronze import DECLINE_REASONS, ENTRY_MODES, EVENT_KINDS
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, Rows

RETURNED_DEBIT, MANDATE = EVENT_KINDS.index("returned_debit"), ENTRY_MODES.index("mandate")
INSUFFICIENT_FUNDS = DECLINE_REASONS.index("insufficient_funds")


def returns_of(attempts: Rows, payments: Rows) -> Rows:
    """Return one event for every debit that was refused for lack of money, records of EVENT_ROW.

    Args:
        attempts: Records of ATTEMPT that were carried out, shape (n,).
        payments: Their payments, records of PAYMENT_ROW.
    """
    is_returned = (payments["entry_mode"] == MANDATE) & (payments["decline_reason"] == INSUFFICIENT_FUNDS)
    chosen = np.flatnonzero(is_returned)
    events, debits = np.zeros(chosen.shape[0], dtype=EVENT_ROW), payments[chosen]
    for name in ("customer_id", "account_id", "event_date", "event_at"):
        events[name] = debits[name]
    events["event_id"], events["account_slot"] = attempts["credit_id"][chosen], attempts["account"][chosen]
    events["counterparty_id"], events["related_event_id"] = debits["merchant_id"], debits["event_id"]
    events["event_kind"], events["card_id"], events["device_id"] = RETURNED_DEBIT, NO_ID, NO_ID
    return events
