"""What foreign money costs, day by day: published rates, as the bank books payments abroad by."""

from typing import Final

from riskfabric_assets.foundation.contracts import Column, Table

EXCHANGE_RATES: Final = Table(
    "bronze/exchange_rates",
    "One row per day and foreign currency; no rate moves at weekends",
    ("event_date", "currency_code"),
    (
        Column("currency_code", "VARCHAR", "ISO 4217 code of the foreign currency"),
        Column("home_currency_code", "VARCHAR", "ISO 4217 code of the currency of the world"),
        Column("rate", "DOUBLE", "Price of one unit of the foreign currency, without mark-up", "home units"),
        Column("event_date", "DATE", "Business day in the time zone of the world"),
    ),
    is_monthly=True,
)
