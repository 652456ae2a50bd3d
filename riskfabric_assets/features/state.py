"""The state of a customer: one packed record, and the table that finds it by customer.

Every field lies on a multiple of its size, so a record has no padding; it is all zero when empty.
Sums are integers: log amounts in steps of 1/4096, cosines and sines in steps of 2**-20, so that they are exact
and the same in any order.
"""

import dataclasses
from typing import Annotated, Final, Protocol, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.lookup import index_kernel, slots_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS

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
ACCOUNT_SLOTS: Final = 4
"""Accounts whose balance is known, of those opened last."""
CREDIT_SLOTS: Final = 12
"""Credits that are remembered one by one."""
CREDIT_COLUMNS: Final = 3
CREDIT_WEEK: Final = 7
CHANGE_SLOTS: Final = 24
"""Account events that are counted in windows and remembered one by one."""
CHANGE_KINDS: Final = EVENT_KINDS[EVENT_KINDS.index("returned_debit") :]
"""Kinds of account event that move nothing; the last one of each is remembered."""

Whole = Annotated[np.int64, "<i8"]
Count = Annotated[np.int64, "<i4"]
Single = Annotated[float, "<f4"]
Marks = npt.NDArray[np.uint32]


class State(Protocol):
    """A record of `STATE`: each field with the type that kernels see, and how it is stored."""

    last_payment_at: Whole  # microseconds; with last_payment_id how far payments are folded
    last_payment_id: Whole
    last_account_event_at: Whole  # microseconds; with last_account_event_id how far account events are folded
    last_account_event_id: Whole
    first_payment_at: Whole  # microseconds
    last_amount_minor: Whole
    second_last_amount_minor: Whole
    last_forgotten_at: Whole  # microseconds; latest payment that the ring could not hold
    sum_amount_24h: Whole  # minor units
    sum_log_amount: Whole  # in 1/4096
    sum_square_log_amount: Whole  # in 1/4096**2
    sum_cosine_hour: Whole  # in 2**-20
    sum_sine_hour: Whole  # in 2**-20
    sum_amount_7d: Whole  # minor units
    counts_7d: Whole  # packed as in `days`
    sum_amount_30d: Whole  # minor units
    sum_log_amount_30d: Whole  # in 1/4096
    sum_square_log_amount_30d: Whole  # in 1/4096**2
    max_amount_30d: Whole  # minor units
    last_present_at: Whole  # microseconds
    sum_received: Whole  # minor units, of all credits
    sum_paid: Whole  # minor units, of all approved payments
    last_forgotten_credit_at: Whole  # microseconds; likewise of credits
    last_forgotten_change_at: Whole
    credits_7d: Whole  # packed as in `credit_days`
    sum_balances: Whole  # minor units, of the accounts below
    sum_openings: Whole  # currency units
    last_present_latitude: Single  # degrees
    last_present_longitude: Single  # degrees
    count_payments: Count
    count_account_events: Count
    count_present_payments: Count
    ring_tail: Count  # number of payments that have left the day before
    count_declines_24h: Count
    count_limit_declines_24h: Count
    day: Count  # today as days since 1970
    last_crowded_day: Count
    count_payments_30d: Count
    count_active_days_30d: Count
    count_night_payments: Count
    count_weekend_payments: Count
    last_category: Count  # code in MERCHANT_CATEGORIES
    count_categories: Count
    count_devices: Count
    count_merchants: Count
    count_payees: Count
    count_countries: Count
    count_credits: Count
    count_changes: Count
    count_accounts: Count  # that were opened
    count_openings: Count  # days in `openings`
    count_forgotten_devices: Count
    count_forgotten_instruments: Count
    count_forgotten_merchants: Count
    count_forgotten_payees: Count
    count_forgotten_ips: Count
    count_forgotten_ip_ranges: Count
    count_forgotten_places: Count
    count_forgotten_countries: Count
    kind_last_at: Annotated[Int64s, "<i8", (len(CHANGE_KINDS),)]  # microseconds
    balances: Annotated[Int64s, "<i8", (ACCOUNT_SLOTS,)]  # minor units
    accounts: Annotated[Marks, "<u4", (ACCOUNT_SLOTS,)]
    devices: Annotated[Marks, "<u4", (DEVICE_SLOTS,)]  # the last used first
    device_first_at: Annotated[Marks, "<u4", (DEVICE_SLOTS,)]  # seconds since 1970
    ips: Annotated[Marks, "<u4", (IP_SLOTS,)]
    ip_ranges: Annotated[Marks, "<u4", (IP_RANGE_SLOTS,)]
    places: Annotated[Marks, "<u4", (PLACE_SLOTS,)]
    countries: Annotated[Marks, "<u4", (COUNTRY_SLOTS,)]  # letters of the code
    instruments: Annotated[Marks, "<u4", (INSTRUMENT_SLOTS,)]
    instrument_counts: Annotated[npt.NDArray[np.int32], "<i4", (INSTRUMENT_SLOTS,)]
    instrument_last_at: Annotated[Int64s, "<i8", (INSTRUMENT_SLOTS,)]  # microseconds
    hours: Annotated[npt.NDArray[np.int32], "<i4", (24,)]  # payments by local hour
    categories: Annotated[npt.NDArray[np.int32], "<i4", (CATEGORY_SLOTS,)]
    payees: Annotated[npt.NDArray[np.uint16], "<u2", (PAYEE_SETS * SET_SLOTS,)]  # likewise
    merchants: Annotated[npt.NDArray[np.uint16], "<u2", (MERCHANT_SETS * SET_SLOTS,)]  # sets of marks of 16 bits
    ring_at: Annotated[Int64s, "<i8", (RING_SLOTS,)]  # microseconds times 4, and the outcome
    ring_amount: Annotated[Marks, "<u4", (RING_SLOTS,)]  # minor units
    days: Annotated[Int64s, "<i8", (DAY_SLOTS, DAY_COLUMNS)]  # business days; columns in kernels/days
    credits: Annotated[Int64s, "<i8", (CREDIT_SLOTS, CREDIT_COLUMNS)]  # columns in kernels/credits
    credit_days: Annotated[Int64s, "<i8", (CREDIT_WEEK,)]  # business days; packed in kernels/credits
    changes: Annotated[Int64s, "<i8", (CHANGE_SLOTS,)]  # microseconds times 4, and what changed
    openings: Annotated[npt.NDArray[np.int32], "<i4", (DAY_SLOTS,)]  # currency units, at the start of business days


STATE: Final = np.dtype(
    [(name, *field.__metadata__) for name, field in get_type_hints(State, include_extras=True).items()]
)
"""The packed record of one customer, at most 4 KB; what every payment touches comes first."""


def offset_of(name: str) -> int:
    """Return the byte at which a field starts; raises KeyError."""
    return int(dict(STATE.fields or {})[name][1])


HEAD_BYTES: Final = offset_of("merchants")
"""What every payment touches: all fields before the merchants."""

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
