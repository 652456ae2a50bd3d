"""Point-in-time features and the state they are folded from."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

PAYMENT_FEATURES: Final = Table(
    "silver/payment_features",
    "One row per payment, in order (event_at, event_id): what was known about its customer just before it",
    ("event_id",),
    (
        Column("event_id", "BIGINT", "Payment"),
        Column("customer_id", "BIGINT", "Payer"),
        Column(
            "seconds_since_last_payment",
            "DOUBLE",
            "Time since the customer's previous payment",
            "seconds",
            is_nullable=True,
        ),
        Column(
            "seconds_since_last_on_instrument",
            "DOUBLE",
            "Time since the instrument's previous payment",
            "seconds",
            is_nullable=True,
        ),
        Column("payment_sequence_number", "INTEGER", "Running number of the customer's payments, from 1", "payments"),
        Column(
            "instrument_sequence_number", "INTEGER", "Running number of the instrument's payments, from 1", "payments"
        ),
        Column(
            "speed_kmh",
            "DOUBLE",
            "Haversine speed since the previous present payment, at most 2,000",
            "km/h",
            is_nullable=True,
        ),
        Column("log_speed", "DOUBLE", "ln(1 + speed_kmh)", "ln(1 + km/h)", is_nullable=True),
        Column(
            "hour_deviation",
            "DOUBLE",
            "Circular distance to the customer's mean hour so far",
            "hours",
            is_nullable=True,
        ),
        Column(
            "amount_deviation",
            "DOUBLE",
            "Z-score of the log amount against prior payments, shrunk to a prior",
            "standard deviations",
        ),
        Column("count_payments_60s", "INTEGER", "Payments of the customer in the 60 seconds before", "payments"),
        Column("count_payments_1h", "INTEGER", "Payments of the customer in the hour before", "payments"),
        Column("count_payments_24h", "INTEGER", "Payments of the customer in the 24 hours before", "payments"),
        Column("days_since_first_payment", "FLOAT", "Time since the customer's first payment", "days"),
        Column("count_declines_24h", "INTEGER", "Declined payments of the customer in the 24 hours before", "payments"),
        Column(
            "count_limit_declines_24h", "INTEGER", "Payments declined for a limit in the 24 hours before", "payments"
        ),
        Column(
            "sum_amount_minor_1h",
            "FLOAT",
            "Amount of the customer's payments in the hour before, declined ones included",
            "minor units",
        ),
        Column(
            "sum_amount_minor_24h",
            "FLOAT",
            "Amount of the customer's payments in the 24 hours before, declined ones included",
            "minor units",
        ),
        Column("count_payments_today", "INTEGER", "Payments of the customer earlier on this business day", "payments"),
        Column(
            "count_payments_7d", "INTEGER", "Payments of the customer today so far and on the 6 days before", "payments"
        ),
        Column(
            "count_payments_30d",
            "INTEGER",
            "Payments of the customer today so far and on the 29 days before",
            "payments",
        ),
        Column("count_night_payments_7d", "INTEGER", "Payments between 22:00 and 06:00 in the same 7 days", "payments"),
        Column("count_declines_7d", "INTEGER", "Declined payments in the same 7 days", "payments"),
        Column("count_new_merchants_7d", "INTEGER", "First payments to a merchant in the same 7 days", "payments"),
        Column("count_new_payees_7d", "INTEGER", "First transfers to a payee in the same 7 days", "payments"),
        Column("count_active_days_30d", "INTEGER", "Days with a payment among today and the 29 days before", "days"),
        Column("sum_amount_minor_7d", "FLOAT", "Amount of the payments in the same 7 days", "minor units"),
        Column("sum_amount_minor_30d", "FLOAT", "Amount of the payments in the same 30 days", "minor units"),
        Column("max_amount_minor_30d", "FLOAT", "Highest amount in the same 30 days", "minor units", is_nullable=True),
        Column("amount_to_mean_30d", "FLOAT", "Amount against the mean of the same 30 days", "ratio", is_nullable=True),
        Column(
            "amount_to_max_30d", "FLOAT", "Amount against the highest of the same 30 days", "ratio", is_nullable=True
        ),
        Column(
            "amount_deviation_30d",
            "FLOAT",
            "Z-score of the log amount against the same 30 days, shrunk to a prior",
            "standard deviations",
        ),
        Column(
            "days_since_device_first_seen",
            "FLOAT",
            "Time since the customer's first payment on this device",
            "days",
            is_nullable=True,
        ),
        Column("count_devices", "INTEGER", "Devices new to the customer so far", "devices"),
        Column("count_merchants", "INTEGER", "Merchants new to the customer so far", "merchants"),
        Column("count_payees", "INTEGER", "Payees new to the customer so far", "payees"),
        Column("count_countries", "INTEGER", "Countries of merchants new to the customer so far", "countries"),
        Column("hours_since_midnight", "FLOAT", "Hour of the day on the world's clock", "hours"),
        Column(
            "hour_share",
            "FLOAT",
            "Share of the customer's earlier payments in this hour of the day",
            "share",
            is_nullable=True,
        ),
        Column(
            "category_share",
            "FLOAT",
            "Share of the customer's earlier payments in this category",
            "share",
            is_nullable=True,
        ),
        Column(
            "night_share",
            "FLOAT",
            "Share of the customer's earlier payments between 22:00 and 06:00",
            "share",
            is_nullable=True,
        ),
        Column(
            "weekend_share",
            "FLOAT",
            "Share of the customer's earlier payments on Saturday and Sunday",
            "share",
            is_nullable=True,
        ),
        Column("count_categories", "INTEGER", "Categories the customer has paid in so far", "categories"),
        Column("is_rapid_fire", "BOOLEAN", "At most 300 s since the customer's previous payment"),
        Column("is_burst", "BOOLEAN", "More than 3 payments of the customer in 60 s, this one included"),
        Column("is_escalating", "BOOLEAN", "Third strictly rising amount in a row"),
        Column("is_category_switch", "BOOLEAN", "Category differs from the previous payment's"),
        Column("is_new_device", "BOOLEAN", "First payment of the customer on this device"),
        Column("is_window_saturated", "BOOLEAN", "More than 64 payments in 24 h: the counts are lower bounds"),
        Column(
            "are_days_saturated",
            "BOOLEAN",
            "More than 511 payments on one of the 30 days: counts and sums leave some out",
        ),
        Column("is_new_merchant", "BOOLEAN", "First payment of the customer to this merchant"),
        Column("is_new_payee", "BOOLEAN", "First transfer of the customer to this payee"),
        Column("is_new_ip", "BOOLEAN", "First payment of the customer from this address"),
        Column("is_new_ip_range", "BOOLEAN", "First payment of the customer from these 65,536 addresses"),
        Column(
            "is_new_place", "BOOLEAN", "First payment in person in this H3 cell of resolution 4, the size of a city"
        ),
        Column("is_other_place", "BOOLEAN", "In person in another city than the time before"),
        Column("is_new_country", "BOOLEAN", "First payment of the customer to a merchant of this country"),
        Column("is_foreign", "BOOLEAN", "The merchant charges in the currency of another country"),
        Column("is_cross_border", "BOOLEAN", "Foreign, and the payer is not there"),
        Column("is_night", "BOOLEAN", "Between 22:00 and 06:00 on the world's clock"),
        Column("is_weekend", "BOOLEAN", "Saturday or Sunday"),
        Column("is_round_amount", "BOOLEAN", "Amount is a multiple of 100 currency units"),
        Column("is_new_category", "BOOLEAN", "First payment of the customer in this category"),
        Column("event_date", "DATE", "Business day of the payment"),
        Column("event_at", "TIMESTAMP", "Moment of the payment, naive UTC"),
    ),
    is_monthly=True,
)

CUSTOMER_STATE: Final = Table(
    "silver/customer_state",
    "One row per customer: the fold's state after the last event of the month so far",
    ("customer_id",),
    (
        Column("customer_id", "BIGINT", "Customer"),
        Column("feature_contract", "VARCHAR", "Hash of the feature contract and state layout"),
        Column("state", "BLOB", "Packed state record"),
        Column("through_date", "DATE", "Last business day folded in"),
    ),
    is_monthly=True,
)
