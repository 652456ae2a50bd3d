"""Record layouts of honest life: one array per kind of thing instead of one per attribute.

A kernel that took an array per attribute would have more than a hundred arguments, compile for minutes and
touch a cache line per attribute. Fields are ordered by width, so that every record is aligned.
"""

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import (
    AUTHENTICATIONS,
    CHANNELS,
    DECLINE_REASONS,
    ENTRY_MODES,
    MERCHANT_CATEGORIES,
)

Records = npt.NDArray[np.void]
Row: TypeAlias = Any  # Any: kernels read fields of a record as attributes, which types of numpy do not know
Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]

CUSTOMER: Final = np.dtype(
    [
        ("customer_id", np.int64),
        ("ordinal", np.int64),
        ("income_minor", np.int64),
        ("phase_microseconds", np.int64),
        ("cell", np.uint64),
        ("latitude", np.float64),
        ("longitude", np.float64),
        ("parallel", np.float64),
        ("session_rate", np.float64),
        ("online_affinity", np.float64),
        ("amount_log", np.float64),
        ("account_first", np.int64),
        ("account_stop", np.int64),
        ("card_first", np.int64),
        ("card_stop", np.int64),
        ("device_first", np.int64),
        ("device_stop", np.int64),
        ("everyday_account", np.int64),
        ("merchant_slots", np.int32, (4,)),
        ("merchant_starts", np.int32, (4,)),
        ("merchant_counts", np.int32, (4,)),
        ("machine_starts", np.int32, (4,)),
        ("machine_counts", np.int32, (4,)),
        ("network", np.int64),
    ]
)
"""One customer: `parallel` is degrees of longitude per degree of latitude, slots are cascaded tiers, and starts and
counts say which rows of the choices are theirs; a count is 0 where there is nothing in the whole market."""

ACCOUNT: Final = np.dtype(
    [
        ("account_id", np.int64),
        ("credit_limit_minor", np.int64),
        ("typical_opening_minor", np.float64),
        ("is_active", np.bool_),
        ("is_credit", np.bool_),
    ],
    align=True,
)
"""One account; the typical opening of a credit line is its usual debt."""

CARD: Final = np.dtype(
    [
        ("card_id", np.int64),
        ("account", np.int64),
        ("contactless_limit_minor", np.int64),
        ("daily_atm_limit_minor", np.int64),
        ("daily_online_limit_minor", np.int64),
        ("activated_day", np.int32),
        ("expiry_day", np.int32),
        ("rail", np.uint8),
        ("is_usable", np.bool_),
        ("is_credit", np.bool_),
    ],
    align=True,
)
"""One card; usable says that the card and its account are active, the days say when."""

DEVICE: Final = np.dtype(
    [
        ("device_id", np.int64),
        ("user_agent", np.int32),
        ("first_seen_day", np.int32),
        ("last_seen_day", np.int32),
        ("has_app", np.bool_),
    ],
    align=True,
)
"""One device."""

PLACE: Final = np.dtype(
    [
        ("place_id", np.int64),
        ("cell", np.uint64),
        ("latitude", np.float64),
        ("longitude", np.float64),
        ("parallel", np.float64),
        ("merchant_category_code", np.int16),
        ("category", np.uint8),
    ],
    align=True,
)
"""One merchant or cash machine."""

CHOICE: Final = np.dtype([("threshold", np.float64), ("member", np.int32), ("other", np.int32)])
"""One step of an alias table: `member` up to the threshold, then `other`."""

NETWORK: Final = np.dtype([("base", np.int64), ("size", np.int64), ("market", np.float64)])
"""One network: address slice, and cumulative share among households (1 for VPN and foreign, which come last)."""

RULES: Final = np.dtype(
    [
        ("channel_shares", np.float64, (len(CHANNELS),)),
        ("remote_shares", np.float64, (len(CHANNELS),)),
        ("contactless_share", np.float64),
        ("authentication", np.float64, (len(ENTRY_MODES), len(AUTHENTICATIONS))),
        ("declines", np.float64, (len(CHANNELS), len(DECLINE_REASONS))),
        ("tiers", np.float64, (2, 4)),
        ("axis_degrees", np.float64),
        ("device_use", np.float64, (3,)),
        ("network_use", np.float64, (4,)),
        ("daily_lease_change", np.float64),
        ("primary_account", np.float64),
        ("log_medians", np.float64, (len(MERCHANT_CATEGORIES),)),
        ("log_sds", np.float64, (len(MERCHANT_CATEGORIES),)),
        ("channel_logs", np.float64, (len(CHANNELS),)),
        ("rounding", np.float64, (4,)),
        ("steps_minor", np.int64, (4,)),
        ("online_nines", np.float64),
        ("cash_coarse", np.float64),
        ("cash_steps_minor", np.int64, (2,)),
        ("smallest_minor", np.int64),
        ("largest_minor", np.int64, (len(CHANNELS),)),
        ("daily_account_limit_minor", np.int64),
        ("opening_log_sd", np.float64),
        ("mean_gap_microseconds", np.float64),
    ]
)
"""Every share and limit of behaviour and payments; shares as running sums, but channel_shares and remote_shares.
`tiers` is present, remote; `steps_minor` is coarse, fine, whole, none; `cash_steps_minor` is coarse, fine."""

ACCOUNT_SCRATCH: Final = np.dtype([("balance", np.int64), ("last_at", np.int64), ("usable", np.int64)])
"""Scratch of one account: balance and last movement; `usable` is a list of its own, the usable account slots."""

CARD_SCRATCH: Final = np.dtype([("usable", np.int64), ("usable_for_cash", np.int64)])
"""Two lists of usable card slots."""

CUSTOMER_SCRATCH: Final = np.dtype(
    [
        ("accounts", np.int64),
        ("cards", np.int64),
        ("cash_cards", np.int64),
        ("until", np.int64),
        ("lease", np.int64),
        ("devices", np.int64, (4,)),
        ("channels", np.float64, (len(CHANNELS),)),
    ]
)
"""Scratch of one customer: lengths of the lists and the first day on which they change, day of the household's
address, primary and secondary device of any kind and with an app, and the running sums of the channels."""


class Life(NamedTuple):
    """Everything a customer's month is drawn from."""

    customers: Records
    accounts: Records
    cards: Records
    devices: Records
    merchants: Records
    """In the order of the market."""
    shops: Records
    """The same records in the order of their cells: what the choices point to, so that neighbors lie together."""
    machines: Records
    networks: Records
    rules: Records
    """Shape (1,)."""
    on_spot: Records
    """Choices of a merchant for payments on the spot, by tier slot."""
    remote: Records
    """Choices for payments from a distance, in the same slots."""
    cash: Records
    """Choices of a machine."""
    normal_body: Floats
    normal_tail: Floats
    moments: Floats
    """Microseconds since local midnight at equal steps of probability."""
    session_sizes: Floats
    """Running sums of the distribution of payments per session."""
    days_stream: np.uint64
    means_stream: np.uint64
    balances_stream: np.uint64
    identifiers: np.uint64


class Month(NamedTuple):
    """The month that is lived."""

    first_day: int
    """Days since 1970-01-01."""
    month_index: int
    """Months since 1970-01."""
    end: int
    """First moment after the month, microseconds UTC."""
    is_opening_told: bool
    """Write the opening balances as events: in the first month of the calendar."""
    day_factors: Floats
    midnight_at: Int64s
    daily_account_limit_minor: int
    salary_account: Int64s
    """Account slot that is credited, -1 for none, shape (customers,)."""
    salary_day: Int64s
    salary_microseconds: Int64s


class Record(NamedTuple):
    """Where a block's month is written."""

    first_day: int
    """Days since 1970-01-01."""
    first_customer: int
    first_account: int
    first_card: int
    sessions: npt.NDArray[np.uint8]
    """Number of sessions, shape (customers of the block, days)."""
    payment_first: Int64s
    event_first: Int64s
    payments: Records
    events: Records
    leftover_minor: Int64s
    unused_account_limit_minor: Int64s
    unused_online_limit_minor: Int64s
    unused_cash_limit_minor: Int64s


class Desk(NamedTuple):
    """Scratch space of one thread; accounts and cards by position within their customer."""

    moments: Int64s
    accounts: Records
    cards: Records
    today: Records
    """Shape (1,)."""
    closing: Int64s
    """Available money at the end of a day with movements, UNMOVED on others, shape (accounts, 31)."""
