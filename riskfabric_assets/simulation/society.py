"""`Society`: what every month of honest life shares, built once from frames and settings."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.packs.behaviour import Behaviour
from riskfabric_assets.packs.files import Config
from riskfabric_assets.packs.payments import Payments
from riskfabric_assets.simulation.alias import alias_table
from riskfabric_assets.simulation.columns import Dictionaries, Int64s, People
from riskfabric_assets.simulation.kernels.money import MOST_ACCOUNTS, MOST_CARDS
from riskfabric_assets.simulation.kernels.records import Life
from riskfabric_assets.simulation.packing import pack_accounts, pack_cards, pack_customers, pack_devices, pack_places
from riskfabric_assets.simulation.people import PopulationFrames, Schemes, build_people
from riskfabric_assets.simulation.quantiles import normal_table
from riskfabric_assets.simulation.tables import (
    day_factors,
    in_order,
    mean_session,
    moment_quantiles,
    pack_networks,
    pack_rules,
    session_sizes,
)
from riskfabric_assets.world.clock import month_clock
from riskfabric_assets.world.market import Market
from riskfabric_assets.world.places import Places
from riskfabric_assets.world.tiers import build_tiers, locate

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Society:
    """People, their surroundings and their habits; what a month adds is drawn from these."""

    people: People
    dictionaries: Dictionaries
    streams: Streams
    behaviour: Behaviour
    payments: Payments
    timezone: str
    first_month: str
    """First month of the calendar: its opening balances are told as events."""
    life: Life


def build_society(
    *,
    people: People,
    dictionaries: Dictionaries,
    home_regions: Int64s,
    market: Market,
    behaviour: Behaviour,
    payments: Payments,
    network_slices: Sequence[str],
    timezone: str,
    first_month: str,
    streams: Streams,
) -> Society:
    """Prepare everything that does not depend on the month.

    Args:
        people: Customers and what they own.
        dictionaries: Texts behind the codes.
        home_regions: Region of every home, shape (customers,).
        market: Merchants and cash machines.
        behaviour: Mechanics.
        payments: Habits of the country.
        network_slices: Address slice of every household network, in code order.
        timezone: IANA name of the world's time zone.
        first_month: First month of the calendar, "2025-08".
        streams: Random streams of the run.

    Raises:
        ValueError: A customer owns more accounts or cards than a kernel has room for.
    """
    most_accounts = np.diff(people.account_first).max(initial=0)
    if most_accounts > MOST_ACCOUNTS or np.diff(people.card_first).max(initial=0) > MOST_CARDS:
        raise ValueError(f"more than {MOST_ACCOUNTS} accounts or {MOST_CARDS} cards of one customer")
    merchants = market.merchants
    on_spot = merchants.popularity * category_factors(merchants, payments)
    remote_factor = np.array(in_order(payments.categories.remote_factors, MERCHANT_CATEGORIES))
    near = build_tiers(merchants.h3_cell_r7, merchants.region_id, on_spot)
    far = build_tiers(merchants.h3_cell_r7, merchants.region_id, on_spot * remote_factor[merchants.category])
    seen = locate(near, people.home_h3_cell_r7, home_regions).cascaded
    machines_seen = locate(market.atm_tiers, people.home_h3_cell_r7, home_regions).cascaded
    places, table = pack_places(merchants), normal_table()
    by_cell = np.argsort(merchants.h3_cell_r7, kind="stable")
    position = np.argsort(by_cell, kind="stable")
    life = Life(
        customers=pack_customers(people, behaviour, seen, near.slices, machines_seen, market.atm_tiers.slices),
        accounts=pack_accounts(people, behaviour, payments),
        cards=pack_cards(people),
        devices=pack_devices(people),
        merchants=places,
        shops=places[by_cell],
        machines=pack_places(market.atms),
        networks=pack_networks(payments, network_slices, people.network),
        rules=pack_rules(behaviour, payments),
        on_spot=alias_table(near.slices, position),
        remote=alias_table(far.slices, position),
        cash=alias_table(market.atm_tiers.slices, np.arange(market.atms.place_id.shape[0])),
        normal_body=table.body,
        normal_tail=table.tail,
        moments=moment_quantiles(payments.hour_weights),
        session_sizes=session_sizes(behaviour.sessions),
        days_stream=streams.key("simulation/days"),
        means_stream=streams.key("simulation/means"),
        balances_stream=streams.key("simulation/balances"),
        identifiers=streams.key("identifiers"),
    )
    return Society(people, dictionaries, streams, behaviour, payments, timezone, first_month, life)


def category_factors(merchants: Places, payments: Payments) -> Floats:
    """Return a weight per merchant that gives each category its share of volume over the whole market."""
    count = len(MERCHANT_CATEGORIES)
    wanted = np.array(in_order(payments.categories.volume_weights, MERCHANT_CATEGORIES))
    found = np.bincount(merchants.category, weights=merchants.popularity, minlength=count)
    factor = np.where(found > 0, wanted / np.where(found > 0, found, 1.0), 0.0)
    smallest = factor[factor > 0].min(initial=1.0)
    return np.asarray(np.maximum(factor, smallest * 1e-3)[merchants.category], dtype=np.float64)


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
    regions = frames.customers.join(frames.traits, on="customer_id").sort("customer_ordinal")["region_id"]
    return build_society(
        people=people,
        dictionaries=dictionaries,
        home_regions=np.ascontiguousarray(regions.to_numpy(), dtype=np.int64),
        market=market,
        behaviour=config.behaviour,
        payments=config.payments,
        network_slices=[provider.slice for provider in providers.values()],
        timezone=config.world.timezone,
        first_month=config.calendar.first_month,
        streams=streams,
    )


def expected_payments(society: Society, month: str) -> float:
    """Return how many honest payments a month is expected to see; nothing is drawn."""
    clock = month_clock(society.timezone, month)
    per_day = float(society.life.customers["session_rate"].sum()) * mean_session(society.life.session_sizes)
    return per_day * float(day_factors(society.payments, clock.weekday, clock.day_of_month).sum())
