"""The answer key: who attacks whom and why a payment is fraudulent. No bank sees these tables."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

PHASES: Final = ("probe", "drain", "cash_out", "purchase", "dispute", "layering")
CAMPAIGN_PHASES: Final = ("early", "active", "late")

ATTACKS: Final = Table(
    "plan/attacks",
    "One row per planned attack",
    ("attack_id",),
    (
        Column("attack_id", "BIGINT", "Attack"),
        Column("customer_id", "BIGINT", "Victim, or the claimant of a first-party fraud"),
        Column(
            "campaign_id", "BIGINT", "Campaign: attacks of one actor that share devices and networks", is_nullable=True
        ),
        Column("actor_id", "BIGINT", "Who attacks"),
        Column("typology", "VARCHAR", "Name of the typology"),
        Column("count_steps", "SMALLINT", "Planned payments", "payments"),
        Column("attack_ordinal", "INTEGER", "Number of the attack within typology and month"),
        Column("start_at", "TIMESTAMP", "First moment, naive UTC"),
    ),
    is_monthly=True,
    is_truth=True,
)

FRAUD: Final = Table(
    "truth/fraud",
    "One row per fraudulent payment",
    ("event_id",),
    (
        Column("event_id", "BIGINT", "Payment"),
        Column("customer_id", "BIGINT", "Payer"),
        Column("attack_id", "BIGINT", "Attack it belongs to"),
        Column("campaign_id", "BIGINT", "Campaign of the attack", is_nullable=True),
        Column("typology", "VARCHAR", "Name of the typology"),
        Column("phase", "VARCHAR", "Phase of the attack", values=PHASES),
        Column(
            "campaign_phase",
            "VARCHAR",
            "Phase of the campaign on the day of the payment",
            values=CAMPAIGN_PHASES,
            is_nullable=True,
        ),
        Column("flags", "VARCHAR", "Behavioral flags, comma-separated", is_nullable=True),
        Column("injector_version", "VARCHAR", "Version of the typology's code"),
        Column("step", "SMALLINT", "Position in the attack, from 1"),
        Column("burst_position", "SMALLINT", "Position in a burst, from 1; null outside bursts", is_nullable=True),
        Column(
            "campaign_day",
            "SMALLINT",
            "Day of the campaign on which the payment was made, from 1",
            "days",
            is_nullable=True,
        ),
        Column("has_geo_anomaly", "BOOLEAN", "Made from, or paid to, a place foreign to the victim"),
        Column("has_device_anomaly", "BOOLEAN", "Made on an attacker's device"),
        Column("has_ip_anomaly", "BOOLEAN", "Made through an attacker's network"),
        Column("is_claimed", "BOOLEAN", "An honest payment that its payer disputes (first-party fraud)"),
        Column("event_date", "DATE", "Business day of the payment"),
    ),
    is_monthly=True,
    is_truth=True,
)
