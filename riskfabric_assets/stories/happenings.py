"""Rows of evidence as `Happening`: names in place of ids, and words in place of codes."""

from typing import Any, Final

from riskfabric_assets.stories.story import Happening

Row = dict[str, Any]  # a row of a frame: each column has its own type
FAR_KM: Final = 1.0
"""Closer than this counts as at home: the jitter of homes and payments."""
CARDS: Final = {"pos": "at a terminal", "atm": "at a machine", "online": "online"}


def payment_of(row: Row) -> Happening:
    """Tell one row of `Evidence.payments`."""
    declined = f"declined: {_words(row['decline_reason'] or 'no reason')}"
    return Happening(
        event_id=row["event_id"],
        at_local=row["event_at_local"],
        at_utc=row["event_at"],
        customer_id=row["customer_id"],
        customer=row["customer_name"] or f"customer {row['customer_id']}",
        account_id=row["account_id"],
        what=f"{_words(row['payment_kind'])}, {_way(row)}",
        amount_minor=row["amount_minor"],
        currency_code=row["currency_code"],
        receiver=receiver_of(row),
        where=_place(row),
        device=_device(row, nothing="the terminal"),
        status=row["status"] if row["status"] == "approved" else declined,
        engine_rule=row["engine_rule"],
        related_event_id=None,
    )


def event_of(row: Row) -> Happening:
    """Tell one row of `Evidence.events`."""
    return Happening(
        event_id=row["event_id"],
        at_local=row["event_at_local"],
        at_utc=row["event_at"],
        customer_id=row["customer_id"],
        customer=row["customer_name"] or f"customer {row['customer_id']}",
        account_id=row["account_id"],
        what=_words(row["event_kind"]),
        amount_minor=row["amount_minor"],
        currency_code=row["currency_code"],
        receiver=_counterparty(row),
        where="",
        device="" if row["device_id"] is None else _device(row, nothing=""),
        status="recorded",
        engine_rule=None,
        related_event_id=row["related_event_id"],
    )


def receiver_of(row: Row) -> str:
    """Name who is paid: a person of the bank, an account elsewhere, a shop or a machine."""
    if row["payee_name"] is not None:
        return f"{row['payee_name']} (account {row['payee_id']})"
    if row["payee_id"] is not None:
        return f"account {row['payee_id']} at another bank"
    if row["payment_kind"] == "cash_withdrawal":
        return f"cash machine of {row['merchant_name'] or row['merchant_id']}"
    abroad = f", {row['merchant_country_code']}" if row["merchant_currency_code"] is not None else ""
    return f"{row['merchant_name'] or row['merchant_id']} ({_words(row['merchant_category']).lower()}{abroad})"


def _counterparty(row: Row) -> str:
    if row["counterparty_id"] is None or row["counterparty_name"] is not None:
        return row["counterparty_name"] or ""
    is_account = row["event_kind"] == "transfer_credit"
    return f"account {row['counterparty_id']} at another bank" if is_account else f"{row['counterparty_id']}"


def _way(row: Row) -> str:
    card = "" if row["card_id"] is None else f" by {row['card_network']} {row['card_type']} card"
    channel = CARDS.get(row["channel"], _words(row["channel"]))
    return f"{channel}{card or ' (' + row['rail'] + ')'}, proof: {row['authentication']}"


def _place(row: Row) -> str:
    distance = row["home_distance_km"]
    where = "" if distance is None else ("at home" if distance < FAR_KM else f"{distance:,.0f} km from home")
    if row["is_present"]:
        return ", ".join(part for part in (row["merchant_city"], where) if part)
    return f"from a device {where}" if where else "from a device"


def _device(row: Row, nothing: str) -> str:
    """Say whose device it is; what no customer has ever owned is unknown to the bank."""
    if row["device_id"] is None:
        return nothing
    if row["is_owner"] is None:
        whose = "a device of other customers" if row["is_customers_device"] else "a device that no customer owns"
        return f"{whose} ({row['device_id']})"
    whose = "shared with the household" if not row["is_owner"] else "main device" if row["is_primary"] else "own device"
    return f"{whose} ({row['operating_system']})"


def _words(name: str) -> str:
    return name.replace("_", " ")
