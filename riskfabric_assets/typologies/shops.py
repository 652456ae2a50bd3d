"""Where attackers pay: shops around a home, billers and shops abroad, and what money costs there.

A merchant key is a place: steps with one key, kind of shop and home around which it is searched pay one merchant.
"""

from typing import Final, NamedTuple

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import uniform_at
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.simulation.kernels.bundles import Life, Month
from riskfabric_assets.simulation.kernels.decisions import BILL
from riskfabric_assets.simulation.kernels.plans import NOWHERE, pick_of
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.world.market import Market
from riskfabric_assets.world.slices import Slices, pick_member

CATEGORIES: Final = len(MERCHANT_CATEGORIES)
DISTRICT_TIER, REGION_TIER = 1, 2
"""Columns of the neighborhoods: H3 4 cell and region, cascaded."""
MOST_TRIES: Final = 12
"""Popular places looked at around a spot before the category is searched from the last of them on."""
SHOP_DRAW, _FEE_DRAW, _FIRST_TRY = 1, 2, 8
"""Draws of a merchant key; 0 is its category."""
COARSE_STEP, FINE_STEP, COARSE_FROM = 100, 5, 1_000
"""Prices abroad: whole units of the currency, and twentieths of it below ten units; in minor units."""


class Surroundings(NamedTuple):
    """The market around homes, as attackers search it; slots are those of a customer's merchant_slots."""

    nearby: Slices
    """Merchants by tier and popularity."""
    by_category: Slices
    """Merchants by region and category, popularity within; everywhere last."""
    first_region: int
    """Slot of the first region."""


def surroundings_of(market: Market) -> Surroundings:
    """Return the market's indices that attackers search."""
    tiers = market.merchant_tiers
    first_region = tiers.r6_cells.shape[0] + tiers.r4_cells.shape[0]
    return Surroundings(tiers.slices, market.merchant_categories, first_region)


@inline_lean_kernel
def choose_shop(life: Life, surroundings: Surroundings, home: Row, category: int, key: np.uint64) -> int:
    """Return a merchant of a category: popular around a home, else any there, in its region, or anywhere."""
    slot, nearby = home.merchant_slots[DISTRICT_TIER], surroundings.nearby
    for number in range(MOST_TRIES):
        shop = pick_member(nearby, slot, uniform_at(key, np.int64(_FIRST_TRY + number)))
        if life.merchants[shop].category == category:
            return int(shop)
    draw, start = uniform_at(key, np.int64(SHOP_DRAW)), nearby.first[slot]
    count = nearby.first[slot + 1] - start
    for number in range(count):
        shop = nearby.members[start + (int(draw * count) + number) % count]
        if life.merchants[shop].category == category:
            return int(shop)
    first = surroundings.by_category.first
    region = (home.merchant_slots[REGION_TIER] - surroundings.first_region) * CATEGORIES + category
    if first[region + 1] > first[region]:
        return int(pick_member(surroundings.by_category, region, draw))
    everywhere = first.shape[0] - 1 - CATEGORIES + category
    if first[everywhere + 1] > first[everywhere]:
        return int(pick_member(surroundings.by_category, everywhere, draw))
    return int(shop)


@inline_lean_kernel
def choose_far_shop(life: Life, wanted: Row) -> int:
    """Return the biller of a bill, or the online shop abroad, of a spending group; NOWHERE for what is paid nearby."""
    draw = uniform_at(wanted.merchant_key, np.int64(SHOP_DRAW))
    if wanted.kind == BILL:
        return int(pick_of(life.online, int(wanted.category), draw))
    if wanted.is_abroad:
        return int(pick_of(life.abroad_online, int(wanted.category), draw))
    return NOWHERE


@inline_lean_kernel
def charge_abroad(life: Life, month: Month, wanted: Row, payment: Row) -> None:
    """Turn a home amount into whole units of the shop's currency and back, with the card's fee on top."""
    rules, place = life.rules[0], life.places[choose_far_shop(life, wanted)]
    rate = month.fx[place.currency, wanted.day]
    draw = uniform_at(wanted.merchant_key, np.int64(_FEE_DRAW))
    fee = rules.abroad_fee_low + draw * (rules.abroad_fee_high - rules.abroad_fee_low)
    step = COARSE_STEP if payment.amount_minor / rate > COARSE_FROM else FINE_STEP
    foreign = max(int(payment.amount_minor / rate / (1.0 + fee) / step + 0.5), 1) * step
    at_rate = max(int(foreign * rate + 0.5), 1)
    payment.merchant_currency, payment.merchant_amount_minor = place.currency, foreign
    payment.fee_minor = int(at_rate * fee + 0.5)
    payment.amount_minor = at_rate + payment.fee_minor
