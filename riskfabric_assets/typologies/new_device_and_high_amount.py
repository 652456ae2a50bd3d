"""New device, same town: card details are used near home, on a device never seen before, for much."""

from typing import Final

from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
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
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("new_device", "new_ip", "high_amount")


class Params(AttackParams):
    """How much is bought."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that is valid all month."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Buy online from the victim's surroundings on a foreign device.

    Who is logged in sees what the client can pay.
    """
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    return sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        PURCHASE,
        amount,
    )._replace(is_fitting=True)
