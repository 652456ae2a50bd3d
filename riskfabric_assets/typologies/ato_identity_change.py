"""Takeover with a change of identity: e-mail or number change first, then much more than usual goes out."""

from typing import Final

import numpy as np

from riskfabric_assets.packs.measured import Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.signals import join_signals
from riskfabric_assets.typologies.sketch import (
    amounts_of,
    later,
    scatter,
    sketch,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_GAP,
    InjectContext,
    Scheme,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("identity_changed_recently", "off_hours_payment", "amount_far_above_average")


class Params(AttackParams):
    """How identity is changed, and what follows."""

    change_delay: Minutes
    """From the first change of identity to the first payment."""
    phone_share: Share
    """Share of attacks that change the phone number beside the e-mail address."""
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Log in and change e-mail and perhaps phone number at the start, and pay far beyond the average afterwards."""
    layout = lay_out(attacks)
    offsets = later(waits_of(layout, params.mean_gap, params.span_cap - params.change_delay / 60), params.change_delay)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = sketch(layout, attacks, params, offsets, DRAIN, amount)
    once = np.ones(attacks.key.shape[0], dtype=np.int64)
    phones = (uniforms_of(attacks.key, DRAW_GAP + 8) < params.phone_share).astype(np.int64)
    signals = join_signals(
        scatter(attacks, "login", once, 0.0, 1.0),
        scatter(attacks, "email_change", once, 1.0, 20.0),
        scatter(attacks, "phone_change", phones, 20.0, 40.0),
    )
    return Scheme(steps._replace(is_fitting=True), signals)
