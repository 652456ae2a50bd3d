"""A literal home of three customers and eight payments in two months, for what is written out of a home."""

import datetime as dt

import polars as pl

from riskfabric_assets.exports.references import load_references
from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.packs.settings import Settings, resolve
from riskfabric_assets.warehouse.connections import open_warehouse
from riskfabric_assets.warehouse.horizon import record_through
from riskfabric_assets.warehouse.run import Run

MONTHS = ("2025-08", "2025-09")
ASHA, RAVI, MEENA = 1, 2, 3
ASHA_ACCOUNT, RAVI_ACCOUNT, MEENA_ACCOUNT = 11, 12, 13
ASHA_CARD, OUTSIDER = 111, 900
GROCER, CASH_MACHINE, ONLINE_SHOP = 501, 502, 503
PHONE, STOLEN_PHONE = 71, 79
DEFAULTS = {
    "VARCHAR": "x",
    "BOOLEAN": False,
    "DATE": dt.date(2020, 1, 1),
    "TIMESTAMP": dt.datetime.fromisoformat("2020-01-01"),
    "BLOB": b"",
}


def rows_of(name: str, *rows: dict) -> pl.DataFrame:
    """Return rows of a table; what a row does not say is null where it may be, else plain."""
    table: Table = TABLES[name]
    filled = [{column.name: row.get(column.name, _plain(column)) for column in table.columns} for row in rows]
    unknown = {key for row in rows for key in row} - set(table.schema)
    assert not unknown, f"{name} has no {unknown}"
    return pl.DataFrame(filled, schema=table.schema)


def _plain(column: Column) -> object:
    if column.is_nullable:
        return None
    return column.values[0] if column.values else DEFAULTS.get(column.type, 0)


def payment(event_id: int, month: str, day: int, hour: int, **values: object) -> dict:
    """A payment by Asha at a moment in UTC; the local clock runs five and a half hours ahead."""
    at = dt.datetime.fromisoformat(f"{month}-{day:02}T{hour:02}:00:00")
    local = at + dt.timedelta(hours=5, minutes=30)
    moment = {"event_at": at, "event_at_local": local, "event_date": local.date()}
    plain = {
        "event_id": event_id, "customer_id": ASHA, "account_id": ASHA_ACCOUNT, "instrument_id": ASHA_ACCOUNT,
        "device_id": PHONE, "ip_address": 1681915905, "user_agent": "phone", "rail": "UPI", "channel": "instant",
        "currency_code": "INR", "merchant_country_code": "IN", "amount_minor": 10_050, "status": "approved",
        "latitude": 28.6, "longitude": 77.2, "h3_cell_r7": 608693241318998015, "merchant_category": "GROCERY",
        "merchant_id": GROCER, "merchant_category_code": 5411,
    }  # fmt: skip
    return plain | moment | values


def transfer(event_id: int, month: str, day: int, hour: int, payee: int, **values: object) -> dict:
    """A transfer by Asha to an account or an outsider."""
    kind = {"payment_kind": "transfer", "merchant_category": "TRANSFER", "merchant_category_code": 4829}
    return payment(event_id, month, day, hour, merchant_id=None, payee_id=payee, **kind, **values)


def movement(event_id: int, month: str, day: int, account: int, kind: str, minor: int, **values: object) -> dict:
    """Money that comes in, at midnight UTC."""
    at = dt.datetime.fromisoformat(f"{month}-{day:02}")
    moment = {"event_at": at, "event_at_local": at + dt.timedelta(hours=5, minutes=30), "event_date": at.date()}
    owner = {"customer_id": account - 10, "account_id": account, "currency_code": "INR"}
    return {"event_id": event_id, "event_kind": kind, "amount_minor": minor} | owner | moment | values


CARD_PAYMENT = {"card_id": ASHA_CARD, "instrument_id": ASHA_CARD, "rail": "Visa"}
TERMINAL = {"device_id": None, "ip_address": None, "user_agent": None}
PAYMENTS = {
    "2025-08": (
        payment(1001, "2025-08", 3, 6, **CARD_PAYMENT, **TERMINAL, channel="pos", entry_mode="chip", is_present=True),
        transfer(1002, "2025-08", 4, 6, RAVI_ACCOUNT, amount_minor=50_000),
        payment(
            1003, "2025-08", 5, 6, **CARD_PAYMENT, merchant_id=ONLINE_SHOP, channel="online", entry_mode="ecommerce",
        ),
        transfer(1004, "2025-08", 6, 20, OUTSIDER, amount_minor=900_000, device_id=STOLEN_PHONE),
    ),
    "2025-09": (
        transfer(1005, "2025-09", 1, 6, RAVI_ACCOUNT, amount_minor=20_000),
        payment(1006, "2025-09", 2, 6, status="declined", decline_reason="insufficient_funds", amount_minor=1_000_000),
        payment(
            1007, "2025-09", 3, 6, merchant_id=CASH_MACHINE, payment_kind="cash_withdrawal", channel="atm",
            entry_mode="cash", merchant_category="CASH", merchant_category_code=6011, amount_minor=200_000,
            is_present=True, **CARD_PAYMENT, **TERMINAL,
        ),
        payment(1008, "2025-09", 4, 6, is_present=True, entry_mode="qr"),
    ),
}  # fmt: skip
"""1004 is a scam; 1005 is honest and reported by mistake; 1008 is honest and disputed."""
EVENTS = {
    "2025-08": (
        movement(2001, "2025-08", 1, ASHA_ACCOUNT, "opening", 2_000_000),
        movement(2002, "2025-08", 1, RAVI_ACCOUNT, "opening", 100_000),
        movement(
            2003, "2025-08", 5, RAVI_ACCOUNT, "transfer_credit", 50_000,
            counterparty_id=ASHA_ACCOUNT, related_event_id=1002,
        ),
    ),
    "2025-09": (
        movement(2004, "2025-09", 1, ASHA_ACCOUNT, "salary_credit", 500_000),
        movement(
            2005, "2025-09", 2, RAVI_ACCOUNT, "transfer_credit", 20_000,
            counterparty_id=ASHA_ACCOUNT, related_event_id=1005,
        ),
    ),
}  # fmt: skip
SCAM = {"attack_id": 31, "customer_id": ASHA, "typology": "upi_scam", "injector_version": "1", "step": 1}
FRAUD = {
    "2025-08": (SCAM | {"event_id": 1004, "phase": "drain", "campaign_id": 41, "campaign_phase": "early"},),
    "2025-09": (
        SCAM | {"event_id": 1008, "typology": "friendly_fraud", "phase": "dispute", "is_claimed": True},
    ),
}  # fmt: skip
LABELS = {"2025-08": (1004,), "2025-09": (1005,)}
LABEL_STEPS = {
    "2025-08": (("reported", "2025-08-08"), ("confirmed", "2025-08-12"), ("charged_back", "2025-09-05")),
    "2025-09": (("reported", "2025-09-03"), ("withdrawn", "2025-09-09")),
}
"""Steps of the reports of 1004 and of 1005: the scam is charged back on day 30, the mistake is withdrawn."""
PLACE = {"city_name": "Delhi", "region_name": "Delhi", "latitude": 28.61, "longitude": 77.21}
PEOPLE = {
    "customers": [
        {
            "customer_id": customer, "full_name": name, "gender": gender, "region_name": "Delhi", "city_name": "Delhi",
            "location_type": "Metro", "birth_year": 1990, "occupation": "salaried", "mobile_network_name": "Jio",
            "home_latitude": 28.6, "home_longitude": 77.2, "monthly_spend_minor": 1_500_000, "currency_code": "INR",
        }
        for customer, name, gender in (
            (ASHA, "Asha Rao", "female"), (RAVI, "Ravi Das", "male"), (MEENA, "Meena Iyer", "female"),
        )
    ],
    "accounts": [
        {"account_id": customer + 10, "customer_id": customer, "bank_code": "BANK_A", "account_number": f"00{customer}"}
        for customer in (ASHA, RAVI, MEENA)
    ],
    "cards": [
        {
            "card_id": ASHA_CARD, "account_id": ASHA_ACCOUNT, "customer_id": ASHA, "card_number": "4000000000000001",
            "card_network": "Visa", "issued_date": dt.date(2024, 1, 1), "expiry_date": dt.date(2028, 1, 1),
        },
        {"card_id": 112, "account_id": ASHA_ACCOUNT, "customer_id": ASHA, "issued_date": dt.date(2027, 12, 1)},
    ],
    "devices": [{"device_id": PHONE, "customer_id": ASHA, "user_agent": "phone", "is_primary": True, "is_owner": True}],
    "payees": [{"customer_id": ASHA, "payee_id": RAVI_ACCOUNT, "bank_code": "BANK_A"}],
    "remote_merchants": [
        {"merchant_id": ONLINE_SHOP, "merchant_name": "Web Shop", "merchant_category": "RETAIL", "is_online": True},
    ],
    "traits": [{"customer_id": customer, "customer_ordinal": customer - 1} for customer in (ASHA, RAVI, MEENA)],
}  # fmt: skip


def _label_steps(month: str) -> list[dict]:
    steps = enumerate(LABEL_STEPS[month])
    event = {"event_id": LABELS[month][0], "customer_id": ASHA}
    return [
        event
        | {
            "label_event_id": event["event_id"] * 10 + n,
            "label_event_kind": kind,
            "happened_at": at,
            "label_event_known_at": at,
        }
        for n, (kind, at) in ((n, (kind, dt.datetime.fromisoformat(day))) for n, (kind, day) in steps)
    ]


def make_home(folder) -> Settings:
    """Write the home into `folder` and return its settings."""
    settings = resolve({"RISKFABRIC_HOME": str(folder / "home"), "RISKFABRIC_PROFILE": "tiny"}, folder)
    run = Run(settings)
    run.prepare()
    for name, rows in PEOPLE.items():
        run.store(f"population/{name}", rows_of(f"population/{name}", *rows))
    settlement = {"settlement_id": 8, "population": 1_000_000} | {"latitude": 28.6, "longitude": 77.2}
    run.store("osm/settlements", rows_of("osm/settlements", settlement))
    for month in MONTHS:
        run.store("bronze/transactions", rows_of("bronze/transactions", *PAYMENTS[month]), month)
        run.store("bronze/account_events", rows_of("bronze/account_events", *EVENTS[month]), month)
        run.store("truth/fraud", rows_of("truth/fraud", *FRAUD[month]), month)
        run.store("plan/attacks", rows_of("plan/attacks"), month)
        labels = [{"event_id": event, "customer_id": ASHA} for event in LABELS[month]]
        run.store("bronze/labels", rows_of("bronze/labels", *labels), month)
        run.store("bronze/label_events", rows_of("bronze/label_events", *_label_steps(month)), month)
    shops = {"merchant_id": GROCER, "merchant_name": "Grocer", "merchant_category": "GROCERY"} | PLACE
    machines = {"financial_id": CASH_MACHINE, "financial_kind": "atm", "operator": "Bank A"} | PLACE
    references = {
        "reference/merchants": rows_of("reference/merchants", shops),
        "reference/financial": rows_of("reference/financial", machines),
        "reference/residential": rows_of("reference/residential", {"residence_id": 0, "settlement_id": 8}),
    }
    with open_warehouse(run.home, memory_mb=settings.config.engine.memory_mb) as connection:
        load_references(connection, references)
    record_through(run.home, dt.date(2025, 9, 30))
    return settings
