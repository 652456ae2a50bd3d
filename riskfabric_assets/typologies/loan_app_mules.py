"""Loan app: borrowers of a bogus lender pay back far more than they got, then lend their accounts to pass money on."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, Floats, PlanContext
from riskfabric_assets.typologies.crews import CrewParams, draw_crews
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing
from riskfabric_assets.typologies.signals import join_signals
from riskfabric_assets.typologies.sketch import by_day, later, log_between, scatter, sketch, to_account, waits_of
from riskfabric_assets.typologies.steps import DRAIN, DRAW_GAP, LAYERING, InjectContext, Scheme, lay_out
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("loan_repaid_with_extortion", "recruited_mule", "rapid_pass_through")
NIGHT_HOURS: Final = 8
"""What waits for the morning is put off by less."""


class Params(CrewParams):
    """The loan, what is extorted, and what passes through."""

    income_below: Share
    """Borrowers belong to this share of customers with the lowest income."""
    loan: Ratio
    """Over the borrower's average payment."""
    due: Annotated[float, Field(gt=0, le=336), Measured("hours")]
    """From the loan to what is asked back."""
    extorted: Ratio
    """What is asked back over the loan."""
    credits_low: Annotated[int, Field(ge=1, le=30), Measured("credits")]
    credits_high: Annotated[int, Field(ge=1, le=30), Measured("credits")]
    credit: Ratio
    """One credit of stolen money over the borrower's average payment."""
    credits_within: Minutes
    """All of it arrives within this time after the repayment."""
    kept: Share
    """What stays on the account."""
    payees: Annotated[int, Field(ge=1, le=20), Measured("accounts")]
    """Accounts elsewhere through which an app collects."""
    spread_low: Ratio
    spread_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose borrowers among customers of low income, several for each app."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    income = context.people.monthly_income_minor
    is_poor = income <= np.quantile(income, params.income_below)
    return draw_crews(context, with_account(context.people, context.clock) * is_poor, params, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Bring the loan in, ask it back with extortion; then credits of strangers come and go on to the app's accounts."""
    layout = lay_out(attacks)
    average = context.averages_of(attacks)
    due, late = params.due * 60, params.due * 60 + params.credits_within
    offsets = np.where(layout.is_first, later(np.zeros_like(layout.step, dtype=np.int64), due), 0)
    waits = later(waits_of(layout, params.mean_gap, params.span_cap - NIGHT_HOURS - late / 60), late)
    offsets = by_day(attacks, layout, np.where(layout.is_first, offsets, waits))
    counts = params.credits_low + (
        uniforms_of(attacks.key, DRAW_GAP + 8) * (params.credits_high - params.credits_low + 1)
    ).astype(np.int64)
    counts = np.where(attacks.count_steps > 1, counts, 0)
    dirty, loan = average * params.credit, average * params.loan
    steps = sketch(layout, attacks, params, offsets, LAYERING, _amounts(params, attacks, layout.attack, dirty * counts))
    amount = np.where(
        layout.is_first,
        (loan * params.extorted)[layout.attack],
        steps.amount_minor * log_between(layout.key, params.spread_low, params.spread_high),
    )
    payee = (uniforms_of(layout.key, DRAW_GAP + 9) * params.payees).astype(np.int64)
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    signals = join_signals(
        scatter(attacks, "transfer_credit", np.ones(counts.shape[0], dtype=np.int64), 0.0, 30.0, False, loan),
        scatter(attacks, "transfer_credit", counts, due + 1, late, False, dirty),
    )
    steps = to_account(steps, subkeys_of(attacks.actor_key[layout.attack], payee))._replace(
        amount_minor=amount,
        phase=np.where(layout.is_first, DRAIN, LAYERING).astype(np.uint8),
        is_foreign_device=own,
        is_at_hub=own,
        is_from_one_account=True,
        is_fitting=True,
    )
    return Scheme(steps, signals)


def _amounts(params: Params, attacks: Attacks, attack: np.ndarray, came: Floats) -> Floats:
    """Return equal parts of what is sent on, one for each step behind the repayment, shape (n,)."""
    parts = np.maximum(attacks.count_steps - 1, 1)
    return np.asarray((came * (1.0 - params.kept) / parts)[attack])
