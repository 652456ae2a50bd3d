"""PaySim: mobile money with balances before and after, as one CSV."""

from pathlib import Path
from typing import Final

from riskfabric_assets.exports.balances import each_month_with_balances
from riskfabric_assets.exports.options import ExportOptions as Options
from riskfabric_assets.exports.sheets import Sheet, open_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.foundation.units import first_day

__all__ = ["SHEETS", "TITLE", "Options", "write"]

TITLE: Final = "PaySim: money in and out of accounts, with balances"
MONEY: Final = "DECIMAL(18,2)"
LOG: Final = Sheet(
    "paysim.csv",
    "One row per approved payment, payment stopped by the bank's rules, or money that comes in or leaves unseen",
    (
        Column("step", "INTEGER", "Hour since the first exported day, from 1", "hours"),
        Column("type", "VARCHAR", "CASH_IN, CASH_OUT, DEBIT, PAYMENT, TRANSFER"),
        Column("amount", MONEY, "Amount", "major units"),
        Column("nameOrig", "VARCHAR", "Account of the customer, C and its id"),
        Column("oldbalanceOrg", MONEY, "Its balance before", "major units"),
        Column("newbalanceOrig", MONEY, "Its balance after", "major units"),
        Column("nameDest", "VARCHAR", "Merchant (M) or account (C) on the other side", is_nullable=True),
        Column("oldbalanceDest", MONEY, "Balance there before; 0 where the bank has no such account", "major units"),
        Column("newbalanceDest", MONEY, "Balance there after; 0 where the bank has no such account", "major units"),
        Column("isFraud", "TINYINT", "1 for fraud in truth"),
        Column("isFlaggedFraud", "TINYINT", "1 for a payment that the bank's rules declined; no money moved"),
    ),
)
SHEETS: Final = (LOG,)

_ROWS: Final = """
with
received as (
    select related_event_id, before_minor, after_minor
    from month.account_events
    join movements using (event_id)
    where event_kind = 'transfer_credit' and related_event_id is not null
),
paid as (
    select
        event_id, event_at_local, amount_minor, account_id, status = 'declined' as is_flagged,
        case payment_kind
            when 'transfer' then 'TRANSFER'
            when 'cash_withdrawal' then 'CASH_OUT'
            else 'PAYMENT'
        end as type,
        if(payee_id is null, 'M' || merchant_id, 'C' || payee_id) as other
    from month.transactions
    where status = 'approved' or decline_reason = 'issuer_risk_rule'
),
moved as (
    select
        event_id, event_at_local, abs(amount_minor) as amount_minor, account_id, false as is_flagged,
        if(amount_minor < 0, 'DEBIT', 'CASH_IN') as type,
        if(event_kind = 'refund', 'M', 'C') || counterparty_id as other
    from month.account_events
    where
        event_kind in ('salary_credit', 'replenishment', 'refund', 'reversal', 'settlement', 'transfer_credit')
        and not (event_kind = 'transfer_credit' and related_event_id is not null) and amount_minor <> 0
)
select
    floor((epoch(event_at_local) - epoch(timestamp '$first')) / 3600) + 1 as step, type, major(amount_minor) as amount,
    'C' || every.account_id as "nameOrig", major(movements.before_minor) as "oldbalanceOrg",
    major(movements.after_minor) as "newbalanceOrig", other as "nameDest",
    major(coalesce(received.before_minor, 0)) as "oldbalanceDest",
    major(coalesce(received.after_minor, 0)) as "newbalanceDest", fraud.event_id is not null as "isFraud",
    is_flagged as "isFlaggedFraud"
from (from paid union all by name from moved) as every
join movements on movements.event_id = every.event_id
left join received on received.related_event_id = every.event_id
left join month.fraud on fraud.event_id = every.event_id
order by movements.event_at, every.event_id
"""


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write the file; returns its rows by path."""
    query = _ROWS.replace("$first", first_day(source.months[0]).isoformat())
    with open_sheet(source.connection, LOG, folder) as append:
        return {LOG.path: sum(append(query) for _ in each_month_with_balances(source))}
