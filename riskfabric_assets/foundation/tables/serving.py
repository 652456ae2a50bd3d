"""What the real-time side proves about itself."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

REPLAY_PARITY: Final = Table(
    "serving/replay_parity",
    "One row per feature of the fold: what a replay of the last day in micro-batches found beside gold/payments",
    ("feature",),
    (
        Column("feature", "VARCHAR", "Feature"),
        Column("count_payments", "BIGINT", "Payments of the day, in gold or in the replay", "payments"),
        Column("count_batches", "BIGINT", "Micro-batches that the day was cut into", "batches"),
        Column("count_mismatches", "BIGINT", "Both have a value, and they differ by a bit", "payments"),
        Column("count_missing", "BIGINT", "Gold has a value and the replay has none", "payments"),
        Column("count_extra", "BIGINT", "The replay has a value and gold has none", "payments"),
        Column(
            "smape",
            "DOUBLE",
            "Mean of 2 |gold - replay| / (|gold| + |replay|) where both have a value; null for booleans",
            "ratio",
            is_nullable=True,
        ),
        Column("event_date", "DATE", "Business day that was replayed"),
    ),
)
