"""The features of account events, the obvious way: a list of what happened before each payment, looked through anew.

An event counts for a payment when its moment is before the payment's. What the state forgets by contract (24 changes,
12 credits, 4 accounts, 511 credits of a day) is told again.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

Row = dict[str, Any]
Rows = Sequence[Row]
EventOracle = Callable[[Rows, Rows, Row], float | int | bool | None]

IDENTITY_CHANGES = ("email_change", "phone_change", "address_change", "device_binding", "sim_change")
CHANGES = (*IDENTITY_CHANGES, "bank_link", "returned_debit", "refund")
CREDITS = ("salary_credit", "transfer_credit")
MOVEMENTS = (*CREDITS, "settlement", "replenishment", "reversal", "refund")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REMEMBERED_CHANGES, REMEMBERED_CREDITS, REMEMBERED_ACCOUNTS, REMEMBERED_CREDITS_OF_A_DAY = 24, 12, 4, 511
LARGEST_CREDIT = 2**38


def of_kinds(events: Rows, *kinds: str) -> list[Row]:
    return [event for event in events if event["event_kind"] in kinds]


def within(events: Rows, row: Row, window: dt.timedelta) -> list[Row]:
    return [event for event in events if row["event_at"] - event["event_at"] <= window]


def since_midnight(row: Row, days: int) -> dt.timedelta:
    """Time since the local midnight that so many business days began with, today among them."""
    midnight = dt.datetime.combine(row["event_at_local"].date(), dt.time())
    return row["event_at_local"] - midnight + (days - 1) * DAY


def hours_since(*kinds: str) -> EventOracle:
    def hours(events: Rows, history: Rows, row: Row) -> float | None:
        recent = within(of_kinds(events, *kinds), row, 30 * DAY)
        return (row["event_at"] - recent[-1]["event_at"]) / HOUR if recent else None

    return hours


def changes_of(kinds: Sequence[str], window: Callable[[Row], dt.timedelta]) -> EventOracle:
    return lambda events, history, row: len(
        of_kinds(within(of_kinds(events, *CHANGES)[-REMEMBERED_CHANGES:], row, window(row)), *kinds)
    )


def credits_of_24h(events: Rows, row: Row) -> list[Row]:
    return within(of_kinds(events, *CREDITS)[-REMEMBERED_CREDITS:], row, DAY)


def credits_of_7d(events: Rows, row: Row) -> list[Row]:
    kept, counts = [], {}
    for event in of_kinds(events, *CREDITS):
        day = event["event_at_local"].date()
        if abs(event["amount_minor"]) > LARGEST_CREDIT or counts.get(day, 0) == REMEMBERED_CREDITS_OF_A_DAY:
            continue
        counts[day] = counts.get(day, 0) + 1
        if (row["event_at_local"].date() - day).days < 7:
            kept.append(event)
    return kept


def sum_of(rows: Rows) -> int:
    return sum(row["amount_minor"] for row in rows)


def amount_to_credits_24h(events: Rows, history: Rows, row: Row) -> float | None:
    received = sum_of(credits_of_24h(events, row))
    return row["amount_minor"] / received if received > 0 else None


def pass_through_ratio_24h(events: Rows, history: Rows, row: Row) -> float | None:
    credits_of_day = credits_of_24h(events, row)
    if sum_of(credits_of_day) <= 0:
        return None
    paid = [
        earlier
        for earlier in history
        if earlier["status"] == "approved" and earlier["event_at"] > credits_of_day[0]["event_at"]
    ]
    return sum_of(paid) / sum_of(credits_of_day)


def books(events: Rows, history: Rows, row: Row) -> tuple[dict[int, int], dict[dt.date, int]]:
    """Balances of the accounts opened last, and what all held together as each business day began."""
    balances: dict[int, int] = {}
    openings: dict[dt.date, int] = {}
    day: dt.date | None = None
    happened = sorted([*history, *events, row], key=lambda one: (one["event_at"], "event_kind" in one))
    for one in happened:
        today = one["event_at_local"].date()
        while balances and day is not None and day < today:
            day += DAY
            openings[day] = sum(balances.values())
        day, account = today, one["account_id"]
        if one is row:
            break
        if one.get("event_kind") == "opening":
            balances[account] = one["amount_minor"]
            if len(balances) > REMEMBERED_ACCOUNTS:
                del balances[next(iter(balances))]
        elif account in balances and one.get("event_kind") in MOVEMENTS:
            balances[account] += one["amount_minor"]
        elif account in balances and one.get("status") == "approved":
            balances[account] -= one["amount_minor"]
    return balances, openings


def balance_minor(events: Rows, history: Rows, row: Row) -> int | None:
    return books(events, history, row)[0].get(row["account_id"])


def amount_to_balance(events: Rows, history: Rows, row: Row) -> float | None:
    balance = balance_minor(events, history, row)
    return row["amount_minor"] / balance if balance is not None and balance > 0 else None


def balance_to_mean_30d(events: Rows, history: Rows, row: Row) -> float | None:
    balances, openings = books(events, history, row)
    today = row["event_at_local"].date()
    units = [balance // 100 for day, balance in openings.items() if (today - day).days < 30]
    return sum(balances.values()) / 100 / (sum(units) / len(units)) if sum(units) > 0 else None


def are_events_saturated(events: Rows, history: Rows, row: Row) -> bool:
    changes = within(of_kinds(events, *CHANGES), row, since_midnight(row, 30))
    return len(changes) > REMEMBERED_CHANGES or len(within(of_kinds(events, *CREDITS), row, DAY)) > REMEMBERED_CREDITS


EVENT_ORACLES: dict[str, EventOracle] = {
    "hours_since_email_change": hours_since("email_change"),
    "hours_since_phone_change": hours_since("phone_change"),
    "hours_since_address_change": hours_since("address_change"),
    "hours_since_device_binding": hours_since("device_binding"),
    "hours_since_sim_change": hours_since("sim_change"),
    "hours_since_pin_reset": hours_since("pin_reset"),
    "hours_since_card_reissue": hours_since("card_reissue"),
    "hours_since_returned_debit": hours_since("returned_debit"),
    "count_identity_changes_24h": changes_of(IDENTITY_CHANGES, lambda row: DAY),
    "count_identity_changes_72h": changes_of(IDENTITY_CHANGES, lambda row: 3 * DAY),
    "count_identity_changes_7d": changes_of(IDENTITY_CHANGES, lambda row: since_midnight(row, 7)),
    "count_bank_links_1h": changes_of(["bank_link"], lambda row: HOUR),
    "count_bank_links_24h": changes_of(["bank_link"], lambda row: DAY),
    "count_bank_links_30d": changes_of(["bank_link"], lambda row: since_midnight(row, 30)),
    "count_returned_debits_30d": changes_of(["returned_debit"], lambda row: since_midnight(row, 30)),
    "count_refunds_30d": changes_of(["refund"], lambda row: since_midnight(row, 30)),
    "count_credits_24h": lambda events, history, row: len(credits_of_24h(events, row)),
    "count_credits_7d": lambda events, history, row: len(credits_of_7d(events, row)),
    "sum_credit_minor_24h": lambda events, history, row: sum_of(credits_of_24h(events, row)),
    "sum_credit_minor_7d": lambda events, history, row: sum_of(credits_of_7d(events, row)),
    "hours_since_credit": hours_since(*CREDITS),
    "amount_to_credits_24h": amount_to_credits_24h,
    "pass_through_ratio_24h": pass_through_ratio_24h,
    "balance_minor": balance_minor,
    "amount_to_balance": amount_to_balance,
    "balance_to_mean_30d": balance_to_mean_30d,
    "are_events_saturated": are_events_saturated,
}


def event_features_of(payments: pl.DataFrame, account_events: pl.DataFrame) -> pl.DataFrame:
    """Return every feature of account events for every payment, rows as in `payments`."""
    every, histories, made = account_events.rows(named=True), {}, []
    for row in payments.rows(named=True):
        history = histories.setdefault(row["customer_id"], [])
        events = [
            event
            for event in every
            if event["customer_id"] == row["customer_id"] and event["event_at"] < row["event_at"]
        ]
        made.append({name: feature(events, history, row) for name, feature in EVENT_ORACLES.items()})
        history.append(row)
    return pl.DataFrame(made, infer_schema_length=None)
