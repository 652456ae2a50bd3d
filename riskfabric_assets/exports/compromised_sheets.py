"""Schemas of the compromised-clients simulator: its 19 columns and its side tables."""

from typing import Final

from riskfabric_assets.exports.sheets import Sheet
from riskfabric_assets.foundation.contracts import Column

NOT_APPLICABLE: Final = "not applicable"
COLUMNS: Final = (
    Column("client_id", "BIGINT", "Client whose money moves, numbered from 1"),
    Column("txn_time", "TIMESTAMP", "Moment on the world's clock, whole seconds"),
    Column("unix_time", "BIGINT", "Seconds since 1970 of the same naive value", "seconds"),
    Column("amount", "DOUBLE", "Amount", "major units"),
    Column("type", "VARCHAR", "purchase (bills too), inbound, outbound, withdrawal"),
    Column("channel", "VARCHAR", "POS (any visited shop), ecom, transfer, ATM"),
    Column("category", "VARCHAR", "Sparkov's categories; *_net for every remote purchase; not applicable without shop"),
    Column("online", "BOOLEAN", "Made from a device at a distance, or a transfer"),
    Column("merchant_id", "DOUBLE", "Merchant; null for transfers and cash machines", is_nullable=True),
    Column("trans_city", "VARCHAR", "City of the place of payment; not applicable for inbound and where none is near"),
    Column("trans_lat", "DOUBLE", "Position of terminal or device; null for inbound", "degrees", is_nullable=True),
    Column("trans_lon", "DOUBLE", "Position of terminal or device; null for inbound", "degrees", is_nullable=True),
    Column("trans_ip", "VARCHAR", "IPv4 address; not applicable at a terminal and for inbound"),
    Column("device_id", "DOUBLE", "Device; null at a terminal and for inbound", is_nullable=True),
    Column("account", "DOUBLE", "Counterparty for outbound, own for inbound and ATM, else null", is_nullable=True),
    Column("is_fraud", "BOOLEAN", "Fraud in truth, declined or not"),
    Column("is_suspicious", "BOOLEAN", "Declined by the bank's rules (the source reserves the column)"),
    Column("status", "VARCHAR", "approved or declined"),
    Column("rule", "VARCHAR", "Typology of a fraudulent payment, else not applicable"),
)
CLIENTS: Final = Sheet(
    "data/clients.parquet",
    "One row per client",
    (
        Column("client_id", "BIGINT", "Client"),
        Column("birth_date", "DATE", "1 January of the year of birth: the day is not known"),
        Column("sex", "VARCHAR", "male or female"),
        Column("region", "VARCHAR", "Region"),
        Column("city", "VARCHAR", "City", is_nullable=True),
        Column("lat", "DOUBLE", "Home", "degrees"),
        Column("lon", "DOUBLE", "Home", "degrees"),
        Column("city_id", "BIGINT", "City", is_nullable=True),
        Column("home_ip", "VARCHAR", "Address of most payments of the exported months", is_nullable=True),
    ),
)
CITIES: Final = Sheet(
    "data/cities.parquet",
    "One row per city",
    (
        Column("city_id", "BIGINT", "City, numbered from 1"),
        Column("region", "VARCHAR", "Region"),
        Column("city", "VARCHAR", "Name"),
        Column("timezone", "VARCHAR", "Offset of the world's clock on the first exported day, UTC+5:30"),
        Column("lat", "DOUBLE", "Mean of its shops and homes", "degrees"),
        Column("lon", "DOUBLE", "Mean of its shops and homes", "degrees"),
        Column("population", "BIGINT", "People, as mapped", "people", is_nullable=True),
        Column("geometry", "VARCHAR", "An outline; the world has none of cities: always null", is_nullable=True),
    ),
)
MERCHANTS: Final = Sheet(
    "data/offline_merchants.parquet",
    "One row per shop that can be visited",
    (
        Column("merchant_id", "BIGINT", "Merchant, numbered from 1 with the online ones"),
        Column("city", "VARCHAR", "City", is_nullable=True),
        Column("city_id", "BIGINT", "City; null abroad", is_nullable=True),
        Column("category", "VARCHAR", "Sparkov's categories"),
        Column("merchant_lat", "DOUBLE", "Position", "degrees", is_nullable=True),
        Column("merchant_lon", "DOUBLE", "Position", "degrees", is_nullable=True),
    ),
)
ONLINE: Final = Sheet(
    "data/online_merchants.parquet",
    "One row per shop that sells at a distance only",
    (Column("merchant_id", "BIGINT", "Merchant"),),
)
CLIENT_DEVICES: Final = Sheet(
    "data/client_devices.parquet",
    "One row per device and client in use in the exported months",
    (
        Column("client_id", "BIGINT", "Client"),
        Column("platform", "VARCHAR", "Android, iOS, Windows, macOS, Linux"),
        Column("device_id", "BIGINT", "Device, numbered from 1 with those of criminals, in no order"),
    ),
)
FRAUD_DEVICES: Final = Sheet(
    "data/fraud_devices.parquet",
    "One row per attacker's device that was used in the exported months",
    (
        Column("device_id", "BIGINT", "Device"),
        Column("platform", "VARCHAR", "Android, iOS, Windows, macOS, Linux"),
    ),
)
FRAUD_IPS: Final = Sheet(
    "data/fraud_ips.parquet",
    "One row per attacker's address that was used in the exported months",
    (
        Column("city", "VARCHAR", "City of its first payment; not applicable where none is near"),
        Column("lat", "DOUBLE", "Position of its first payment", "degrees"),
        Column("lon", "DOUBLE", "Position of its first payment", "degrees"),
        Column("fraud_ip", "VARCHAR", "IPv4 address"),
    ),
)
OUTER: Final = Sheet(
    "data/outer_accounts.parquet",
    "One row per account of other banks that a client has paid",
    (Column("account_id", "BIGINT", "Account, numbered from 10000 with the clients' own, in no order"),),
)
RULES: Final = Sheet(
    "data/rules.csv",
    "One row per typology that occurs",
    (
        Column("rule", "VARCHAR", "Typology, by its name in the source"),
        Column("weight", "DOUBLE", "Configured weight"),
        Column("probability", "DOUBLE", "Weight over the sum of all"),
        Column("online", "BOOLEAN", "Never at a till or a cash machine; null for disputes", is_nullable=True),
    ),
)
ACCOUNTS: Final = Sheet(
    "accounts.csv",
    "One row per account of the clients",
    (
        Column("client_id", "BIGINT", "Owner"),
        Column("account_id", "BIGINT", "Account"),
        Column("is_drop", "BOOLEAN", "Belongs to a drop of the exported months (truth)"),
    ),
)
SIDE: Final = (CLIENTS, CITIES, MERCHANTS, ONLINE, CLIENT_DEVICES, FRAUD_DEVICES, FRAUD_IPS, OUTER, RULES)
PARTS: Final = {
    "legit/legit_txns.parquet": "role is null and not is_fraud",
    "compromised/compr_client_txns.parquet": "role is null and is_fraud",
    "dist_drops/dist_drop_txns.parquet": "role = 'drop_distributor'",
    "purch_drops/purch_drop_txns.parquet": "role = 'drop_purchaser'",
    "all_txns.parquet": "true",
}
"""File of every part of a run, and which payments belong to it."""
PART_CLIENTS: Final = {
    "legit/legit_clients.parquet": "role is null",
    "dist_drops/dist_drops.parquet": "role = 'drop_distributor'",
    "purch_drops/purch_drops.parquet": "role = 'drop_purchaser'",
}
"""File of the clients of a part; they have the columns of `data/clients.parquet`."""
