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
        Column("is_rapid_fire", "BOOLEAN", "At most 300 s since the customer's previous payment"),
        Column("is_burst", "BOOLEAN", "More than 3 payments of the customer in 60 s, this one included"),
        Column("is_escalating", "BOOLEAN", "Third strictly rising amount in a row"),
        Column("is_category_switch", "BOOLEAN", "Category differs from the previous payment's"),
        Column("is_new_device", "BOOLEAN", "First payment of the customer on this device"),
        Column("is_window_saturated", "BOOLEAN", "More than 64 payments in 24 h: the counts are lower bounds"),
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
