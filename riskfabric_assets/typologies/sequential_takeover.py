"""Sequential takeover: one account, one place, and every payment exceeds the one before by the same share."""

from typing import Final

from riskfabric_assets.packs.measured import Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    log_between,
    sketch,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    DRAIN,
    InjectContext,
    Steps,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("amount_escalation", "sticky_location")


class Params(AttackParams):
    """How fast amounts rise."""

    escalation: Share
    """By how much each payment exceeds the one before."""
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Pay from the actor's hub, each time the escalation more."""
    layout = lay_out(attacks)
    first = log_between(attacks.key, params.amount_low, params.amount_high)[layout.attack]
    rise = (1.0 + params.escalation) ** (layout.step - 1)
    amount = context.averages_of(attacks)[layout.attack] * first * rise
    steps = sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        DRAIN,
        amount,
    )
    return steps._replace(is_escalating=~layout.is_first)
