"""Kiting: three who are in it together send the same money round and round before it has settled anywhere."""

from typing import Final

import numpy as np

from riskfabric_assets.packs.measured import Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.params import Minutes, Ratio, RelayParams
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.recruits import can_relay, recruit
from riskfabric_assets.typologies.sketch import TRANSFER_KIND, log_between, sketch
from riskfabric_assets.typologies.steps import (
    DRAW_AMOUNT,
    DRAW_GAP,
    LAYERING,
    InjectContext,
    Steps,
    between,
    lay_out,
    offsets_of,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("circular_flow", "float_used")
MEMBERS: Final = 2


class Params(RelayParams):
    """How much goes round, how fast, and what sticks."""

    amount_low: Ratio
    amount_high: Ratio
    skimmed: Share
    """Of what came in a payer keeps back up to this share, so that amounts do not repeat."""
    gap_low: Minutes
    gap_high: Minutes
    """From one transfer to the next: before the day's clearing is closed."""


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose a head with an account that holds money, and two partners."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_account(context.people, context.clock) * can_relay(context.people, context.clock)
    return recruit(context, draw_attacks(context, weights, params.cumulative_steps, timing, is_single=True), MEMBERS)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Transfer round the circle; all but the first transfer are paid with what has just come in."""
    layout = lay_out(attacks)
    count = layout.attack.shape[0]
    circle = np.column_stack([attacks.customer, attacks.members])
    turn = (layout.step - 1) % (MEMBERS + 1)
    gap = between(layout.key, DRAW_GAP, params.gap_low, params.gap_high)
    first = context.averages_of(attacks) * log_between(attacks.key, params.amount_low, params.amount_high, DRAW_GAP)
    kept = np.where(layout.is_first, 0.0, -np.log1p(-between(layout.key, DRAW_AMOUNT, 0.0, params.skimmed)))
    running = np.cumsum(kept)
    since = running - running[layout.is_first][layout.attack] if count else running
    offsets = offsets_of(layout, gap * 60, params.span_cap)
    steps = sketch(layout, attacks, params, offsets, LAYERING, first[layout.attack] * np.exp(-since))
    own = np.zeros(count, dtype=np.bool_)
    return steps._replace(
        kind=np.full(count, TRANSFER_KIND, dtype=np.uint8),
        payer=circle[layout.attack, turn],
        payee=circle[layout.attack, (turn + 1) % (MEMBERS + 1)],
        part=np.where(layout.is_first, 0.0, 1.0),
        is_foreign_device=own,
        is_at_hub=own,
        is_fitting=True,
    )
