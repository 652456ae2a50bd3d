"""Cloned card: it is shown at a terminal far away, sooner than its holder could have got there."""

from typing import Final

from riskfabric_assets.typologies.actors import hubs_of
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    amounts_of,
    sketch,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    PURCHASE,
    InjectContext,
    Steps,
    lay_out,
)
from riskfabric_assets.typologies.travel import JumpParams, find_jumps, jump, shop_positions, take_far_victims
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "2"
FLAGS: Final = ("impossible_travel", "cloned_card")


class Params(JumpParams):
    """What a cloned card buys."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that is valid all month, who live far from the actor's hub."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_card(context.people, context.clock)
    attacks = draw_attacks(context, weights, params.cumulative_steps, timing)
    return take_far_victims(context.people, weights, attacks, params.least_distance)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Wait until the victim shows the card, and show the clone around the hub; the victim goes on paying at home."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    offsets = waits_of(layout, params.mean_gap, params.span_cap - params.wait)
    steps, first = sketch(layout, attacks, params, offsets, PURCHASE, amount), layout.is_first
    hub = hubs_of(attacks.actor_key, context.people)
    places = shop_positions(context, hub, steps.category[first], steps.merchant_key[first])
    return jump(steps, find_jumps(context, params, attacks, *places))
