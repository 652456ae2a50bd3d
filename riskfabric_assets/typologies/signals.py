"""Account events that attacks leave behind: signals, and the credits of mules among our own customers."""

import numpy as np

from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS
from riskfabric_assets.simulation.columns import EVENT_ROW, NO_ID, Int64s, Rows
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.typologies.payments import APPROVED
from riskfabric_assets.typologies.steps import Floats, Signals

TRANSFER_CREDIT = EVENT_KINDS.index("transfer_credit")
SIM_CHANGE = EVENT_KINDS.index("sim_change")
CENTS_PER_UNIT = 100


def bare_signals() -> Signals:
    """Return no signals."""
    return Signals(
        attack=np.empty(0, dtype=np.int64),
        number=np.empty(0, dtype=np.int16),
        offset_microseconds=np.empty(0, dtype=np.int64),
        event_kind=np.empty(0, dtype=np.uint8),
        amount_minor=np.empty(0, dtype=np.float64),
        counterparty_key=np.empty(0, dtype=np.uint64),
        is_foreign_device=np.empty(0, dtype=np.bool_),
    )


def join_signals(*parts: Signals) -> Signals:
    """Return signals behind each other, numbered anew within each attack in the order of time."""
    joined = Signals._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((joined.offset_microseconds, joined.attack))
    ordered = Signals._make(column[order] for column in joined)
    starts = np.flatnonzero(np.diff(ordered.attack, prepend=-1))
    lengths = np.diff(np.append(starts, ordered.attack.shape[0]))
    number = np.arange(ordered.attack.shape[0]) - np.repeat(starts, lengths) + 1
    return ordered._replace(number=number.astype(np.int16))


def moved_in(signals: Signals) -> Floats:
    """Return what comes in, whole units of money; 0 for what is no movement."""
    whole = np.rint(signals.amount_minor / CENTS_PER_UNIT) * CENTS_PER_UNIT
    return np.where(signals.event_kind == TRANSFER_CREDIT, np.maximum(whole, CENTS_PER_UNIT), 0.0)


def signal_rows(attempts: Rows, rows: Rows) -> Rows:
    """Turn what `attempt` has made of signals into events.

    Args:
        attempts: Records of ATTEMPT with an event kind, shape (n,).
        rows: What became of them, records of PAYMENT_ROW.

    Returns:
        Records of EVENT_ROW, shape (n,).
    """
    events = np.zeros(rows.shape[0], dtype=EVENT_ROW)
    for name in ("event_id", "customer_id", "account_id", "amount_minor", "event_at", "event_date"):
        events[name] = rows[name]
    is_without_device = np.isin(attempts["event_kind"], (TRANSFER_CREDIT, SIM_CHANGE))
    events["device_id"] = np.where(is_without_device, NO_ID, rows["device_id"])
    events["card_id"] = events["related_event_id"] = NO_ID
    events["counterparty_id"], events["account_slot"] = attempts["counterparty_id"], attempts["account"]
    events["event_kind"] = attempts["event_kind"]
    return events


def credits_to_ours(life: Life, attempts: Rows, payments: Rows) -> Rows:
    """Return the credit of every approved transfer to one of our customers, records of EVENT_ROW.

    No settlement makes up for those of relays, which close their purses themselves: they carry no account slot.
    """
    chosen = np.flatnonzero(
        (attempts["payee"] >= 0) & (payments["status"] == APPROVED) & (payments["payee_id"] != NO_ID)
    )
    events = np.zeros(chosen.shape[0], dtype=EVENT_ROW)
    _credits_kernel(life, attempts, payments, chosen.astype(np.int64), events)
    events["account_slot"][attempts["is_relay"][chosen]] = NO_ID
    return events


@lean_kernel
def _credits_kernel(life: Life, attempts: Rows, payments: Rows, chosen: Int64s, events: Rows) -> None:
    for row in range(chosen.shape[0]):
        payment, event = payments[chosen[row]], events[row]
        payee = life.customers[attempts[chosen[row]].payee]
        event.event_id = attempts[chosen[row]].credit_id
        event.customer_id, event.account_slot = payee.customer_id, payee.everyday_account
        event.account_id = life.accounts[payee.everyday_account].account_id
        event.card_id = event.device_id = NO_ID
        event.counterparty_id, event.related_event_id = payment.account_id, payment.event_id
        event.event_kind, event.amount_minor = TRANSFER_CREDIT, payment.amount_minor
        event.event_date, event.event_at = payment.event_date, payment.event_at
