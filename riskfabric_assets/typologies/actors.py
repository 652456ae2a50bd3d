"""What attackers bring along: a hub, phones and addresses, shared by all attacks of an actor in a week.

Everything comes from the ranges honest life uses: a hub is where some customer lives, a phone looks like some
customer's device, an address lies in the networks, VPN exits and foreign slices that honest payers use as well.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import Kind
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.crime import Actors
from riskfabric_assets.simulation.columns import People
from riskfabric_assets.simulation.kernels.records import Records
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import (
    DAY_ZERO_SINCE_1970,
    ORDINAL_TAG_SHIFT,
    crime_identifiers,
    picks_of,
    subkeys_of,
    uniforms_of,
)
from riskfabric_assets.typologies.planning import NO_ACTOR
from riskfabric_assets.world.clock import Clock

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Int16s = npt.NDArray[np.int16]
UInt32s = npt.NDArray[np.uint32]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

DAYS_PER_WEEK = 7
FIRST_ADDRESS = 1 << 16
"""Address slots are drawn apart from device slots."""
SINGLE = 1 << (ORDINAL_TAG_SHIFT - 1)
"""Marks the device of a single attack in its id; slots of lasting actors stay below it."""
_DRAW_HUB, _DRAW_LIKE, _DRAW_WAY, _DRAW_MARKET, _DRAW_HOST = 32, 33, 34, 35, 36
_DRAW_DEVICE_SLOT, _DRAW_ADDRESS_SLOT = 37, 38


class Gear(NamedTuple):
    """What each attack is equipped with, every array of shape (attacks,)."""

    hub: Int64s
    """Customer slot whose home the actor works from."""
    device_id: Int64s
    user_agent: Int32s
    """Browser."""
    app_user_agent: Int32s
    """Payment app; the browser where the device has none."""
    network: Int16s
    ip_address: UInt32s


def equip(
    attacks: Attacks, tag: int, people: People, clock: Clock, networks: Records, actors: Actors, streams: Streams
) -> Gear:
    """Give every attack the hub of its actor, and one of the actor's devices and addresses of the week."""
    week = (attacks.day + clock.first_day - DAY_ZERO_SINCE_1970) // DAYS_PER_WEEK
    weekly = subkeys_of(attacks.actor_key, week)
    device_slot = (uniforms_of(attacks.gear_key, _DRAW_DEVICE_SLOT) * actors.devices_per_actor).astype(np.int64)
    address_slot = (uniforms_of(attacks.gear_key, _DRAW_ADDRESS_SLOT) * actors.addresses_per_actor).astype(np.int64)
    draw = uniforms_of(subkeys_of(weekly, device_slot), _DRAW_LIKE) * people.device_id.shape[0]
    like = draw.astype(np.int64)
    browser, app = people.device_user_agent[like], people.device_app_user_agent[like]
    network, address = _addresses(subkeys_of(weekly, address_slot + FIRST_ADDRESS), networks, actors)
    return Gear(
        hub=hubs_of(attacks.actor_key, people),
        device_id=_device_ids(attacks, tag, week * DAYS_PER_WEEK + DAY_ZERO_SINCE_1970, device_slot, streams),
        user_agent=browser,
        app_user_agent=np.where(app >= 0, app, browser).astype(np.int32),
        network=network,
        ip_address=address,
    )


def hubs_of(actor_key: UInt64s, people: People) -> Int64s:
    """Return the customer slot whose home each actor works from, shape (n,)."""
    return np.asarray((uniforms_of(actor_key, _DRAW_HUB) * people.count_customers).astype(np.int64))


def _device_ids(attacks: Attacks, tag: int, week_day: Int64s, slot: Int64s, streams: Streams) -> Int64s:
    is_single = attacks.actor == NO_ACTOR
    owner = np.where(is_single, attacks.ordinal, attacks.actor)
    ordinal = np.where(is_single, SINGLE, slot)
    return crime_identifiers(streams.key("identifiers"), Kind.ATTACKER_DEVICE, tag, owner, week_day, ordinal)


def _addresses(keys: UInt64s, networks: Records, actors: Actors) -> tuple[Int16s, UInt32s]:
    """Network and host: a household network, a VPN exit or a foreign network."""
    households = networks.shape[0] - 2
    shares = np.array([actors.networks["other"], actors.networks["vpn"], actors.networks["foreign"]])
    way = picks_of(keys, _DRAW_WAY, np.cumsum(shares))
    network = np.where(way == 0, picks_of(keys, _DRAW_MARKET, networks["market"][:households]), households + way - 1)
    host = 1 + (uniforms_of(keys, _DRAW_HOST) * (networks["size"][network] - 2)).astype(np.int64)
    return network.astype(np.int16), (networks["base"][network] + host).astype(np.uint32)
