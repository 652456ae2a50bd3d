"""Remittance scam: the victim pays a mule abroad through a payout service there, in its currency and with its fees.

What it is, sources and invariants: docs/explanation/typologies.md.
"""

from typing import Annotated, Final

import numpy as np
from pydantic import Field, field_validator

from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.measured import Measured, Weights
from riskfabric_assets.simulation.tables import in_order
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import picks_of, subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.reactions import take
from riskfabric_assets.typologies.sketch import by_day, log_between, sketch, waits_of
from riskfabric_assets.typologies.steps import DRAIN, DRAW_GAP, PROBE, InjectContext, Steps, UInt8s, UInt64s, lay_out
from riskfabric_assets.typologies.victims import with_international_card

INJECTOR_VERSION: Final = "2"
FLAGS: Final = ("payout_abroad", "repeated_fees", "new_country")
FIRST_MULE: Final = 1 << 8
_DRAW_MULE, _DRAW_GROUP = DRAW_GAP + 8, 3


class Params(AttackParams):
    """How often and how much is asked for, and who collects."""

    groups: Annotated[dict[str, float], Weights(), Measured("weight")]
    """What kind of online shop abroad the mule collects through, by spending group."""
    mules: Annotated[int, Field(ge=1, le=16), Measured("mules")]
    """Places abroad at which an actor collects."""
    growth: Ratio
    """Each payment over the one before."""
    amount_low: Ratio
    """The first one, of the personal average."""
    amount_high: Ratio
    mean_gap: Minutes

    @field_validator("groups")
    @classmethod
    def _are_groups(cls, groups: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(groups) - set(SPENDING_GROUPS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}|spending groups|choose among {', '.join(SPENDING_GROUPS)}")
        return groups


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that works abroad."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_international_card(context.people, context.clock)
    return draw_attacks(context, weights, params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Pay on the own device, days apart, a little more each time, to one of the actor's mules abroad."""
    layout = lay_out(attacks)
    first = log_between(attacks.key, params.amount_low, params.amount_high)[layout.attack]
    amount = context.averages_of(attacks)[layout.attack] * first * params.growth ** (layout.step - 1.0)
    offsets = by_day(attacks, layout, waits_of(layout, params.mean_gap, params.span_cap))
    steps = sketch(layout, attacks, params, offsets, DRAIN, amount)
    mule = (uniforms_of(attacks.key, _DRAW_MULE) * params.mules).astype(np.int64)
    merchant_key = subkeys_of(attacks.actor_key, FIRST_MULE + mule)[layout.attack]
    group, is_sold = _groups(context, params, merchant_key)
    steps = steps._replace(
        phase=np.where(layout.is_first, PROBE, DRAIN).astype(np.uint8),
        merchant_key=merchant_key,
        category=group,
        is_foreign_device=np.zeros(layout.attack.shape[0], dtype=np.bool_),
        is_abroad=True,
    )
    return steps if is_sold else take(steps, np.zeros(layout.attack.shape[0], dtype=np.bool_))


def _groups(context: InjectContext, params: Params, merchant_key: UInt64s) -> tuple[UInt8s, bool]:
    """Draw the kind of shop behind each mule among those that are found abroad, and whether there are any."""
    first = context.life.abroad_online.first
    is_found = np.diff(first[: len(SPENDING_GROUPS) + 1]) > 0
    weights = np.where(is_found, in_order(params.groups, SPENDING_GROUPS), 0.0)
    return picks_of(merchant_key, _DRAW_GROUP, np.cumsum(weights)).astype(np.uint8), bool(weights.sum() > 0)
