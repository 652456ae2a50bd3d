"""Burst from elsewhere: in the small hours much more than usual goes out, far from home, to somebody new."""

from typing import Final

from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    sketch,
    to_account,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_AMOUNT,
    InjectContext,
    Steps,
    between,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("other_province", "new_recipient", "night_hours")


class Params(AttackParams):
    """How much goes out."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Send 5 to 12 times the average to a new recipient, on a new device in another place."""
    layout = lay_out(attacks)
    amount = context.averages_of(attacks)[layout.attack] * between(
        layout.key, DRAW_AMOUNT, params.amount_low, params.amount_high
    )
    steps = sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        DRAIN,
        amount,
    )
    return to_account(steps, subkeys_of(layout.key, 2))._replace(is_fitting=True)
