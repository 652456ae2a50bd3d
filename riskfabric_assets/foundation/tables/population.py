"""People and what they own. `traits` is what a bank cannot know."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

LOCATION_TYPES: Final = ("Metro", "Urban", "Semi-Urban", "Rural")
ACCOUNT_TYPES: Final = ("savings", "salary", "current", "credit")
ACCOUNT_STATUSES: Final = ("active", "dormant", "closed")
CARD_TYPES: Final = ("debit", "credit", "prepaid")
CARD_STATUSES: Final = ("active", "blocked", "expired")
OPERATING_SYSTEMS: Final = ("android", "ios", "desktop")
PLATFORMS: Final = ("android", "ios", "upi_app", "desktop")

CUSTOMERS: Final = Table(
    "population/customers",
    "One row per customer of the bank",
    ("customer_id",),
    (
        Column("customer_id", "BIGINT", "Customer"),
        Column("residence_id", "BIGINT", "Residential object the home was placed at"),
        Column("district_id", "BIGINT", "District of the home"),
        Column("region_id", "BIGINT", "Region of the home"),
        Column("full_name", "VARCHAR", "Given and family name, consistent with gender and region"),
        Column("gender", "VARCHAR", "Gender", values=("female", "male")),
        Column("email_address", "VARCHAR", "Address on a reserved domain, unique", is_nullable=True),
        Column("email_provider", "VARCHAR", "Provider label behind the reserved domain", is_nullable=True),
        Column("phone_number", "VARCHAR", "Number with a leading zero: cannot be dialed"),
        Column("address_text", "VARCHAR", "Address down to the locality"),
        Column("city_name", "VARCHAR", "City", is_nullable=True),
        Column("postcode", "VARCHAR", "Postal code", is_nullable=True),
        Column("region_name", "VARCHAR", "Region"),
        Column("location_type", "VARCHAR", "Kind of settlement", values=LOCATION_TYPES),
        Column("network_name", "VARCHAR", "Internet provider of the household"),
        Column("birth_year", "SMALLINT", "Year of birth", "year"),
        Column(
            "credit_score", "SMALLINT", "Credit bureau score; null without credit history", "points", is_nullable=True
        ),
        Column("monthly_income_minor", "BIGINT", "Declared monthly income", "minor units"),
        Column("monthly_spend_minor", "BIGINT", "Typical monthly spend by payment", "minor units"),
        Column("currency_code", "VARCHAR", "ISO 4217 code"),
        Column("home_latitude", "DOUBLE", "Home, residence plus jitter", "degrees"),
        Column("home_longitude", "DOUBLE", "Home, residence plus jitter", "degrees"),
        Column("home_h3_cell_r7", "UBIGINT", "H3 cell of the jittered home, resolution 7"),
        Column("home_h3_cell_r5", "UBIGINT", "Its parent, resolution 5"),
        Column("registered_date", "DATE", "First day as a customer"),
    ),
)

ACCOUNTS: Final = Table(
    "population/accounts",
    "One row per account",
    ("account_id",),
    (
        Column("account_id", "BIGINT", "Account"),
        Column("customer_id", "BIGINT", "Owner"),
        Column("account_number", "VARCHAR", "18 digits, starts with 00: no real account"),
        Column("bank_code", "VARCHAR", "Synthetic bank code"),
        Column("account_type", "VARCHAR", "Product", values=ACCOUNT_TYPES),
        Column("account_status", "VARCHAR", "Status", values=ACCOUNT_STATUSES),
        Column("currency_code", "VARCHAR", "ISO 4217 code"),
        Column("credit_limit_minor", "BIGINT", "Overdraft or credit line; 0 for none", "minor units"),
        Column("is_primary", "BOOLEAN", "The account that everyday payments use first"),
        Column("opened_date", "DATE", "Opened, not before the customer registered"),
    ),
)

CARDS: Final = Table(
    "population/cards",
    "One row per card",
    ("card_id",),
    (
        Column("card_id", "BIGINT", "Card"),
        Column("account_id", "BIGINT", "Account behind the card"),
        Column("customer_id", "BIGINT", "Holder"),
        Column("card_number", "VARCHAR", "16 digits, brand-shaped, fails the Luhn test"),
        Column("card_network", "VARCHAR", "Network"),
        Column("card_type", "VARCHAR", "Type, follows the account", values=CARD_TYPES),
        Column("card_status", "VARCHAR", "Status on the first day of the calendar", values=CARD_STATUSES),
        Column("status_reason", "VARCHAR", "Why the status is what it is"),
        Column("issuing_bank", "VARCHAR", "Name of the synthetic bank"),
        Column("contactless_limit_minor", "BIGINT", "Limit of a tap without PIN", "minor units"),
        Column("daily_atm_limit_minor", "BIGINT", "Cash limit per day", "minor units"),
        Column("daily_online_limit_minor", "BIGINT", "E-commerce limit per day", "minor units"),
        Column("is_international_enabled", "BOOLEAN", "May be used abroad"),
        Column("issued_date", "DATE", "Issued, not before the account was opened"),
        Column("activated_date", "DATE", "Activated"),
        Column("expiry_date", "DATE", "Valid until"),
    ),
)

DEVICES: Final = Table(
    "population/devices",
    "One row per device of a customer",
    ("device_id",),
    (
        Column("device_id", "BIGINT", "Device"),
        Column("customer_id", "BIGINT", "Owner"),
        Column("platform", "VARCHAR", "What the bank sees of it", values=PLATFORMS),
        Column("operating_system", "VARCHAR", "Operating system", values=OPERATING_SYSTEMS),
        Column("user_agent", "VARCHAR", "User agent string"),
        Column("is_primary", "BOOLEAN", "Used for most payments"),
        Column("first_seen_date", "DATE", "First day of use"),
        Column("last_seen_date", "DATE", "Last day of use; null while in use", is_nullable=True),
    ),
)

TRAITS: Final = Table(
    "population/traits",
    "One row per customer: what no bank can know",
    ("customer_id",),
    (
        Column("customer_id", "BIGINT", "Customer"),
        Column("customer_ordinal", "INTEGER", "Position in the population; owner field of every id of this customer"),
        Column("payments_per_year", "DOUBLE", "Expected honest payments, heavy-tailed over customers", "payments"),
        Column("amount_factor", "DOUBLE", "Personal price level over the category's", "ratio"),
        Column("phase_hours", "DOUBLE", "Personal shift of the daily curve", "hours"),
        Column("online_affinity", "DOUBLE", "Personal factor on remote channels", "ratio"),
        Column("thrift", "DOUBLE", "Share of income that is left at the month's end", "share"),
        Column("susceptibility", "DOUBLE", "Weight when criminals choose victims, by exposure only", "weight"),
        Column("dispute_propensity", "DOUBLE", "Weight for claiming an honest payment as fraud", "weight"),
    ),
    is_truth=True,
)
