"""Romance and investment scam: weeks of grooming, small sums first, then ever larger ones to few accounts."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    log_between,
    sketch,
    to_account,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_GAP,
    PROBE,
    InjectContext,
    Steps,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("grooming", "repeated_new_payee", "rising_transfers")


class Params(AttackParams):
    """How trust is turned into money."""

    growth: Ratio
    """Each transfer over the one before."""
    payees: Annotated[int, Field(ge=1, le=8), Measured("accounts")]
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Send money on the own phone, days apart, more each time, to the scammers' few accounts."""
    layout = lay_out(attacks)
    first = log_between(attacks.key, params.amount_low, params.amount_high)[layout.attack]
    amount = context.averages_of(attacks)[layout.attack] * first * params.growth ** (layout.step - 1.0)
    steps = sketch(layout, attacks, params, waits_of(layout, params.mean_gap, params.span_cap), DRAIN, amount)
    payee = (uniforms_of(layout.key, DRAW_GAP + 8) * params.payees).astype(np.int64)
    phase = np.where(layout.is_first, PROBE, DRAIN).astype(np.uint8)
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    return to_account(steps, subkeys_of(attacks.actor_key[layout.attack], payee))._replace(
        phase=phase, is_foreign_device=own, is_escalating=~layout.is_first
    )
