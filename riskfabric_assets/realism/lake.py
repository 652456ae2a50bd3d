"""`Lake`: what statistics read, as DuckDB relations in memory, over a whole horizon or one month of it.

Relations: `attempts` (honest payments, declined ones too), `payments` (the approved among them), `all_attempts` and
`all_payments` (crime included, with `fraud_kind`), and the tables given: customers, accounts, cards, events, fraud,
labels. Amounts are in major units (`amount`). Crime is left out of the honest relations because a run that injects it
holds a thousand times what is natural; a claimed honest payment (first-party fraud) stays in.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Final

import duckdb

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import first_day, last_day

TABLES_READ: Final[dict[str, Table]] = {
    "transactions": TABLES["bronze/transactions"],
    "events": TABLES["bronze/account_events"],
    "labels": TABLES["bronze/labels"],
    "label_events": TABLES["bronze/label_events"],
    "fraud": TABLES["truth/fraud"],
    "customers": TABLES["population/customers"],
    "accounts": TABLES["population/accounts"],
    "cards": TABLES["population/cards"],
    "devices": TABLES["population/devices"],
    "exchange_rates": TABLES["bronze/exchange_rates"],
}
"""Name of a relation here -> contract of the table behind it."""

MONTHLY: Final = ("transactions", "events", "labels", "label_events", "fraud")
MINOR_PER_MAJOR: Final = 100
"""Every currency of the packs has two decimals (ISO 4217)."""

KEPT: Final = (
    "event_id, customer_id, account_id, card_id, device_id, merchant_id, payee_id, merchant_category, payment_kind, "
    "channel, rail, entry_mode, authentication, status, decline_reason, currency_code, merchant_country_code, "
    "merchant_currency_code, network_name, user_agent, amount_minor, merchant_amount_minor, fee_minor, "
    "merchant_category_code, ip_address, latitude, longitude, is_present, event_date, event_at, event_at_local"
)


class NoPaymentsError(ValueError):
    """A data set without one payment."""


@dataclasses.dataclass(frozen=True)
class Rules:
    """What the run promises and a check may hold it to; None or empty where nothing is known.

    `payment_limits` are by channel in major units; `home_country` is the ISO code of the world; `is_natural` says that
    crime is as rare as in the world.
    """

    payment_limits: Mapping[str, float] = dataclasses.field(default_factory=dict)
    home_country: str = ""
    is_natural: bool = False


@dataclasses.dataclass(frozen=True)
class Lake:
    """Relations of one data set behind one connection; `months` are those that hold payments."""

    connection: duckdb.DuckDBPyConnection
    available: frozenset[str]
    rules: Rules
    first_date: dt.date
    last_date: dt.date

    @property
    def days(self) -> int:
        """Days from the first payment to the last."""
        return (self.last_date - self.first_date).days + 1

    @property
    def middle_year(self) -> int:
        """Year of the day in the middle."""
        return (self.first_date + (self.last_date - self.first_date) / 2).year

    def row(self, sql: str) -> dict[str, float | None]:
        """Return the one row of a query, by column."""
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        values = result.fetchone() or [None] * len(names)
        return {name: _number(value) for name, value in zip(names, values, strict=True)}

    def over(self, month: str | None) -> "Lake":
        """Return the same data cut to one month, or whole; relations of the connection change with it."""
        where = "true" if month is None else f"event_date between '{first_day(month)}' and '{last_day(month)}'"
        make_views(self.connection, where)
        first, last = _bounds(self.connection)
        return dataclasses.replace(self, first_date=first, last_date=last)

    def months(self) -> list[str]:
        """Return the months that hold payments, in order."""
        sql = "select distinct strftime(event_date, '%Y-%m') from every_attempt order by 1"
        return [str(row[0]) for row in self.connection.execute(sql).fetchall()]


def open_lake(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], rules: Rules) -> Lake:
    """Load what statistics need into a connection in memory.

    Args:
        connection: An empty DuckDB connection; it stays the caller's to close.
        sources: SQL that reads each table, by its name in TABLES_READ; `transactions` is required, an absent one is
            empty. A transactions source may lack columns: they are null and not among `available`.
        rules: What the run promises.

    Raises:
        NoPaymentsError: There are no payments at all.
    """
    available = {name for name in sources if name != "transactions"}
    for name, table in TABLES_READ.items():
        found = _columns_of(connection, sources[name]) if name in sources else set()
        if name == "transactions":
            available |= {f"payments.{column}" for column in found}
        connection.execute(f"create or replace view source_{name} as {_conform(table, sources.get(name), found)}")
    for name in TABLES_READ:
        if name != "transactions":
            connection.execute(f"create or replace table {name} as select * from source_{name}")
    _load_attempts(connection)
    make_views(connection, "true")
    first, last = _bounds(connection)
    return Lake(connection, frozenset(available), rules, first, last)


def make_views(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    """(Re)make the relations that statistics read, over the rows where a condition on event_date holds."""
    for name, condition in {
        "all_attempts": where,
        "attempts": f"{where} and not is_fraud",
        "all_payments": f"{where} and status = 'approved'",
        "payments": f"{where} and status = 'approved' and not is_fraud",
    }.items():
        connection.execute(f"create or replace view {name} as select * from every_attempt where {condition}")


def _load_attempts(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"transactions.{name.strip()}" for name in KEPT.split(","))
    connection.execute(f"""
        create or replace table every_attempt as
        select
            {columns},
            transactions.amount_minor / {MINOR_PER_MAJOR}.0 as amount,
            fraud.event_id is not null and not fraud.is_claimed as is_fraud,
            coalesce(fraud.is_claimed, false) as is_claimed
        from source_transactions as transactions
        left join fraud on transactions.event_id = fraud.event_id
    """)


def _conform(table: Table, source: str | None, found: set[str]) -> str:
    """Return SQL with every column of the contract: from the source where it is there, else null."""
    columns = ", ".join(
        f"{column.name}::{column.type} as {column.name}"
        if column.name in found
        else f"null::{column.type} as {column.name}"
        for column in table.columns
    )
    return f"select {columns} from {source}" if source else f"select {columns} where false"


def _columns_of(connection: duckdb.DuckDBPyConnection, source: str) -> set[str]:
    return {str(row[0]) for row in connection.execute(f"describe select * from {source}").fetchall()}


def _bounds(connection: duckdb.DuckDBPyConnection) -> tuple[dt.date, dt.date]:
    row = connection.execute("select min(event_date), max(event_date) from all_attempts").fetchone()
    if row is None or row[0] is None:
        raise NoPaymentsError("no payments to judge")
    return row[0], row[1]


def _number(value: object) -> float | None:
    return None if value is None else float(str(value)) if not isinstance(value, bool) else float(value)
