"""Accounts that stolen money passes through: how much of it goes on, how fast, how long they live."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

_MULES: Final = """
    cases as (
        select all_payments.*, fraud.attack_id,
            count(*) filter (fraud.phase = 'drain') over (partition by fraud.attack_id) > 0 as is_stolen
        from all_payments inner join fraud on all_payments.event_id = fraud.event_id
        where not fraud.is_claimed
    ),
    received as (
        select cases.payee_id as account_id, cases.attack_id, cases.event_at, cases.amount
        from cases inner join accounts on cases.payee_id = accounts.account_id
        where cases.payment_kind = 'transfer' and cases.is_stolen
    ),
    sent as (
        select cases.account_id, cases.attack_id, cases.event_at, cases.amount
        from cases inner join (select distinct account_id, attack_id from received) as mules
            on cases.account_id = mules.account_id and cases.attack_id = mules.attack_id
    ),
    moves as (select account_id, event_at from received union all select account_id, event_at from sent),
    lives as (
        select account_id, epoch(max(event_at) - min(event_at)) / 86400.0 as life_days from moves group by account_id
    )
"""
"""Stolen money that reaches accounts of the population, and what leaves them again of it. Circles of kiting are no part
of it: nobody is robbed."""


def pass_through(lake: Lake) -> dict[str, float | None]:
    """Return the median share of stolen money forwarded within a day, and the median active life in days."""
    return lake.row(f"""
        with {_MULES},
        came as (
            select account_id, attack_id, sum(amount) as amount, min(event_at) as first_at
            from received group by account_id, attack_id
        ),
        forwarded as (
            select came.account_id, came.attack_id, any_value(came.amount) as amount,
                coalesce(sum(sent.amount) filter (sent.event_at <= came.first_at + interval 1 day), 0) as left_amount
            from came left join sent using (account_id, attack_id)
            group by came.account_id, came.attack_id
        )
        select
            (select median(least(left_amount / amount, 1)) from forwarded) as forwarded_share,
            median(life_days) as life_days,
            median(life_days) as life_days_strong_control,
            count(*) as count
        from lives
    """)


def turnover(lake: Lake) -> dict[str, float | None]:
    """Return the mean turnover per account and month, and the median active life in days."""
    return lake.row(f"""
        with {_MULES},
        monthly as (select sum(amount) as amount from received group by account_id, date_trunc('month', event_at))
        select
            (select avg(amount) from monthly) as monthly_turnover,
            median(life_days) as life_days,
            count(*) as count
        from lives
    """)
