"""Bust-out: after months of good behaviour a card holder buys all that the lines allow and never pays it back."""

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
    channels_of,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("sudden_spike", "line_exhausted")


class Params(AttackParams):
    """How the lines are exhausted."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose card holders: here the payer is the criminal."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Buy on the own device and at the terminal, far beyond the usual, until nothing is left."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    steps = sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        PURCHASE,
        amount,
    )
    return steps._replace(is_fitting=True, is_foreign_device=own, channel=channels_of(layout.key, params))
