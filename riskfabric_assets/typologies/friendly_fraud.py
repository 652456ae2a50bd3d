"""Friendly fraud: customers dispute payments that they made themselves; nothing is added, rows are claimed."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.simulation.tables import in_order
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.claims import Preferences, claim_payments
from riskfabric_assets.typologies.params import CategoryWeights, ChannelShares, ClaimParams, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.steps import Claims, InjectContext

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("chargeback_history", "first_time_high_value_luxury")


class Params(ClaimParams):
    """Which payments are disputed."""

    channels: ChannelShares
    categories: CategoryWeights
    amount_low: Ratio
    amount_high: Ratio
    other_weight: Ratio
    """Weight of a payment outside the preferred channels, categories or amounts, each."""


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose claimants by their propensity to dispute and by how much there is to dispute."""
    weights = context.people.dispute_propensity * context.people.payments_per_year
    timing = Timing(context.honest_hours, 0.0)
    return draw_attacks(context, weights, params.cumulative_steps, timing, is_single=True)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Claims:
    """Claim approved payments of the month, those of the preferred kind first."""
    preferences = Preferences(
        channels=np.maximum(in_order(params.channels, CHANNELS), params.other_weight),
        categories=np.maximum(in_order(params.categories, MERCHANT_CATEGORIES), params.other_weight),
        amount_low=params.amount_low,
        amount_high=params.amount_high,
        other_weight=params.other_weight,
    )
    return claim_payments(context, attacks, preferences)
