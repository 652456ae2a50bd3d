"""Features of the fold as plain SQL: every payment beside all earlier ones of its customer, and an aggregate of them.

Nothing is shared with the fold or its naive oracle; what the state forgets by contract (64 payments of 24 hours) is
left to the flags that say so. `earlier` and `scored` are payments; both are there once for each pair.
"""

import duckdb
import polars as pl

EARLIER = "(earlier.event_at, earlier.event_id) < (scored.event_at, scored.event_id)"
NIGHT = "hour(earlier.event_at_local) not between 6 and 21"


def _count(claim: str) -> str:
    return f"count(*) filter (where {claim})"


def _sum(claim: str) -> str:
    return f"coalesce(sum(earlier.amount_minor) filter (where {claim}), 0)"


def _share(claim: str) -> str:
    return f"{_count(claim)} / nullif(count(earlier.event_id), 0)"


def _seconds(seconds: int) -> str:
    return f"earlier.event_at >= scored.event_at - interval {seconds} seconds"


def _days(days: int) -> str:
    return f"earlier.event_date > scored.event_date - {days}"


DECLINED = "earlier.status = 'declined'"
WINDOWS: dict[str, str] = {
    "payment_sequence_number": "1 + count(earlier.event_id)",
    "seconds_since_last_payment": "(epoch_us(scored.event_at) - max(epoch_us(earlier.event_at))) / 1e6",
    "days_since_first_payment": "coalesce(epoch_us(scored.event_at) - min(epoch_us(earlier.event_at)), 0) / 86400e6",
    "count_payments_60s": _count(_seconds(60)),
    "count_payments_1h": _count(_seconds(3_600)),
    "count_payments_24h": _count(_seconds(86_400)),
    "count_declines_24h": _count(f"{_seconds(86_400)} and {DECLINED}"),
    "count_limit_declines_24h": _count(f"{_seconds(86_400)} and earlier.decline_reason = 'limit_exceeded'"),
    "sum_amount_minor_1h": _sum(_seconds(3_600)),
    "sum_amount_minor_24h": _sum(_seconds(86_400)),
    "count_payments_today": _count(_days(1)),
    "count_payments_7d": _count(_days(7)),
    "count_payments_30d": _count(_days(30)),
    "count_night_payments_7d": _count(f"{_days(7)} and {NIGHT}"),
    "count_declines_7d": _count(f"{_days(7)} and {DECLINED}"),
    "count_new_merchants_7d": _count(f"{_days(7)} and earlier.is_new_merchant"),
    "count_new_payees_7d": _count(f"{_days(7)} and earlier.is_new_payee"),
    "count_active_days_30d": f"count(distinct earlier.event_date) filter (where {_days(30)})",
    "sum_amount_minor_7d": _sum(_days(7)),
    "sum_amount_minor_30d": _sum(_days(30)),
    "max_amount_minor_30d": f"max(earlier.amount_minor) filter (where {_days(30)})",
    "amount_to_mean_30d": f"scored.amount_minor / avg(earlier.amount_minor) filter (where {_days(30)})",
    "amount_to_max_30d": f"scored.amount_minor / max(earlier.amount_minor) filter (where {_days(30)})",
    "hour_share": _share("hour(earlier.event_at_local) = hour(scored.event_at_local)"),
    "category_share": _share("earlier.merchant_category = scored.merchant_category"),
    "night_share": _share(NIGHT),
    "weekend_share": _share("isodow(earlier.event_at_local) >= 6"),
    "count_categories": "count(distinct earlier.merchant_category)",
    "is_new_category": "not coalesce(bool_or(earlier.merchant_category = scored.merchant_category), false)",
    "is_rapid_fire": "coalesce(bool_or(earlier.event_at >= scored.event_at - interval 300 seconds), false)",
    "is_burst": f"{_count(_seconds(60))} + 1 > 3",
}


def windows_of(payments: pl.DataFrame) -> pl.DataFrame:
    """Return event_id and every feature of WINDOWS, by event_id.

    Args:
        payments: bronze/transactions with `is_new_merchant` and `is_new_payee` of silver/payment_features.
    """
    columns = ", ".join(f"({expression})::double as {name}" for name, expression in WINDOWS.items())
    with duckdb.connect() as connection:
        connection.register("payments", payments.to_arrow())
        return connection.execute(f"""
            select scored.event_id, {columns}
            from payments as scored
            left join payments as earlier on earlier.customer_id = scored.customer_id and {EARLIER}
            group by scored.event_id, scored.event_at, scored.event_at_local, scored.event_date, scored.amount_minor,
                scored.merchant_category
            order by scored.event_id
        """).pl()
