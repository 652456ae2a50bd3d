"""Merchant collusion: cardholders buy nothing at a shop that is in on it, and the shop gives most of it back."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.crews import CrewParams, draw_crews
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing
from riskfabric_assets.typologies.sketch import amounts_of, sketch, waits_of
from riskfabric_assets.typologies.steps import DRAW_GAP, PURCHASE, InjectContext, Steps, categories_of, lay_out
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("no_goods", "refund_abuse")
_DRAW_REFUND, _DRAW_DAYS = DRAW_GAP + 8, DRAW_GAP + 9


class Params(CrewParams):
    """What is bought, and how much of it comes back."""

    amount_low: Ratio
    amount_high: Ratio
    mean_gap: Minutes
    refunded: Share
    """Share of purchases that the shop gives back."""
    refund_days_low: Annotated[int, Field(ge=1, le=28), Measured("days")]
    refund_days_high: Annotated[int, Field(ge=1, le=28), Measured("days")]


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose cardholders who live around the shop."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_crews(context, with_card(context.people, context.clock), params, timing, is_local=True)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Buy several times at the actor's shop with own cards and phones; days later most of it is refunded."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = sketch(layout, attacks, params, waits_of(layout, params.mean_gap, params.span_cap), PURCHASE, amount)
    count, shop = layout.attack.shape[0], subkeys_of(attacks.actor_key, 0)[layout.attack]
    width = params.refund_days_high - params.refund_days_low + 1
    days = params.refund_days_low + (uniforms_of(layout.key, _DRAW_DAYS) * width).astype(np.int64)
    is_refunded = uniforms_of(layout.key, _DRAW_REFUND) < params.refunded
    return steps._replace(
        merchant_key=shop,
        category=categories_of(shop, params),
        is_at_hub=np.ones(count, dtype=np.bool_),
        is_foreign_device=np.zeros(count, dtype=np.bool_),
        is_fitting=True,
        refund_days=np.where(is_refunded, days, 0).astype(np.int16),
    )
