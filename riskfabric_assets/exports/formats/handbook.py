"""Fraud Detection Handbook: one file per day, with its nine columns, as Parquet in place of pickles."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Final

import polars as pl

from riskfabric_assets.exports.options import ExportOptions as Options
from riskfabric_assets.exports.sheets import Sheet, write_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.foundation.units import first_day, last_day

__all__ = ["SHEETS", "TITLE", "Options", "write"]

TITLE: Final = "Fraud Detection Handbook: daily files of payments at terminals"
DAILY: Final = Sheet(
    "YYYY-MM-DD.parquet",
    "One row per approved payment at a merchant or cash machine on this business day, in order of time",
    (
        Column("TRANSACTION_ID", "BIGINT", "Running number over all days, from 0"),
        Column("TX_DATETIME", "TIMESTAMP", "Local moment"),
        Column("CUSTOMER_ID", "BIGINT", "Payer, numbered from 0"),
        Column("TERMINAL_ID", "BIGINT", "Merchant or cash machine, numbered from 0"),
        Column("TX_AMOUNT", "DOUBLE", "Amount", "major units"),
        Column("TX_TIME_SECONDS", "BIGINT", "Since midnight of the first exported day", "seconds"),
        Column("TX_TIME_DAYS", "BIGINT", "Since the first exported day", "days"),
        Column("TX_FRAUD", "BIGINT", "1 for fraud in truth"),
        Column("TX_FRAUD_SCENARIO", "BIGINT", "Number of the typology in scenarios.csv; 0 for honest"),
    ),
)
SCENARIOS: Final = Sheet(
    "scenarios.csv",
    "One row per typology of the configuration, in order of its name",
    (
        Column("TX_FRAUD_SCENARIO", "BIGINT", "Number, from 1"),
        Column("typology", "VARCHAR", "Name of the typology"),
    ),
)
SHEETS: Final = (DAILY, SCENARIOS)

_TERMINALS: Final = """
create temp table terminals as
select merchant_id, row_number() over (order by merchant_id) - 1 as number
from shops
"""
_ROWS: Final = """
create or replace temp table month_rows as
select
    transactions.event_date,
    $start + row_number() over (order by event_at, transactions.event_id) - 1 as "TRANSACTION_ID",
    event_at_local as "TX_DATETIME", customer_ordinal as "CUSTOMER_ID", terminals.number as "TERMINAL_ID",
    major(amount_minor) as "TX_AMOUNT",
    floor(epoch(event_at_local) - epoch(timestamp '$first')) as "TX_TIME_SECONDS",
    date_diff('day', date '$first', event_at_local) as "TX_TIME_DAYS", typology is not null as "TX_FRAUD",
    coalesce(scenarios.number, 0) as "TX_FRAUD_SCENARIO"
from month.transactions
join people.traits on traits.customer_id = transactions.customer_id
left join terminals on terminals.merchant_id = transactions.merchant_id
left join month.fraud on fraud.event_id = transactions.event_id
left join scenarios on scenarios.name = typology
where status = 'approved' and transactions.merchant_id is not null
order by event_at, transactions.event_id
"""


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write a file for every day, the empty ones too, and the list of scenarios; returns rows by path."""
    connection, first = source.connection, first_day(source.months[0])
    connection.execute(_TERMINALS)
    names = sorted(source.settings.typologies)
    source.load("scenarios", pl.DataFrame({"number": range(1, len(names) + 1), "name": names}))
    query = 'select number as "TX_FRAUD_SCENARIO", name as typology from scenarios order by number'
    rows, count = {SCENARIOS.path: write_sheet(connection, SCENARIOS, folder, query)}, 0
    for month in source.each_month():
        connection.execute(_ROWS.replace("$start", str(count)).replace("$first", first.isoformat()))
        for day in _days(month, source.last_day):
            sheet = dataclasses.replace(DAILY, path=f"{day}.parquet")
            query = f"select * from month_rows where event_date = date '{day}' order by \"TRANSACTION_ID\""
            rows[sheet.path] = write_sheet(connection, sheet, folder, query)
            count += rows[sheet.path]
    return rows


def _days(month: str, last: dt.date) -> list[dt.date]:
    first = first_day(month)
    length = (min(last_day(month), last) - first).days + 1
    return [first + dt.timedelta(days=number) for number in range(length)]
