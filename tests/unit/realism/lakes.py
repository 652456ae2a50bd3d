"""Small literal data sets for statistics: a list of payments with only the columns that matter."""

import contextlib
import datetime as dt

import duckdb
import polars as pl

from riskfabric_assets.realism.lake import Rules, open_lake


def at(text):
    """Return a naive moment."""
    return dt.datetime.fromisoformat(text)


PAYMENT = {
    "event_id": 1,
    "customer_id": 1,
    "account_id": 1,
    "merchant_id": 1,
    "payee_id": None,
    "merchant_category": "GROCERY",
    "merchant_category_code": 5411,
    "payment_kind": "purchase",
    "channel": "instant",
    "entry_mode": "qr",
    "status": "approved",
    "decline_reason": None,
    "amount_minor": 10_000,
    "is_present": True,
    "event_at": at("2025-03-03 12:00"),
}


def payments(*rows):
    """Return payments; ids count up, and local time is the moment itself unless given."""
    filled = [{**PAYMENT, "event_id": place + 1, **row} for place, row in enumerate(rows)]
    for row in filled:
        row.setdefault("event_at_local", row["event_at"])
        row.setdefault("event_date", row["event_at_local"].date())
    return pl.DataFrame(filled, infer_schema_length=None)


@contextlib.contextmanager
def lake(transactions, rules=None, **tables):
    """Yield a lake over frames."""
    with duckdb.connect(":memory:") as connection:
        sources = {}
        for name, frame in {"transactions": transactions, **tables}.items():
            connection.register(f"given_{name}", frame.to_arrow())
            sources[name] = f"given_{name}"
        yield open_lake(connection, sources, rules or Rules())


def measure(statistic, transactions, rules=None, **tables):
    """Return what a statistic finds in frames."""
    with lake(transactions, rules, **tables) as data:
        return statistic(data)
