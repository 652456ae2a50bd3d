"""The state of a customer: one packed record, and the table that finds it by customer.

Every field lies on a multiple of its size, so a record has no padding; it is all zero when empty.
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
"""Payments that are remembered one by one, for the sliding windows; a power of two."""
DAY_SLOTS: Final = 30
DAY_COLUMNS: Final = 5
DEVICE_SLOTS: Final = 16
"""Devices remembered, the last used first."""
INSTRUMENT_SLOTS: Final = 8
"""Instruments remembered, the last used first."""
IP_SLOTS: Final = 16
IP_RANGE_SLOTS: Final = 8
PLACE_SLOTS: Final = 8
COUNTRY_SLOTS: Final = 8
CATEGORY_SLOTS: Final = 20
"""At least one for each of MERCHANT_CATEGORIES."""
SET_SLOTS: Final = 8
MERCHANT_SETS: Final = 16
PAYEE_SETS: Final = 4
"""Merchants and payees are spread over sets of eight by their fingerprint, each the last used first."""

STATE: Final = np.dtype(
    [
        ("last_event_at", "<i8"),  # microseconds; with last_event_id the high-water mark of the customer
        ("last_event_id", "<i8"),
        ("last_payment_at", "<i8"),  # microseconds
        ("first_payment_at", "<i8"),  # microseconds
        ("last_amount_minor", "<i8"),
        ("second_last_amount_minor", "<i8"),
        ("last_forgotten_at", "<i8"),  # microseconds; latest payment that the ring could not hold
        ("sum_amount_24h", "<i8"),  # minor units
        ("sum_log_amount", "<i8"),  # in 1/4096
        ("sum_square_log_amount", "<i8"),  # in 1/4096**2
        ("sum_cosine_hour", "<i8"),  # in 2**-20
        ("sum_sine_hour", "<i8"),  # in 2**-20
        ("sum_amount_7d", "<i8"),  # minor units
        ("counts_7d", "<i8"),  # packed as in `days`
        ("sum_amount_30d", "<i8"),  # minor units
        ("sum_log_amount_30d", "<i8"),  # in 1/4096
        ("sum_square_log_amount_30d", "<i8"),  # in 1/4096**2
        ("max_amount_30d", "<i8"),  # minor units
        ("last_present_at", "<i8"),  # microseconds
        ("last_present_latitude", "<f4"),  # degrees
        ("last_present_longitude", "<f4"),  # degrees
        ("count_payments", "<i4"),
        ("count_account_events", "<i4"),
        ("count_present_payments", "<i4"),
        ("ring_tail", "<i4"),  # number of payments that have left the day before
        ("count_declines_24h", "<i4"),
        ("count_limit_declines_24h", "<i4"),
        ("day", "<i4"),  # today as days since 1970
        ("last_crowded_day", "<i4"),
        ("count_payments_30d", "<i4"),
        ("count_active_days_30d", "<i4"),
        ("count_night_payments", "<i4"),
        ("count_weekend_payments", "<i4"),
        ("last_category", "<i4"),  # code in MERCHANT_CATEGORIES
        ("count_categories", "<i4"),
        ("count_devices", "<i4"),
        ("count_merchants", "<i4"),
        ("count_payees", "<i4"),
        ("count_countries", "<i4"),
        ("count_forgotten_devices", "<i4"),
        ("count_forgotten_instruments", "<i4"),
        ("count_forgotten_merchants", "<i4"),
        ("count_forgotten_payees", "<i4"),
        ("count_forgotten_ips", "<i4"),
        ("count_forgotten_ip_ranges", "<i4"),
        ("count_forgotten_places", "<i4"),
        ("count_forgotten_countries", "<i4"),
        ("devices", "<u4", (DEVICE_SLOTS,)),  # the last used first
        ("device_first_at", "<u4", (DEVICE_SLOTS,)),  # seconds since 1970
        ("ips", "<u4", (IP_SLOTS,)),
        ("ip_ranges", "<u4", (IP_RANGE_SLOTS,)),
        ("places", "<u4", (PLACE_SLOTS,)),
        ("countries", "<u4", (COUNTRY_SLOTS,)),  # letters of the code
        ("instruments", "<u4", (INSTRUMENT_SLOTS,)),
        ("instrument_counts", "<i4", (INSTRUMENT_SLOTS,)),
        ("instrument_last_at", "<i8", (INSTRUMENT_SLOTS,)),  # microseconds
        ("hours", "<i4", (24,)),  # payments by local hour
        ("categories", "<i4", (CATEGORY_SLOTS,)),
        ("payees", "<u2", (PAYEE_SETS * SET_SLOTS,)),  # likewise
        ("merchants", "<u2", (MERCHANT_SETS * SET_SLOTS,)),  # sets of fingerprints of 16 bits
        ("ring_at", "<i8", (RING_SLOTS,)),  # microseconds times 4, and the outcome
        ("ring_amount", "<u4", (RING_SLOTS,)),  # minor units
        ("days", "<i8", (DAY_SLOTS, DAY_COLUMNS)),  # business days; columns in kernels/days
    ]
)
"""The packed record of one customer, at most 4 KB; what every payment touches comes first."""


def offset_of(name: str) -> int:
    """Return the byte at which a field starts; raises KeyError."""
    return int(dict(STATE.fields or {})[name][1])


HEAD_BYTES: Final = offset_of("merchants")
"""What every payment touches: all fields before the merchants."""


class State(Protocol):
    """A record of `STATE` as kernels see it; the units are there."""

    last_event_at: np.int64
    last_event_id: np.int64
    last_payment_at: np.int64
    first_payment_at: np.int64
    last_amount_minor: np.int64
    second_last_amount_minor: np.int64
    last_forgotten_at: np.int64
    sum_amount_24h: np.int64
    sum_log_amount: np.int64
    sum_square_log_amount: np.int64
    sum_cosine_hour: np.int64
    sum_sine_hour: np.int64
    sum_amount_7d: np.int64
    counts_7d: np.int64
    sum_amount_30d: np.int64
    sum_log_amount_30d: np.int64
    sum_square_log_amount_30d: np.int64
    max_amount_30d: np.int64
    last_present_at: np.int64
    last_present_latitude: float
    last_present_longitude: float
    count_payments: np.int64
    count_account_events: np.int64
    count_present_payments: np.int64
    ring_tail: np.int64
    count_declines_24h: np.int64
    count_limit_declines_24h: np.int64
    day: np.int64
    last_crowded_day: np.int64
    count_payments_30d: np.int64
    count_active_days_30d: np.int64
    count_night_payments: np.int64
    count_weekend_payments: np.int64
    last_category: np.int64
    count_categories: np.int64
    count_devices: np.int64
    count_merchants: np.int64
    count_payees: np.int64
    count_countries: np.int64
    count_forgotten_devices: np.int64
    count_forgotten_instruments: np.int64
    count_forgotten_merchants: np.int64
    count_forgotten_payees: np.int64
    count_forgotten_ips: np.int64
    count_forgotten_ip_ranges: np.int64
    count_forgotten_places: np.int64
    count_forgotten_countries: np.int64
    devices: npt.NDArray[np.uint32]
    device_first_at: npt.NDArray[np.uint32]
    ips: npt.NDArray[np.uint32]
    ip_ranges: npt.NDArray[np.uint32]
    places: npt.NDArray[np.uint32]
    countries: npt.NDArray[np.uint32]
    instruments: npt.NDArray[np.uint32]
    instrument_counts: npt.NDArray[np.int32]
    instrument_last_at: Int64s
    hours: npt.NDArray[np.int32]
    categories: npt.NDArray[np.int32]
    payees: npt.NDArray[np.uint16]
    merchants: npt.NDArray[np.uint16]
    ring_at: Int64s
    ring_amount: npt.NDArray[np.uint32]
    days: Int64s


_FORGOTTEN: Final = "count_forgotten_"
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
        """Return how often a full state had to forget a device, a merchant and so on, over all customers."""
        names = (name for name in STATE.names or () if name.startswith(_FORGOTTEN))
        return {name.removeprefix(_FORGOTTEN): int(self.records[name].sum()) for name in names}

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
