"""Impossible travel: who pays far from where the card has just been shown, and how soon after.

Speed is measured as the bank measures it: from the last payment that was made in person to the next one.
"""

from typing import Annotated, Final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from riskfabric_assets.foundation.jit import lean_kernel
from riskfabric_assets.foundation.units import EARTH_RADIUS_KM
from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.simulation.columns import People
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.typologies.actors import hubs_of
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.draws import picks_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.reactions import take
from riskfabric_assets.typologies.shops import Surroundings, choose_shop
from riskfabric_assets.typologies.steps import (
    MICROSECONDS_PER_HOUR,
    Floats,
    InjectContext,
    Int64s,
    Steps,
    UInt8s,
    UInt64s,
)
from riskfabric_assets.world.clock import NEVER

Speed = Annotated[float, Field(gt=0), Measured("km/h")]
Distance = Annotated[float, Field(gt=0), Measured("km")]
MOST_CANDIDATES: Final = 16
"""Victims looked at before one near the hub is taken: it is called off when its month is known."""
JITTER_KM: Final = 0.6
"""Positions are jittered by some hundred metres; jumps are planned as if shorter by this."""
_DRAW_CANDIDATE, _DRAW_SPEED = 80, 79


class JumpParams(AttackParams):
    """How far and how fast: what a rule on speed has to see."""

    least_distance: Distance
    """Between the victim's payment in person and the attackers' next one, at least."""
    slowest: Speed
    """Just above what the bank's rule allows."""
    fastest: Annotated[dict[int, float], Field(min_length=1), Measured("km/h")]
    """Highest speed for distances up to so many km; the last one beyond that too."""
    wait: Annotated[float, Field(gt=0, le=500), Measured("hours")]
    """How long attackers wait at most until the victim pays in person."""


def take_far_victims(people: People, weights: Floats, attacks: Attacks, least_km: float) -> Attacks:
    """Let actors choose victims who live far from their hub, as far as there are any."""
    hub, cumulative = hubs_of(attacks.actor_key, people), np.cumsum(weights)
    customer = attacks.customer
    for number in range(MOST_CANDIDATES if customer.shape[0] else 0):
        is_near = _home_distance_km(people, hub, customer) < least_km
        customer = np.where(is_near, picks_of(attacks.key, _DRAW_CANDIDATE + number, cumulative), customer)
    return attacks._replace(customer=customer)


def find_jumps(
    context: InjectContext, params: JumpParams, attacks: Attacks, latitude: Floats, longitude: Floats
) -> Int64s:
    """Find the victim's first payment in person that is followed by nothing else in person before the jump ends.

    Args:
        context: The block's honest month.
        params: Distances and speeds.
        attacks: All attacks.
        latitude: Where the first payment of each attack shows up, degrees, shape (attacks,).
        longitude: The same.

    Returns:
        From the start of each attack to its first payment, microseconds, shape (attacks,); NEVER where it is called
        off: victim and place are too near, or the victim does not pay in person in time.
    """
    speed_draw = uniforms_of(attacks.key, _DRAW_SPEED)
    found = np.full(attacks.key.shape[0], NEVER)
    for row in range(attacks.key.shape[0]):
        slot, start = int(attacks.customer[row]) - context.honest.first_customer, int(attacks.start_at[row])
        rows = context.honest.payment_rows[context.honest.payment_first[slot] : context.honest.payment_first[slot + 1]]
        rows = rows[rows["is_present"] & (rows["event_at"] >= start)]
        distance = distances_km(rows["latitude"], rows["longitude"], latitude[row], longitude[row]) - JITTER_KM
        hours = distance / _speeds(params, distance, speed_draw[row])
        arrival = rows["event_at"] + (hours * MICROSECONDS_PER_HOUR).astype(np.int64)
        following = np.append(rows["event_at"][1:], np.iinfo(np.int64).max)
        latest = start + int(params.wait * MICROSECONDS_PER_HOUR)
        fits = (distance >= params.least_distance) & (arrival < following) & (arrival <= latest)
        if fits.any():
            found[row] = arrival[fits.argmax()] - start
    return found


def jump(steps: Steps, jumps: Int64s) -> Steps:
    """Put payments off until their attack's jump, and leave out those that are called off."""
    made = take(steps, jumps[steps.attack] != NEVER)
    return made._replace(offset_microseconds=made.offset_microseconds + jumps[made.attack])


def shop_positions(
    context: InjectContext, near: Int64s, category: UInt8s, merchant_key: UInt64s
) -> tuple[Floats, Floats]:
    """Return latitude and longitude of the shops that `payments` will choose around homes, degrees, shape (n,)."""
    latitude, longitude = np.empty(near.shape[0]), np.empty(near.shape[0])
    _positions_kernel(context.life, context.surroundings, near, category, merchant_key, latitude, longitude)
    return latitude, longitude


def distances_km(latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats) -> Floats:
    """Return great-circle distances between points in degrees, km, shape (n,)."""
    half_north = np.radians(other_latitude - latitude) / 2
    half_east = np.radians(other_longitude - longitude) / 2
    both = np.cos(np.radians(latitude)) * np.cos(np.radians(other_latitude))
    chord = np.sin(half_north) ** 2 + both * np.sin(half_east) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))


def _home_distance_km(people: People, one: Int64s, other: Int64s) -> Floats:
    north, east = people.home_latitude, people.home_longitude
    return distances_km(north[one], east[one], north[other], east[other])


def _speeds(params: JumpParams, distance: Floats, draw: float) -> Floats:
    bounds = sorted(params.fastest)
    band = np.minimum(np.searchsorted(bounds, distance), len(bounds) - 1)
    fastest = np.array([params.fastest[bound] for bound in bounds])[band]
    return np.asarray(params.slowest + draw * (fastest - params.slowest))


@lean_kernel
def _positions_kernel(
    life: Life,
    surroundings: Surroundings,
    near: Int64s,
    category: UInt8s,
    merchant_key: UInt64s,
    latitude: npt.NDArray[np.float64],
    longitude: npt.NDArray[np.float64],
) -> None:
    for row in range(near.shape[0]):
        home = life.customers[near[row]]
        shop = life.merchants[choose_shop(life, surroundings, home, int(category[row]), merchant_key[row])]
        latitude[row], longitude[row] = shop.latitude, shop.longitude
