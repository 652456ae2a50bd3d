"""What the bank learns and when: delays, maturity, disputes and their caps."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

LATE_DAYS: Final = 30
CAP_DAYS: Final = 30
CAPS: Final = (10, 5)
"""Disputes of one payer, and of one payer with one payee, in 30 days. Source: NPCI, since December 2023."""

_REPORTS: Final = """
    reports as (
        select
            all_attempts.*,
            fraud.is_claimed as is_claim,
            fraud.has_device_anomaly,
            labels.reported_by,
            epoch(labels.label_known_at - all_attempts.event_at) / 86400.0 as delay_days
        from fraud
        inner join all_attempts on fraud.event_id = all_attempts.event_id
        left join labels on fraud.event_id = labels.event_id
    )
"""


def scam_delay(lake: Lake) -> dict[str, float | None]:
    """Return delays of reports of scams that the victim paid on their own device: median, 95 %, within a day."""
    return lake.row(f"""
        with {_REPORTS}
        select
            median(delay_days) as median_days,
            quantile_cont(delay_days, 0.95) as p95_days,
            avg((delay_days <= 1)::int) as same_day_share,
            count(*) as count
        from reports
        where not is_claim and not has_device_anomaly and channel in ('instant', 'bank_transfer')
            and delay_days is not null
    """)


def online_card_delay(lake: Lake) -> dict[str, float | None]:
    """Return delays of reports of card fraud online: median and 99 %."""
    return lake.row(f"""
        with {_REPORTS}
        select median(delay_days) as median_days, quantile_cont(delay_days, 0.99) as p99_days, count(*) as count
        from reports
        where not is_claim and channel = 'online' and card_id is not null and delay_days is not null
    """)


def maturity(lake: Lake) -> dict[str, float | None]:
    """Return the share of fraud labels that arrive after 30 days, and the share of fraud never labeled."""
    return lake.row(f"""
        with {_REPORTS}
        select
            avg((delay_days > {LATE_DAYS})::int) as late_share,
            avg((delay_days is null)::int) as never_share,
            count(*) as count
        from reports where not is_claim and status = 'approved'
    """)


def disputes(lake: Lake) -> dict[str, float | None]:
    """Return lags of disputes by payers of honest payments: instant (longest) and by card (median, longest).

    A claim on an honest payment reaches the bank as a dispute and in no other way. `online_card_ratio` is claims and
    fraud reports of cards online over such payments.
    """
    found = lake.row(f"""
        with {_REPORTS}
        select
            max(delay_days) filter (is_claim and channel = 'instant') as instant_longest_days,
            median(delay_days) filter (is_claim and card_id is not null) as card_median_days,
            max(delay_days) filter (is_claim and card_id is not null) as card_longest_days,
            count(delay_days) filter (is_claim) as count
        from reports
    """)
    ratio = lake.row("""
        select avg((labels.event_id is not null)::int) as online_card_ratio
        from all_payments left join labels on all_payments.event_id = labels.event_id
        where channel = 'online' and card_id is not null
    """)
    return {**found, **ratio}


def caps(lake: Lake) -> dict[str, float | None]:
    """Return victims' instant reports above the caps: 10 per payer, 5 per payer and payee, in 30 days."""
    payer, pair = CAPS
    month = f"range between interval {CAP_DAYS - 1} days preceding and current row"
    return lake.row(f"""
        with filed as (
            select
                count(*) over (partition by labels.customer_id order by label_known_at::date {month}) as by_payer,
                count(*) over (
                    partition by labels.customer_id, coalesce(payee_id, merchant_id)
                    order by label_known_at::date {month}
                ) as by_pair
            from labels inner join all_attempts on labels.event_id = all_attempts.event_id
            where labels.reported_by = 'victim' and channel = 'instant'
        )
        select
            count(*) filter (by_payer > {payer}) as payer_violations,
            count(*) filter (by_pair > {pair}) as pair_violations,
            count(*) as count
        from filed
    """)
