"""population/devices: what customers pay with, and the user agent the bank sees of it."""

import dataclasses

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import DEVICES, LOCATION_TYPES, PLATFORMS
from riskfabric_assets.packs.people import Platforms, UserAgents
from riskfabric_assets.population.customers import Customers, date_column, day_of
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.ownership import Owned, hand_out
from riskfabric_assets.world.slices import Slices, pick_members, stack_weights

Int64s = npt.NDArray[np.int64]

_SECOND = len(LOCATION_TYPES)
"""Slot of second devices behind the location types."""


@dataclasses.dataclass(frozen=True)
class UserAgentPool:
    """All user agents of a world in a fixed order, and the weights by platform."""

    texts: tuple[str, ...]
    first: Int64s
    """Position of every platform's strings in `texts`, shape (platforms,)."""
    by_platform: Slices
    """Slot per platform; members count from the platform's first string."""
    operating_systems: tuple[str, ...]
    """By platform."""


def open_user_agents(platforms: Platforms) -> UserAgentPool:
    """Spell every model with every client, platform by platform."""
    agents: list[UserAgents] = [getattr(platforms, name) for name in PLATFORMS]
    texts = [_spell(agent) for agent in agents]
    weights = [
        [model * client for model in agent.models.values() for client in agent.clients.values()] for agent in agents
    ]
    return UserAgentPool(
        tuple(text for pool in texts for text in pool),
        np.cumsum([0, *(len(pool) for pool in texts)])[:-1].astype(np.int64),
        stack_weights(weights),
        tuple(agent.operating_system for agent in agents),
    )


def draw_devices(demography: Demography, pool: UserAgentPool, streams: Streams, customers: Customers) -> pl.DataFrame:
    """Draw a device per customer and a second one for some; rows of population/devices, under its contract."""
    has_second = (
        streams.uniforms("population/device/second", customers.ordinals) < demography.rules.devices.second_share
    )
    owned = hand_out(customers.ordinals, 1 + has_second.astype(np.int64))
    platform = _platforms(demography.people.platforms, streams, customers, owned)
    agent = pool.first[platform] + pick_members(
        pool.by_platform, platform, streams.uniforms("population/device/user_agent", owned.entity)
    )
    frame = pl.DataFrame(
        {
            "device_id": identifiers(streams.key("identifiers"), Kind.DEVICE, owned.ordinal, owned.number),
            "customer_id": customers.customer_id[owned.owner],
            "platform": pl.Series(PLATFORMS).gather(platform),
            "operating_system": pl.Series(pool.operating_systems).gather(platform),
            "user_agent": pl.Series(pool.texts).gather(agent),
            "is_primary": owned.number == 0,
            "first_seen_date": date_column(_first_seen(demography, streams, customers, owned), "first_seen_date"),
            "last_seen_date": pl.Series([None], dtype=pl.Date).new_from_index(0, owned.owner.shape[0]),
        }
    )
    return DEVICES.check(frame.select(pl.col(name).cast(kind) for name, kind in DEVICES.schema.items()))


def _spell(agent: UserAgents) -> list[str]:
    return [
        agent.template.replace("{model}", model).replace("{client}", client)
        for model in agent.models
        for client in agent.clients
    ]


def _platforms(platforms: Platforms, streams: Streams, customers: Customers, owned: Owned) -> Int64s:
    """Platform by kind of settlement for first devices, by its own shares for second ones."""
    tables = [*platforms.shares_by_location, platforms.second]
    rows = [weights_in_order(shares, PLATFORMS) for shares in tables]
    slot = np.where(owned.number == 0, customers.homes.location[owned.owner], _SECOND)
    return pick_members(stack_weights(rows), slot, streams.uniforms("population/device/platform", owned.entity))


def _first_seen(demography: Demography, streams: Streams, customers: Customers, owned: Owned) -> Int64s:
    """Exponential age at the start, but not before the customer registered."""
    start = day_of(demography.start)
    draws = 1.0 - streams.uniforms("population/device/first_seen", owned.entity)
    age = np.floor(-np.log(draws) * demography.rules.devices.mean_age_days).astype(np.int64)
    return np.maximum(start - age, customers.registered_day[owned.owner])
