"""Link burst: many bank connections within a day, and then money leaves for accounts elsewhere."""

from typing import Annotated, Final

import numpy as np
from pydantic import Field

from riskfabric_assets.packs.measured import Measured
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import subkeys_of, uniforms_of
from riskfabric_assets.typologies.params import AttackParams, Minutes, Ratio
from riskfabric_assets.typologies.planning import Timing, draw_attacks
from riskfabric_assets.typologies.sketch import (
    amounts_of,
    later,
    scatter,
    sketch,
    to_account,
    waits_of,
)
from riskfabric_assets.typologies.steps import (
    CASH_OUT,
    DRAW_GAP,
    InjectContext,
    Scheme,
    lay_out,
)
from riskfabric_assets.typologies.victims import with_account

INJECTOR_VERSION: Final = "1"
FLAGS: Final = ("bank_link_burst", "aggregator_abuse")


class Params(AttackParams):
    """How many connections, and what leaves."""

    links_low: Annotated[int, Field(ge=1, le=60), Measured("links")]
    links_high: Annotated[int, Field(ge=1, le=60), Measured("links")]
    links_within: Minutes
    amount_low: Ratio
    """Of the personal average, as the upper bound."""
    amount_high: Ratio
    mean_gap: Minutes


def plan(context: PlanContext, params: Params) -> Attacks:
    """Choose victims with an account."""
    timing = Timing.mixed(params.temporal_anomaly, params.hours, context.honest_hours, params.span_cap)
    return draw_attacks(context, with_account(context.people, context.clock), params.cumulative_steps, timing)


def inject(context: InjectContext, params: Params, attacks: Attacks) -> Scheme:
    """Link 5 to 15 banks within a day, and send money to accounts elsewhere afterwards."""
    layout = lay_out(attacks)
    offsets = later(waits_of(layout, params.mean_gap, params.span_cap - params.links_within / 60), params.links_within)
    amount = amounts_of(context, attacks, layout, params.amount_low, params.amount_high)
    steps = to_account(sketch(layout, attacks, params, offsets, CASH_OUT, amount), subkeys_of(layout.key, 2))
    width = params.links_high - params.links_low + 1
    links = params.links_low + (uniforms_of(attacks.key, DRAW_GAP + 8) * width).astype(np.int64)
    return Scheme(steps._replace(is_fitting=True), scatter(attacks, "bank_link", links, 0.0, params.links_within))
