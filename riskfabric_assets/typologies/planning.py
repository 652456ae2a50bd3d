"""How many attacks a month sees, and the common way of choosing victims, moments, actors and campaigns.

Counts come from expected honest payments, so that a plan needs no payments; each typology takes its weight's
share of all registered ones, so that switching one off changes no other. All draws are keyed by month and
attack: months can be planned in any order.
"""

import dataclasses
import math
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.identifiers import Kind
from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.campaigns import spans_of
from riskfabric_assets.typologies.draws import (
    DAY_ZERO_SINCE_1970,
    crime_identifiers,
    keys_of,
    picks_of,
    subkeys_of,
    uniforms_of,
)
from riskfabric_assets.typologies.pools import small_pool
from riskfabric_assets.world.clock import Clock, utc_of

Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MICROSECONDS_PER_HOUR: Final = MICROSECONDS_PER_DAY // 24
HOURS_PER_DAY: Final = 24
NO_ACTOR: Final = -1
SINGLE_OWNER: Final = 1
"""Ordinal of an actor that attacks once; lasting actors have 0."""
_DRAW_COORDINATED, _DRAW_ACTOR, _DRAW_DAY, _DRAW_HOUR, _DRAW_MOMENT, _DRAW_STEPS, _DRAW_VICTIM = range(7)


@dataclasses.dataclass(frozen=True)
class Timing:
    """When attacks start: weight of each local hour, shape (24,), and the longest attack in hours."""

    hours: Floats
    span_hours: float

    @property
    def days_taken(self) -> int:
        """Whole days that the longest attack takes."""
        return int(self.span_hours // HOURS_PER_DAY)

    @classmethod
    def mixed(cls, anomaly: float, own: list[float], honest: Floats, span_hours: float) -> "Timing":
        """Follow the typology's hour table in a share of attacks, and honest life in the others."""
        table = np.asarray(own, dtype=np.float64)
        return cls(anomaly * table / table.sum() + (1 - anomaly) * honest / honest.sum(), span_hours)


def expected_fraud(expected_payments: float, target_share: float, share_of_added_rows: float) -> float:
    """Return how many fraudulent payments make up `target_share` of all payments.

    Args:
        expected_payments: Honest payments, disputed ones included.
        target_share: Wanted share of fraudulent payments among all payments, below 1.
        share_of_added_rows: Share of fraudulent payments that come on top; the others are disputed honest ones.
    """
    return target_share * expected_payments / (1 - target_share * share_of_added_rows)


def draw_count(context: PlanContext, expected_steps: float) -> int:
    """Return how many attacks: the whole part of the expectation, and its fraction by one draw; at least the least."""
    expected = context.count_rows / expected_steps
    whole = int(expected)
    draw = context.streams.uniforms(f"typologies/{context.name}/count", [0], _month(context))[0]
    return max(whole + int(draw < expected - whole), context.least)


def draw_attacks(
    context: PlanContext, weights: Floats, cumulative_steps: Floats, timing: Timing, is_single: bool = False
) -> Attacks:
    """Choose victims, moments, actors and campaigns of one typology and month.

    Args:
        context: Month, people, clock, organization of crime.
        weights: Weight of every customer as a victim, shape (customers,); 0 for who cannot be one.
        cumulative_steps: Cumulative share of attacks of 1, 2, 3 ... payments.
        timing: Hours and longest attack; the whole attack lies inside the month.
        is_single: Attackers act alone (first-party fraud).

    Raises:
        ConfigError: Too few customers can be victims.
    """
    expected_steps = float(np.arange(1, cumulative_steps.shape[0] + 1) @ np.diff(cumulative_steps, prepend=0.0))
    look_at_victims(context, weights, expected_steps)
    count = draw_count(context, expected_steps) if weights.sum() > 0 else 0
    key = attack_keys(context, count)
    actor = _draw_actors(context, key, is_single)
    windows = _draw_windows(context, actor)
    return lay_attacks(context, key, _draw_victims(key, weights), actor, windows, cumulative_steps, timing)


def attack_keys(context: PlanContext, count: int) -> UInt64s:
    """Address the draws of so many attacks of the month, shape (count,)."""
    stream = context.streams.key(f"typologies/{context.name}/attack")
    return keys_of(stream, np.arange(count, dtype=np.int64), _month(context))


def lay_attacks(
    context: PlanContext,
    key: UInt64s,
    customer: Int64s,
    actor: Int64s,
    windows: tuple[Int64s, Int64s],
    cumulative_steps: Floats,
    timing: Timing,
) -> Attacks:
    """Draw moments and lengths of attacks whose victims and actors are known.

    Args:
        context: Month, people, clock, organization of crime.
        key: Of `attack_keys`, shape (n,).
        customer: Slots of the victims, shape (n,).
        actor: Numbers of the actors, or NO_ACTOR, shape (n,).
        windows: Clock row of the first day, and number of days, in which each attack starts.
        cumulative_steps: Cumulative share of attacks of 1, 2, 3 ... payments.
        timing: Hours and longest attack.
    """
    ordinal = np.arange(key.shape[0], dtype=np.int64)
    window_first, window_length = windows
    day, local = _draw_moments(key, timing, window_first, window_length, context.clock.count_days)
    start_at = np.empty(key.shape[0], dtype=np.int64)
    moments_kernel(context.clock, day, local, start_at)
    first_day = context.clock.first_day
    campaign_id = _campaign_ids(context, actor)
    campaign_first, campaign_days = spans_of(campaign_id, first_day + day, timing.days_taken)
    return Attacks(
        ordinal=ordinal,
        key=key,
        attack_id=crime_identifiers(_id_key(context), Kind.ATTACK, context.tag, ordinal, first_day, 0),
        customer=customer,
        members=np.empty((key.shape[0], 0), dtype=np.int64),
        actor=actor,
        actor_key=_actor_keys(context, key, actor),
        gear_key=key,
        actor_id=_actor_ids(context, ordinal, actor),
        campaign_id=campaign_id,
        campaign_first=campaign_first,
        campaign_days=campaign_days,
        count_steps=(picks_of(key, _DRAW_STEPS, cumulative_steps) + 1).astype(np.int16),
        day=day,
        local_microseconds=local,
        start_at=start_at,
    )


def look_at_victims(
    context: PlanContext, weights: Floats, expected_steps: float, most_attacks: float | None = None
) -> None:
    """Note who can be a victim, and refuse to attack the same few customers again and again.

    Below one expected attack a month without a victim is a month without an attack.

    Args:
        context: Month, organization of crime, and where to note.
        weights: Weight of every customer as a victim, shape (customers,).
        expected_steps: Mean payments of an attack on one of them.
        most_attacks: Most attacks on a victim, on average; None: as config/crime.yaml says.

    Raises:
        ConfigError: Too few customers can be victims.
    """
    if context.census is not None:
        context.census.append(weights)
    attacks, most = context.count_rows / expected_steps, most_attacks or context.crime.victims.most_attacks
    found, needed = int(np.count_nonzero(weights)), math.ceil(attacks / most)
    if attacks >= 1 and found < needed:
        raise ConfigError([small_pool(f"victims of {context.name} in {context.month}", found, needed, "customers")])


@kernel
def moments_kernel(clock: Clock, day: Int64s, local: Int64s, out: Int64s) -> None:
    """Turn local times into moments: microseconds UTC for clock rows and microseconds since local midnight."""
    for row in range(day.shape[0]):
        out[row] = utc_of(clock, day[row], local[row])


def _month(context: PlanContext) -> int:
    return int(context.clock.month_index[0])


def _id_key(context: PlanContext) -> np.uint64:
    return context.streams.key("identifiers")


def _draw_victims(key: UInt64s, weights: Floats) -> Int64s:
    cumulative = np.cumsum(weights)
    return picks_of(key, _DRAW_VICTIM, cumulative) if key.shape[0] else np.empty(0, dtype=np.int64)


def _draw_actors(context: PlanContext, key: UInt64s, is_single: bool) -> Int64s:
    if is_single:
        return np.full(key.shape[0], NO_ACTOR, dtype=np.int64)
    is_coordinated = uniforms_of(key, _DRAW_COORDINATED) < context.crime.campaigns.coordinated_share
    actor = (uniforms_of(key, _DRAW_ACTOR) * context.actors).astype(np.int64)
    return np.where(is_coordinated, actor, NO_ACTOR)


def _actor_keys(context: PlanContext, key: UInt64s, actor: Int64s) -> UInt64s:
    lasting = keys_of(context.streams.key(f"typologies/{context.name}/actor"), np.maximum(actor, 0), 0)
    return np.where(actor == NO_ACTOR, subkeys_of(key, 1), lasting)


def _draw_windows(context: PlanContext, actor: Int64s) -> tuple[Int64s, Int64s]:
    """First day and length of each attack's campaign; the whole month for a single attack."""
    days = context.clock.count_days
    keys = keys_of(context.streams.key(f"typologies/{context.name}/campaign"), np.maximum(actor, 0), _month(context))
    mean_extra = context.crime.campaigns.mean_length_days - 1
    length = np.minimum(1 + (-np.log1p(-uniforms_of(keys, 0)) * mean_extra).astype(np.int64), days)
    first = (uniforms_of(keys, 1) * (days - length + 1)).astype(np.int64)
    is_single = actor == NO_ACTOR
    return np.where(is_single, 0, first), np.where(is_single, days, length)


def _draw_moments(
    key: UInt64s, timing: Timing, window_first: Int64s, window_length: Int64s, days: int
) -> tuple[Int64s, Int64s]:
    """Day row and local time of each start; a start too late on the last day moves one day back.

    Attacks of more than a day begin early enough to end inside the month.
    """
    day = window_first + (uniforms_of(key, _DRAW_DAY) * window_length).astype(np.int64)
    if timing.days_taken > 0:
        return _draw_long_moments(key, timing, day, days)
    hour = picks_of(key, _DRAW_HOUR, np.cumsum(timing.hours)) if key.shape[0] else day
    within = (uniforms_of(key, _DRAW_MOMENT) * MICROSECONDS_PER_HOUR).astype(np.int64)
    local = hour * MICROSECONDS_PER_HOUR + within
    latest = MICROSECONDS_PER_DAY - int((timing.span_hours + 1) * MICROSECONDS_PER_HOUR)
    is_late = (day == days - 1) & (local > latest)
    moved = np.where(window_length > 1, day - 1, day)
    return np.where(is_late, moved, day), np.where(is_late & (window_length == 1), local % max(latest, 1), local)


def _draw_long_moments(key: UInt64s, timing: Timing, day: Int64s, days: int) -> tuple[Int64s, Int64s]:
    """Squeeze the days into those that leave room for the whole attack and the day on which it ends."""
    hour = picks_of(key, _DRAW_HOUR, np.cumsum(timing.hours)) if key.shape[0] else day
    within = (uniforms_of(key, _DRAW_MOMENT) * MICROSECONDS_PER_HOUR).astype(np.int64)
    return day * max(days - timing.days_taken - 2, 1) // days, hour * MICROSECONDS_PER_HOUR + within


def _actor_ids(context: PlanContext, ordinal: Int64s, actor: Int64s) -> Int64s:
    key, single = _id_key(context), actor == NO_ACTOR
    lasting = crime_identifiers(key, Kind.ACTOR, context.tag, np.maximum(actor, 0), DAY_ZERO_SINCE_1970, 0)
    alone = crime_identifiers(key, Kind.ACTOR, context.tag, ordinal, context.clock.first_day, SINGLE_OWNER)
    return np.where(single, alone, lasting)


def _campaign_ids(context: PlanContext, actor: Int64s) -> Int64s:
    day = context.clock.first_day
    ids = crime_identifiers(_id_key(context), Kind.CAMPAIGN, context.tag, np.maximum(actor, 0), day, 0)
    return np.where(actor == NO_ACTOR, NO_ID, ids)
