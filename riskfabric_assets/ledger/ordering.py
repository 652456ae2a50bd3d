"""One order, `(event_at, event_id)`, and rows turned into columns in that order."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.simulation.columns import (
    NO_CODE,
    Bools,
    Float32s,
    Int16s,
    Int32s,
    Int64s,
    Rows,
    UInt8s,
    UInt32s,
    UInt64s,
)
from riskfabric_assets.world.clock import Clock, local_of


class SortedPayments(NamedTuple):
    """Columns of bronze/transactions that need no dictionary, contiguous and in order, all of shape (n,)."""

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
    """Whether device, network, user agent and address are known; where not, they hold a meaningless 0."""
    is_declined: Bools
    """Where not, the decline reason holds a meaningless 0."""
    has_merchant: Bools
    has_payee: Bools
    is_abroad: Bools
    """Where not, currency, amount and fee of the merchant hold a meaningless 0."""


def order_of(event_at: Int64s, event_id: Int64s) -> Int64s:
    """Return the positions in the order (event_at, event_id), shape (n,)."""
    count = event_at.shape[0]
    order = np.empty(count, dtype=np.int64)
    if count == 0:
        return order
    first, last = int(event_at.min()), int(event_at.max())
    shift = max((last - first).bit_length() - count.bit_length(), 0)
    starts = np.zeros(((last - first) >> shift) + 2, dtype=np.int64)
    _order_kernel(event_at, event_id, first, shift, starts, order)
    return order


@lean_kernel
def _order_kernel(event_at: Int64s, event_id: Int64s, first: int, shift: int, starts: Int64s, order: Int64s) -> None:
    """Count into buckets of equal time, place, then sort each bucket, which holds a handful, by insertion."""
    for row in range(event_at.shape[0]):
        starts[((event_at[row] - first) >> shift) + 1] += 1
    for bucket in range(1, starts.shape[0]):
        starts[bucket] += starts[bucket - 1]
    for row in range(event_at.shape[0]):
        bucket = (event_at[row] - first) >> shift
        order[starts[bucket]] = row
        starts[bucket] += 1
    begin = 0
    for bucket in range(starts.shape[0] - 1):
        for place in range(begin + 1, starts[bucket]):
            row, hole = order[place], place
            while hole > begin and _comes_after(event_at, event_id, order[hole - 1], row):
                order[hole] = order[hole - 1]
                hole -= 1
            order[hole] = row
        begin = starts[bucket]


@inline_lean_kernel
def _comes_after(event_at: Int64s, event_id: Int64s, left: int, right: int) -> bool:
    if event_at[left] != event_at[right]:
        return bool(event_at[left] > event_at[right])
    return bool(event_id[left] > event_id[right])


def sort_payments(rows: Rows, added: Rows, clock: Clock) -> SortedPayments:
    """Turn payment records into columns in order, with instrument and local time added.

    Args:
        rows: Records of PAYMENT_ROW, shape (n,).
        added: A few more, shape (m,); joining them here spares a copy of the many.
        clock: Days of the month.
    """
    count = rows.shape[0] + added.shape[0]
    order = order_of(*(np.concatenate([rows[name], added[name]]) for name in ("event_at", "event_id")))
    out = SortedPayments(
        **{name: np.empty(count, dtype=_DERIVED.get(name) or rows.dtype[name]) for name in SortedPayments._fields}
    )
    _columns_kernel(rows, added, order, clock, out)
    return out


_DERIVED: Final[dict[str, npt.DTypeLike]] = {
    "instrument_id": np.int64,
    "event_at_local": np.int64,
    "has_card": np.bool_,
    "has_connection": np.bool_,
    "is_declined": np.bool_,
    "has_merchant": np.bool_,
    "has_payee": np.bool_,
    "is_abroad": np.bool_,
}


@lean_kernel
def _columns_kernel(rows: Rows, added: Rows, order: Int64s, clock: Clock, out: SortedPayments) -> None:
    count = rows.shape[0]
    for position in range(order.shape[0]):
        place = order[position]
        row = rows[place] if place < count else added[place - count]
        out.event_id[position] = row.event_id
        out.customer_id[position] = row.customer_id
        out.account_id[position] = row.account_id
        has_card, has_connection, is_declined = row.card_id >= 0, row.device_id >= 0, row.decline_reason != NO_CODE
        out.has_card[position] = has_card
        out.has_connection[position] = has_connection
        out.is_declined[position] = is_declined
        out.card_id[position] = row.card_id if has_card else 0
        out.instrument_id[position] = row.card_id if has_card else row.account_id
        out.device_id[position] = row.device_id if has_connection else 0
        has_merchant, has_payee, is_abroad = row.merchant_id >= 0, row.payee_id >= 0, row.merchant_currency != NO_CODE
        out.has_merchant[position] = has_merchant
        out.has_payee[position] = has_payee
        out.is_abroad[position] = is_abroad
        out.merchant_id[position] = row.merchant_id if has_merchant else 0
        out.payee_id[position] = row.payee_id if has_payee else 0
        out.merchant_currency[position] = row.merchant_currency if is_abroad else 0
        out.merchant_amount_minor[position] = row.merchant_amount_minor if is_abroad else 0
        out.fee_minor[position] = row.fee_minor if is_abroad else 0
        out.merchant_category[position] = row.merchant_category
        out.payment_kind[position] = row.payment_kind
        out.channel[position] = row.channel
        out.rail[position] = row.rail
        out.entry_mode[position] = row.entry_mode
        out.authentication[position] = row.authentication
        out.status[position] = row.status
        out.decline_reason[position] = row.decline_reason if is_declined else 0
        out.merchant_country[position] = row.merchant_country
        out.network[position] = row.network if has_connection else 0
        out.user_agent[position] = row.user_agent if has_connection else 0
        out.amount_minor[position] = row.amount_minor
        out.merchant_category_code[position] = row.merchant_category_code
        out.ip_address[position] = row.ip_address
        out.latitude[position] = row.latitude
        out.longitude[position] = row.longitude
        out.h3_cell_r7[position] = row.h3_cell_r7
        out.is_present[position] = row.is_present
        out.event_date[position] = row.event_date
        out.event_at[position] = row.event_at
        out.event_at_local[position] = local_of(clock, row.event_date - clock.first_day, row.event_at)
