"""Device sharing: one phone works the accounts of many customers within a week, as farms of taken-over accounts do."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.crews import CrewParams, draw_crews
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing
from riskfabric_assets.typologies.signals import join_signals
from riskfabric_assets.typologies.sketch import amounts_of, later, scatter, sketch, to_account, waits_of
from riskfabric_assets.typologies.steps import DRAIN, DRAW_GAP, InjectContext, Scheme, lay_out
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("device_shared", "accounts_farmed")


class Params(CrewParams):
    """What is taken from every account."""

    amount_low: Ratio
    amount_high: Ratio
    lead: Minutes
    """Login, then a new phone is bound, within this time before the first payment."""
    payees: Annotated[int, Field(ge=1, le=20), Measured("accounts")]
    """Accounts elsewhere that a crew's money goes to."""
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose account holders; all of a crew are worked on one phone through one line."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    attacks = draw_crews(context, with_account(context.people, context.clock), params, timing)
    return attacks._replace(gear_key=attacks.actor_key)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Log in, bind the phone, and send a payment or two to one of the farm's accounts."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    offsets = later(waits_of(layout, params.mean_gap, params.span_cap - params.lead / 60), params.lead)
    steps = sketch(layout, attacks, params, offsets, DRAIN, amount)
    payee = (uniforms_of(attacks.key, DRAW_GAP + 8) * params.payees).astype(np.int64)
    once = np.ones(attacks.key.shape[0], dtype=np.int64)
    signals = join_signals(
        scatter(attacks, "login", once, 0.0, params.lead / 3),
        scatter(attacks, "device_binding", once, params.lead / 3, params.lead),
    )
    return Scheme(to_account(steps, subkeys_of(attacks.actor_key, payee)[layout.attack]), signals)
