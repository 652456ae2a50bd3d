"""`Society`: what every month of honest life shares, built once from frames and settings."""

import dataclasses
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.account_events import AccountEvents
from riskfabric_assets.packs.bank_rules import BankRules
from riskfabric_assets.packs.behaviour import Behaviour
from riskfabric_assets.packs.events import Events
from riskfabric_assets.packs.files import Config
from riskfabric_assets.packs.payments import Payments
from riskfabric_assets.packs.people import BankDeclines
from riskfabric_assets.packs.remote import Exchange
from riskfabric_assets.packs.spending import Spending
from riskfabric_assets.simulation.bank_rules import pack_bank_rules
from riskfabric_assets.simulation.change_rules import open_changes
from riskfabric_assets.simulation.columns import Dictionaries, Int64s, People
from riskfabric_assets.simulation.events import EventTables, month_events
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.episodes import Changes
from riskfabric_assets.simulation.kernels.money import MOST_ACCOUNTS, MOST_CARDS
from riskfabric_assets.simulation.kernels.records import GROUPS
from riskfabric_assets.simulation.packing import (
    DAYS_PER_YEAR,
    MONTHS_PER_YEAR,
    Homes,
    pack_accounts,
    pack_cards,
    pack_cities,
    pack_customers,
    pack_devices,
    pack_payees,
    pack_places,
)
from riskfabric_assets.simulation.people import PopulationFrames, Schemes, build_people
from riskfabric_assets.simulation.quantiles import normal_table
from riskfabric_assets.simulation.square import build_square, running
from riskfabric_assets.simulation.tables import (
    by_channel,
    day_factors,
    group_shares,
    mean_payment_minor,
    mean_session,
    pack_networks,
    pack_rules,
    session_sizes,
)
from riskfabric_assets.world.clock import Clock, month_clock
from riskfabric_assets.world.market import Market
from riskfabric_assets.world.tiers import locate

Floats = npt.NDArray[np.float64]

LEAST_SPONTANEOUS: Final = 0.5
"""Share of payments that are no standing ones, even of who pays seldom."""
RETRY_SHARE: Final = 0.03
"""Second tries per payment, for expectations alone; measured."""
RANK_STEPS: Final = 1024
GROUP_LIST_FACTOR: Final = 4.0
"""A group's list of favourites is shorter than the whole list times its share: people have a second of everything."""


@dataclasses.dataclass(frozen=True)
class Habits:
    """The settings that honest life reads."""

    behaviour: Behaviour
    payments: Payments
    spending: Spending
    exchange: Exchange
    events: Events
    account_events: AccountEvents
    bank_rules: BankRules

    @classmethod
    def of(cls, config: Config) -> "Habits":
        """Pick them from the configuration of a run."""
        return cls(
            config.behaviour,
            config.payments,
            config.spending,
            config.remote.exchange,
            config.events,
            config.account_events,
            config.bank_rules,
        )


@dataclasses.dataclass(frozen=True)
class Country:
    """Regions, banks, network slices and clock of a world."""

    region_ids: Int64s
    """Regions in which homes lie, ascending."""
    region_names: tuple[str, ...]
    banks: tuple[str, ...]
    bank_factors: Floats
    """Factors on declines for business and for technical reasons, shape (banks, 2)."""
    network_slices: tuple[str, ...]
    """Address slice of every household network, in code order."""
    timezone: str


@dataclasses.dataclass(frozen=True, eq=False)
class Society:
    """People, their surroundings and their habits; what a month adds is drawn from these."""

    people: People
    dictionaries: Dictionaries
    streams: Streams
    habits: Habits
    country: Country
    first_month: str
    """First month of the calendar: its opening balances are told as events."""
    life: Life
    is_sold: npt.NDArray[np.bool_]
    """Whether anybody sells a spending group, shape (GROUPS,)."""
    changes: Changes
    """What happens to accounts besides money."""

    @property
    def behaviour(self) -> Behaviour:
        """Mechanics."""
        return self.habits.behaviour

    @property
    def payments(self) -> Payments:
        """Habits of the country."""
        return self.habits.payments

    @property
    def timezone(self) -> str:
        """IANA name of the world's time zone."""
        return self.country.timezone


def build_society(
    *,
    people: People,
    dictionaries: Dictionaries,
    home_regions: Int64s,
    market: Market,
    habits: Habits,
    country: Country,
    first_month: str,
    streams: Streams,
) -> Society:
    """Prepare everything that does not depend on the month.

    Args:
        people: Customers and what they own.
        dictionaries: Texts behind the codes.
        home_regions: Region of every home, shape (customers,).
        market: Merchants, cash machines and what lies abroad.
        habits: Mechanics and habits.
        country: Regions, banks, networks and time zone.
        first_month: First month of the calendar, "2025-08".
        streams: Random streams of the run.

    Raises:
        ValueError: A customer owns more accounts or cards than a kernel has room for.
    """
    most_accounts = np.diff(people.account_first).max(initial=0)
    if most_accounts > MOST_ACCOUNTS or np.diff(people.card_first).max(initial=0) > MOST_CARDS:
        raise ValueError(f"more than {MOST_ACCOUNTS} accounts or {MOST_CARDS} cards of one customer")
    behaviour, payments, spending = habits.behaviour, habits.payments, habits.spending
    square, table, mean_minor = build_square(market), normal_table(), mean_payment_minor(payments, spending)
    sizes = session_sizes(behaviour.sessions)
    homes = homes_of(people, home_regions, market, country, spending, mean_session(sizes))
    regions = homes.region
    life = Life(
        customers=pack_customers(people, homes, behaviour, mean_minor),
        accounts=pack_accounts(people, behaviour, mean_minor),
        cards=pack_cards(people),
        devices=pack_devices(people),
        payees=pack_payees(people),
        merchants=pack_places(market.merchants, market.merchant_r6_slots),
        places=square.places,
        cities=pack_cities(market.outside),
        networks=pack_networks(payments, country.network_slices, people.network),
        rules=pack_rules(behaviour, payments, spending, habits.exchange.markup, habits.bank_rules.score_share),
        bank_rules=pack_bank_rules(habits.bank_rules),
        local=square.local,
        cash=square.cash,
        online=square.online,
        abroad_online=square.abroad_online,
        abroad=square.abroad,
        city_shares=running(market.outside.cities.weight),
        by_region=np.argsort(regions, kind="stable").astype(np.int64),
        region_first=np.searchsorted(np.sort(regions), np.arange(len(country.region_names) + 1)).astype(np.int64),
        bank_factors=country.bank_factors,
        rank_curve=np.linspace(0.0, 1.0, RANK_STEPS + 1) ** behaviour.favourites.return_exponent,
        normal_body=table.body,
        normal_tail=table.tail,
        session_sizes=sizes,
        days_stream=streams.key("simulation/days"),
        means_stream=streams.key("simulation/means"),
        balances_stream=streams.key("simulation/balances"),
        plans_stream=streams.key("simulation/plans"),
        favourites_stream=streams.key("simulation/favourites"),
        identifiers=streams.key("identifiers"),
    )
    life.rules["favourite_scales"] = favourite_scales(behaviour, usual_shares(payments, spending, square.is_sold))
    changes = open_changes(habits.account_events, people, streams)
    return Society(people, dictionaries, streams, habits, country, first_month, life, square.is_sold, changes)


def homes_of(
    people: People, home_regions: Int64s, market: Market, country: Country, spending: Spending, size: float
) -> Homes:
    """Find what lies around every home, and how many payments of a year are no standing ones."""
    around = locate(market.merchant_tiers, people.home_h3_cell_r7, home_regions)
    machines = locate(market.atm_tiers, people.home_h3_cell_r7, home_regions).cascaded
    standing = sum(bill.customers for bill in spending.bills.values()) * MONTHS_PER_YEAR
    spontaneous = np.maximum(people.payments_per_year - standing, people.payments_per_year * LEAST_SPONTANEOUS)
    return Homes(
        tier_slots=around.slots,
        cascaded_slots=around.cascaded,
        machine_slots=machines,
        region=np.searchsorted(country.region_ids, home_regions).astype(np.int64),
        spontaneous_per_year=spontaneous,
        mean_session=size,
    )


def usual_shares(payments: Payments, spending: Spending, is_sold: npt.NDArray[np.bool_]) -> Floats:
    """Return the running shares of the groups among the payments of people, all channels together."""
    weights = by_channel(payments.channels)
    weights[CHANNELS.index("atm")] = 0.0  # cash is no group
    return np.average(group_shares(spending, np.ones(GROUPS), is_sold), axis=0, weights=weights)


def favourite_scales(behaviour: Behaviour, shares: Floats) -> Floats:
    """Return by which the list of favourites of each group grows: slower for what is bought seldom."""
    rules = behaviour.favourites
    each = np.diff(shares, prepend=0.0)
    return np.asarray(rules.scale * (each + 1e-4) ** rules.birth_exponent * GROUP_LIST_FACTOR, dtype=np.float64)


def open_society(config: Config, frames: PopulationFrames, market: Market, streams: Streams) -> Society:
    """Build the society of a run from its settings, population and market."""
    providers, addresses = config.people.networks.providers, config.payments.addresses
    further = (addresses.vpn_name, addresses.foreign_name)
    rails: dict[str, str] = {str(name): rail for name, rail in config.payments.rails.items()}
    schemes = Schemes(
        market.outside.countries,
        market.outside.currencies,
        [rails.get(name, name) for name in CHANNELS],
        list(config.people.card_networks.leading_digits),
    )
    people, dictionaries = build_people(frames, list(providers), further, schemes)
    homes = frames.customers.join(frames.traits, on="customer_id").sort("customer_ordinal")
    regions = homes.select("region_id", "region_name").unique("region_id").sort("region_id")
    return build_society(
        people=people,
        dictionaries=dictionaries,
        home_regions=np.ascontiguousarray(homes["region_id"].to_numpy(), dtype=np.int64),
        market=market,
        habits=Habits.of(config),
        country=Country(
            np.ascontiguousarray(regions["region_id"].to_numpy(), dtype=np.int64),
            tuple(regions["region_name"]),
            dictionaries.banks,
            bank_factors(config.people.bank_declines, dictionaries.banks),
            tuple(provider.slice for provider in providers.values()),
            config.world.timezone,
        ),
        first_month=config.calendar.first_month,
        streams=streams,
    )


def bank_factors(declines: BankDeclines, banks: Sequence[str]) -> Floats:
    """Return the factors on declines of every bank, for business and for technical reasons, shape (banks, 2)."""
    tables = (declines.business_factors, declines.technical_factors)
    return np.array([[table[bank] for table in tables] for bank in banks], dtype=np.float64)


def usual_payments_per_day(society: Society) -> float:
    """Return how many honest payments an average day sees, beside festivals and growth; nothing is drawn."""
    spontaneous = float(society.life.customers["session_rate"].sum()) * mean_session(society.life.session_sizes)
    has_account = float((society.life.customers["everyday_account"] >= 0).sum())
    standing = has_account * sum(bill.customers for bill in society.habits.spending.bills.values())
    return (spontaneous + standing * MONTHS_PER_YEAR / DAYS_PER_YEAR) * (1.0 + RETRY_SHARE)


def expected_payments(society: Society, month: str) -> float:
    """Return how many honest payments a month is expected to see; nothing is drawn."""
    clock = month_clock(society.timezone, month)
    events = events_of(society, clock)
    weights = np.bincount(events.areas[society.life.customers["region"]], minlength=events.volume.shape[1])
    volume = events.volume @ (weights / max(weights.sum(), 1))
    factors = day_factors(society.payments, clock.weekday, clock.day_of_month) * volume
    return usual_payments_per_day(society) * float(factors.sum())


def events_of(society: Society, clock: Clock) -> EventTables:
    """Return what happens in a month."""
    country = society.country
    return month_events(
        society.habits.events, clock, country.region_ids, country.region_names, country.banks, society.streams
    )
