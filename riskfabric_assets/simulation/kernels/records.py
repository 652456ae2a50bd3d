"""Record layouts of honest life: one array per kind of thing instead of one per attribute.

A kernel that took an array per attribute would have more than a hundred arguments, compile for minutes and
touch a cache line per attribute. Fields are ordered by width, so that every record is aligned.
"""

from typing import Any, Final, TypeAlias

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
        ("foresight", np.float64),
        ("turnover_minor", np.float64),
        ("usual_minor", np.float64),
        ("inflow_rate", np.float64),
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
favourites, `foresight` the share of payments for which missing money is moved in before, `turnover_minor` what goes
out in a month, `usual_minor` the average payment on file, `inflow_rate` what comes in from outsiders a day, slots
are tiers around the home (`merchant_slots` and `machine_slots` cascaded, `tier_slots` -1 where nobody trades),
`region` counts the regions of the homes in ascending order."""

ACCOUNT: Final = np.dtype(
    [
        ("account_id", np.int64),
        ("credit_limit_minor", np.int64),
        ("typical_opening_minor", np.float64),
        ("carried_minor", np.float64),
        ("bank", np.int32),
        ("is_active", np.bool_),
        ("is_credit", np.bool_),
    ],
    align=True,
)
"""One account; the typical opening of a credit line is its usual debt, `carried_minor` what has to last until pay."""

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

BANK_RULES: Final = np.dtype(
    [
        ("fastest_kmh", np.float64),
        ("least_km", np.float64),
        ("reach_microseconds", np.int64),
        ("history_payments", np.float64),
        ("least_age_days", np.int64),
        ("network_ratio", np.float64),
        ("device_ratio", np.float64),
        ("burst_payments", np.int64),
        ("burst_microseconds", np.int64),
        ("drop_credits", np.int64),
        ("drop_outgoing", np.int64),
        ("drop_least_credits", np.int64),
        ("drop_least_share", np.float64),
        ("drop_microseconds", np.int64),
    ]
)
"""Thresholds of the bank's rules; those of a rule that is switched off are never reached. After `reach_microseconds`
everybody can be anywhere; the two ratios are amounts over the average, on a new device through a new network, and on
a new device."""

RULES: Final = np.dtype(
    [
        ("channel_shares", np.float64, (len(CHANNELS),)),
        ("transfer_shares", np.float64, (len(CHANNELS),)),
        ("stranger_share", np.float64),
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
        ("new_device_limit_minor", np.int64),
        ("local_shares", np.float64, (4,)),
        ("excursion_rates", np.float64, (4,)),
        ("trip_rates", np.float64, (4,)),
        ("trip_abroad_shares", np.float64, (4,)),
        ("trip_days", np.float64),
        ("trip_region_share", np.float64),
        ("trip_least_km", np.float64),
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
        ("credit_preferences", np.float64, (len(CHANNELS),)),
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
        ("inflow_log_sd", np.float64),
        ("least_inflow", np.float64),
        ("buffer_days", np.float64),
        ("mean_gap_microseconds", np.float64),
    ]
)
"""Every share and limit of behaviour and payments; authentication, declines, device_use, network_use and endings are
running sums.
Arrays of four are by mobility class;
`refund_shares` is on the spot, from a distance; row GROUPS of `endings` is that of transfers; `bill_hours` are two
spans of local time; `cash_steps_minor` is coarse, fine."""
