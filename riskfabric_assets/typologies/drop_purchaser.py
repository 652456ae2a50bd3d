"""Drop who buys: dirty money comes in from many and is spent in web shops on goods that are easily sold."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured, Share
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    by_day,
    later,
    log_between,
    scatter,
    sketch,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    CASH_OUT,
    DRAW_GAP,
    InjectContext,
    Scheme,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_card

INJECTOR_VERSION: Final = "2"
FLAGS: Final = ("rapid_pass_through", "fan_in", "resale_goods")


class Params(AttackParams):
    """What comes in, and how it is spent."""

    credits_low: Annotated[int, Field(ge=1, le=30), Measured("credits")]
    credits_high: Annotated[int, Field(ge=1, le=30), Measured("credits")]
    credit: Ratio
    """One credit over the mule's own average payment."""
    credits_within: Minutes
    """All dirty money arrives within this time; it starts to leave after the first half."""
    kept: Share
    """What the mule keeps."""
    spread_low: Ratio
    spread_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose mules among customers with a card."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_card(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Take in credits of other banks, and spend nearly all of it online."""
    layout = lay_out(attacks)
    width = params.credits_high - params.credits_low + 1
    counts = params.credits_low + (uniforms_of(attacks.key, DRAW_GAP + 8) * width).astype(np.int64)
    credit = context.averages_of(attacks) * params.credit
    begin = params.credits_within / 2
    signals = scatter(attacks, "transfer_credit", counts, 0.0, params.credits_within, False, credit)
    offsets = by_day(attacks, layout, later(waits_of(layout, params.mean_gap, params.span_cap - begin / 60), begin))
    part = (1.0 - params.kept) / np.maximum(attacks.count_steps, 1)
    amount = (credit * counts * part)[layout.attack] * log_between(layout.key, params.spread_low, params.spread_high)
    own = np.zeros(layout.attack.shape[0], dtype=np.bool_)
    steps = sketch(layout, attacks, params, offsets, CASH_OUT, amount)
    return Scheme(steps._replace(is_foreign_device=own, is_from_one_account=True, is_fitting=True), signals)
