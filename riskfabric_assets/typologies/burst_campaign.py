"""Burst campaign: a group charges many small purchases to many cards within hours, at a handful of shops.

What it is, sources and invariants: docs/explanation/typologies.md.
"""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.crews import CrewParams, draw_crews
from riskfabric_assets.typologies.draws import picks_of, subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import Minutes, Ratio
from riskfabric_assets.typologies.planning import MICROSECONDS_PER_HOUR, Timing, moments_kernel
from riskfabric_assets.typologies.sketch import amounts_of, sketch, waits_of
from riskfabric_assets.typologies.steps import (
    DRAW_GAP,
    PURCHASE,
    InjectContext,
    Int64s,
    Steps,
    UInt64s,
    categories_of,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("coordinated_burst", "small_amounts", "shared_device_across_customers")
FIRST_SHOP: Final = 1 << 8
_DRAW_HOUR, _DRAW_BEGIN, _DRAW_TURN = 40, 41, 42


class Params(CrewParams):
    """How a burst is organized; its members are the victims of one group."""

    window: Annotated[float, Field(gt=0, le=12), Measured("hours")]
    """From the first to the last victim of a burst, at most."""
    shops: Annotated[int, Field(ge=1, le=64), Measured("merchants")]
    """Shops of a burst."""
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with a card, and let each group strike at all of its own together."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    attacks = draw_crews(context, with_card(context.people, context.clock), params, timing)
    burst = subkeys_of(attacks.actor_key, int(context.clock.month_index[0]))
    local = _turns(attacks, burst, timing, params.window)
    start_at = np.empty(local.shape[0], dtype=np.int64)
    moments_kernel(context.clock, attacks.day, local, start_at)
    return attacks._replace(local_microseconds=local, start_at=start_at)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Steps:
    """Charge one to four small purchases to every card, each at one of the burst's shops."""
    layout = lay_out(attacks)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = sketch(layout, attacks, params, waits_of(layout, params.mean_gap, params.span_cap), PURCHASE, amount)
    burst = subkeys_of(attacks.actor_key, int(context.honest.clock.month_index[0]))
    shop = (uniforms_of(layout.key, DRAW_GAP + 8) * params.shops).astype(np.int64)
    merchant_key = subkeys_of(burst[layout.attack], FIRST_SHOP + shop)
    return steps._replace(
        merchant_key=merchant_key, category=categories_of(merchant_key, params), burst_position=layout.step
    )


def _turns(attacks: Attacks, burst: UInt64s, timing: Timing, window_hours: float) -> Int64s:
    """Return when each victim's turn is, local time of the burst's day; late bursts begin earlier as a whole."""
    if burst.shape[0] == 0:
        return np.empty(0, dtype=np.int64)
    hour = picks_of(burst, _DRAW_HOUR, np.cumsum(timing.hours))
    begin = (hour + uniforms_of(burst, _DRAW_BEGIN)) * MICROSECONDS_PER_HOUR
    room = MICROSECONDS_PER_DAY - (window_hours + timing.span_hours) * MICROSECONDS_PER_HOUR
    begin = np.where(begin > room, begin * room / MICROSECONDS_PER_DAY, begin)
    turn = uniforms_of(attacks.key, _DRAW_TURN) * window_hours * MICROSECONDS_PER_HOUR
    return np.asarray(begin + turn, dtype=np.int64)
