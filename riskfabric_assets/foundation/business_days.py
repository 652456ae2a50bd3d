"""When a business day opens, and what that means for labels.

One rule in learning, in exports and in dbt (macro `label_is_known`): at a moment T the bank may use every label with
`label_known_at <= T`. What is known when a business day opens may be used on that day, at midnight itself included.
"""

import datetime as dt
import zoneinfo


def opening_of(day: dt.date, timezone: str) -> dt.datetime:
    """Return the moment at which a business day opens, midnight of the world's clock, naive UTC."""
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=zoneinfo.ZoneInfo(timezone))
    return midnight.astimezone(dt.UTC).replace(tzinfo=None)
