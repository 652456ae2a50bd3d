"""Frequency burst: four or five payments minutes apart at one online shop, from one device far away."""

from typing import Final

from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    amounts_of,
    sketch,
)
from riskfabric_assets.typologies.steps import (
    DRAW_GAP,
    PURCHASE,
    InjectContext,
    Steps,
    between,
    categories_of,
    lay_out,
    offsets_of,
)
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("frequency_burst", "single_merchant")


class Params(AttackParams):
    """How fast one shop is used up."""

    gap_low: Minutes
    gap_high: Minutes
    amount_low: Ratio
    amount_high: Ratio


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that is valid all month."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Pay at one shop every few minutes."""
    layout = lay_out(attacks)
    minutes = between(layout.key, DRAW_GAP, params.gap_low, params.gap_high)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = sketch(layout, attacks, params, offsets_of(layout, minutes * 60, params.span_cap), PURCHASE, amount)
    merchant_key = subkeys_of(attacks.key, 1 << 8)[layout.attack]
    return steps._replace(
        merchant_key=merchant_key, category=categories_of(merchant_key, params), burst_position=layout.step
    )
