"""Columns in order as frames that keep their contracts; no Python per row."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, TRANSACTIONS
from riskfabric_assets.ledger.ordering import order_of, sort_payments
from riskfabric_assets.simulation.columns import NO_ID, Dictionaries, Rows
from riskfabric_assets.world.clock import Clock


def transactions_frame(
    rows: Rows, added: Rows, clock: Clock, dictionaries: Dictionaries, currency_code: str
) -> pl.DataFrame:
    """Return payment records as bronze/transactions, in order.

    Args:
        rows: Records of PAYMENT_ROW, shape (n,), in any order.
        added: More of them, shape (m,).
        clock: Days of the month.
        dictionaries: Texts behind the codes.
        currency_code: ISO 4217 code of every payment.
    """
    columns = sort_payments(rows, added, clock)
    card, connection, decline = map(_bits, (columns.has_card, columns.has_connection, columns.is_declined))
    validity = {"card_id": card, "decline_reason": decline}
    validity |= {"merchant_id": _bits(columns.has_merchant), "payee_id": _bits(columns.has_payee)}
    abroad = _bits(columns.is_abroad)
    validity |= dict.fromkeys(("merchant_currency", "merchant_amount_minor", "fee_minor"), abroad)
    validity |= dict.fromkeys(("device_id", "network", "user_agent", "ip_address"), connection)
    series = {name: series_of(values, validity.get(name)) for name, values in columns._asdict().items()}
    series["currency_code"] = series_of(np.zeros(columns.event_id.shape[0], dtype=np.uint8))
    texts = {
        "currency_code": ("currency_code", [currency_code]),
        "merchant_country_code": ("merchant_country", dictionaries.countries),
        "merchant_currency_code": ("merchant_currency", dictionaries.currencies),
        "rail": ("rail", dictionaries.rails),
        "network_name": ("network", dictionaries.networks),
        "user_agent": ("user_agent", dictionaries.user_agents),
    }
    for name, (code, values) in texts.items():
        series[name] = series[code].cat.to(pl.Enum(list(values)))
    return _in_contract(TRANSACTIONS, series)


def account_events_frame(rows: Rows, clock: Clock, currency_code: str) -> pl.DataFrame:
    """Return event records as bronze/account_events, in order."""
    ordered = rows[order_of(np.ascontiguousarray(rows["event_at"]), np.ascontiguousarray(rows["event_id"]))]
    day, moment = ordered["event_date"] - clock.first_day, ordered["event_at"]
    is_later = moment >= clock.change_at[day]
    offset = np.where(is_later, clock.offset_after_microseconds[day], clock.offset_microseconds[day])
    series = {name: series_of(np.ascontiguousarray(ordered[name])) for name in ordered.dtype.names or ()}
    for name in ("card_id", "device_id", "counterparty_id", "related_event_id"):
        values = np.ascontiguousarray(ordered[name])
        series[name] = series_of(values, _bits(values != NO_ID))
    codes = series_of(np.zeros(ordered.shape[0], dtype=np.uint8))
    series["currency_code"] = codes.cat.to(pl.Enum([currency_code]))
    series["event_at_local"] = pl.Series(moment + offset)
    return _in_contract(ACCOUNT_EVENTS, series)


def series_of(values: npt.NDArray[np.generic], validity: pa.Buffer | None = None) -> pl.Series:
    """Return contiguous values as a series that shares their memory, null where the bit of `validity` is 0.

    The value below a null must be one of the type: a code of its enumeration.
    """
    if values.dtype == np.bool_:
        data, kind = _bits(values.view(np.bool_)), pa.bool_()
    else:
        data, kind = pa.py_buffer(values), pa.from_numpy_dtype(values.dtype)
    return pl.Series(pa.Array.from_buffers(kind, values.shape[0], [validity, data]))


def _bits(flags: npt.NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def _in_contract(table: Table, series: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return the columns of a contract in order, in its types."""
    return pl.DataFrame({column.name: _typed(column, series[column.name]) for column in table.columns})


def _typed(column: Column, series: pl.Series) -> pl.Series:
    if column.values:
        return series.cat.to(column.polars_type)
    return series if column.is_dictionary else series.cast(column.polars_type)
