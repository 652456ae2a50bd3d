"""The columns a month travels in, between honest life, crime and the ledger.

One array per column of `bronze/transactions` and `bronze/account_events`, as kernels write them: ids as int64
with -1 for null, enumerations as uint8 codes in the order of `foundation.tables.bronze`, text as indices into
`Dictionaries`, moments as int64 microseconds UTC, days as int32 since 1970-01-01. What follows from another
column (instrument, local time, currency) is left to the ledger. A room that makes payments of its own returns
the same bundle.
"""

import dataclasses
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.world.clock import Clock

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Int16s = npt.NDArray[np.int16]
UInt8s = npt.NDArray[np.uint8]
UInt32s = npt.NDArray[np.uint32]
UInt64s = npt.NDArray[np.uint64]
Float32s = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]

NO_ID: Final = -1
"""Null of an id or of a dictionary index."""
NO_CODE: Final = 255
"""Null of an enumeration code."""
NO_ADDRESS: Final = 0
"""Null of an IPv4 address: 0.0.0.0 is never anybody's."""


class PaymentColumns(NamedTuple):
    """Payments, one array per column, all of shape (n,)."""

    event_id: Int64s
    customer_id: Int64s
    account_id: Int64s
    card_id: Int64s
    """NO_ID where no card is used."""
    device_id: Int64s
    """NO_ID at a terminal."""
    merchant_id: Int64s
    """Merchant, or the cash machine's financial_id for a withdrawal; NO_ID for a transfer."""
    payee_id: Int64s
    """Beneficiary of a transfer; NO_ID otherwise."""
    merchant_category: UInt8s
    payment_kind: UInt8s
    channel: UInt8s
    rail: UInt8s
    """Index into Dictionaries.rails."""
    entry_mode: UInt8s
    authentication: UInt8s
    status: UInt8s
    decline_reason: UInt8s
    """NO_CODE when approved."""
    engine_rule: UInt8s
    """NO_CODE unless a rule declined."""
    merchant_country: UInt8s
    """Index into Dictionaries.countries; 0 is home."""
    merchant_currency: UInt8s
    """Index into Dictionaries.currencies; NO_CODE at home."""
    network: Int16s
    """Index into Dictionaries.networks; NO_ID at a terminal."""
    user_agent: Int32s
    """Index into Dictionaries.user_agents; NO_ID at a terminal."""
    amount_minor: Int64s
    merchant_amount_minor: Int64s
    """NO_ID at home."""
    fee_minor: Int32s
    """NO_ID at home."""
    merchant_category_code: Int16s
    ip_address: UInt32s
    """IPv4 as a number; NO_ADDRESS at a terminal."""
    latitude: Float32s
    longitude: Float32s
    h3_cell_r7: UInt64s
    """Cell of the place of payment before jitter."""
    is_present: Bools
    event_date: Int32s
    """Business day, days since 1970-01-01."""
    event_at: Int64s
    """Moment, microseconds since 1970-01-01, UTC."""


class EventColumns(NamedTuple):
    """Account events, one array per column, all of shape (n,)."""

    event_id: Int64s
    customer_id: Int64s
    account_id: Int64s
    card_id: Int64s
    """NO_ID where no card is concerned; so the next three."""
    device_id: Int64s
    counterparty_id: Int64s
    related_event_id: Int64s
    account_slot: Int64s
    """Position of the account in People; no column of the table, the settlement needs it. NO_ID for a credit that
    needs none."""
    event_kind: UInt8s
    amount_minor: Int64s
    """Signed: positive credits the account."""
    event_date: Int32s
    event_at: Int64s


PAYMENT_ROW: Final = np.dtype(
    [
        ("event_id", np.int64),
        ("customer_id", np.int64),
        ("account_id", np.int64),
        ("card_id", np.int64),
        ("device_id", np.int64),
        ("merchant_id", np.int64),
        ("payee_id", np.int64),
        ("amount_minor", np.int64),
        ("merchant_amount_minor", np.int64),
        ("event_at", np.int64),
        ("h3_cell_r7", np.uint64),
        ("user_agent", np.int32),
        ("event_date", np.int32),
        ("fee_minor", np.int32),
        ("ip_address", np.uint32),
        ("latitude", np.float32),
        ("longitude", np.float32),
        ("network", np.int16),
        ("merchant_category_code", np.int16),
        ("merchant_category", np.uint8),
        ("payment_kind", np.uint8),
        ("channel", np.uint8),
        ("rail", np.uint8),
        ("entry_mode", np.uint8),
        ("authentication", np.uint8),
        ("status", np.uint8),
        ("decline_reason", np.uint8),
        ("engine_rule", np.uint8),
        ("merchant_country", np.uint8),
        ("merchant_currency", np.uint8),
        ("is_present", np.bool_),
    ],
    align=True,
)
"""One payment as the kernels write it: 128 bytes, two lines of the cache."""

EVENT_ROW: Final = np.dtype(
    [
        ("event_id", np.int64),
        ("customer_id", np.int64),
        ("account_id", np.int64),
        ("card_id", np.int64),
        ("device_id", np.int64),
        ("counterparty_id", np.int64),
        ("related_event_id", np.int64),
        ("account_slot", np.int64),
        ("amount_minor", np.int64),
        ("event_at", np.int64),
        ("event_date", np.int32),
        ("event_kind", np.uint8),
    ],
    align=True,
)
"""One account event as the kernels write it."""


def payments_of(rows: Rows) -> PaymentColumns:
    """Look at payment rows as columns (views, nothing is copied)."""
    return PaymentColumns(**{name: rows[name] for name in PaymentColumns._fields})


def events_of(rows: Rows) -> EventColumns:
    """Look at event rows as columns (views, nothing is copied)."""
    return EventColumns(**{name: rows[name] for name in EventColumns._fields})


def rows_of(columns: PaymentColumns) -> Rows:
    """Copy payment columns into records of PAYMENT_ROW."""
    rows = np.empty(columns.event_id.shape[0], dtype=PAYMENT_ROW)
    for name, values in columns._asdict().items():
        rows[name] = values
    return rows


def event_rows_of(columns: EventColumns) -> Rows:
    """Copy event columns into records of EVENT_ROW."""
    rows = np.empty(columns.event_id.shape[0], dtype=EVENT_ROW)
    for name, values in columns._asdict().items():
        rows[name] = values
    return rows


def empty_payments(rows: int) -> PaymentColumns:
    """Allocate payments without values."""
    return payments_of(np.empty(rows, dtype=PAYMENT_ROW))


def empty_events(rows: int) -> EventColumns:
    """Allocate account events without values."""
    return events_of(np.empty(rows, dtype=EVENT_ROW))


class Dictionaries(NamedTuple):
    """The texts behind the indices of a month; fixed for a run, so that an index means the same in every block."""

    user_agents: tuple[str, ...]
    networks: tuple[str, ...]
    countries: tuple[str, ...]
    """ISO 3166 codes; index 0 is the world's own country."""
    currencies: tuple[str, ...]
    """ISO 4217 codes; index 0 is the world's own currency."""
    rails: tuple[str, ...]
    """Names of schemes: one per channel in the order of CHANNELS, then those of card networks."""
    banks: tuple[str, ...]
    """Codes of banks, in alphabetical order."""


class People(NamedTuple):
    """Customers and what they own, as compressed rows: slot i of a customer, account, card or device is row i.

    Customers are ordered by ordinal; what a customer owns is a slice of the array of owned things:
    accounts `account_first[c]:account_first[c + 1]`, and cards and devices likewise. The primary account and
    the primary device come first in their slice.
    """

    customer_id: Int64s
    customer_ordinal: Int64s
    home_latitude: Floats
    home_longitude: Floats
    home_h3_cell_r7: UInt64s
    network: Int16s
    """Provider of the household's line, the mobile carrier where there is none; index into Dictionaries.networks."""
    mobile_network: Int16s
    has_home_line: Bools
    pay_day: Int16s
    """Code in foundation.tables.population.PAY_DAYS; NO_ID where money comes irregularly."""
    advance_day: Int16s
    """Code of the day on which a part of the same month's pay comes earlier; NO_ID for most."""
    advance_share: Floats
    """That part; 0 for none."""
    employer_id: Int64s
    """NO_ID for who has none."""
    mobility: UInt8s
    """Code in foundation.tables.population.MOBILITY_CLASSES."""
    registered_day: Int32s
    birth_year: Int32s
    monthly_income_minor: Int64s
    monthly_spend_minor: Int64s
    payments_per_year: Floats
    amount_factor: Floats
    phase_hours: Floats
    online_affinity: Floats
    thrift: Floats
    susceptibility: Floats
    dispute_propensity: Floats
    account_first: Int64s
    """Shape (customers + 1,)."""
    account_id: Int64s
    account_owner: Int64s
    """Customer slot of every account."""
    account_type: UInt8s
    """Code in foundation.tables.population.ACCOUNT_TYPES."""
    account_status: UInt8s
    account_bank: Int16s
    """Index into Dictionaries.banks."""
    account_opened_day: Int32s
    account_closed_day: Int32s
    """The largest int32 for open accounts."""
    credit_limit_minor: Int64s
    card_first: Int64s
    """Shape (customers + 1,)."""
    card_id: Int64s
    card_account: Int64s
    """Account slot of every card."""
    card_type: UInt8s
    card_status: UInt8s
    """On the calendar's first day; the days below say what comes later."""
    card_network: UInt8s
    """Index of the card network; its rail is at len(CHANNELS) + index in Dictionaries.rails."""
    card_replaces: Int64s
    """Slot of the card that this one follows; NO_ID for the first of a line."""
    card_issued_day: Int32s
    card_activated_day: Int32s
    card_expiry_day: Int32s
    card_closed_day: Int32s
    """Last day of use; the largest int32 while none is known."""
    card_is_lost: Bools
    """Closed before its time: lost, stolen, suspected of fraud ... ."""
    card_is_international: Bools
    contactless_limit_minor: Int64s
    daily_atm_limit_minor: Int64s
    daily_online_limit_minor: Int64s
    device_first: Int64s
    """Shape (customers + 1,)."""
    device_id: Int64s
    device_operating_system: UInt8s
    """Code in foundation.tables.population.OPERATING_SYSTEMS."""
    device_user_agent: Int32s
    """Browser, index into Dictionaries.user_agents."""
    device_app_user_agent: Int32s
    """Payment app, index into Dictionaries.user_agents; NO_ID for desktops."""
    device_second_app_user_agent: Int32s
    """NO_ID for who uses one app."""
    device_is_owner: Bools
    device_first_seen_day: Int32s
    device_last_seen_day: Int32s
    """Last day of use; the largest int32 while in use."""
    payee_first: Int64s
    """Shape (customers + 1,); payees stand in the order of their days, those known before the calendar first."""
    payee_id: Int64s
    payee_customer: Int64s
    """Slot of the customer who is paid; NO_ID for outsiders."""
    payee_account: Int64s
    """Slot of the account that is paid; NO_ID for outsiders."""
    payee_relation: UInt8s
    """Code in foundation.tables.population.RELATIONS."""
    payee_bank: Int16s
    payee_weight: Floats
    """Share of transfers; those known before the calendar sum to 1, later ones come on top."""
    payee_known_day: Int32s
    """First day as a payee; 0 for before the calendar."""

    @property
    def count_customers(self) -> int:
        """Number of customers."""
        return int(self.customer_id.shape[0])


@dataclasses.dataclass(frozen=True)
class HonestMonth:
    """What a block of customers does in one whole local month, before crime and before `through` truncates it.

    The block holds customer slots `first_customer:stop_customer` of People. Payments stand customer by customer
    and in time order within each: those of customer slot c are rows `payment_first[c - first_customer]` up to
    `payment_first[c - first_customer + 1]`. Account rows of the leftover arrays count from `first_account`,
    card rows from `first_card`.
    """

    month: str
    clock: Clock
    """The month's local days; row d of every per-day array is clock row d."""
    first_customer: int
    stop_customer: int
    first_account: int
    first_card: int
    payment_rows: Rows
    """Payments as records of PAYMENT_ROW; `payments` shows the same memory as columns."""
    payment_first: Int64s
    """Shape (customers of the block + 1,)."""
    event_rows: Rows
    """Account events as records of EVENT_ROW; `events` shows the same memory as columns."""
    event_first: Int64s
    """Events that the life of customer slot c brings about, on any account, are rows `event_first[c - first_customer]`
    up to the next; shape (customers of the block + 1,)."""
    leftover_minor: Int64s
    """Lowest honest balance (plus credit line) from the start of day d to the month's end, shape (accounts, days + 1);
    the last column is what the settlement leaves. Never negative."""
    unused_account_limit_minor: Int64s
    """What honest life leaves of the account's daily limit (UPI, wallet, net banking), shape (accounts, days)."""
    unused_online_limit_minor: Int64s
    """What it leaves of the card's daily e-commerce limit, shape (cards, days)."""
    unused_cash_limit_minor: Int64s
    """What it leaves of the card's daily cash limit, shape (cards, days)."""

    @property
    def payments(self) -> PaymentColumns:
        """Payments, one array per column."""
        return payments_of(self.payment_rows)

    @property
    def events(self) -> EventColumns:
        """Account events, one array per column."""
        return events_of(self.event_rows)
