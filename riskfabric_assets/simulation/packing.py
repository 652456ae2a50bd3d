"""Population and market as the records that kernels read."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.population import (
    ACCOUNT_STATUSES,
    ACCOUNT_TYPES,
    CARD_TYPES,
    PAY_DAYS,
    RELATIONS,
)
from riskfabric_assets.packs.behaviour import Behaviour
from riskfabric_assets.simulation.columns import NO_ID, Int32s, Int64s, People
from riskfabric_assets.simulation.kernels.records import ACCOUNT, CARD, CITY, CUSTOMER, DEVICE, PAYEE, PLACE, Records
from riskfabric_assets.world.cells import cells_at
from riskfabric_assets.world.outside import Outside
from riskfabric_assets.world.places import Places

Floats = npt.NDArray[np.float64]

DAYS_PER_YEAR: Final = 365.25
MONTHS_PER_YEAR: Final = 12
MICROSECONDS_PER_HOUR: Final = 3_600_000_000
ACTIVE_ACCOUNT: Final = ACCOUNT_STATUSES.index("active")
LANDLORD: Final = RELATIONS.index("landlord")
CREDIT: Final = ACCOUNT_TYPES.index("credit")
DAYS_PER_MONTH: Final = 30.0
INFLOW_RATES: Final = (0.02, 0.5)
"""Inflows of a day: least and most."""
PAY_DAY_NUMBERS: Final = {name: 30 if name.startswith("last") else int(name.rpartition("_")[2]) for name in PAY_DAYS}
"""Day of a month of thirty days by name."""
CREDIT_CARD: Final = CARD_TYPES.index("credit")


class Homes(NamedTuple):
    """What the market holds around every home, and how often people pay; every array of shape (customers, ...)."""

    tier_slots: Int32s
    """Slots of the tiers, -1 where nobody trades, shape (customers, 4)."""
    cascaded_slots: Int32s
    """The next wider tier in place of an empty one, shape (customers, 4)."""
    machine_slots: Int32s
    """Slots of the tiers of cash machines, cascaded, shape (customers, 4)."""
    region: Int64s
    """Position of the home's region among the regions of all homes."""
    spontaneous_per_year: Floats
    """Payments but standing ones."""
    mean_session: float


def pack_customers(people: People, homes: Homes, behaviour: Behaviour, mean_minor: float) -> Records:
    """Return one record per customer.

    Args:
        people: Customers and what they own.
        homes: What lies around each home, shape (customers, ...).
        behaviour: How people behave.
        mean_minor: The usual price of a payment.
    """
    everyday = everyday_accounts(people)
    rows = np.zeros(people.count_customers, dtype=CUSTOMER)
    rows["customer_id"], rows["ordinal"] = people.customer_id, people.customer_ordinal
    rows["income_minor"], rows["employer_id"] = people.monthly_income_minor, people.employer_id
    rows["phase_microseconds"] = np.round(people.phase_hours * MICROSECONDS_PER_HOUR)
    rows["cell"], rows["latitude"], rows["longitude"] = (
        people.home_h3_cell_r7,
        people.home_latitude,
        people.home_longitude,
    )
    rows["parallel"] = parallels(people.home_latitude)
    rates = homes.spontaneous_per_year / DAYS_PER_YEAR / homes.mean_session
    rows["session_rate"] = np.where(everyday >= 0, rates, 0.0)
    rows["favourites"] = favourite_paces(homes.spontaneous_per_year, behaviour)
    rows["foresight"] = 1.0 - np.exp(-behaviour.balances.foresight_gain * people.thrift)
    rows["turnover_minor"], rows["inflow_rate"] = turnovers(people, mean_minor), inflow_rates(people, behaviour)
    rows["usual_minor"] = mean_minor * people.amount_factor
    rows["online_affinity"], rows["amount_log"] = people.online_affinity, np.log(people.amount_factor)
    for name, first in (
        ("account", people.account_first),
        ("card", people.card_first),
        ("device", people.device_first),
        ("payee", people.payee_first),
    ):
        rows[f"{name}_first"], rows[f"{name}_stop"] = first[:-1], first[1:]
    rows["everyday_account"], rows["registered_day"] = everyday, people.registered_day
    rows["network"], rows["mobile_network"] = people.network, people.mobile_network
    rows["mobility"], rows["region"] = people.mobility, homes.region
    rows["merchant_slots"], rows["tier_slots"] = homes.cascaded_slots, homes.tier_slots
    rows["machine_slots"] = homes.machine_slots
    return rows


def pack_accounts(people: People, behaviour: Behaviour, mean_minor: float) -> Records:
    """Return one record per account; `mean_minor` is the usual price of a payment."""
    rows = np.zeros(people.account_id.shape[0], dtype=ACCOUNT)
    rows["account_id"], rows["credit_limit_minor"] = people.account_id, people.credit_limit_minor
    rows["typical_opening_minor"] = typical_openings(people, behaviour, mean_minor)
    rows["carried_minor"] = carried_until_pay(people, behaviour, mean_minor)
    rows["bank"] = people.account_bank
    rows["is_active"], rows["is_credit"] = people.account_status == ACTIVE_ACCOUNT, people.account_type == CREDIT
    return rows


def pack_cards(people: People) -> Records:
    """Return one record per card."""
    rows = np.zeros(people.card_id.shape[0], dtype=CARD)
    rows["card_id"], rows["account"] = people.card_id, people.card_account
    for name in ("contactless_limit_minor", "daily_atm_limit_minor", "daily_online_limit_minor"):
        rows[name] = getattr(people, name)
    rows["rail"] = len(CHANNELS) + people.card_network
    rows["card_type"], rows["is_international"] = people.card_type, people.card_is_international
    rows["activated_day"] = people.card_activated_day
    rows["expiry_day"] = np.minimum(people.card_expiry_day, people.card_closed_day)
    is_open = people.account_status[people.card_account] == ACTIVE_ACCOUNT
    rows["is_usable"], rows["is_credit"] = (
        is_open,
        people.card_type == CREDIT_CARD,
    )
    return rows


def pack_devices(people: People) -> Records:
    """Return one record per device."""
    rows = np.zeros(people.device_id.shape[0], dtype=DEVICE)
    rows["device_id"], rows["user_agent"] = people.device_id, people.device_user_agent
    rows["first_seen_day"], rows["last_seen_day"] = people.device_first_seen_day, people.device_last_seen_day
    rows["app_user_agent"] = people.device_app_user_agent
    rows["has_app"] = people.device_app_user_agent >= 0
    return rows


def pack_places(places: Places, r6_slots: Int32s | None = None) -> Records:
    """Return one record per merchant or cash machine."""
    rows = np.zeros(places.place_id.shape[0], dtype=PLACE)
    rows["place_id"], rows["cell"] = places.place_id, places.h3_cell_r7
    rows["latitude"], rows["longitude"], rows["parallel"] = (
        places.latitude,
        places.longitude,
        parallels(places.latitude),
    )
    rows["merchant_category_code"], rows["category"] = places.merchant_category_code, places.category
    rows["group"], rows["country"], rows["currency"] = places.group, places.country, places.currency
    rows["r6_slot"] = -1 if r6_slots is None else r6_slots
    return rows


def pack_payees(people: People) -> Records:
    """Return one record per payee, with the running weights of every customer; a closed account takes no credit."""
    rows = np.zeros(people.payee_id.shape[0], dtype=PAYEE)
    is_open = (people.payee_account >= 0) & (people.account_status[people.payee_account] == ACTIVE_ACCOUNT)
    rows["payee_id"], rows["account"] = people.payee_id, np.where(is_open, people.payee_account, NO_ID)
    is_customer = people.payee_customer >= 0
    rows["customer_id"] = np.where(is_customer, people.customer_id[np.maximum(people.payee_customer, 0)], NO_ID)
    rows["known_since_day"] = people.payee_known_day
    rows["is_landlord"] = people.payee_relation == LANDLORD
    sums = np.cumsum(people.payee_weight)
    before = np.concatenate([np.zeros(1), sums])[people.payee_first[:-1]]
    rows["cumulative"] = sums - np.repeat(before, np.diff(people.payee_first))
    return rows


def pack_cities(outside: Outside) -> Records:
    """Return one record per city abroad."""
    cities = outside.cities
    rows = np.zeros(cities.latitude.shape[0], dtype=CITY)
    rows["latitude"], rows["longitude"] = cities.latitude, cities.longitude
    rows["parallel"], rows["cell"] = parallels(cities.latitude), cells_at(cities.latitude, cities.longitude)
    return rows


def everyday_accounts(people: People) -> Int64s:
    """Return the first active account of every customer, money before credit; -1 for who has none."""
    slots = np.arange(people.account_id.shape[0])
    is_active = people.account_status == ACTIVE_ACCOUNT
    rank = np.where(is_active, np.where(people.account_type == CREDIT, 1, 0), 2) * slots.shape[0] + slots
    best = np.minimum.reduceat(rank, people.account_first[:-1]) if slots.size else np.zeros(0, dtype=np.int64)
    is_usable = best < 2 * slots.shape[0]
    return np.where(is_usable, best % max(slots.shape[0], 1), -1).astype(np.int64)


def parallels(latitude: Floats) -> Floats:
    """Return degrees of longitude per degree of latitude, at each latitude."""
    return np.asarray(1.0 / np.maximum(np.cos(np.radians(latitude)), 0.01), dtype=np.float64)


def turnovers(people: People, mean_minor: float) -> Floats:
    """Return what every customer usually pays in a month, minor units; `mean_minor` is the usual price of a payment."""
    return np.asarray(people.payments_per_year / MONTHS_PER_YEAR * mean_minor * people.amount_factor, dtype=np.float64)


def favourite_paces(spontaneous_per_year: Floats, behaviour: Behaviour) -> Floats:
    """Return the payments per year by which lists of favourites grow: who pays seldom has fewer shops in use."""
    rules = behaviour.favourites
    pace = np.maximum(spontaneous_per_year, 1.0) / rules.usual_payments
    return np.asarray(rules.usual_payments * pace ** (rules.pace_exponent / rules.birth_exponent), dtype=np.float64)


def inflow_rates(people: People, behaviour: Behaviour) -> Floats:
    """Return the inflows of a day of every customer: who pays more often is paid more often."""
    mean = max(float(people.payments_per_year.mean()), 1.0) if people.count_customers else 1.0
    rates = behaviour.balances.inflows_per_month / DAYS_PER_MONTH * people.payments_per_year / mean
    return np.clip(rates, *INFLOW_RATES)


def typical_openings(people: People, behaviour: Behaviour, mean_minor: float) -> Floats:
    """Return the median opening of every account, minor units, from habit, thrift and credit line."""
    rules = behaviour.balances
    cover = rules.cover_median + rules.thrift_gain * people.thrift
    owner = people.account_owner
    is_first = np.arange(owner.shape[0]) == everyday_accounts(people)[owner]
    counts = np.diff(people.account_first)[owner]
    primary = behaviour.instruments.primary_account
    further = (1.0 - primary) / np.maximum(counts - 1, 1)
    share = np.where(counts == 1, 1.0, np.where(is_first, primary, further))
    per_month = np.maximum(people.payments_per_year[owner] / MONTHS_PER_YEAR * share, 1.0)
    evened = np.sqrt(rules.cover_payments / per_month)
    debt = people.credit_limit_minor * rules.credit_use_median
    typical = np.where(
        people.account_type == CREDIT, debt, turnovers(people, mean_minor)[owner] * cover[owner] * share * evened
    )
    return np.asarray(typical, dtype=np.float64)


def carried_until_pay(people: People, behaviour: Behaviour, mean_minor: float) -> Floats:
    """Return what every account holds of the last salary at a month's start, minor units: it lasts until the next."""
    days = np.array([PAY_DAY_NUMBERS[name] for name in PAY_DAYS])
    part = np.where(people.pay_day >= 0, days[people.pay_day], 0) / DAYS_PER_MONTH
    early = np.where(people.advance_day >= 0, days[people.advance_day], 0) / DAYS_PER_MONTH
    share = np.where(people.advance_day >= 0, people.advance_share, 0.0)
    lasting = np.minimum(people.monthly_income_minor, turnovers(people, mean_minor))
    lasting = lasting * (1.0 + behaviour.balances.carried_margin)
    kept = lasting * np.where(people.pay_day >= 0, (1.0 - share) * part + share * early, 0.0)
    owner = people.account_owner
    is_salaried = (np.arange(owner.shape[0]) == everyday_accounts(people)[owner]) & (people.account_type != CREDIT)
    return np.asarray(np.where(is_salaried, kept[owner], 0.0), dtype=np.float64)
