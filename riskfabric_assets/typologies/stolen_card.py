"""Stolen card: who took it taps in the neighborhood until the holder notices, and draws cash where the PIN was seen."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.measured import Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import CASH_KIND, PURCHASE_KIND, amounts_of, log_between, sketch, waits_of
from riskfabric_assets.typologies.steps import CASH_OUT, DRAW_GAP, PURCHASE, InjectContext, Steps, lay_out
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("card_not_in_holders_hands", "neighborhood_spree")
ATM: Final = CHANNELS.index("atm")


class Params(AttackParams):
    """What is bought, and how much is drawn."""

    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    pin_seen: Share
    """Share of attacks whose last step draws cash."""
    cash_low: Ratio
    cash_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card that is valid all month; bags are stolen while people are out."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Show one card at shops around the victim, and at a cash machine in the end where the PIN is known."""
    layout = lay_out(attacks)
    is_last = layout.step == attacks.count_steps[layout.attack]
    is_cash = is_last & (uniforms_of(attacks.key, DRAW_GAP + 8) < params.pin_seen)[layout.attack]
    drawn = context.averages_of(attacks)[layout.attack] * log_between(layout.key, params.cash_low, params.cash_high)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    offsets = waits_of(layout, params.mean_gap, params.span_cap)
    steps = sketch(layout, attacks, params, offsets, PURCHASE, np.where(is_cash, drawn, amount))
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    return steps._replace(
        kind=np.where(is_cash, CASH_KIND, PURCHASE_KIND).astype(np.uint8),
        channel=np.where(is_cash, ATM, steps.channel).astype(np.uint8),
        phase=np.where(is_cash, CASH_OUT, PURCHASE).astype(np.uint8),
        is_foreign_device=own,
        is_at_hub=own,
        is_from_one_account=True,
    )
