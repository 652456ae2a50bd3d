"""The state of a customer: one packed record, and the table that finds it by customer.

Every field is 8 bytes, so a record has no padding and is all zero when empty; kernels take it as one record.
Sums are integers: log amounts in steps of 1/4096, cosines and sines in steps of 2**-20, so that they are exact
and the same in any order.
"""

import dataclasses
from typing import Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.lookup import index_kernel, slots_kernel

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]

RING_SLOTS: Final = 64
"""Payments whose moments are remembered for the sliding windows; a power of two."""
DEVICE_SLOTS: Final = 16
"""Devices remembered, the last used first."""
INSTRUMENT_SLOTS: Final = 8
"""Instruments remembered, the last used first."""

STATE: Final = np.dtype(
    [
        ("last_event_at", "<i8"),  # microseconds; with last_event_id the high-water mark of the customer
        ("last_event_id", "<i8"),
        ("count_payments", "<i8"),
        ("count_account_events", "<i8"),
        ("count_present_payments", "<i8"),
        ("last_payment_at", "<i8"),  # microseconds
        ("last_category", "<i8"),  # code in MERCHANT_CATEGORIES
        ("last_amount_minor", "<i8"),
        ("second_last_amount_minor", "<i8"),
        ("last_present_at", "<i8"),  # microseconds
        ("last_present_latitude", "<f8"),  # degrees
        ("last_present_longitude", "<f8"),  # degrees
        ("sum_log_amount", "<i8"),  # in 1/4096
        ("sum_square_log_amount", "<i8"),  # in 1/4096**2
        ("sum_cosine_hour", "<i8"),  # in 2**-20
        ("sum_sine_hour", "<i8"),  # in 2**-20
        ("last_forgotten_at", "<i8"),  # microseconds; latest payment that left the ring
        ("count_known_devices", "<i8"),
        ("count_forgotten_devices", "<i8"),
        ("count_known_instruments", "<i8"),
        ("count_forgotten_instruments", "<i8"),
        ("ring_at", "<i8", (RING_SLOTS,)),  # microseconds
        ("device_ids", "<i8", (DEVICE_SLOTS,)),
        ("instrument_ids", "<i8", (INSTRUMENT_SLOTS,)),
        ("instrument_last_at", "<i8", (INSTRUMENT_SLOTS,)),  # microseconds
        ("instrument_counts", "<i8", (INSTRUMENT_SLOTS,)),
    ]
)
"""The packed record of one customer, at most 4 KB."""


class State(Protocol):
    """A record of `STATE` as kernels see it; the units are there."""

    last_event_at: np.int64
    last_event_id: np.int64
    count_payments: np.int64
    count_account_events: np.int64
    count_present_payments: np.int64
    last_payment_at: np.int64
    last_category: np.int64
    last_amount_minor: np.int64
    second_last_amount_minor: np.int64
    last_present_at: np.int64
    last_present_latitude: float
    last_present_longitude: float
    sum_log_amount: np.int64
    sum_square_log_amount: np.int64
    sum_cosine_hour: np.int64
    sum_sine_hour: np.int64
    last_forgotten_at: np.int64
    count_known_devices: np.int64
    count_forgotten_devices: np.int64
    count_known_instruments: np.int64
    count_forgotten_instruments: np.int64
    ring_at: Int64s
    device_ids: Int64s
    instrument_ids: Int64s
    instrument_last_at: Int64s
    instrument_counts: Int64s


Values = TypeVar("Values", bound=np.generic)


def read_only(array: npt.NDArray[Values]) -> npt.NDArray[Values]:
    """Return a contiguous read-only view; kernels compile again for every mix of writable and read-only inputs."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@dataclasses.dataclass(frozen=True, eq=False)
class CustomerIndex:
    """Open-addressing hash table from customer id to slot; `keys` holds -1 where empty, shape (2**k,)."""

    keys: Int64s
    slots: Int64s

    @classmethod
    def of(cls, customer_ids: Int64s) -> "CustomerIndex":
        """Index ids by their position, at most half full.

        Raises:
            ValueError: An id is negative or appears twice.
        """
        capacity = 1 << max(4, int(2 * customer_ids.shape[0]).bit_length())
        keys, slots = np.full(capacity, -1, dtype=np.int64), np.zeros(capacity, dtype=np.int64)
        if customer_ids.size and customer_ids.min() < 0:
            raise ValueError("negative customer id")
        if index_kernel(read_only(customer_ids), keys, slots):
            raise ValueError("a customer id appears twice")
        return cls(keys, slots)

    def slots_of(self, customer_ids: Int64s) -> Int64s:
        """Return the slot of each id, shape (n,); -1 where it is unknown."""
        out = np.empty(customer_ids.shape[0], dtype=np.int64)
        slots_kernel(read_only(customer_ids), self.keys, self.slots, out)
        return out


@dataclasses.dataclass(frozen=True, eq=False)
class StateTable:
    """States of many customers: slot i of `records`, shape (customers,), belongs to `customer_ids[i]`.

    `contract` is the hash of the feature contract that the states were folded under.
    """

    customer_ids: Int64s
    records: Records
    contract: str
    index: CustomerIndex

    def count_forgotten(self) -> dict[str, int]:
        """Return how often a full state had to forget a device or an instrument, over all customers."""
        return {
            "devices": int(self.records["count_forgotten_devices"].sum()),
            "instruments": int(self.records["count_forgotten_instruments"].sum()),
        }

    def copy(self) -> "StateTable":
        """Return the same states in memory of their own."""
        return dataclasses.replace(self, records=self.records.copy())


def empty_states(customer_ids: Int64s, contract: str) -> StateTable:
    """Return states of customers of whom nothing is known yet.

    Args:
        customer_ids: Every customer that may appear, shape (n,), unique, not negative.
        contract: Hash from `contract_hash`.

    Raises:
        ValueError: An id is negative or appears twice.
    """
    ids = np.ascontiguousarray(customer_ids, dtype=np.int64)
    return StateTable(ids, np.zeros(ids.shape[0], dtype=STATE), contract, CustomerIndex.of(ids))


def enroll(states: StateTable, customer_ids: Int64s) -> StateTable:
    """Return the states with empty ones added for customers that are not there yet, in the order given.

    Raises:
        ValueError: An id is negative or appears twice among the new ones.
    """
    ids = np.ascontiguousarray(customer_ids, dtype=np.int64)
    new = ids[states.index.slots_of(ids) < 0]
    all_ids = np.concatenate([states.customer_ids, new])
    records = np.concatenate([states.records, np.zeros(new.shape[0], dtype=STATE)])
    return StateTable(all_ids, records, states.contract, CustomerIndex.of(all_ids))
