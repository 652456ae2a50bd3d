"""People and what they own. `traits` is what a bank cannot know."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS

LOCATION_TYPES: Final = ("Metro", "Urban", "Semi-Urban", "Rural")
ACCOUNT_TYPES: Final = ("savings", "salary", "current", "credit")
ACCOUNT_STATUSES: Final = ("active", "dormant", "closed")
CARD_TYPES: Final = ("debit", "credit", "prepaid")
CARD_STATUSES: Final = ("active", "blocked", "expired", "pending")
"""On the first day of the calendar; a pending card is issued later."""
ORDINARY_CARD_ENDS: Final = ("renewed", "validity ended", "account closed")
"""Reasons why a card ends in its time; every other one is a loss."""
OPERATING_SYSTEMS: Final = ("android", "ios", "desktop")
OCCUPATIONS: Final = ("salaried", "self_employed", "casual", "student", "homemaker", "retired")
PAY_DAYS: Final = (
    "day_1",
    "day_5",
    "day_7",
    "day_10",
    "day_15",
    "day_20",
    "day_25",
    "last_day",
    "last_working_day",
)
RELATIONS: Final = ("household", "family", "friend", "landlord", "vendor", "own_account")
MOBILITY_CLASSES: Final = ("home_bound", "commuter", "traveller", "rural")

CUSTOMERS: Final = Table(
    "population/customers",
    "One row per customer of the bank",
    ("customer_id",),
    (
        Column("customer_id", "BIGINT", "Customer"),
        Column("household_id", "BIGINT", "Household: its members share home, address and home network"),
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
        Column(
            "home_network_name", "VARCHAR", "Provider of the household's line; null for mobile only", is_nullable=True
        ),
        Column("mobile_network_name", "VARCHAR", "Mobile carrier"),
        Column("birth_year", "SMALLINT", "Year of birth", "year"),
        Column("occupation", "VARCHAR", "Kind of employment", values=OCCUPATIONS),
        Column("employer_id", "BIGINT", "Employer; null for who has none", is_nullable=True),
        Column("pay_day", "VARCHAR", "Day of the month on which pay comes; null if irregular", "", True, PAY_DAYS),
        Column("advance_day", "VARCHAR", "Day of an earlier part of the same month's pay", "", True, PAY_DAYS),
        Column("advance_share", "DOUBLE", "That part of the month's pay; 0 for none", "share"),
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
        Column("account_status", "VARCHAR", "Status on the first day of the calendar", values=ACCOUNT_STATUSES),
        Column("status_reason", "VARCHAR", "Why the status is what it is"),
        Column("currency_code", "VARCHAR", "ISO 4217 code"),
        Column("credit_limit_minor", "BIGINT", "Overdraft or credit line; 0 for none", "minor units"),
        Column("is_primary", "BOOLEAN", "The account that everyday payments use first"),
        Column("opened_date", "DATE", "Opened, not before the customer registered"),
        Column("closed_date", "DATE", "Closed; null for open accounts", is_nullable=True),
    ),
)

CARDS: Final = Table(
    "population/cards",
    "One row per card, those included that will be issued within five years",
    ("card_id",),
    (
        Column("card_id", "BIGINT", "Card"),
        Column("replaces_card_id", "BIGINT", "Card that this one follows; null for the first", is_nullable=True),
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
        Column("closed_date", "DATE", "Last day of use; null while none is known", is_nullable=True),
        Column("closed_reason", "VARCHAR", "What ends it: loss, renewal, expiry, a closed account", is_nullable=True),
    ),
)

DEVICES: Final = Table(
    "population/devices",
    "One row per device and customer who uses it, those included that will be bought within five years",
    ("device_id", "customer_id"),
    (
        Column("device_id", "BIGINT", "Device"),
        Column("customer_id", "BIGINT", "User"),
        Column("operating_system", "VARCHAR", "Operating system", values=OPERATING_SYSTEMS),
        Column("user_agent", "VARCHAR", "User agent of its browser", is_dictionary=True),
        Column("app_user_agent", "VARCHAR", "User agent of its payment app; null for desktops", "", True, (), True),
        Column("second_app_user_agent", "VARCHAR", "User agent of a second payment app", "", True, (), True),
        Column("is_owner", "BOOLEAN", "False for who shares a device of the household"),
        Column("is_primary", "BOOLEAN", "Used for most payments"),
        Column("first_seen_date", "DATE", "First day of use by this customer"),
        Column("last_seen_date", "DATE", "Last day of use; null without a known end", is_nullable=True),
    ),
)

PAYEES: Final = Table(
    "population/payees",
    "One row per customer and payee, those included that will be met within five years",
    ("customer_id", "payee_id"),
    (
        Column("customer_id", "BIGINT", "Payer"),
        Column("payee_id", "BIGINT", "Account of a simulated customer, or an outsider"),
        Column("payee_customer_id", "BIGINT", "Customer who is paid; null for outsiders", is_nullable=True),
        Column("payee_account_id", "BIGINT", "Account that is paid; null for outsiders", is_nullable=True),
        Column("relation", "VARCHAR", "What the payee is to the payer", values=RELATIONS),
        Column("bank_code", "VARCHAR", "Synthetic code of the payee's bank", is_dictionary=True),
        Column("weight", "DOUBLE", "Share of transfers; those known before the calendar sum to 1", "share"),
        Column("known_since_date", "DATE", "First day as a payee; null for before the calendar", is_nullable=True),
    ),
)

REMOTE_MERCHANTS: Final = Table(
    "population/remote_merchants",
    "One row per merchant without a place on the map: online shop or biller at home, or shop abroad",
    ("merchant_id",),
    (
        Column("merchant_id", "BIGINT", "Merchant; one id space with reference/merchants and reference/financial"),
        Column("merchant_name", "VARCHAR", "Invented stable name"),
        Column("merchant_category", "VARCHAR", "One of the 17 merchant categories"),
        Column("spending_group", "VARCHAR", "What it sells", values=SPENDING_GROUPS),
        Column("country_code", "VARCHAR", "ISO 3166 code of its country"),
        Column("currency_code", "VARCHAR", "ISO 4217 code it charges in"),
        Column("city_name", "VARCHAR", "City abroad; null for shops that nobody can stand in", is_nullable=True),
        Column("merchant_category_code", "SMALLINT", "ISO 18245 merchant category code"),
        Column("latitude", "DOUBLE", "WGS 84 latitude; null without a city", "degrees", is_nullable=True),
        Column("longitude", "DOUBLE", "WGS 84 longitude; null without a city", "degrees", is_nullable=True),
        Column("h3_cell_r7", "UBIGINT", "H3 cell, resolution 7; null without a city", is_nullable=True),
        Column(
            "popularity",
            "DOUBLE",
            "Share of what is paid for its group at home, online abroad, or in the shops of its city",
            "share",
        ),
        Column("is_online", "BOOLEAN", "Sells at a distance; else one stands in it"),
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
        Column("mobility_class", "VARCHAR", "How far and how often somebody moves", values=MOBILITY_CLASSES),
        Column("susceptibility", "DOUBLE", "Weight when criminals choose victims, by exposure only", "weight"),
        Column("dispute_propensity", "DOUBLE", "Weight for claiming an honest payment as fraud", "weight"),
    ),
    is_truth=True,
)
