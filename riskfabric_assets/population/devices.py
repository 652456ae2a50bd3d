"""population/devices: what customers pay with, one after the other, and with whom they share it.

Every customer has a line of first devices and some a line of second ones, each a renewal process over the window
from five years before the calendar's start to five years after it. A member of a household may use the first
device of the household's head instead of an own one. A device is told from the day on which its user registered.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import DEVICES, LOCATION_TYPES, OPERATING_SYSTEMS
from riskfabric_assets.population.customers import WINDOW_DAYS, Customers, date_column, date_column_or_null, day_of
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.kernels.lifetimes import MOST, NEVER, Renewal, lifetimes_kernel
from riskfabric_assets.population.ownership import Owned, hand_out
from riskfabric_assets.population.user_agents import UserAgentPool, draw_user_agents
from riskfabric_assets.world.slices import pick_members, stack_weights

Int64s = npt.NDArray[np.int64]

_SECOND = len(LOCATION_TYPES)
"""Slot of second devices behind the location types."""


def draw_devices(demography: Demography, pool: UserAgentPool, streams: Streams, customers: Customers) -> pl.DataFrame:
    """Draw the devices of a block of customers; rows of population/devices, under its contract."""
    user, lines = _lines_of(demography, streams, customers)
    last = _lives(demography, streams, lines)
    first = np.concatenate([np.full((last.shape[0], 1), -NEVER), last[:, :-1] + 1], axis=1)
    registered = customers.registered_day[user]
    row, k = np.nonzero((last > 0) & (last >= registered[:, None]))
    device = Owned(lines.owner[row], lines.ordinal[row], lines.number[row] + k)
    systems = _systems(demography, streams, customers, user, lines)[row]
    agents = draw_user_agents(
        pool, streams, demography.people.apps.second_share, device.entity, device.ordinal, systems
    )
    frame = pl.DataFrame(
        {
            "device_id": identifiers(streams.key("identifiers"), Kind.DEVICE, device.ordinal, device.number),
            "customer_id": customers.customer_id[user[row]],
            "operating_system": pl.Series(OPERATING_SYSTEMS).gather(systems),
            "user_agent": agents[0],
            "app_user_agent": agents[1],
            "second_app_user_agent": agents[2],
            "is_owner": device.ordinal == customers.ordinals[user[row]],
            "is_primary": lines.number[row] == 0,
            "first_seen_date": date_column(np.maximum(first[row, k], registered[row]), "first_seen_date"),
            "last_seen_date": date_column_or_null(last[row, k], "last_seen_date"),
        }
    )
    kept = [column.name for column in DEVICES.columns if column.is_dictionary]
    return DEVICES.check(
        frame.select(pl.col(name) if name in kept else pl.col(name).cast(kind) for name, kind in DEVICES.schema.items())
    )


def _lines_of(demography: Demography, streams: Streams, customers: Customers) -> tuple[Int64s, Owned]:
    """Return who uses every line, as rows of the block, and the lines under their owner's ordinal."""
    rules, ordinals = demography.rules.devices, customers.ordinals
    has_second = streams.uniforms("population/device/second", ordinals) < rules.second_share
    lines = hand_out(ordinals, 1 + has_second.astype(np.int64))
    head = customers.households.head
    is_sharing = (head != ordinals) & (streams.uniforms("population/device/shared", ordinals) < rules.shared_share)
    is_shared = is_sharing[lines.owner] & (lines.number == 0)
    owner = np.where(is_shared, head[lines.owner], lines.ordinal)
    return lines.owner, Owned(lines.owner, owner, lines.number * MOST)


def _lives(demography: Demography, streams: Streams, lines: Owned) -> Int64s:
    """Return the last day of every device, shape (lines, MOST); 0 where there is none."""
    rules, start = demography.rules.devices, day_of(demography.start)
    renewal = Renewal(
        start - WINDOW_DAYS,
        start + WINDOW_DAYS,
        rules.lifetime_mean_days,
        rules.lifetime_shape,
        float(rules.lifetime_shortest_days),
    )
    last = np.zeros((lines.owner.shape[0], MOST), dtype=np.int64)
    lifetimes_kernel(streams.key("population/device/lifetime"), lines.entity, renewal, last)
    return last


def _systems(demography: Demography, streams: Streams, customers: Customers, user: Int64s, lines: Owned) -> Int64s:
    """Draw the operating system of every line: by kind of settlement, by its own shares for second ones."""
    platforms = demography.people.platforms
    tables = [*platforms.shares_by_location, platforms.second]
    rows = [weights_in_order(shares, OPERATING_SYSTEMS) for shares in tables]
    slot = np.where(lines.number == 0, customers.homes.location[user], _SECOND)
    return pick_members(stack_weights(rows), slot, streams.uniforms("population/device/platform", lines.entity))
