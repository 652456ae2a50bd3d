"""What happened to the customer's accounts besides money: changes of identity, linked banks, returns and refunds.

Windows are counted back from the newest of the last `CHANGE_SLOTS`; most customers have none or two in 30 days.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.features.kernels.arrays import DAY_US, HOUR_US, Singles
from riskfabric_assets.features.state import CHANGE_SLOTS, State
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import EVENT_KINDS

RETURNED_DEBIT: Final = EVENT_KINDS.index("returned_debit")
EMAIL_CHANGE: Final = EVENT_KINDS.index("email_change")
PHONE_CHANGE: Final = EVENT_KINDS.index("phone_change")
ADDRESS_CHANGE: Final = EVENT_KINDS.index("address_change")
DEVICE_BINDING: Final = EVENT_KINDS.index("device_binding")
SIM_CHANGE: Final = EVENT_KINDS.index("sim_change")
BANK_LINK: Final = EVENT_KINDS.index("bank_link")
PIN_RESET: Final = EVENT_KINDS.index("pin_reset")
CARD_REISSUE: Final = EVENT_KINDS.index("card_reissue")
FIRST_CHANGE: Final = RETURNED_DEBIT
"""From this kind on nothing moves; `kind_last_at` starts with it."""
IDENTITY, LINK, RETURN, REFUNDED = range(4)
GROUP_BITS = 2
GROUPS = (1 << GROUP_BITS) - 1
"""The ring holds the moment, shifted, with one of the four groups in the bits below."""
LONGEST_AGE_US = 30 * DAY_US
"""What is longer ago is as if it had never been: else ages would tell how long the bank has kept records."""
WEEK_US, MONTH_US = 6 * DAY_US, 29 * DAY_US
"""Before the midnight that the business day began with."""


class ChangeColumns(NamedTuple):
    """What this module writes, one array per feature, shape (n,); NaN stands for null."""

    hours_since_email_change: Singles
    hours_since_phone_change: Singles
    hours_since_address_change: Singles
    hours_since_device_binding: Singles
    hours_since_sim_change: Singles
    hours_since_pin_reset: Singles
    hours_since_card_reissue: Singles
    hours_since_returned_debit: Singles
    count_identity_changes_24h: npt.NDArray[np.int32]
    count_identity_changes_72h: npt.NDArray[np.int32]
    count_identity_changes_7d: npt.NDArray[np.int32]
    count_bank_links_1h: npt.NDArray[np.int32]
    count_bank_links_24h: npt.NDArray[np.int32]
    count_bank_links_30d: npt.NDArray[np.int32]
    count_returned_debits_30d: npt.NDArray[np.int32]
    count_refunds_30d: npt.NDArray[np.int32]


@inline_lean_kernel
def hours_of(age_us: np.int64) -> float:
    """Return an age in hours, NaN where it is longer than 30 days."""
    return age_us / HOUR_US if age_us <= LONGEST_AGE_US else np.nan


@inline_lean_kernel
def write_ages(state: State, row: int, now: np.int64, out: ChangeColumns) -> None:
    """Write how long ago the last event of each kind is."""
    last_at = state.kind_last_at
    out.hours_since_email_change[row] = hours_of(now - last_at[EMAIL_CHANGE - FIRST_CHANGE])
    out.hours_since_phone_change[row] = hours_of(now - last_at[PHONE_CHANGE - FIRST_CHANGE])
    out.hours_since_address_change[row] = hours_of(now - last_at[ADDRESS_CHANGE - FIRST_CHANGE])
    out.hours_since_device_binding[row] = hours_of(now - last_at[DEVICE_BINDING - FIRST_CHANGE])
    out.hours_since_sim_change[row] = hours_of(now - last_at[SIM_CHANGE - FIRST_CHANGE])
    out.hours_since_pin_reset[row] = hours_of(now - last_at[PIN_RESET - FIRST_CHANGE])
    out.hours_since_card_reissue[row] = hours_of(now - last_at[CARD_REISSUE - FIRST_CHANGE])
    out.hours_since_returned_debit[row] = hours_of(now - last_at[RETURNED_DEBIT - FIRST_CHANGE])


@inline_lean_kernel
def write_changes(state: State, row: int, now: np.int64, of_day_us: np.int64, out: ChangeColumns) -> bool:
    """Write counts of windows before `now`, which is `of_day_us` after midnight; returns whether they are saturated."""
    back = np.int64(state.count_changes)
    kept = max(back - CHANGE_SLOTS, np.int64(0))
    in_day, in_three_days, in_week = np.int64(0), np.int64(0), np.int64(0)
    links_hour, links_day, links_month = np.int64(0), np.int64(0), np.int64(0)
    returned, refunded = np.int64(0), np.int64(0)
    while back > kept:
        back -= 1
        word = state.changes[back % CHANGE_SLOTS]
        age, group = now - (word >> GROUP_BITS), word & GROUPS
        if age > of_day_us + MONTH_US:
            break
        if group == IDENTITY:
            in_day += age <= DAY_US
            in_three_days += age <= 3 * DAY_US
            in_week += age <= of_day_us + WEEK_US
        elif group == LINK:
            links_hour += age <= HOUR_US
            links_day += age <= DAY_US
            links_month += 1
        returned += group == RETURN
        refunded += group == REFUNDED
    out.count_identity_changes_24h[row], out.count_identity_changes_72h[row] = in_day, in_three_days
    out.count_identity_changes_7d[row] = in_week
    out.count_bank_links_1h[row], out.count_bank_links_24h[row] = links_hour, links_day
    out.count_bank_links_30d[row] = links_month
    out.count_returned_debits_30d[row], out.count_refunds_30d[row] = returned, refunded
    return bool(now - state.last_forgotten_change_at <= of_day_us + MONTH_US)


@inline_lean_kernel
def enter_change(state: State, now: np.int64, group: int) -> None:
    """Put a change on the ring, in the place of the oldest when it is full."""
    place = np.int64(state.count_changes) % CHANGE_SLOTS
    if state.count_changes >= CHANGE_SLOTS:
        state.last_forgotten_change_at = state.changes[place] >> GROUP_BITS
    state.changes[place] = (now << GROUP_BITS) | group
    state.count_changes += 1
