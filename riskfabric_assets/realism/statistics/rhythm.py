"""How payments of one person follow each other: bursts, waiting times, retries, the pay cycle."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

LEAST_GAPS: Final = 50
"""Gaps of a customer below which burstiness is noise, even with the finite-size correction."""
LEAST_KS_GAPS: Final = 100
KOLMOGOROV_P01: Final = 1.6276
"""Critical value of Kolmogorov's distribution at p = 0.01."""
NIGHT_ENDS_AT: Final = 6
"""Hours of a day that are taken out before gaps are compared with an exponential law."""
RETRY_SECONDS: Final = 600

BURSTS: Final = f"""
    gaps as (
        select
            customer_id,
            epoch(event_at - lag(event_at) over (partition by customer_id order by event_at, event_id)) as gap
        from payments where entry_mode <> 'mandate'
    ),
    spread as (
        select count(gap) as n, stddev_pop(gap) / nullif(avg(gap), 0) as r
        from gaps where gap is not null group by customer_id having count(gap) >= {LEAST_GAPS}
    ),
    bursts as (
        select (sqrt(n + 1) * r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) * r + sqrt(n - 1)) as b from spread
    )
"""
"""Burstiness `b` of each customer with enough gaps, in `bursts`."""

PAYS: Final = """
    pays as (
        select
            customer_id,
            event_at as paid_at,
            lead(event_at) over (partition by customer_id order by event_at) as next_at
        from events where event_kind = 'salary_credit'
    )
"""
"""Each pay of each customer, and the next one, in `pays`."""


def burstiness(lake: Lake) -> dict[str, float | None]:
    """Return the median of B_n over customers with at least 50 gaps, and the share of them with B_n above 0.

    B_n is the finite-size burstiness of Kim and Jo (2016): ((sqrt(n+1) r - sqrt(n-1)) / ((sqrt(n+1) - 2) r +
    sqrt(n-1))), r = sd / mean. Mandates run by a calendar and are left out.
    """
    return lake.row(f"""
        with {BURSTS}
        select median(b) as median_burstiness, avg((b > 0)::int) as bursty_share, count(b) as count from bursts
    """)


def not_poisson(lake: Lake) -> dict[str, float | None]:
    """Return the share of customers whose waking gaps are not exponential (Kolmogorov-Smirnov, p < 0.01).

    Waking time runs from 6 to 24 h local; the mean is estimated from the gaps, which makes the test cautious.
    """
    return lake.row(f"""
        with waking as (
            select
                customer_id,
                epoch(event_date::timestamp) * (24 - {NIGHT_ENDS_AT}) / 24.0
                    + greatest(epoch(event_at_local - event_date::timestamp) - {NIGHT_ENDS_AT * 3600}, 0) as awake_at
            from payments where entry_mode <> 'mandate'
        ),
        gaps as (
            select customer_id, awake_at - lag(awake_at) over (partition by customer_id order by awake_at) as gap
            from waking
        ),
        ranked as (
            select
                customer_id,
                1 - exp(-gap / nullif(avg(gap) over (partition by customer_id), 0)) as expected,
                row_number() over (partition by customer_id order by gap) as position,
                count(*) over (partition by customer_id) as n
            from gaps where gap is not null
        ),
        tests as (
            select any_value(n) as n, max(greatest(position / n - expected, expected - (position - 1) / n)) as distance
            from ranked where n >= {LEAST_KS_GAPS} group by customer_id
        )
        select
            avg((distance * (sqrt(n) + 0.12 + 0.11 / sqrt(n)) > {KOLMOGOROV_P01})::int) as rejected_share,
            count(*) as count
        from tests
    """)


def retries(lake: Lake) -> dict[str, float | None]:
    """Return the share of declines tried again with the same payee within ten minutes, and how many of those succeed.

    A decline that is itself the last of a chain counts as not retried; mandates are retried by machines, not people.
    """
    return lake.row(f"""
        with tries as (
            select
                status,
                lead(status) over payee as next_status,
                epoch(lead(event_at) over payee - event_at) as wait
            from attempts where entry_mode <> 'mandate' and coalesce(payee_id, merchant_id) is not null
            window payee as (
                partition by customer_id, coalesce(payee_id, merchant_id) order by event_at, event_id
            )
        )
        select
            avg(coalesce(wait <= {RETRY_SECONDS}, false)::int) as retried_share,
            avg((next_status = 'approved')::int) filter (wait <= {RETRY_SECONDS}) as success_share,
            count(*) as count
        from tries where status = 'declined'
    """)


def pay_cycle(lake: Lake) -> dict[str, float | None]:
    """Return the rate of insufficient funds in the last 7 days before pay over that in the first 7 days after it."""
    return lake.row(f"""
        with {PAYS},
        tries as (
            select
                (attempts.decline_reason = 'insufficient_funds')::int as ran_short,
                attempts.event_at < pays.paid_at + interval 7 day as is_first,
                attempts.event_at >= pays.next_at - interval 7 day as is_last
            from attempts
            asof join pays on attempts.customer_id = pays.customer_id and attempts.event_at >= pays.paid_at
            where pays.next_at is not null and attempts.event_at < pays.next_at
                and pays.next_at - pays.paid_at between interval 20 day and interval 45 day
        )
        select
            avg(coalesce(ran_short, 0)) filter (is_last) / nullif(avg(coalesce(ran_short, 0)) filter (is_first), 0)
                as short_ratio,
            least(sum(ran_short) filter (is_last), sum(ran_short) filter (is_first)) as count
        from tries
    """)
