"""Where people come back to: own favourites, returns, popularity of merchants."""

from typing import Final

from riskfabric_assets.realism.lake import Lake

LEAST_PAYMENTS: Final = 60
"""Purchases of a customer below which a ranking of shops is noise."""
LEAST_RANKS: Final = 5
KNOWN_DAYS, RETURN_DAYS = 60, 90

_VISITS: Final = """
    visits as (
        select customer_id, merchant_id, event_at, event_id, event_date
        from payments where payment_kind = 'purchase' and merchant_id is not null
    )
"""


def favourites(lake: Lake) -> dict[str, float | None]:
    """Return the median exponent of visits by rank, and the median share of the top shop, of active customers.

    The exponent is the slope of ln(visits) on ln(rank) by least squares over shops visited at least twice: shops
    visited once are a plateau that says more about how long one looks.
    """
    return lake.row(f"""
        with {_VISITS},
        shops as (
            select
                customer_id,
                count(*) as n,
                row_number() over (partition by customer_id order by count(*) desc) as place
            from visits group by customer_id, merchant_id
        ),
        people as (
            select
                -regr_slope(ln(n), ln(place)) filter (n >= 2) as exponent,
                count(*) filter (n >= 2) as ranks,
                max(n) / sum(n) as top_share
            from shops group by customer_id having sum(n) >= {LEAST_PAYMENTS}
        )
        select
            median(exponent) filter (ranks >= {LEAST_RANKS}) as exponent,
            median(top_share) as top_share,
            count(*) as count
        from people
    """)


def returns(lake: Lake) -> dict[str, float | None]:
    """Return how often people go where they went before, and how fast the list of their shops grows.

    `known_share` is the share of purchases in days 61-90 at shops of days 1-60; `growth_exponent` the median over
    customers of ln(S(n) / S(n/4)) / ln(4), where S counts distinct shops among the first purchases.
    """
    return lake.row(f"""
        with {_VISITS},
        start as (select min(event_date) as first_date from visits),
        shops as (
            select customer_id, merchant_id, min(event_date) as first_visit
            from visits group by customer_id, merchant_id
        ),
        later as (
            select shops.first_visit < first_date + {KNOWN_DAYS} as is_known
            from visits inner join shops using (customer_id, merchant_id) cross join start
            where visits.event_date >= first_date + {KNOWN_DAYS} and visits.event_date < first_date + {RETURN_DAYS}
        ),
        ordered as (
            select
                customer_id,
                merchant_id,
                row_number() over (partition by customer_id order by event_at, event_id) as position
            from visits
        ),
        discoveries as (
            select customer_id, min(position) as position, max(position) as last_position
            from ordered group by customer_id, merchant_id
        ),
        sizes as (
            select customer_id, max(last_position) as n, max(last_position) // 4 as quarter
            from discoveries group by customer_id having n >= {LEAST_PAYMENTS}
        ),
        people as (
            select
                ln(count(*) / count(*) filter (position <= quarter)) / ln(any_value(n) / any_value(quarter)) as exponent
            from discoveries inner join sizes using (customer_id) group by customer_id
        )
        select
            (select avg(is_known::int) from later) as known_share,
            (select median(exponent) from people) as growth_exponent,
            (select count(*) from later) as count
    """)


def popularity(lake: Lake) -> dict[str, float | None]:
    """Return the exponent of purchases by rank of merchant over ranks 10 to N/10, and the share of the top percent."""
    return lake.row(f"""
        with {_VISITS},
        shops as (
            select
                count(*) as n,
                row_number() over (order by count(*) desc, merchant_id) as place,
                count(*) over () as shops_seen
            from visits group by merchant_id
        )
        select
            -regr_slope(ln(n), ln(place)) filter (place between 10 and shops_seen / 10) as exponent,
            sum(n) filter (place <= shops_seen / 100) / sum(n) as top_percent_share,
            count(*) as count
        from shops
    """)
