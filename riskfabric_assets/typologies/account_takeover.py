"""Account takeover: on a device of their own, at night, attackers try a little and then drain ever more."""

from typing import Final

import numpy as np

from riskfabric_assets.packs.measured import Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_AMOUNT,
    DRAW_GAP,
    PROBE,
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
FLAGS: Final = (
    "proxy_detected",
    "credential_stuffing_attempt",
    "session_hijacking_risk",
    "new_device_on_old_account",
)


class Params(AttackParams):
    """How a taken-over account is emptied."""

    probe_share: Share
    """Share of attacks of several steps that begin with a probe."""
    probe_low: Ratio
    probe_high: Ratio
    amount_low: Ratio
    amount_high: Ratio
    escalation: Share
    """By how much each drain exceeds the one before."""
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account, mostly while they sleep."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Probe with a fraction of the personal average, then drain with amounts that rise by the escalation."""
    layout = lay_out(attacks)
    attack = layout.attack
    has_probe = (uniforms_of(attacks.key, DRAW_GAP) < params.probe_share) & (attacks.count_steps > 1)
    is_probe = layout.is_first & has_probe[attack]
    drains_before = layout.step - 1 - has_probe[attack]
    first_drain = between(attacks.key, DRAW_AMOUNT, params.amount_low, params.amount_high)[attack]
    drain = first_drain * (1 + params.escalation) ** drains_before
    ratio = np.where(is_probe, between(layout.key, DRAW_AMOUNT, params.probe_low, params.probe_high), drain)
    merchant_key = subkeys_of(layout.key, 1)
    return Steps(
        attack=attack,
        step=layout.step,
        key=layout.key,
        offset_microseconds=offsets_of(layout, exponential_gaps(layout.key, params.mean_gap * 60), params.span_cap),
        phase=np.where(is_probe, PROBE, DRAIN).astype(np.uint8),
        burst_position=np.zeros(attack.shape[0], dtype=np.int16),
        channel=channels_of(attacks.key, params)[attack],
        amount_minor=context.averages_of(attacks)[attack] * ratio,
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        is_at_hub=at_hub(attacks, params)[attack],
        is_foreign_device=np.ones(attack.shape[0], dtype=np.bool_),
        is_escalating=~layout.is_first,
    )
