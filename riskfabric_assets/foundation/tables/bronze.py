"""What the bank's systems record: payments, other movements, and what it learns about fraud."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

CHANNELS: Final = ("instant", "wallet", "pos", "online", "bank_transfer", "atm")
PAYMENT_KINDS: Final = ("purchase", "bill", "transfer", "cash_withdrawal")
ENTRY_MODES: Final = ("qr", "app", "chip", "contactless", "ecommerce", "cash", "mandate")
AUTHENTICATIONS: Final = ("pin", "biometric", "otp", "none")
STATUSES: Final = ("approved", "declined")
DECLINE_REASONS: Final = (
    "insufficient_funds",
    "wrong_pin",
    "limit_exceeded",
    "invalid_beneficiary",
    "account_blocked",
    "issuer_risk_rule",
    "authentication_failed",
    "technical",
)
ENGINE_RULES: Final = (
    "risk_score",
    "fast_geo_change",
    "fast_geo_change_online",
    "new_ip_and_device_high_amount",
    "new_device_and_high_amount",
    "trans_freq_increase",
    "drop_flow_cashout",
    "drop_purchaser",
)
"""Rules of the bank's engine; `risk_score` is its model, whose reasons it does not tell."""
MERCHANT_CATEGORIES: Final = (
    "GROCERY",
    "FOOD_AND_DRINK",
    "GENERAL_RETAIL",
    "SERVICES",
    "ENTERTAINMENT",
    "ELECTRONICS",
    "TRAVEL",
    "MEDICAL",
    "AUTOMOTIVE",
    "LUXURY",
    "B2B_WHOLESALE",
    "HOME_GARDEN",
    "TRANSPORT",
    "CHARITY",
    "RETAIL",
    "ALCOHOL",
    "GAMBLING",
    "CASH",
    "TRANSFER",
)
EVENT_KINDS: Final = (
    "salary_credit",
    "settlement",
    "replenishment",
    "reversal",
    "opening",
    "transfer_credit",
    "refund",
    "returned_debit",
    "email_change",
    "phone_change",
    "address_change",
    "device_binding",
    "sim_change",
    "bank_link",
    "pin_reset",
    "card_block",
    "card_reissue",
    "login",
)
"""Movements first; from `email_change` on nothing moves and the amount is 0 (returned_debit: what was asked for)."""
LABEL_REPORTERS: Final = ("victim", "bank_rule", "network")
LABEL_EVENT_KINDS: Final = ("reported", "withdrawn", "confirmed", "partly_confirmed", "charged_back", "represented")
"""In the order of a life; `represented` is a dispute that the merchant won."""
CONFIRMING_KINDS: Final = ("confirmed", "partly_confirmed")
"""What makes a payment fraud for the bank; what follows moves money and takes no label back."""
LABEL_EVENT_ACTORS: Final = (*LABEL_REPORTERS, "bank", "merchant")

_EVENT_TIME: Final = (
    Column("event_date", "DATE", "Business day in the time zone of the world"),
    Column("event_at", "TIMESTAMP", "Moment, naive UTC, microseconds"),
    Column("event_at_local", "TIMESTAMP", "The same moment on the world's clock"),
)

TRANSACTIONS: Final = Table(
    "bronze/transactions",
    "One row per attempted payment, ordered by (event_at, event_id)",
    ("event_id",),
    (
        Column("event_id", "BIGINT", "Payment; one id space with account events"),
        Column("customer_id", "BIGINT", "Payer"),
        Column("account_id", "BIGINT", "Account that pays"),
        Column("card_id", "BIGINT", "Card, where one is used", is_nullable=True),
        Column("instrument_id", "BIGINT", "Card, else account: what sequence features follow"),
        Column("device_id", "BIGINT", "Payer's device; null at a terminal", is_nullable=True),
        Column(
            "merchant_id", "BIGINT", "Merchant, or cash machine for a withdrawal; null for a transfer", is_nullable=True
        ),
        Column(
            "payee_id",
            "BIGINT",
            "Beneficiary of a transfer: account of another customer, or an outsider; else null",
            is_nullable=True,
        ),
        Column("merchant_category", "VARCHAR", "Category of the merchant", values=MERCHANT_CATEGORIES),
        Column("payment_kind", "VARCHAR", "What the payment is for", values=PAYMENT_KINDS),
        Column("channel", "VARCHAR", "Channel", values=CHANNELS),
        Column("rail", "VARCHAR", "Name of the scheme it runs on, as the country calls it", is_dictionary=True),
        Column("entry_mode", "VARCHAR", "How the instrument was presented", values=ENTRY_MODES),
        Column("authentication", "VARCHAR", "How the payer proved who they are", values=AUTHENTICATIONS),
        Column(
            "status",
            "VARCHAR",
            "Outcome; known after the decision, never a feature of the same payment",
            values=STATUSES,
        ),
        Column("decline_reason", "VARCHAR", "Why it was declined", values=DECLINE_REASONS, is_nullable=True),
        Column(
            "engine_rule",
            "VARCHAR",
            "Rule of the bank's engine that declined it; known after the decision as the outcome is",
            values=ENGINE_RULES,
            is_nullable=True,
        ),
        Column("currency_code", "VARCHAR", "ISO 4217 code", is_dictionary=True),
        Column("merchant_country_code", "VARCHAR", "ISO 3166 code of the merchant's country", is_dictionary=True),
        Column(
            "merchant_currency_code",
            "VARCHAR",
            "ISO 4217 code the merchant charges in; null at home",
            is_nullable=True,
            is_dictionary=True,
        ),
        Column(
            "network_name",
            "VARCHAR",
            "Network the request came through; null at a terminal",
            is_nullable=True,
            is_dictionary=True,
        ),
        Column(
            "user_agent",
            "VARCHAR",
            "User agent of the device; null at a terminal",
            is_nullable=True,
            is_dictionary=True,
        ),
        Column("amount_minor", "BIGINT", "Amount, with the fee of a payment abroad", "minor units"),
        Column(
            "merchant_amount_minor",
            "BIGINT",
            "What the merchant charges in its own currency; null at home",
            "minor units",
            is_nullable=True,
        ),
        Column("fee_minor", "BIGINT", "Fee of a payment abroad; null at home", "minor units", is_nullable=True),
        Column("merchant_category_code", "SMALLINT", "ISO 18245 code"),
        Column(
            "ip_address",
            "UINTEGER",
            "IPv4 address as a number, from unroutable ranges; null at a terminal",
            is_nullable=True,
        ),
        Column("latitude", "FLOAT", "Position of terminal or device as the bank sees it", "degrees"),
        Column("longitude", "FLOAT", "Position of terminal or device as the bank sees it", "degrees"),
        Column("h3_cell_r7", "UBIGINT", "H3 cell of the place of payment before jitter, resolution 7"),
        Column("is_present", "BOOLEAN", "The payer stood at the merchant's terminal or code"),
        *_EVENT_TIME,
    ),
    is_monthly=True,
)

ACCOUNT_EVENTS: Final = Table(
    "bronze/account_events",
    "One row per movement or change that is not a scored payment, ordered by (event_at, event_id)",
    ("event_id",),
    (
        Column("event_id", "BIGINT", "Event; one id space with payments"),
        Column("customer_id", "BIGINT", "Customer"),
        Column("account_id", "BIGINT", "Account"),
        Column("card_id", "BIGINT", "Card it is about", is_nullable=True),
        Column(
            "device_id",
            "BIGINT",
            "Device it is about or came from; null at a branch and for unknown devices",
            is_nullable=True,
        ),
        Column("counterparty_id", "BIGINT", "Account or merchant on the other side", is_nullable=True),
        Column("related_event_id", "BIGINT", "Payment that it mirrors, gives back or answers", is_nullable=True),
        Column("event_kind", "VARCHAR", "Kind", values=EVENT_KINDS),
        Column("currency_code", "VARCHAR", "ISO 4217 code", is_dictionary=True),
        Column("amount_minor", "BIGINT", "Signed movement: positive credits the account; 0 where none", "minor units"),
        *_EVENT_TIME,
    ),
    is_monthly=True,
)

LABELS: Final = Table(
    "bronze/labels",
    "One row per payment that was reported as fraud, rightly or wrongly, filed under the payment's month",
    ("event_id",),
    (
        Column("event_id", "BIGINT", "Payment"),
        Column("customer_id", "BIGINT", "Payer"),
        Column("reported_by", "VARCHAR", "Who found it", values=LABEL_REPORTERS),
        Column("event_date", "DATE", "Business day of the payment"),
        Column("label_known_at", "TIMESTAMP", "From when on the bank may use the label, naive UTC"),
    ),
    is_monthly=True,
)

LABEL_EVENTS: Final = Table(
    "bronze/label_events",
    "One row per step in the life of a report of fraud, filed under the payment's month",
    ("label_event_id",),
    (
        Column("label_event_id", "BIGINT", "Step; 63 random bits of payment and kind"),
        Column("event_id", "BIGINT", "Payment"),
        Column("customer_id", "BIGINT", "Payer"),
        Column("label_event_kind", "VARCHAR", "What happened", values=LABEL_EVENT_KINDS),
        Column("made_by", "VARCHAR", "Who did it", values=LABEL_EVENT_ACTORS),
        Column(
            "accepted_share",
            "DOUBLE",
            "Part of the amount that the bank holds for fraud, above 0; null unless it confirms",
            "share",
            is_nullable=True,
        ),
        Column("event_date", "DATE", "Business day of the payment"),
        Column("happened_at", "TIMESTAMP", "When it happened, naive UTC"),
        Column("label_event_known_at", "TIMESTAMP", "From when on the bank may use it, naive UTC"),
    ),
    is_monthly=True,
)
