"""Liquidity crunch: a holder moves all money out of reach, and the debits that follow come back unpaid.

First-party: who owes knows what will be debited, and that nothing will be there. An attack is called off where the
account holds too little, or where so much comes in that the debits would be paid.
"""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels.records import GROUPS
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import picks_of, subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.signals import bare_signals
from riskfabric_assets.typologies.sketch import BILL_KIND, TRANSFER_KIND, among, sketch, to_account
from riskfabric_assets.typologies.steps import (
    DRAIN,
    DRAW_AMOUNT,
    DRAW_GAP,
    PURCHASE,
    Floats,
    InjectContext,
    Int64s,
    Layout,
    Scheme,
    between,
    lay_out,
)
from riskfabric_assets.typologies.victims import paying_accounts, with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("returned_debit", "balance_near_zero", "negative_balance_shock")
_DRAW_BILL, _DRAW_MOMENT = DRAW_GAP + 8, DRAW_GAP + 9


class Params(AttackParams):
    """What is moved away, and what is debited in vain."""

    taken_low: Share
    """Part of what the account can spare until the month's end that is moved away first, at least."""
    taken_high: Share
    least_taken: Ratio
    """Less than so many of the holder's average payments is not worth it."""
    gap_days: Annotated[int, Field(ge=1, le=7), Measured("days")]
    """Between two debits, and from the transfer to the first one, at most."""
    debit_low: Ratio
    """A debit over the holder's average payment."""
    debit_high: Ratio
    beyond: Annotated[float, Field(gt=1), Measured("ratio")]
    """A debit over what is left in the account, at least: it cannot be paid."""
    largest: Ratio
    """A debit above so many average payments is nobody's bill."""


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose holders of an account; nobody helps them."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_account(context.people, context.clock)
    return draw_attacks(context, weights, params.cumulative_steps, timing, is_single=True)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Send nearly everything to an account elsewhere; then debits of billers arrive in the days after."""
    account = np.array([_everyday(context, customer) for customer in attacks.customer.tolist()], dtype=np.int64)
    layout = lay_out(attacks)
    day, offsets = _days(context, params, attacks, layout)
    taken, debit, is_sound = _amounts(context, params, attacks, layout, account, day)
    chosen = np.flatnonzero(is_sound)
    own = attacks.take(chosen)
    rows = is_sound[layout.attack]
    kept, first = lay_out(own), layout.is_first[rows]
    steps = sketch(kept, own, params, offsets[rows], DRAIN, np.where(first, taken[layout.attack][rows], debit[rows]))
    channel, group = _billers(context, kept)
    return among(
        attacks,
        chosen,
        Scheme(
            to_account(steps, subkeys_of(own.key, 2)[kept.attack])._replace(
                kind=np.where(first, TRANSFER_KIND, BILL_KIND).astype(np.uint8),
                channel=np.where(first, steps.channel, channel).astype(np.uint8),
                category=np.where(first, steps.category, group).astype(np.uint8),
                phase=np.where(first, DRAIN, PURCHASE).astype(np.uint8),
                is_foreign_device=np.zeros(kept.attack.shape[0], dtype=np.bool_),
                is_from_one_account=True,
            ),
            bare_signals(),
            account[chosen],
        ),
    )


def _everyday(context: InjectContext, customer: int) -> int:
    """Return the account that debits run on, or NO_ID."""
    accounts = paying_accounts(context.people, customer)
    return int(accounts[0]) if accounts.shape[0] > 0 else NO_ID


def _days(context: InjectContext, params: Params, attacks: Attacks, layout: Layout) -> tuple[Int64s, Int64s]:
    """Return day and offset of every step: the transfer at once, debits on later days, at the hours of debits."""
    wait = 1 + (uniforms_of(layout.key, DRAW_GAP) * params.gap_days).astype(np.int64)
    passed = np.cumsum(np.where(layout.is_first, 0, wait))
    passed -= passed[layout.is_first][layout.attack]
    early, noon, late, end = (int(bound) for bound in context.life.rules[0]["bill_hours_microseconds"])
    position = (uniforms_of(layout.key, _DRAW_MOMENT) * (noon - early + end - late)).astype(np.int64)
    moment = np.where(position < noon - early, early + position, late + position - (noon - early))
    offsets = passed * MICROSECONDS_PER_DAY + moment - attacks.local_microseconds[layout.attack]
    return attacks.day[layout.attack] + passed, np.where(layout.is_first, 0, offsets)


def _amounts(
    context: InjectContext, params: Params, attacks: Attacks, layout: Layout, account: Int64s, day: Int64s
) -> tuple[Floats, Floats, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Return what is moved away, shape (attacks,), what is debited, shape (steps,), and which attacks make sense."""
    honest, average = context.honest, context.averages_of(attacks)
    row = np.maximum(account - honest.first_account, 0)
    held = honest.leftover_minor[row, attacks.day]
    taken = held * between(attacks.key, DRAW_AMOUNT, params.taken_low, params.taken_high)
    limit = honest.unused_account_limit_minor[row, attacks.day]
    last_day = honest.clock.count_days - 1
    left = honest.leftover_minor[row[layout.attack], np.minimum(day, last_day)] - params.taken_low * held[layout.attack]
    usual = average[layout.attack] * between(layout.key, DRAW_AMOUNT, params.debit_low, params.debit_high)
    debit = np.maximum(usual, params.beyond * left)
    is_too_much = (debit > params.largest * average[layout.attack]) & ~layout.is_first
    is_paid = np.bincount(layout.attack, weights=is_too_much | (day > last_day), minlength=attacks.key.shape[0]) > 0
    is_sound = (account != NO_ID) & (taken >= params.least_taken * average) & (taken <= limit) & ~is_paid
    return taken, debit, is_sound


def _billers(context: InjectContext, layout: Layout) -> tuple[Int64s, Int64s]:
    """Draw channel and spending group of each debit among the standing debits that honest people have."""
    rules, online = context.life.rules[0], context.life.online.first
    groups = np.minimum(rules["bill_groups"], GROUPS - 1)
    is_debit = (rules["bill_groups"] < GROUPS) & (online[groups + 1] > online[groups])
    weights = np.where(is_debit, np.maximum(rules["bill_shares"], 0.0) * rules["bill_mandates"], 0.0)
    bill = picks_of(layout.key, _DRAW_BILL, np.cumsum(weights))
    return rules["bill_channels"][bill], groups[bill]
