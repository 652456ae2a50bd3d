"""Balances before and after every movement of a month, from the opening on: what bronze does not store."""

from collections.abc import Iterator
from typing import Final

from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.units import first_day

_CARRIED: Final = """
create or replace temp table carried as
select account_id, cast(sum(change_minor) as bigint) as balance_minor
from (
    select account_id, amount_minor as change_minor
    from history.account_events
    where event_kind <> 'returned_debit' and event_date < $first
    union all
    select account_id, -amount_minor as change_minor
    from history.transactions
    where status = 'approved' and event_date < $first
)
group by account_id
"""
_MOVEMENTS: Final = """
create or replace temp table movements as
with
changes as (
    select event_id, account_id, event_at, if(event_kind = 'returned_debit', 0, amount_minor) as change_minor
    from month.account_events
    union all
    select event_id, account_id, event_at, if(status = 'approved', -amount_minor, 0) as change_minor
    from month.transactions
),
summed as (
    select
        *, sum(change_minor) over (
            partition by account_id order by event_at, event_id rows unbounded preceding
        ) as moved_minor
    from changes
)
select
    event_id, summed.account_id, event_at, change_minor,
    cast(coalesce(balance_minor, 0) + moved_minor - change_minor as bigint) as before_minor,
    cast(coalesce(balance_minor, 0) + moved_minor as bigint) as after_minor
from summed
left join carried on carried.account_id = summed.account_id
"""
_CARRY: Final = """
create or replace temp table carried as
select account_id, cast(sum(balance_minor) as bigint) as balance_minor
from (
    select account_id, balance_minor from carried
    union all
    select account_id, change_minor from movements
)
group by account_id
"""


def each_month_with_balances(source: Source) -> Iterator[str]:
    """Yield every exported month with the table `movements` beside the views of `month`.

    `movements` has a row per payment and account event: event_id, account_id, event_at, change_minor, before_minor and
    after_minor; a declined payment changes nothing.
    """
    first = f"date '{first_day(source.months[0]).isoformat()}'"
    source.connection.execute(_CARRIED.replace("$first", first))
    for month in source.each_month():
        source.connection.execute(_MOVEMENTS)
        yield month
        source.connection.execute(_CARRY)
