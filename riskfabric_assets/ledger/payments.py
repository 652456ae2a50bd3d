"""Payment records as columns of bronze/transactions, in order; no Python per row."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.simulation.columns import (
    NO_CODE,
    NO_ID,
    PAYMENT_ROW,
    Bools,
    Dictionaries,
    Float32s,
    Int16s,
    Int32s,
    Int64s,
    PaymentColumns,
    Rows,
    UInt8s,
    UInt32s,
    UInt64s,
    payments_of,
)
from riskfabric_assets.warehouse.columnar.pages import Values
from riskfabric_assets.world.clock import Clock, local_of

Numbers: TypeAlias = npt.NDArray[np.generic]

TILE_ROWS: Final = 512
"""64 KB of records: they stay in the cache while their columns are written; measured."""


class SortedPayments(NamedTuple):
    """Columns of payments, contiguous and in order, all of shape (n,); codes and indices as in PaymentColumns."""

    event_id: Int64s
    customer_id: Int64s
    account_id: Int64s
    card_id: Int64s
    instrument_id: Int64s
    device_id: Int64s
    merchant_id: Int64s
    payee_id: Int64s
    merchant_category: UInt8s
    payment_kind: UInt8s
    channel: UInt8s
    rail: UInt8s
    entry_mode: UInt8s
    authentication: UInt8s
    status: UInt8s
    decline_reason: UInt8s
    engine_rule: UInt8s
    merchant_country: UInt8s
    merchant_currency: UInt8s
    network: Int16s
    user_agent: Int32s
    amount_minor: Int64s
    merchant_amount_minor: Int64s
    fee_minor: Int32s
    merchant_category_code: Int16s
    ip_address: UInt32s
    latitude: Float32s
    longitude: Float32s
    h3_cell_r7: UInt64s
    is_present: Bools
    event_date: Int32s
    event_at: Int64s
    event_at_local: Int64s
    has_card: Bools
    has_connection: Bools
    """Whether device, network, user agent and address are known."""
    is_declined: Bools
    is_declined_by_rule: Bools
    has_merchant: Bools
    has_payee: Bools
    is_abroad: Bools
    """Whether currency, amount and fee of the merchant are known."""


_DERIVED: Final[dict[str, npt.DTypeLike]] = {"instrument_id": np.int64, "event_at_local": np.int64}
_FLAG_OF: Final = {
    "card_id": "has_card",
    "device_id": "has_connection",
    "network_name": "has_connection",
    "user_agent": "has_connection",
    "ip_address": "has_connection",
    "decline_reason": "is_declined",
    "engine_rule": "is_declined_by_rule",
    "merchant_id": "has_merchant",
    "payee_id": "has_payee",
    "merchant_currency_code": "is_abroad",
    "merchant_amount_minor": "is_abroad",
    "fee_minor": "is_abroad",
}
"""Columns that may be null, and the flag that tells where they are not."""
_INDEX_OF: Final = {
    "merchant_country_code": "merchant_country",
    "merchant_currency_code": "merchant_currency",
    "network_name": "network",
}
"""Text columns whose indices go by another name."""


def room_for_payments(rows: int) -> SortedPayments:
    """Allocate columns; memory is taken up as it is touched."""
    types = {name: _DERIVED.get(name) or PAYMENT_ROW.fields[name][0] for name in _numbers()}  # type: ignore[index]  # a record has fields
    flags = dict.fromkeys(set(_FLAG_OF.values()), np.bool_)
    return SortedPayments(**{name: np.empty(rows, dtype=dtype) for name, dtype in (types | flags).items()})


def texts_of(dictionaries: Dictionaries, currency_code: str) -> dict[str, Sequence[str]]:
    """Return the texts behind the codes of every dictionary column."""
    return {
        "currency_code": [currency_code],
        "merchant_country_code": dictionaries.countries,
        "merchant_currency_code": dictionaries.currencies,
        "rail": dictionaries.rails,
        "network_name": dictionaries.networks,
        "user_agent": dictionaries.user_agents,
    }


def values_of(columns: SortedPayments, rows: int) -> Mapping[str, Values]:
    """Look at the first rows of sorted payments as columns of bronze/transactions; nothing is copied."""
    arrays = {name: array[:rows] for name, array in columns._asdict().items()}
    named = arrays | {name: arrays[index] for name, index in _INDEX_OF.items()}
    named["currency_code"] = np.zeros(rows, dtype=np.uint8)
    return {name: Values(array, arrays.get(_FLAG_OF.get(name, ""))) for name, array in named.items()}


def _numbers() -> list[str]:
    flags = set(_FLAG_OF.values())
    return [name for name in SortedPayments._fields if name not in flags]


class Gatherer:
    """Puts records into columns in order: a tile of records first, then column by column out of the cache."""

    def __init__(self, clock: Clock) -> None:
        """Take memory for one tile.

        Args:
            clock: Days of the month.
        """
        self._clock = clock
        self._tile: Rows = np.empty(TILE_ROWS, dtype=PAYMENT_ROW)
        self._held = payments_of(self._tile)

    def gather(self, rows: Rows, added: Rows, order: Int32s, out: SortedPayments, first: int) -> None:
        """Copy records into columns from row `first` on, with instrument, local time and flags.

        Args:
            rows: Records of PAYMENT_ROW, shape (n,).
            added: More of them, shape (m,).
            order: Positions in rows and, from n on, in added.
            out: Columns with room for all of `order` behind `first`.
            first: Row of the first of them.
        """
        words, more, tile = map(_words, (rows, added, self._tile))
        _gather_kernel(words, more, order, tile, self._held, self._clock, out, first)


def _words(rows: Rows) -> Int64s:
    """Look at records as words, shape (n, words of a record)."""
    return rows.view(np.int64).reshape(-1, PAYMENT_ROW.itemsize // 8)


@lean_kernel
def _gather_kernel(
    words: Int64s,
    more: Int64s,
    order: Int32s,
    tile: Int64s,
    held: PaymentColumns,
    clock: Clock,
    out: SortedPayments,
    first: int,
) -> None:
    count = words.shape[0]
    for start in range(0, order.shape[0], TILE_ROWS):
        rows = min(TILE_ROWS, order.shape[0] - start)
        for step in range(rows):
            place = order[start + step]
            if place < count:
                for word in range(tile.shape[1]):
                    tile[step, word] = words[place, word]
            else:
                for word in range(tile.shape[1]):
                    tile[step, word] = more[place - count, word]
        _lay_ids(held, rows, out, first + start)
        _lay_codes(held, rows, out, first + start)
        _lay_amounts_and_times(held, rows, clock, out, first + start)


@inline_lean_kernel
def _lay(values: Numbers, rows: int, out: Numbers, first: int) -> None:
    for row in range(rows):
        out[first + row] = values[row]


@inline_lean_kernel
def _tell(values: Numbers, rows: int, out: Bools, first: int, null: int) -> None:
    for row in range(rows):
        out[first + row] = values[row] != null


@inline_lean_kernel
def _lay_amounts_and_times(held: PaymentColumns, rows: int, clock: Clock, out: SortedPayments, first: int) -> None:
    _lay(held.amount_minor, rows, out.amount_minor, first)
    _lay(held.merchant_amount_minor, rows, out.merchant_amount_minor, first)
    _lay(held.fee_minor, rows, out.fee_minor, first)
    _lay(held.ip_address, rows, out.ip_address, first)
    _lay(held.latitude, rows, out.latitude, first)
    _lay(held.longitude, rows, out.longitude, first)
    _lay(held.h3_cell_r7, rows, out.h3_cell_r7, first)
    _lay(held.is_present, rows, out.is_present, first)
    _lay(held.event_date, rows, out.event_date, first)
    _lay(held.event_at, rows, out.event_at, first)
    for row in range(rows):
        day = held.event_date[row] - clock.first_day
        out.event_at_local[first + row] = local_of(clock, day, held.event_at[row])


@inline_lean_kernel
def _lay_ids(held: PaymentColumns, rows: int, out: SortedPayments, first: int) -> None:
    _lay(held.event_id, rows, out.event_id, first)
    _lay(held.customer_id, rows, out.customer_id, first)
    _lay(held.account_id, rows, out.account_id, first)
    _lay(held.card_id, rows, out.card_id, first)
    _lay(held.device_id, rows, out.device_id, first)
    _lay(held.merchant_id, rows, out.merchant_id, first)
    _lay(held.payee_id, rows, out.payee_id, first)
    _tell(held.card_id, rows, out.has_card, first, NO_ID)
    _tell(held.device_id, rows, out.has_connection, first, NO_ID)
    _tell(held.merchant_id, rows, out.has_merchant, first, NO_ID)
    _tell(held.payee_id, rows, out.has_payee, first, NO_ID)
    for row in range(rows):
        card = held.card_id[row]
        out.instrument_id[first + row] = card if card != NO_ID else held.account_id[row]


@inline_lean_kernel
def _lay_codes(held: PaymentColumns, rows: int, out: SortedPayments, first: int) -> None:
    _lay(held.merchant_category, rows, out.merchant_category, first)
    _lay(held.merchant_category_code, rows, out.merchant_category_code, first)
    _lay(held.payment_kind, rows, out.payment_kind, first)
    _lay(held.channel, rows, out.channel, first)
    _lay(held.rail, rows, out.rail, first)
    _lay(held.entry_mode, rows, out.entry_mode, first)
    _lay(held.authentication, rows, out.authentication, first)
    _lay(held.status, rows, out.status, first)
    _lay(held.decline_reason, rows, out.decline_reason, first)
    _lay(held.engine_rule, rows, out.engine_rule, first)
    _lay(held.merchant_country, rows, out.merchant_country, first)
    _lay(held.merchant_currency, rows, out.merchant_currency, first)
    _lay(held.network, rows, out.network, first)
    _lay(held.user_agent, rows, out.user_agent, first)
    _tell(held.decline_reason, rows, out.is_declined, first, NO_CODE)
    _tell(held.engine_rule, rows, out.is_declined_by_rule, first, NO_CODE)
    _tell(held.merchant_currency, rows, out.is_abroad, first, NO_CODE)
