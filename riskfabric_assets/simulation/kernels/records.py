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
)
from riskfabric_assets.foundation.tables.population import CARD_TYPES
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS

GROUPS: Final = len(SPENDING_GROUPS)
BILLS: Final = 12
"""Room for the standing payments of one customer."""
HEAPS: Final = 5
"""Endings of an amount: thousands, hundreds, tens, whole, none (in the units of the pack)."""

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
        ("favourites", np.float64),
        ("payee_first", np.int64),
        ("payee_stop", np.int64),
        ("registered_day", np.int64),
        ("employer_id", np.int64),
        ("account_first", np.int64),
        ("account_stop", np.int64),
        ("card_first", np.int64),
        ("card_stop", np.int64),
        ("device_first", np.int64),
        ("device_stop", np.int64),
        ("everyday_account", np.int64),
        ("merchant_slots", np.int32, (4,)),
        ("tier_slots", np.int32, (4,)),
        ("machine_slots", np.int32, (4,)),
        ("network", np.int32),
        ("mobile_network", np.int32),
        ("region", np.int32),
        ("mobility", np.int32),
    ],
    align=True,
)
"""One customer: `parallel` is degrees of longitude per degree of latitude, `favourites` the payments per year that make
favourites, slots are tiers around the home (`merchant_slots` and `machine_slots` cascaded, `tier_slots` -1 where
nobody trades), `region` counts the regions of the homes in ascending order."""

ACCOUNT: Final = np.dtype(
    [
        ("account_id", np.int64),
        ("credit_limit_minor", np.int64),
        ("typical_opening_minor", np.float64),
        ("bank", np.int32),
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
        ("card_type", np.uint8),
        ("is_usable", np.bool_),
        ("is_credit", np.bool_),
        ("is_international", np.bool_),
    ],
    align=True,
)
"""One card; usable says that the card and its account are active, the days say when."""

DEVICE: Final = np.dtype(
    [
        ("device_id", np.int64),
        ("user_agent", np.int32),
        ("app_user_agent", np.int32),
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
        ("r6_slot", np.int32),
        ("merchant_category_code", np.int16),
        ("category", np.uint8),
        ("group", np.uint8),
        ("country", np.uint8),
        ("currency", np.uint8),
    ],
    align=True,
)
"""One merchant or cash machine; `r6_slot` is the tier slot of its neighbourhood, -1 where it has none; country and
currency 0 are the home's."""

PAYEE: Final = np.dtype(
    [
        ("payee_id", np.int64),
        ("customer_id", np.int64),
        ("account", np.int64),
        ("cumulative", np.float64),
        ("known_since_day", np.int32),
        ("is_landlord", np.bool_),
    ],
    align=True,
)
"""One payee of a customer: `account` is the slot of a simulated customer's account, -1 for an outsider; `cumulative`
is the running weight among the customer's transfers."""

CITY: Final = np.dtype(
    [("latitude", np.float64), ("longitude", np.float64), ("parallel", np.float64), ("cell", np.uint64)]
)
"""A city abroad that people travel to."""

CHOICE: Final = np.dtype([("threshold", np.float64), ("member", np.int32), ("other", np.int32)])
"""One step of an alias table: `member` up to the threshold, then `other`."""

NETWORK: Final = np.dtype([("base", np.int64), ("size", np.int64), ("market", np.float64)])
"""One network: address slice, and cumulative share among households (1 for VPN and foreign, which come last)."""

RULES: Final = np.dtype(
    [
        ("channel_shares", np.float64, (len(CHANNELS),)),
        ("transfer_shares", np.float64, (len(CHANNELS),)),
        ("remote_shares", np.float64, (GROUPS,)),
        ("contactless_share", np.float64),
        ("authentication", np.float64, (len(ENTRY_MODES), len(AUTHENTICATIONS))),
        ("declines", np.float64, (len(CHANNELS), len(DECLINE_REASONS))),
        ("retry_shares", np.float64, (len(DECLINE_REASONS),)),
        ("retry_repeats", np.float64, (len(DECLINE_REASONS),)),
        ("retry_gap_microseconds", np.float64),
        ("top_up_share", np.float64),
        ("refund_shares", np.float64, (2,)),
        ("refund_days", np.float64),
        ("abroad_decline_factor", np.float64),
        ("abroad_online_share", np.float64),
        ("abroad_fee_low", np.float64),
        ("abroad_fee_high", np.float64),
        ("lite_limit_minor", np.int64),
        ("new_device_limit_minor", np.int64),
        ("local_shares", np.float64, (4,)),
        ("excursion_rates", np.float64, (4,)),
        ("trip_rates", np.float64, (4,)),
        ("trip_abroad_shares", np.float64, (4,)),
        ("trip_days", np.float64),
        ("trip_region_share", np.float64),
        ("distance_exponent", np.float64),
        ("work_shares", np.float64, (4,)),
        ("work_start_microseconds", np.int64),
        ("work_stop_microseconds", np.int64),
        ("favourite_share", np.float64),
        ("return_exponent", np.float64),
        ("birth_exponent", np.float64),
        ("favourite_scales", np.float64, (GROUPS,)),
        ("habit_share", np.float64),
        ("week_log_sd", np.float64),
        ("day_log_sd", np.float64),
        ("pay_boost", np.float64),
        ("pay_decay_days", np.float64),
        ("bill_shares", np.float64, (BILLS,)),
        ("bill_groups", np.int64, (BILLS,)),
        ("bill_channels", np.int64, (BILLS,)),
        ("bill_first_days", np.int64, (BILLS,)),
        ("bill_last_days", np.int64, (BILLS,)),
        ("bill_log_medians", np.float64, (BILLS,)),
        ("bill_log_sds", np.float64, (BILLS,)),
        ("bill_mandates", np.float64, (BILLS,)),
        ("bill_hours_microseconds", np.int64, (4,)),
        ("axis_degrees", np.float64),
        ("device_use", np.float64, (3,)),
        ("network_use", np.float64, (4,)),
        ("daily_lease_change", np.float64),
        ("primary_account", np.float64),
        ("credit_preference", np.float64),
        ("log_medians", np.float64, (GROUPS,)),
        ("log_sds", np.float64, (GROUPS,)),
        ("channel_logs", np.float64, (len(CHANNELS),)),
        ("card_logs", np.float64, (len(CARD_TYPES),)),
        ("cash_log_median", np.float64),
        ("cash_log_sd", np.float64),
        ("transfer_log_medians", np.float64, (len(CHANNELS),)),
        ("transfer_log_sds", np.float64, (len(CHANNELS),)),
        ("endings", np.float64, (GROUPS + 1, HEAPS)),
        ("steps_minor", np.int64, (HEAPS,)),
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
"""Every share and limit of behaviour and payments; authentication, declines, device_use, network_use and endings are
running sums.
Arrays of four are by mobility class;
`refund_shares` is on the spot, from a distance; row GROUPS of `endings` is that of transfers; `bill_hours` are two
spans of local time; `cash_steps_minor` is coarse, fine."""

ACCOUNT_SCRATCH: Final = np.dtype(
    [("balance", np.int64), ("given_back", np.int64), ("last_at", np.int64), ("usable", np.int64)]
)
"""Scratch of one account: balance, refunds that do not fund decisions any more, and last movement; `usable` is a list
of its own, the usable account slots."""

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
        ("trip_start", np.int64, (2,)),
        ("trip_stop", np.int64, (2,)),
        ("trip_to", np.int64, (2,)),
        ("work_slot", np.int64),
        ("excursion_to", np.int64),
        ("favourites", np.float64),
        ("habits", np.int64, (3,)),
        ("bill_day", np.int64, (BILLS,)),
        ("bill_minor", np.int64, (BILLS,)),
        ("bill_at", np.int64, (BILLS,)),
        ("is_mandate", np.uint8, (BILLS,)),
        ("last_present_at", np.int64),
        ("last_latitude", np.float64),
        ("last_longitude", np.float64),
        ("last_place", np.int64),
        ("last_machine", np.int64),
        ("busy_until", np.int64),
        ("day_end", np.int64),
        ("payment_row", np.int64),
        ("retries_left", np.int64),
        ("event_row", np.int64),
        ("extra_events", np.int64),
        ("extra_room", np.int64),
        ("new_device_day", np.int64),
        ("new_device_minor", np.int64),
    ],
    align=True,
)
"""Scratch of one customer: lengths of the lists and the first day on which they change, day of the household's
address, primary and secondary device of any kind and with an app, the running sums of the channels, the month's trips
(days of the month; a customer whose home is the destination, or -2 - city), the day's excursion, standing payments,
the last place the payer stood at, the machine if it was one, until when a retry takes, the next free rows and how
many more may be used."""

INTENT: Final = np.dtype(
    [
        ("key", np.uint64),
        ("base", np.int64),
        ("moment", np.int64),
        ("ordinal", np.int64),
        ("kind", np.int64),
        ("channel", np.int64),
        ("account", np.int64),
        ("card", np.int64),
        ("place", np.int64),
        ("payee", np.int64),
        ("group", np.int64),
        ("amount", np.int64),
        ("device_since", np.int64),
        ("latitude", np.float64),
        ("longitude", np.float64),
        ("parallel", np.float64),
        ("cell", np.uint64),
        ("is_present", np.bool_),
        ("is_mandate", np.bool_),
        ("is_away", np.bool_),
    ],
    align=True,
)
"""A payment before it is decided: what somebody wants to do, where and with what."""


class Choices(NamedTuple):
    """Weighted picks by slot: alias tables behind each other."""

    first: Int64s
    """Slot s owns the rows first[s] to first[s + 1], shape (slots + 1,)."""
    steps: Records
    """Records of CHOICE; members are positions in Life.places."""


class Life(NamedTuple):
    """Everything a customer's month is drawn from."""

    customers: Records
    accounts: Records
    cards: Records
    devices: Records
    payees: Records
    merchants: Records
    """Shops on the map, in the order of the market."""
    places: Records
    """Shops in the order of their cells, so that neighbors lie together, machines, and shops without a place."""
    cities: Records
    networks: Records
    rules: Records
    """Shape (1,)."""
    local: Choices
    """Shops on the map; slot = tier slot * GROUPS + group."""
    cash: Choices
    """Machines by tier slot."""
    online: Choices
    """Shops without a place at home, by group."""
    abroad_online: Choices
    """Shops abroad that are ordered from, by group."""
    abroad: Choices
    """Shops abroad that one stands in; slot = city * GROUPS + group."""
    city_shares: Floats
    """Running shares of the cities abroad among journeys."""
    by_region: Int64s
    """Customer slots, region by region."""
    region_first: Int64s
    bank_factors: Floats
    """Factors on declines for business and for technical reasons, shape (banks, 2)."""
    habit_shares: Floats
    """Running shares of the groups among everyday payments."""
    rank_curve: Floats
    """A uniform draw to the power of the return exponent, at equal steps."""
    normal_body: Floats
    normal_tail: Floats
    session_sizes: Floats
    """Running sums of the distribution of payments per session."""
    days_stream: np.uint64
    means_stream: np.uint64
    balances_stream: np.uint64
    plans_stream: np.uint64
    favourites_stream: np.uint64
    identifiers: np.uint64


class Month(NamedTuple):
    """The month that is lived; areas are groups of regions in which the same happens."""

    first_day: int
    """Days since 1970-01-01."""
    month_index: int
    """Months since 1970-01."""
    previous_days: int
    """Days of the month before."""
    end: int
    """First moment after the month, microseconds UTC."""
    is_opening_told: bool
    """Write the opening balances as events: in the first month of the calendar."""
    day_factors: Floats
    """Shape (days,): weekday and position in the month."""
    weekday: npt.NDArray[np.uint8]
    midnight_at: Int64s
    moments: Floats
    """Microseconds since local midnight at equal steps of probability, shape (profiles, steps + 1)."""
    moment_profile: Int64s
    """Profile of every day."""
    areas: Int64s
    """Area of every region."""
    volume: Floats
    """Factor on the number of sessions, shape (days, areas)."""
    groups: Floats
    """Running shares of the groups by channel, shape (days, areas, channels, GROUPS)."""
    amount_logs: Floats
    """Added to the logarithm of an amount, shape (days, areas, GROUPS)."""
    transfer_weight: Floats
    """Factor on the share of transfers, shape (days, areas)."""
    channel_weights: Floats
    """Factor on every channel, shape (days, channels)."""
    is_special_day: npt.NDArray[np.bool_]
    """Whether a channel has another weight than 1."""
    outages: Records
    """Ordered by start, with the days they touch in outage_first."""
    outage_first: Int64s
    """Day d may meet the outages outage_first[d] to outage_stop[d]."""
    outage_stop: Int64s
    fx: Floats
    """Home minor units for one minor unit of a currency, shape (currencies, days)."""
    daily_account_limit_minor: int
    salary_account: Int64s
    """Account slot that is credited, -1 for none, shape (customers,)."""
    salary_day: Int64s
    """Days of the month from 0, -1 for none, shape (customers, 2)."""
    salary_minor: Int64s
    """Shape (customers, 2)."""
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
    planned: Int64s
    """Payments of every customer, standing ones included."""
    payment_first: Int64s
    """First row of every customer's room, shape (customers of the block + 1,)."""
    event_first: Int64s
    payment_count: Int64s
    """Rows of the room that were used, shape (customers of the block,)."""
    event_count: Int64s
    payments: Records
    events: Records
    leftover_minor: Int64s
    unused_account_limit_minor: Int64s
    unused_online_limit_minor: Int64s
    unused_cash_limit_minor: Int64s


class Desk(NamedTuple):
    """Scratch space of one thread; accounts and cards by position within their customer."""

    moments: Int64s
    """Moments of the day with what happens then in the lowest bits."""
    accounts: Records
    cards: Records
    today: Records
    """Shape (1,)."""
    intent: Records
    """Shape (1,)."""
    closing: Int64s
    """Available money at the end of a day with movements, UNMOVED on others, shape (accounts, 31)."""
