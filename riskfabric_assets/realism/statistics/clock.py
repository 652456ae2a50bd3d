"""When people pay: hours, weekdays, early month, festivals, growth."""

import datetime as dt
from typing import Final

from riskfabric_assets.realism.lake import Lake

DIWALI: Final = (dt.date(2024, 10, 31), dt.date(2025, 10, 20), dt.date(2026, 11, 8))
"""Diwali day; the window is Dhanteras (two days before) to Diwali. Source: calendar of India, calibration 5.1."""
MONTH_EARLIER_DAYS: Final = 28
"""The same weekdays a month earlier."""
DAY_SHARES: Final = 7
"""Days that count as early in the month."""


def hours(lake: Lake) -> dict[str, float | None]:
    """Return the share of instant payments in NPCI's peak windows and at night, and the hour with most of them."""
    return lake.row("""
        with moments as (
            select
                hour(event_at_local) as clock_hour,
                hour(event_at_local) * 60 + minute(event_at_local) as clock_minute
            from payments where channel = 'instant' and entry_mode <> 'mandate'
        )
        select
            avg((clock_minute between 600 and 779 or clock_minute between 1020 and 1289)::int) as peak_window_share,
            avg((clock_hour < 5)::int) as night_share,
            mode(clock_hour) as peak_hour,
            count(*) as count
        from moments
    """)


def weekdays(lake: Lake) -> dict[str, float | None]:
    """Return the highest over the lowest mean day of the week of instant payments to merchants."""
    return lake.row("""
        with days as (
            select event_date, count(*) as payments_seen
            from payments where channel = 'instant' and payment_kind <> 'transfer' group by event_date
        ),
        weekdays as (
            select avg(payments_seen) as daily_mean, sum(payments_seen) as payments_seen
            from days group by isodow(event_date)
        )
        select max(daily_mean) / min(daily_mean) as weekday_ratio, sum(payments_seen) as count
        from weekdays having count(*) = 7
    """)


def friday_and_saturday(lake: Lake) -> dict[str, float | None]:
    """Return the share of Friday and Saturday in payments, and whether Tuesday is the slowest day (1 or 0)."""
    return lake.row("""
        with days as (select event_date, count(*) as payments_seen from payments group by event_date),
        weekdays as (
            select isodow(event_date) as weekday, avg(payments_seen) as daily_mean, sum(payments_seen) as payments_seen
            from days group by 1
        )
        select
            sum(daily_mean) filter (weekday in (5, 6)) / sum(daily_mean) as friday_saturday_share,
            (arg_min(weekday, daily_mean) = 2)::int as tuesday_is_slowest,
            sum(payments_seen) as count
        from weekdays having count(*) = 7
    """)


def early_month(lake: Lake) -> dict[str, float | None]:
    """Return the value share of days 1-7 of whole months over their share of days."""
    return lake.row(f"""
        with months as (
            select
                sum(amount) filter (day(event_date) <= {DAY_SHARES}) / sum(amount) as early_share,
                {DAY_SHARES}.0 / day(last_day(any_value(event_date))) as even_share,
                count(*) as payments_seen
            from payments group by date_trunc('month', event_date)
            having count(distinct event_date) = day(last_day(any_value(event_date)))
        )
        select avg(early_share / even_share) as early_value_ratio, sum(payments_seen) as count from months
    """)


def diwali(lake: Lake) -> dict[str, float | None]:
    """Return instant payments from Dhanteras to Diwali over the same weekdays a month earlier, by count and value."""
    earlier, inside = dt.timedelta(days=MONTH_EARLIER_DAYS), diwali_windows(lake)
    if not inside:
        return {"count_ratio": None, "value_ratio": None, "count": 0}
    festive = " or ".join(f"event_date between '{first}' and '{last}'" for first, last in inside)
    plain = " or ".join(f"event_date between '{first - earlier}' and '{last - earlier}'" for first, last in inside)
    return lake.row(f"""
        select
            count(*) filter ({festive}) / nullif(count(*) filter ({plain}), 0) as count_ratio,
            sum(amount) filter ({festive}) / sum(amount) filter ({plain}) as value_ratio,
            count(*) filter ({plain}) as count
        from payments where channel = 'instant'
    """)


def diwali_windows(lake: Lake) -> list[tuple[dt.date, dt.date]]:
    """Return first and last day of each festival that the data holds together with the same days a month earlier."""
    windows = [(day - dt.timedelta(days=2), day) for day in DIWALI]
    earlier = dt.timedelta(days=MONTH_EARLIER_DAYS)
    return [pair for pair in windows if lake.first_date <= pair[0] - earlier and pair[1] <= lake.last_date]


def trend(lake: Lake) -> dict[str, float | None]:
    """Return growth of count and of mean ticket of instant payments over the same whole months a year earlier."""
    return lake.row("""
        with months as (
            select date_trunc('month', event_date) as month, count(*) as payments_seen, avg(amount) as mean_ticket
            from payments where channel = 'instant' group by 1
            having count(distinct event_date) = day(last_day(any_value(event_date)))
        )
        select
            avg(later.payments_seen / earlier.payments_seen) - 1 as count_growth,
            avg(later.mean_ticket / earlier.mean_ticket) - 1 as ticket_change,
            sum(earlier.payments_seen) as count
        from months as later inner join months as earlier on later.month = earlier.month + interval 1 year
    """)
