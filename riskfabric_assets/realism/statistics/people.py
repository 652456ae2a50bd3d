"""How unequal people are: payments and spend per customer, credit scores."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

_PER_MONTH: Final = """
    months as (select distinct date_trunc('month', event_date) as month from payments),
    holders as (select customer_id from {holders}),
    made as (
        select customer_id, date_trunc('month', event_date) as month, count(*) as n, sum(amount) as spent
        from payments group by 1, 2
    ),
    per_month as (
        select month, coalesce(n, 0) as n, coalesce(spent, 0) as spent
        from holders cross join months left join made using (customer_id, month)
    )
"""


def activity(lake: Lake) -> dict[str, float | None]:
    """Return shape, Gini index and top-decile share of payments per customer in a month, averaged over months.

    The negative-binomial shape is mean^2 / (variance - mean); customers who pay nothing count.
    """
    return lake.row(f"""
        with {_per_month(lake)},
        ranked as (
            select month, n, row_number() over (partition by month order by n) as position,
                count(*) over (partition by month) as people
            from per_month
        ),
        monthly as (
            select
                avg(n) * avg(n) / nullif(var_pop(n) - avg(n), 0) as shape,
                2 * sum(position * n) / (any_value(people) * sum(n))
                    - (any_value(people) + 1) / any_value(people) as gini,
                sum(n) filter (position > 0.9 * people) / sum(n) as top_decile_share,
                any_value(people) as people
            from ranked group by month
        )
        select avg(shape) as shape, avg(gini) as gini, avg(top_decile_share) as top_decile_share, min(people) as count
        from monthly
    """)


def spend(lake: Lake) -> dict[str, float | None]:
    """Return Gini index and log-sd of spend per customer in a month, averaged over months.

    Customers who pay nothing count in the index, and have no logarithm.
    """
    return lake.row(f"""
        with {_per_month(lake)},
        ranked as (
            select month, spent, row_number() over (partition by month order by spent) as position,
                count(*) over (partition by month) as people
            from per_month
        ),
        monthly as (
            select
                2 * sum(position * spent) / (any_value(people) * sum(spent))
                    - (any_value(people) + 1) / any_value(people) as gini,
                stddev_pop(case when spent > 0 then ln(spent) end) as log_sd,
                any_value(people) as people
            from ranked group by month
        )
        select avg(gini) as gini, avg(log_sd) as log_sd, min(people) as count from monthly
    """)


def credit_scores(lake: Lake) -> dict[str, float | None]:
    """Return range, mean and upper share of credit scores, and their correlation with running short of money.

    Running short is the share of attempts declined for insufficient funds and of returned debits per customer.
    """
    return lake.row("""
        with short as (
            select
                attempts.customer_id,
                avg((coalesce(decline_reason, '') = 'insufficient_funds')::int) as short_share,
                count(*) as tries
            from attempts group by attempts.customer_id having count(*) >= 30
        ),
        returned as (
            select customer_id, count(*) as returns from events where event_kind = 'returned_debit' group by customer_id
        ),
        scored as (
            select credit_score, short_share + coalesce(returns, 0) / tries as delinquency
            from customers left join short using (customer_id) left join returned using (customer_id)
            where credit_score is not null
        )
        select
            min(credit_score) as lowest_score,
            max(credit_score) as highest_score,
            avg(credit_score) as mean_score,
            avg((credit_score >= 720)::int) as good_score_share,
            corr(credit_score, delinquency) as delinquency_correlation,
            count(*) as count
        from scored
    """)


def _per_month(lake: Lake) -> str:
    """Count everybody where the customers are known, else those who pay."""
    is_known = "customers" in lake.available
    return _PER_MONTH.format(holders="customers" if is_known else "(select distinct customer_id from payments)")
