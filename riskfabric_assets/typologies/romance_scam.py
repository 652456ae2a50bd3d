"""Romance and investment scam: weeks of grooming, small sums first, then ever larger ones to few accounts."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio, Sigma
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    by_day,
    later,
    log_normal,
    savings,
    sketch,
    to_account,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_GAP,
    PROBE,
    InjectContext,
    Scheme,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "2"
MOVING_MINUTES: Final = 90.0
"""Savings are moved in within so long before a transfer."""
FLAGS: Final = ("grooming", "repeated_new_payee", "rising_transfers")


class Params(AttackParams):
    """How trust is turned into money."""

    savings: Share
    """Share of attacks in which the victim moves savings in before each transfer."""
    growth: Ratio
    """Each transfer over the one before."""
    payees: Annotated[int, Field(ge=1, le=8), Measured("accounts")]
    amount_median: Ratio
    """Of the first transfer, over the personal average."""
    amount_sigma: Sigma
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Send money on the own phone, days apart, more each time, to the scammers' few accounts."""
    layout = lay_out(attacks)
    first = log_normal(attacks.key, params.amount_median, params.amount_sigma)[layout.attack]
    amount = context.averages_of(attacks)[layout.attack] * first * params.growth ** (layout.step - 1.0)
    offsets = by_day(attacks, layout, later(waits_of(layout, params.mean_gap, params.span_cap), MOVING_MINUTES))
    steps = sketch(layout, attacks, params, offsets, DRAIN, amount)
    payee = (uniforms_of(layout.key, DRAW_GAP + 8) * params.payees).astype(np.int64)
    phase = np.where(layout.is_first, PROBE, DRAIN).astype(np.uint8)
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    steps = to_account(steps, subkeys_of(attacks.actor_key[layout.attack], payee))._replace(
        phase=phase, is_foreign_device=own, is_escalating=~layout.is_first, is_from_one_account=True
    )
    return Scheme(steps, savings(attacks, layout, offsets, amount, params.savings, MOVING_MINUTES))
