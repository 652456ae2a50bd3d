"""SIM swap: the number moves to the attackers' card, a new phone is bound, and the account is emptied."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.signals import join_signals
from riskfabric_assets.typologies.sketch import (
    amounts_of,
    later,
    scatter,
    sketch,
    to_account,
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
FLAGS: Final = ("sim_changed_recently", "new_device_bound", "drain_after_binding")


class Params(AttackParams):
    """How a number is taken over and the account behind it is emptied."""

    login_delay: Minutes
    """From the change of the SIM to the first login of the new phone, at most."""
    first_drain: Minutes
    """From the change of the SIM to the first payment, at least."""
    pin_reset_share: Share
    mule_accounts: Annotated[int, Field(ge=1, le=16), Measured("accounts")]
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account, mostly while they sleep."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Change the SIM, log in and bind a phone, then send all that can be sent to a few mules."""
    layout = lay_out(attacks)
    offsets = later(waits_of(layout, params.mean_gap, params.span_cap - params.first_drain / 60), params.first_drain)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    mule = (uniforms_of(layout.key, DRAW_GAP + 8) * params.mule_accounts).astype(np.int64)
    steps = to_account(
        sketch(layout, attacks, params, offsets, DRAIN, amount), subkeys_of(attacks.actor_key[layout.attack], mule)
    )
    once = np.ones(attacks.key.shape[0], dtype=np.int64)
    resets = (uniforms_of(attacks.key, DRAW_GAP + 9) < params.pin_reset_share).astype(np.int64)
    signals = join_signals(
        scatter(attacks, "sim_change", once, 0.0, 1.0),
        scatter(attacks, "login", once, params.login_delay / 2, params.login_delay),
        scatter(attacks, "device_binding", once, params.login_delay, params.first_drain),
        scatter(attacks, "pin_reset", resets, params.login_delay, params.first_drain),
    )
    return Scheme(steps._replace(is_fitting=True), signals)
