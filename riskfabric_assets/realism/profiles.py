"""What the report draws: profiles of the honest ledger as points, one query each."""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from riskfabric_assets.foundation.tables.realism import PROFILES
from riskfabric_assets.realism.lake import Lake
from riskfabric_assets.realism.statistics.clock import diwali_windows
from riskfabric_assets.realism.statistics.rhythm import BURSTS, PAYS
from riskfabric_assets.realism.statistics.space import distance_sql

Query = Callable[[Lake], str | None]
"""Returns SQL with columns series, label, position and value; None where the data cannot tell."""
RANKS: Final = 20
FESTIVAL_DAYS: Final = (21, 9)
"""Days before and after Diwali that its picture shows."""

GROUPS: Final = """
    case
        when channel = 'instant' and payment_kind = 'transfer' then 'instant, to people'
        when channel = 'instant' then 'instant, to merchants'
        when channel in ('pos', 'online') then 'cards'
    end
"""


def profiles(lake: Lake, queries: Mapping[str, Query] | None = None) -> pl.DataFrame:
    """Return profiles (all of QUERIES by default) as the table realism/profiles; one without data has no rows."""
    frames = [_points(lake, name, query(lake)) for name, query in (queries or QUERIES).items()]
    return pl.concat([PROFILES.empty(), *frames])


def _points(lake: Lake, name: str, sql: str | None) -> pl.DataFrame:
    if sql is None:
        return PROFILES.empty()
    rows = lake.connection.execute(f"""
        select '{name}' as profile, series::varchar as series, label::varchar as label, position::double as position,
            value::double as value
        from ({sql}) where series is not null order by series, position
    """).pl()
    return rows.cast(pl.Schema(PROFILES.schema))


def _hours(lake: Lake) -> str:
    return """
        select
            case when is_present then 'at the counter' else 'from a distance' end as series,
            '' as label,
            hour(event_at_local) as position,
            count(*) / sum(count(*)) over (partition by is_present) as value
        from payments where entry_mode <> 'mandate' group by is_present, hour(event_at_local)
    """


def _weekdays(lake: Lake) -> str:
    return """
        with days as (select event_date, count(*) as n from payments group by event_date)
        select
            'payments' as series,
            strftime(min(event_date), '%a') as label,
            isodow(event_date) as position,
            avg(n) / (select avg(n) from days) as value
        from days group by isodow(event_date)
    """


def _amounts(lake: Lake) -> str:
    return f"""
        with grouped as (select {GROUPS} as series, floor(log10(amount) * 4) / 4 as bin from payments where amount > 0)
        select series, '' as label, bin + 0.125 as position,
            count(*) / sum(count(*)) over (partition by series) as value
        from grouped where series is not null group by series, bin
    """


def _heaping(lake: Lake) -> str:
    return f"""
        with grouped as (
            select {GROUPS} as series, case
                when amount_minor % 100000 = 0 then 1
                when amount_minor % 10000 = 0 then 2
                when amount_minor % 1000 = 0 then 3
                when amount_minor // 100 % 10 = 9 then 4
                when amount_minor % 100 = 0 then 5
                else 6
            end as ending
            from payments where payment_kind in ('purchase', 'transfer')
        )
        select series, ['1,000', '100', '10', '…9', '1', 'odd'][ending] as label, ending as position,
            count(*) / sum(count(*)) over (partition by series) as value
        from grouped where series is not null group by series, ending
    """


def _favourites(lake: Lake) -> str:
    return f"""
        with shops as (
            select
                customer_id, count(*) as n, row_number() over (partition by customer_id order by count(*) desc) as place
            from payments where payment_kind = 'purchase' and merchant_id is not null group by customer_id, merchant_id
        ),
        people as (select customer_id, sum(n) as visits from shops group by customer_id having sum(n) >= 60)
        select 'share of visits' as series, '' as label, place as position, avg(n / visits) as value
        from shops inner join people using (customer_id) where place <= {RANKS} group by place
    """


def _distance(lake: Lake) -> str | None:
    if "customers" not in lake.available:
        return None
    away = distance_sql("latitude", "longitude", "home_latitude", "home_longitude")
    return f"""
        with away as (
            select floor(log10(greatest({away}, 0.1)) * 4) / 4 as bin
            from payments inner join customers using (customer_id) where is_present and payment_kind = 'purchase'
        )
        select 'density' as series, '' as label, bin + 0.125 as position,
            count(*) / sum(count(*)) over () / (pow(10, bin + 0.25) - pow(10, bin)) as value
        from away where bin is not null group by bin
    """


def _burstiness(lake: Lake) -> str:
    return f"""
        with {BURSTS}
        select 'customers' as series, '' as label, floor(b * 20) / 20 + 0.025 as position,
            count(*) / sum(count(*)) over () as value
        from bursts group by floor(b * 20)
    """


def _pay_cycle(lake: Lake) -> str:
    return f"""
        with {PAYS}
        select 'insufficient funds' as series, '' as label, date_diff('day', paid_at, attempts.event_at) as position,
            avg((coalesce(decline_reason, '') = 'insufficient_funds')::int) as value
        from attempts asof join pays on attempts.customer_id = pays.customer_id and attempts.event_at >= pays.paid_at
        where date_diff('day', paid_at, attempts.event_at) < 31 and coalesce(attempts.event_at < pays.next_at, true)
        group by 3
    """


def _diwali(lake: Lake) -> str | None:
    windows = diwali_windows(lake)
    if not windows:
        return None
    day = f"date '{windows[-1][1]}'"
    before, after = FESTIVAL_DAYS
    return f"""
        with days as (
            select event_date - {day} as position, count(*) as n, sum(amount) as spent
            from payments where channel = 'instant' and event_date between {day} - {before} and {day} + {after}
            group by 1
        ),
        usual as (select avg(n) as n, avg(spent) as spent from days where position between -{before} and -8)
        select 'count' as series, '' as label, days.position, days.n / usual.n as value from days cross join usual
        union all
        select 'value' as series, '' as label, days.position, days.spent / usual.spent from days cross join usual
    """


QUERIES: Final[dict[str, Query]] = {
    "hours": _hours,
    "weekdays": _weekdays,
    "amounts": _amounts,
    "heaping": _heaping,
    "favourites": _favourites,
    "distance": _distance,
    "burstiness": _burstiness,
    "pay_cycle": _pay_cycle,
    "diwali": _diwali,
}
