"""Velocity abuse: a script tests stolen credentials with tiny amounts, then buys, seconds apart."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Ratio, Seconds
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.steps import (
    DRAW_AMOUNT,
    DRAW_GAP,
    PROBE,
    PURCHASE,
    InjectContext,
    Steps,
    at_hub,
    between,
    categories_of,
    channels_of,
    lay_out,
    offsets_of,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("automated_script_pattern", "device_id_rotation", "rapid_fire_attempt")
MINOR_PER_MAJOR: Final = 100


class Params(AttackParams):
    """How a script fires."""

    probe_share: Share
    """Share of a burst's payments that only test."""
    probe_low: Annotated[float, Field(gt=0), Measured("major units")]
    probe_high: Annotated[float, Field(gt=0), Measured("major units")]
    amount_low: Ratio
    amount_high: Ratio
    gap_low: Seconds
    gap_high: Seconds
    merchants: Annotated[int, Field(ge=1, le=16), Measured("merchants")]


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Test with micro-amounts first, then pay about the personal average, at the same one or two merchants."""
    layout = lay_out(attacks)
    attack = layout.attack
    probes = np.minimum(np.rint(params.probe_share * attacks.count_steps), attacks.count_steps - 1)
    is_probe = layout.step <= probes[attack]
    log_probe = between(layout.key, DRAW_AMOUNT, np.log(params.probe_low), np.log(params.probe_high))
    normal = between(layout.key, DRAW_AMOUNT, params.amount_low, params.amount_high)
    shop = (uniforms_of(layout.key, DRAW_GAP + 2) * params.merchants).astype(np.int64)
    merchant_key = subkeys_of(attacks.key[attack], shop + (1 << 8))
    return Steps(
        attack=attack,
        step=layout.step,
        key=layout.key,
        offset_microseconds=offsets_of(
            layout, between(layout.key, DRAW_GAP, params.gap_low, params.gap_high), params.span_cap
        ),
        phase=np.where(is_probe, PROBE, PURCHASE).astype(np.uint8),
        burst_position=layout.step,
        channel=channels_of(attacks.key, params)[attack],
        amount_minor=np.where(
            is_probe, MINOR_PER_MAJOR * np.exp(log_probe), context.averages_of(attacks)[attack] * normal
        ),
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        is_at_hub=at_hub(attacks, params)[attack],
        is_foreign_device=np.ones(attack.shape[0], dtype=np.bool_),
        is_escalating=np.zeros(attack.shape[0], dtype=np.bool_),
    )
