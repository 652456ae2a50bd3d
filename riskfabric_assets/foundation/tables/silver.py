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
        Column(
            "hours_since_email_change",
            "FLOAT",
            "Time since the customer's e-mail address changed",
            "hours",
            is_nullable=True,
        ),
        Column(
            "hours_since_phone_change", "FLOAT", "Time since the customer's number changed", "hours", is_nullable=True
        ),
        Column(
            "hours_since_address_change",
            "FLOAT",
            "Time since the customer's address changed",
            "hours",
            is_nullable=True,
        ),
        Column(
            "hours_since_device_binding",
            "FLOAT",
            "Time since a device was bound to the customer's accounts",
            "hours",
            is_nullable=True,
        ),
        Column("hours_since_sim_change", "FLOAT", "Time since the customer's SIM changed", "hours", is_nullable=True),
        Column(
            "hours_since_pin_reset", "FLOAT", "Time since a PIN of the customer was reset", "hours", is_nullable=True
        ),
        Column(
            "hours_since_card_reissue",
            "FLOAT",
            "Time since a card of the customer was issued anew",
            "hours",
            is_nullable=True,
        ),
        Column(
            "hours_since_returned_debit",
            "FLOAT",
            "Time since a standing debit of the customer was returned",
            "hours",
            is_nullable=True,
        ),
        Column(
            "count_identity_changes_24h",
            "INTEGER",
            "Changes of e-mail, number, address, device and SIM in the 24 hours before",
            "changes",
        ),
        Column(
            "count_identity_changes_72h",
            "INTEGER",
            "Changes of e-mail, number, address, device and SIM in the 72 hours before",
            "changes",
        ),
        Column(
            "count_identity_changes_7d",
            "INTEGER",
            "Changes of e-mail, number, address, device and SIM in the same 7 days",
            "changes",
        ),
        Column("count_bank_links_1h", "INTEGER", "Banks linked in the hour before", "links"),
        Column("count_bank_links_24h", "INTEGER", "Banks linked in the 24 hours before", "links"),
        Column("count_bank_links_30d", "INTEGER", "Banks linked in the same 30 days", "links"),
        Column(
            "count_returned_debits_30d",
            "INTEGER",
            "Standing debits returned for lack of money in the same 30 days",
            "debits",
        ),
        Column("count_refunds_30d", "INTEGER", "Purchases that shops gave back in the same 30 days", "refunds"),
        Column(
            "count_credits_24h", "INTEGER", "Salaries and transfers that came in during the 24 hours before", "credits"
        ),
        Column("count_credits_7d", "INTEGER", "Salaries and transfers that came in during the same 7 days", "credits"),
        Column(
            "sum_credit_minor_24h",
            "FLOAT",
            "Amount of salaries and transfers that came in during the 24 hours before",
            "minor units",
        ),
        Column(
            "sum_credit_minor_7d",
            "FLOAT",
            "Amount of salaries and transfers that came in during the same 7 days",
            "minor units",
        ),
        Column("hours_since_credit", "FLOAT", "Time since a salary or transfer came in", "hours", is_nullable=True),
        Column(
            "amount_to_credits_24h",
            "FLOAT",
            "Amount against what came in during the 24 hours before",
            "ratio",
            is_nullable=True,
        ),
        Column(
            "pass_through_ratio_24h",
            "FLOAT",
            "Approved payments since the first credit of the 24 hours before, against these credits",
            "ratio",
            is_nullable=True,
        ),
        Column(
            "balance_minor",
            "FLOAT",
            "Balance of the paying account before the payment",
            "minor units",
            is_nullable=True,
        ),
        Column(
            "amount_to_balance", "FLOAT", "Amount against the balance of the paying account", "ratio", is_nullable=True
        ),
        Column(
            "balance_to_mean_30d",
            "FLOAT",
            "Balance of all accounts against its mean at the start of the same 30 days",
            "ratio",
            is_nullable=True,
        ),
        Column("is_rapid_fire", "BOOLEAN", "At most 300 s since the customer's previous payment"),
        Column("is_burst", "BOOLEAN", "More than 3 payments of the customer in 60 s, this one included"),
        Column("is_escalating", "BOOLEAN", "Third strictly rising amount in a row"),
        Column("is_category_switch", "BOOLEAN", "Category differs from the previous payment's"),
        Column("is_new_device", "BOOLEAN", "First payment of the customer on this device"),
        Column("is_window_saturated", "BOOLEAN", "More than 64 payments in 24 h: the counts are lower bounds"),
        Column(
            "are_days_saturated",
            "BOOLEAN",
            "More than 511 payments or credits on one of the 30 days, or too large amounts: some are left out",
        ),
        Column(
            "are_events_saturated",
            "BOOLEAN",
            "More than 24 account events in 30 days or 12 credits in 24 h: the counts are lower bounds",
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
