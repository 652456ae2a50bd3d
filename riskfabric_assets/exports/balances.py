"""Balances before and after every movement of a month, from the opening on: what bronze does not store."""

import functools
from collections.abc import Iterator
from typing import Final

from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.warehouse.macros import macro

_macro = functools.partial(macro, "feature_snapshots")
_CARRIED: Final = f"""
create or replace temp table carried as
select account_id, cast(sum(change_minor) as bigint) as balance_minor
from ({_macro("account_changes", "history.transactions", "history.account_events")})
where event_date < $first
group by account_id
"""
_MOVEMENTS: Final = f"""
create or replace temp table changes as {_macro("account_changes", "month.transactions", "month.account_events")};
create or replace temp table movements as {_macro("account_balances", "changes", "carried")}
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
