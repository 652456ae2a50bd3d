"""Card-not-present fraud: stolen card details are spent in web shops, never at a terminal."""

from typing import Final

import numpy as np

from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.steps import (
    DRAW_AMOUNT,
    PURCHASE,
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
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("headless_browser_detected", "virtual_card_usage", "high_risk_bin", "tor_exit_node")


class Params(AttackParams):
    """How stolen cards are spent."""

    amount_low: Ratio
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that is valid all month."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Buy for 1 to 5 times the personal average, each time in another shop."""
    layout = lay_out(attacks)
    attack = layout.attack
    ratio = between(layout.key, DRAW_AMOUNT, params.amount_low, params.amount_high)
    merchant_key = subkeys_of(layout.key, 1)
    return Steps(
        attack=attack,
        step=layout.step,
        key=layout.key,
        offset_microseconds=offsets_of(layout, exponential_gaps(layout.key, params.mean_gap * 60), params.span_cap),
        phase=np.full(attack.shape[0], PURCHASE, dtype=np.uint8),
        burst_position=np.zeros(attack.shape[0], dtype=np.int16),
        channel=channels_of(layout.key, params),
        amount_minor=context.averages_of(attacks)[attack] * ratio,
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        is_at_hub=at_hub(attacks, params)[attack],
        is_foreign_device=np.ones(attack.shape[0], dtype=np.bool_),
        is_escalating=np.zeros(attack.shape[0], dtype=np.bool_),
    )
