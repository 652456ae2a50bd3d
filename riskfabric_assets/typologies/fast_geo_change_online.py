"""Stolen card data: an online payment from far away, sooner after one in person than its holder could get there."""

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
from riskfabric_assets.typologies.travel import JumpParams, find_jumps, jump, take_far_victims
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("impossible_travel", "remote_network")


class Params(JumpParams):
    """What is bought with the data of a card."""

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
    """Pay on the actor's device and network, which show the hub, right after the victim has paid in person."""
    layout, people = lay_out(attacks), context.people
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    offsets = waits_of(layout, params.mean_gap, params.span_cap - params.wait)
    steps = sketch(layout, attacks, params, offsets, PURCHASE, amount)
    hub = hubs_of(attacks.actor_key, people)
    return jump(steps, find_jumps(context, params, attacks, people.home_latitude[hub], people.home_longitude[hub]))
