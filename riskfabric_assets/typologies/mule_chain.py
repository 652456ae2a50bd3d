"""Mule chain: a victim is talked into paying a mule, who passes it on to another; both send on and draw cash."""

from typing import Annotated, Final, NamedTuple

import numpy as np
from pydantic import Field

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.typologies.attacks import Attacks, Bools, Floats, Int64s, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio, RelayParams, Sigma
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.recruits import can_relay, hire
from riskfabric_assets.typologies.sketch import (
    CASH_KIND,
    TRANSFER_KIND,
    by_day,
    later,
    log_between,
    log_normal,
    savings,
    sketch,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    CASH_OUT,
    DRAIN,
    DRAW_GAP,
    LAYERING,
    InjectContext,
    Layout,
    Scheme,
    channels_of,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "2"
FLAGS: Final = ("mule_account", "rapid_pass_through", "layered_transfers")
MULES: Final = 2
COLLECTOR, SECOND = range(MULES)
ATM: Final = CHANNELS.index("atm")
MOVING_MINUTES: Final = 60.0
"""Savings are moved in within so long before a payment."""
NIGHT_HOURS: Final = 8
"""What waits for the morning is put off by less."""
LEAST_STEPS: Final = 3
"""The victim pays, the collector passes on, the second mule draws cash."""


class Params(RelayParams):
    """What the victim pays, what mules keep, and how it leaves."""

    steps: Annotated[list[float], Field(min_length=LEAST_STEPS, max_length=64), Measured("share")]
    savings: Share
    """Share of attacks in which the victim moves savings in before paying."""
    second_payment: Annotated[int, Field(ge=LEAST_STEPS + 1), Measured("steps")]
    """From so many steps on the victim pays twice."""
    amount_median: Ratio
    """Of one payment, over the victim's average."""
    amount_sigma: Sigma
    mule_life: Annotated[float, Field(gt=0, le=60), Measured("days")]
    """From a mule's first victim to the last, at the mean; a month ends it in any case."""
    kept: Share
    """What each mule keeps of what came in."""
    cash_share: Share
    """Share of what leaves the chain that is drawn at machines; the second mule always begins with cash."""
    spread_low: Ratio
    spread_high: Ratio
    mean_gap: Minutes


class Roles(NamedTuple):
    """Who does what in every step, shape (n,) each."""

    is_victim: Bools
    mule: Int64s
    """COLLECTOR or SECOND; meaningless for the victim."""
    is_passed_on: Bools
    """From the collector to the second mule."""
    part: Floats
    """Of what came in, that may have left a mule after the step; 0 for the victim."""
    total: Int64s
    """Steps of the same mule."""


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose a victim with an account that holds money, and two mules, who serve others as well while they last."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    weights = with_account(context.people, context.clock) * can_relay(context.people, context.clock)
    attacks = draw_attacks(context, weights, params.cumulative_steps, timing)
    attacks = attacks._replace(count_steps=np.maximum(attacks.count_steps, LEAST_STEPS))
    return hire(context, attacks, MULES, params.span_cap, params.mule_life)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Pay the collector from the own phone; what came is passed on within hours, less what mules keep."""
    layout = lay_out(attacks)
    roles = roles_of(params, attacks, layout)
    loss = context.averages_of(attacks) * log_normal(attacks.key, params.amount_median, params.amount_sigma)
    amount = loss[layout.attack] * _multiples(params, layout, roles, attacks)
    waits = later(waits_of(layout, params.mean_gap, params.span_cap - NIGHT_HOURS), MOVING_MINUTES)
    offsets = by_day(attacks, layout, waits)
    is_cash = _is_cash(params, layout, roles)
    members = attacks.members[layout.attack]
    mule = np.where(roles.mule == COLLECTOR, members[:, COLLECTOR], members[:, SECOND]) if members.size else roles.mule
    payee = np.where(roles.is_victim, members[:, COLLECTOR], np.where(roles.is_passed_on, members[:, SECOND], NO_ID))
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    steps = sketch(layout, attacks, params, offsets, LAYERING, amount)._replace(
        kind=np.where(is_cash, CASH_KIND, TRANSFER_KIND).astype(np.uint8),
        channel=np.where(is_cash, ATM, channels_of(layout.key, params)).astype(np.uint8),
        phase=np.where(roles.is_victim, DRAIN, np.where(is_cash, CASH_OUT, LAYERING)).astype(np.uint8),
        payer=np.where(roles.is_victim, attacks.customer[layout.attack], mule),
        payee=payee,
        payee_key=subkeys_of(attacks.actor_key[layout.attack], roles.mule),
        part=roles.part,
        is_foreign_device=own,
        is_at_hub=own,
        is_fitting=True,
    )
    signals = savings(attacks, layout, offsets, np.where(roles.is_victim, amount, 0.0), params.savings, MOVING_MINUTES)
    everyday = context.life.customers["everyday_account"][attacks.customer]
    return Scheme(steps, signals.take(signals.amount_minor > 0), everyday)


def roles_of(params: Params, attacks: Attacks, layout: Layout) -> Roles:
    """Deal the steps: the victim's first, then collector and second mule by turns."""
    total = attacks.count_steps[layout.attack].astype(np.int64)
    victim = np.where(total >= params.second_payment, 2, 1)
    turn = layout.step.astype(np.int64) - 1 - victim
    is_victim = turn < 0
    mule = np.where(is_victim, COLLECTOR, turn % MULES)
    count = np.maximum((total - victim - mule + 1) // MULES, 1)
    part = np.where(is_victim, 0.0, (1.0 - params.kept) * (turn // MULES + 1) / count)
    return Roles(is_victim, mule, turn == 0, part, count)


def _multiples(params: Params, layout: Layout, roles: Roles, attacks: Attacks) -> Floats:
    """Return what each step moves, as a multiple of one payment of the victim."""
    paid = np.where(attacks.count_steps[layout.attack] >= params.second_payment, 2.0, 1.0)
    share = (1.0 - params.kept) / roles.total
    steps_of_collector = np.maximum(
        np.bincount(layout.attack, ~roles.is_victim & (roles.mule == COLLECTOR), attacks.key.shape[0]), 1.0
    )[layout.attack]
    passed_on = paid * (1.0 - params.kept) / steps_of_collector
    came = np.where(roles.mule == COLLECTOR, paid, passed_on)
    spread = log_between(layout.key, params.spread_low, params.spread_high)
    return np.where(roles.is_victim, 1.0, np.where(roles.is_passed_on, passed_on, came * share * spread))


def _is_cash(params: Params, layout: Layout, roles: Roles) -> Bools:
    is_first_of_second = (
        ~roles.is_victim & (roles.mule == SECOND) & np.isclose(roles.part * roles.total, 1.0 - params.kept)
    )
    is_drawn = uniforms_of(layout.key, DRAW_GAP + 9) < params.cash_share
    return np.asarray(~roles.is_victim & ~roles.is_passed_on & (is_first_of_second | is_drawn))
