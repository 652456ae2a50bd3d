"""Synthetic identities: made-up people with young credit lines, all worked from one line, are used up within days."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.crews import CrewParams, draw_crews
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing
from riskfabric_assets.typologies.sketch import log_between, scatter, sketch, waits_of
from riskfabric_assets.typologies.steps import (
    CASH_OUT,
    DRAW_GAP,
    PURCHASE,
    InjectContext,
    Scheme,
    categories_of,
    lay_out,
)
from riskfabric_assets.typologies.victims import credit_accounts, with_young_credit_line

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("identity_made_up", "line_exhausted", "address_shared")


class Params(CrewParams):
    """How old the identities are, how they share, and how their lines are used up."""

    youngest_days: Annotated[int, Field(ge=0), Measured("days")]
    """Age of the credit line on the month's first day, at least: what it took to earn it."""
    half_life: Annotated[float, Field(gt=0), Measured("days")]
    """Further age at which a line is half as likely to be one of theirs."""
    amount_low: Ratio
    """Of the credit line, as the upper bound."""
    amount_high: Ratio
    refill_share: Share
    """Share of identities whose line is refilled once by a repayment that will not last."""
    refill: Ratio
    """Of the credit line."""
    shops: Annotated[int, Field(ge=1, le=20), Measured("merchants")]
    """Shops of resale goods that a crew buys from."""
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose holders of credit lines that are old enough to be worth it, the younger the rather."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_young_credit_line(context.people, context.clock, params.youngest_days, params.half_life)
    attacks = draw_crews(context, weights, params, timing)
    return attacks._replace(gear_key=attacks.actor_key)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Buy online from a few shops up to the line, through one address; a bogus repayment buys a second round."""
    layout = lay_out(attacks)
    account = credit_accounts(context.people, attacks.customer)
    line = context.people.credit_limit_minor[account].astype(np.float64)
    steps = sketch(
        layout,
        attacks,
        params,
        waits_of(layout, params.mean_gap, params.span_cap),
        PURCHASE,
        line[layout.attack] * log_between(layout.key, params.amount_low, params.amount_high),
    )
    shop = (uniforms_of(layout.key, DRAW_GAP + 8) * params.shops).astype(np.int64)
    merchant_key = subkeys_of(attacks.actor_key[layout.attack], shop)
    half = (attacks.count_steps[layout.attack] + 1) // 2
    refills = (uniforms_of(attacks.key, DRAW_GAP + 9) < params.refill_share).astype(np.int64)
    signals = scatter(
        attacks, "transfer_credit", refills, params.mean_gap, 2 * params.mean_gap, False, line * params.refill
    )
    steps = steps._replace(
        merchant_key=merchant_key,
        category=categories_of(merchant_key, params),
        phase=np.where(layout.step > half, CASH_OUT, PURCHASE).astype(np.uint8),
        is_at_hub=np.ones(layout.attack.shape[0], dtype=np.bool_),
        is_foreign_device=np.zeros(layout.attack.shape[0], dtype=np.bool_),
        is_foreign_network=np.ones(layout.attack.shape[0], dtype=np.bool_),
        is_from_one_account=True,
        is_fitting=True,
    )
    return Scheme(steps, signals, account)
