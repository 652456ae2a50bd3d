"""The tables of user sequences: one description, from which the DDL of both databases is made."""

import dataclasses
from typing import Final, Literal

Dialect = Literal["postgresql", "duckdb"]


@dataclasses.dataclass(frozen=True)
class Field:
    """One column: name, PostgreSQL type (DuckDB knows the same names, JSONB apart) and what may follow it."""

    name: str
    type: str
    rule: str = "not null"


@dataclasses.dataclass(frozen=True)
class DatabaseTable:
    """One table: fields, primary key, foreign keys (column, table, column there) and named indexes."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def columns(self) -> list[str]:
        """Names of the columns that are written, in order; what has a default is left to the database."""
        return [field.name for field in self.fields if "default" not in field.rule and "generated" not in field.rule]

    def statements(self, dialect: Dialect) -> list[str]:
        """Return the statements that make the table with its indexes, unless it is there."""
        return [self._create(dialect), *self._indexes()]

    def _create(self, dialect: Dialect) -> str:
        lines = [f"{field.name} {_type(field.type, dialect)} {field.rule}" for field in self.fields]
        lines.append(f"constraint pk_{self.name} primary key ({', '.join(self.key)})")
        lines += [
            f"constraint fk_{self.name}_{column} foreign key ({column}) references {table} ({there})"
            for column, table, there in self.foreign_keys
        ]
        return f"create table if not exists {self.name} (" + ", ".join(lines) + ")"

    def _indexes(self) -> list[str]:
        return [
            f"create index if not exists ix_{self.name}_{'_'.join(columns)} on {self.name} ({', '.join(columns)})"
            for columns in self.indexes
        ]


def _type(name: str, dialect: Dialect) -> str:
    return "json" if name == "jsonb" and dialect == "duckdb" else name


_TEXT, _NULL = "varchar(50)", ""
_CREATED: Final = Field("created_at", "timestamp", "not null default current_timestamp")
_GRAPH_EDGE: Final = (
    Field("first_seen_at", "timestamp"),
    Field("last_seen_at", "timestamp"),
    Field("count_payments", "bigint"),
    Field("amount", "numeric(18,2)"),
)

USERS: Final = DatabaseTable(
    "graph_users", (Field("user_id", _TEXT), Field("properties", "jsonb"), _CREATED), ("user_id",)
)
ACCOUNTS: Final = DatabaseTable(
    "graph_accounts", (Field("account_id", _TEXT), Field("properties", "jsonb"), _CREATED), ("account_id",)
)
DEVICES: Final = DatabaseTable(
    "graph_devices", (Field("device_id", _TEXT), Field("properties", "jsonb"), _CREATED), ("device_id",)
)
ADDRESSES: Final = DatabaseTable(
    "graph_ip_addresses", (Field("address", _TEXT), Field("properties", "jsonb"), _CREATED), ("address",)
)
RECORDS: Final = DatabaseTable(
    "generated_records",
    (
        Field("record_id", _TEXT),
        Field("user_id", _TEXT),
        Field("full_name", "text"),
        Field("email", "text", _NULL),
        Field("phone", "text"),
        Field("transaction_timestamp", "timestamp"),
        Field("is_off_hours_txn", "boolean"),
        Field("available_balance", "numeric(18,2)"),
        Field("balance_to_transaction_ratio", "double precision"),
        Field("avg_available_balance_30d", "numeric(18,2)"),
        Field("balance_volatility_z_score", "double precision", _NULL),
        Field("bank_connections_count_24h", "integer"),
        Field("bank_connections_count_7d", "integer"),
        Field("bank_connections_avg_30d", "double precision"),
        Field("amount", "numeric(18,2)"),
        Field("amount_to_avg_ratio", "double precision", _NULL),
        Field("merchant_risk_score", "integer", _NULL),
        Field("is_returned", "boolean"),
        Field("email_changed_at", "timestamp", _NULL),
        Field("phone_changed_at", "timestamp", _NULL),
        Field("is_fraudulent", "boolean"),
        Field("fraud_type", _TEXT, _NULL),
        _CREATED,
    ),
    ("record_id",),
    (("user_id", "graph_users", "user_id"),),
    (("user_id",),),
)
METADATA: Final = DatabaseTable(
    "evaluation_metadata",
    (
        Field("record_id", _TEXT),
        Field("user_id", _TEXT),
        Field("sequence_number", "integer"),
        Field("fraud_confirmed_at", "timestamp", _NULL),
        Field("is_pre_fraud", "boolean"),
        Field("days_to_fraud", "double precision", _NULL),
        Field("is_train_eligible", "boolean"),
        _CREATED,
    ),
    ("record_id",),
    (("record_id", "generated_records", "record_id"),),
    (("user_id", "sequence_number"), ("is_train_eligible", "is_pre_fraud")),
)
USES_DEVICE: Final = DatabaseTable(
    "graph_uses_device",
    (Field("user_id", _TEXT), Field("device_id", _TEXT), *_GRAPH_EDGE),
    ("user_id", "device_id"),
    (("user_id", "graph_users", "user_id"), ("device_id", "graph_devices", "device_id")),
    (("device_id",),),
)
USES_IP: Final = DatabaseTable(
    "graph_uses_ip",
    (Field("user_id", _TEXT), Field("address", _TEXT), *_GRAPH_EDGE),
    ("user_id", "address"),
    (("user_id", "graph_users", "user_id"), ("address", "graph_ip_addresses", "address")),
    (("address",),),
)
HAS_ACCOUNT: Final = DatabaseTable(
    "graph_has_account",
    (Field("user_id", _TEXT), Field("account_id", _TEXT)),
    ("user_id", "account_id"),
    (("user_id", "graph_users", "user_id"), ("account_id", "graph_accounts", "account_id")),
    (("account_id",),),
)
TRANSFERS_TO: Final = DatabaseTable(
    "graph_transfers_to",
    (Field("account_id", _TEXT), Field("payee_account_id", _TEXT), *_GRAPH_EDGE),
    ("account_id", "payee_account_id"),
    (("account_id", "graph_accounts", "account_id"), ("payee_account_id", "graph_accounts", "account_id")),
    (("payee_account_id",),),
)
TABLES: Final = (
    USERS, ACCOUNTS, DEVICES, ADDRESSES, RECORDS, METADATA, USES_DEVICE, USES_IP, HAS_ACCOUNT, TRANSFERS_TO
)  # fmt: skip
"""In an order in which every table stands behind those that it refers to."""
