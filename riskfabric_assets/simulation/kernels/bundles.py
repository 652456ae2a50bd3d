"""What kernels of honest life take: arrays of records that belong together, bundled by who owns them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.bundles import bundle
from riskfabric_assets.simulation.kernels.records import Floats, Int64s, Records


class Choices(NamedTuple):
    """Weighted picks by slot: alias tables behind each other."""

    first: Int64s
    """Slot s owns the rows first[s] to first[s + 1], shape (slots + 1,)."""
    steps: Records
    """Records of CHOICE; members are positions in Life.places."""


@bundle
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
    bank_rules: Records
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


@bundle
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
    spending_level: float
    """What goes out in this month beside a usual one, a ratio."""
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
    lite_limit_minor: int
    """Up to which an app may ask for no proof."""
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


@bundle
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


@bundle
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
    credits: Records
    """Inflows of the month so far, shape (days + 1,)."""
    closing: Int64s
    """Available money at the end of a day with movements, UNMOVED on others, shape (accounts, 31)."""
