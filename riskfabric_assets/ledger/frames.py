"""Columns in order as frames that keep their contracts; no Python per row."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, TRANSACTIONS
from riskfabric_assets.ledger.ordering import order_of, sort_payments
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_CODE, Dictionaries, Rows
from riskfabric_assets.world.clock import Clock


def transactions_frame(rows: Rows, clock: Clock, dictionaries: Dictionaries, currency_code: str) -> pl.DataFrame:
    """Return payment records as bronze/transactions, in order.

    Args:
        rows: Records of PAYMENT_ROW, shape (n,), in any order.
        clock: Days of the month.
        dictionaries: Texts behind the codes.
        currency_code: ISO 4217 code of every payment.
    """
    columns = sort_payments(rows, clock)
    series = {name: pl.Series(name, values) for name, values in columns._asdict().items()}
    for name in ("card_id", "device_id"):
        series[name] = _null_where(series[name], columns._asdict()[name] < 0)
    series["ip_address"] = _null_where(series["ip_address"], columns.ip_address == NO_ADDRESS)
    series["decline_reason"] = _null_where(series["decline_reason"], columns.decline_reason == NO_CODE)
    for column in TRANSACTIONS.columns:
        if column.values:
            series[column.name] = series[column.name].cat.to(column.polars_type)
    series["currency_code"] = texts([currency_code], np.zeros(rows.shape[0], dtype=np.uint8))
    series["merchant_country_code"] = texts(dictionaries.countries, columns.merchant_country)
    series["network_name"] = texts(dictionaries.networks, columns.network)
    series["user_agent"] = texts(dictionaries.user_agents, columns.user_agent)
    series["event_date"] = series["event_date"].cast(pl.Date)
    for name in ("event_at", "event_at_local"):
        series[name] = series[name].cast(pl.Datetime("us"))
    return pl.DataFrame({name: series[name] for name in TRANSACTIONS.schema})


def account_events_frame(rows: Rows, clock: Clock, currency_code: str) -> pl.DataFrame:
    """Return event records as bronze/account_events, in order."""
    ordered = rows[order_of(rows)]
    day, moment = ordered["event_date"] - clock.first_day, ordered["event_at"]
    is_later = moment >= clock.change_at[day]
    offset = np.where(is_later, clock.offset_after_microseconds[day], clock.offset_microseconds[day])
    kind = ACCOUNT_EVENTS.column("event_kind").polars_type
    series = {name: pl.Series(name, np.ascontiguousarray(ordered[name])) for name in ordered.dtype.names or ()}
    series["event_kind"] = series["event_kind"].cat.to(kind)
    series["currency_code"] = texts([currency_code], np.zeros(ordered.shape[0], dtype=np.uint8))
    series["event_date"] = series["event_date"].cast(pl.Date)
    series["event_at"] = series["event_at"].cast(pl.Datetime("us"))
    series["event_at_local"] = pl.Series(moment + offset).cast(pl.Datetime("us"))
    return pl.DataFrame({name: series[name] for name in ACCOUNT_EVENTS.schema})


def texts(dictionary: Sequence[str], codes: npt.NDArray[np.integer]) -> pl.Series:
    """Return the text of every code as an enumeration of the run; a negative code is null."""
    series = pl.Series(codes)
    if codes.dtype.kind == "i":
        series = _null_where(series, codes < 0)
    return series.cat.to(pl.Enum(list(dictionary)))


def _null_where(series: pl.Series, is_null: npt.NDArray[np.bool_]) -> pl.Series:
    return series.set(pl.Series(is_null), None)
