"""IP recycling: stolen credentials of many people are used on their kind of phone, but through one address."""

from typing import Final

import numpy as np

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
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("ip_recycled", "vpn_exit_shared")


class Params(AttackParams):
    """What is tried through a recycled address."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Pay as from the victim's own device, through the actor's network."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        PURCHASE,
        amount,
    )
    count = layout.attack.shape[0]
    return steps._replace(
        is_foreign_device=np.zeros(count, dtype=np.bool_),
        is_foreign_network=np.ones(count, dtype=np.bool_),
        is_fitting=True,
    )
