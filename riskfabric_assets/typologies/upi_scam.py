"""Authorized push payment: the victim is talked into paying, on the own phone, to the scammers' merchants."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_AMOUNT,
    InjectContext,
    Steps,
    at_hub,
    between,
    categories_of,
    channels_of,
    exponential_gaps,
    lay_out,
    offsets_of,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("social_engineering_detected", "urgent_payment_request", "money_mule_destination")


class Params(AttackParams):
    """How scammers take."""

    amount_low: Ratio
    amount_high: Ratio
    mean_gap: Minutes
    drop_merchants: Annotated[int, Field(ge=1, le=64), Measured("merchants")]


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account, at the hours scammers call."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Let the victim pay 1.5 to 4 times the personal average, once or a few times, to few drop merchants."""
    layout = lay_out(attacks)
    attack = layout.attack
    ratio = between(layout.key, DRAW_AMOUNT, params.amount_low, params.amount_high)
    drop = (uniforms_of(attacks.key, DRAW_AMOUNT) * params.drop_merchants).astype(np.int64)
    merchant_key = subkeys_of(attacks.actor_key, drop)[attack]
    return Steps(
        attack=attack,
        step=layout.step,
        key=layout.key,
        offset_microseconds=offsets_of(layout, exponential_gaps(layout.key, params.mean_gap * 60), params.span_cap),
        phase=np.full(attack.shape[0], DRAIN, dtype=np.uint8),
        burst_position=np.zeros(attack.shape[0], dtype=np.int16),
        channel=channels_of(layout.key, params),
        amount_minor=context.averages_of(attacks)[attack] * ratio,
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        is_at_hub=at_hub(attacks, params)[attack],
        is_foreign_device=np.zeros(attack.shape[0], dtype=np.bool_),
        is_escalating=np.zeros(attack.shape[0], dtype=np.bool_),
        is_fitting=True,
    )
