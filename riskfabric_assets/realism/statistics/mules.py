"""Accounts that stolen money passes through: how much of it goes on, how fast, how long they live."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

_RECEIVED: Final = """
    received as (
        select all_payments.payee_id as account_id, all_payments.event_at, all_payments.amount
        from all_payments inner join accounts on all_payments.payee_id = accounts.account_id
        where all_payments.is_fraud and all_payments.payment_kind = 'transfer'
    )
"""
"""Stolen money that reaches an account of the population."""


def pass_through(lake: Lake) -> dict[str, float | None]:
    """Return the median share of stolen money forwarded within a day, and the median active life in days."""
    return lake.row(f"""
        with {_RECEIVED},
        forwarded as (
            select received.account_id, sum(all_payments.amount) as amount
            from received inner join all_payments on received.account_id = all_payments.account_id
                and all_payments.event_at between received.event_at and received.event_at + interval 1 day
            group by received.account_id
        ),
        mules as (
            select account_id, sum(amount) as amount, epoch(max(event_at) - min(event_at)) / 86400.0 as life_days
            from received group by account_id
        )
        select
            median(least(coalesce(forwarded.amount, 0) / mules.amount, 1)) as forwarded_share,
            median(life_days) as life_days,
            median(life_days) as life_days_strong_control,
            count(*) as count
        from mules left join forwarded using (account_id)
    """)


def turnover(lake: Lake) -> dict[str, float | None]:
    """Return the median turnover per account and month, and the median active life in days."""
    return lake.row(f"""
        with {_RECEIVED},
        monthly as (select sum(amount) as amount from received group by account_id, date_trunc('month', event_at)),
        lives as (
            select epoch(max(event_at) - min(event_at)) / 86400.0 as life_days from received group by account_id
        )
        select
            (select avg(amount) from monthly) as monthly_turnover,
            median(life_days) as life_days,
            count(*) as count
        from lives
    """)
