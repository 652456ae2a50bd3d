"""Crews: many customers who share a shop, a phone or a collecting account; every member is an attack of its own.

Why members need not know of each other: `docs/decisions/attacks_with_several_accounts.md`.
"""

from typing import Annotated, Final

import numpy as np
from pydantic import Field, model_validator

from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.actors import DAYS_PER_WEEK, hubs_of
from riskfabric_assets.typologies.attacks import Attacks, Floats, Int64s, PlanContext, UInt64s
from riskfabric_assets.typologies.draws import DAY_ZERO_SINCE_1970, keys_of, subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams
from riskfabric_assets.typologies.planning import Timing, attack_keys, draw_count, lay_attacks, look_at_victims

WIDTH: Final = 3
"""Neighbors looked at for each member of a crew: not everybody in the street takes part."""
_DRAW_SIZE, _DRAW_FIRST_DAY, _DRAW_TURN = range(3)
"""Draws of a crew; the last one is a member's."""


class CrewParams(AttackParams):
    """How many take part, and how long it goes on."""

    members_low: Annotated[int, Field(ge=2, le=60), Measured("customers")]
    members_high: Annotated[int, Field(ge=2, le=60), Measured("customers")]
    days: Annotated[int, Field(ge=1, le=28), Measured("days")]
    """All members begin within so many days; a week or less lies within one week of the actor's equipment."""

    @model_validator(mode="after")
    def _is_a_range(self) -> "CrewParams":
        if self.members_high < self.members_low:
            raise ValueError(
                f"members_high = {self.members_high}, members_low = {self.members_low}"
                "|members_high of at least members_low|swap them"
            )
        return self

    @property
    def mean_members(self) -> float:
        """Mean number of members."""
        return (self.members_low + self.members_high) / 2

    @property
    def expected_rows(self) -> float:
        """Mean payments of a crew."""
        return self.expected_steps * self.mean_members


def draw_crews(
    context: PlanContext, weights: Floats, params: CrewParams, timing: Timing, is_local: bool = False
) -> Attacks:
    """Plan crews of different people; an actor stands behind each, the same ones month after month.

    Args:
        context: Month, people, clock, organization of crime.
        weights: Weight of every customer as a member, shape (customers,); 0 for who cannot be one.
        params: Size, days and payments of a member.
        timing: Hours and longest attack.
        is_local: Members live around the actor's hub.

    Returns:
        One attack per member, crew behind crew. A crew for which too few people are left is not formed.
    """
    look_at_victims(context, weights, params.expected_steps, most_attacks=1)
    month = int(context.clock.month_index[0])
    count = draw_count(context, params.expected_rows)
    crews = np.arange(count, dtype=np.int64)
    key = keys_of(context.streams.key(f"typologies/{context.name}/crew"), crews, month)
    width = params.members_high - params.members_low + 1
    sizes = params.members_low + (uniforms_of(key, _DRAW_SIZE) * width).astype(np.int64)
    actor_key = keys_of(context.streams.key(f"typologies/{context.name}/actor"), crews, 0)
    turns = keys_of(context.streams.key(f"typologies/{context.name}/member"), context.people.customer_ordinal, month)
    members = _around(context, actor_key, weights, sizes, turns) if is_local else _dealt(weights, sizes, turns)
    sizes = np.array([each.shape[0] for each in members], dtype=np.int64)
    crew = np.repeat(crews, sizes)
    first = _first_days(context, key, params.days)
    return lay_attacks(
        context,
        attack_keys(context, int(sizes.sum())),
        np.concatenate([np.empty(0, dtype=np.int64), *members]),
        crew,
        (first[crew], np.full(crew.shape[0], params.days, dtype=np.int64)),
        params.cumulative_steps,
        timing,
    )


def dealt(weights: Floats, turns: UInt64s, count: int) -> Int64s:
    """Draw different customers by weight: the first of an exponential race, shape (count or fewer,).

    Args:
        weights: Weight of every customer, shape (customers,).
        turns: Keys of their draws, shape (customers,).
        count: How many are wanted.
    """
    eligible = np.flatnonzero(weights > 0)
    time = -np.log1p(-uniforms_of(turns[eligible], _DRAW_TURN)) / weights[eligible]
    return eligible[np.lexsort((eligible, time))][:count].astype(np.int64)


def _dealt(weights: Floats, sizes: Int64s, turns: UInt64s) -> list[Int64s]:
    """Deal different people to all crews; one for which too few are left stays empty, and so do those behind it."""
    people = dealt(weights, turns, int(sizes.sum()))
    stops = np.cumsum(sizes)
    is_formed = stops <= people.shape[0]
    return [
        people[stop - size : stop] if formed else people[:0]
        for size, stop, formed in zip(sizes, stops, is_formed, strict=True)
    ]


def _around(context: PlanContext, actor_key: UInt64s, weights: Floats, sizes: Int64s, turns: UInt64s) -> list[Int64s]:
    """Choose members among those whose homes follow the hub's in the order of H3 cells, which keeps neighbors close."""
    people, eligible = context.people, np.flatnonzero(weights > 0)
    eligible = eligible[np.lexsort((eligible, people.home_h3_cell_r7[eligible]))]
    cells, count = people.home_h3_cell_r7[eligible], eligible.shape[0]
    found = []
    for crew, (hub, size) in enumerate(zip(hubs_of(actor_key, people), sizes, strict=True)):
        if size > count:
            found.append(eligible[:0])
            continue
        first = np.searchsorted(cells, people.home_h3_cell_r7[hub])
        near = eligible[(first + np.arange(min(WIDTH * size, count))) % count]
        draws = uniforms_of(subkeys_of(turns[near], crew), _DRAW_TURN)
        found.append(near[np.argsort(draws, kind="stable")[:size]].astype(np.int64))
    return found


def _first_days(context: PlanContext, key: UInt64s, days: int) -> Int64s:
    """Draw the clock row of each crew's first day; its days end in the month, and in the week if they fit into one."""
    rows = np.arange(context.clock.count_days - days + 1, dtype=np.int64)
    weeks = (np.array([rows, rows + days - 1]) + context.clock.first_day - DAY_ZERO_SINCE_1970) // DAYS_PER_WEEK
    if days <= DAYS_PER_WEEK:
        rows = rows[weeks[0] == weeks[1]]
    return rows[(uniforms_of(key, _DRAW_FIRST_DAY) * rows.shape[0]).astype(np.int64)]
