"""Is the data believable: the scorecard of a run, and the profiles that its plots show."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

VERDICTS: Final = ("pass", "warn", "fail", "not applicable", "too small", "excepted")
SUBJECTS: Final = ("honest", "crime", "labels")

SCORECARD: Final = Table(
    "realism/scorecard",
    "One row per figure of a realism check and period: the whole horizon, or one month where a month is enough",
    ("check_id", "measure", "period"),
    (
        Column("check_id", "VARCHAR", "Check, as in the table of the documentation"),
        Column("measure", "VARCHAR", "Figure of the check"),
        Column("period", "VARCHAR", "'all', or a month"),
        Column("world", "VARCHAR", "World of the run"),
        Column("title", "VARCHAR", "What the check is about"),
        Column("subject", "VARCHAR", "Whose behavior is judged", values=SUBJECTS),
        Column("unit", "VARCHAR", "Unit of value, low and high"),
        Column("basis", "VARCHAR", "A: official figure, B: well known, C: estimated"),
        Column("verdict", "VARCHAR", "Outcome", values=VERDICTS),
        Column("reason", "VARCHAR", "Why it is not a pass; empty for a pass"),
        Column("value", "DOUBLE", "What was found", is_nullable=True),
        Column("low", "DOUBLE", "Lower end of the interval that passes; null where open", is_nullable=True),
        Column("high", "DOUBLE", "Upper end of the interval that passes; null where open", is_nullable=True),
        Column("count_rows", "BIGINT", "Rows or people that the figure rests on", is_nullable=True),
    ),
)

PROFILES: Final = Table(
    "realism/profiles",
    "One row per point of a profile that the report draws",
    ("profile", "series", "position"),
    (
        Column("profile", "VARCHAR", "Picture: hours, weekdays, amounts ..."),
        Column("series", "VARCHAR", "Line or group of bars within the picture"),
        Column("label", "VARCHAR", "Text of the point on the axis; empty where the position says it"),
        Column("position", "DOUBLE", "Place on the horizontal axis"),
        Column("value", "DOUBLE", "Height", is_nullable=True),
    ),
)
