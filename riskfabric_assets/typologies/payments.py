"""From intended steps to attempted payments: instrument, merchant, device, place, amount and the issuer's answer.

The rules are those of honest life (rounding, limits of a payment, proofs of identity, mix of decline reasons);
attackers only make other choices within them. Merchant, code, category and cell always belong together.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES, STATUSES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID, Bools, Int64s, PaymentColumns, empty_payments
from riskfabric_assets.simulation.kernels import decisions, means, spots
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.amounts import heap
from riskfabric_assets.simulation.kernels.bundles import Life, empty_desk
from riskfabric_assets.simulation.kernels.life import LEASE_DRAW
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.typologies.actors import Gear
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.steps import Steps
from riskfabric_assets.world.clock import utc_of
from riskfabric_assets.world.market import Market
from riskfabric_assets.world.slices import Slices, pick_member

APPROVED, DECLINED = STATUSES.index("approved"), STATUSES.index("declined")
CATEGORIES: Final = len(MERCHANT_CATEGORIES)
DISTRICT_TIER, REGION_TIER = 1, 2
"""Columns of the neighborhoods: H3 4 cell and region, cascaded."""
MOST_TRIES: Final = 64
"""Popular places looked at around a spot before the category is searched in the whole region."""
(
    _INSTRUMENT_DRAW,
    _ENDING_DRAW,
    _PROOF_DRAW,
    _DECLINE_DRAW,
    _NORTH_DRAW,
    _EAST_DRAW,
    _DEVICE_DRAW,
    _NETWORK_DRAW,
    _MARKET_DRAW,
) = range(9)
"""Draws of a step, or of the attack for its instrument; those from 16 on belong to the typology."""
_SHOP_DRAW, _FIRST_TRY = 1, 8
"""Draws of a merchant key; 0 is its category."""


class Surroundings(NamedTuple):
    """The market around homes, as attackers search it; slots are those of `Spots.merchant_slots`."""

    nearby: Slices
    """Merchants by tier and popularity."""
    by_category: Slices
    """Merchants by region and category, popularity within; everywhere last."""
    first_region: int
    """Slot of the first region."""


class Outcome(NamedTuple):
    """Attempted payments, and what the later passes need beside them, every array of shape (n,)."""

    payments: PaymentColumns
    account: Int64s
    """Account slot in People."""
    card: Int64s
    """Card slot in People, or NO_ID."""
    day: Int64s
    """Row of the month's clock."""
    has_geo_anomaly: Bools


def surroundings_of(market: Market) -> Surroundings:
    """Return the market's indices that attackers search."""
    tiers = market.merchant_tiers
    first_region = tiers.r6_cells.shape[0] + tiers.r4_cells.shape[0]
    return Surroundings(tiers.slices, market.merchant_categories, first_region)


def attempt(
    life: Life, surroundings: Surroundings, attacks: Attacks, gear: Gear, steps: Steps, decline: float
) -> Outcome:
    """Turn steps into payments, in the order of the steps; ids and the answer of the balance come later.

    Args:
        life: People, clock and rules of honest life.
        surroundings: The market as attackers search it.
        attacks: Attacks that the steps belong to.
        gear: Their equipment.
        steps: Intended payments, shape (n,).
        decline: Share of attempts that fail for another reason than money.
    """
    outcome = _empty(steps.attack.shape[0])
    _attempt_kernel(life, surroundings, attacks, gear, steps, decline, outcome)
    return outcome


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """Put outcomes behind each other."""
    parts = [_empty(0), *outcomes]
    payments = zip(*(part.payments for part in parts), strict=True)
    others = zip(*(part[1:] for part in parts), strict=True)
    return Outcome(PaymentColumns._make(map(np.concatenate, payments)), *map(np.concatenate, others))


def _empty(count: int) -> Outcome:
    account, card, day = (np.empty(count, dtype=np.int64) for _ in range(3))
    return Outcome(empty_payments(count), account, card, day, np.empty(count, dtype=np.bool_))


@inline_kernel
def choose_shop(life: Life, surroundings: Surroundings, customer: int, category: int, key: np.uint64) -> int:
    """Return a merchant of a category: popular around a home, else anywhere in its region, else anywhere."""
    slot = life.spots.merchant_slots[customer, DISTRICT_TIER]
    for number in range(MOST_TRIES):
        shop = pick_member(surroundings.nearby, slot, uniform_at(key, np.int64(_FIRST_TRY + number)))
        if life.spots.merchants.category[shop] == category:
            return int(shop)
    first, draw = surroundings.by_category.first, uniform_at(key, np.int64(_SHOP_DRAW))
    region = life.spots.merchant_slots[customer, REGION_TIER] - surroundings.first_region
    everywhere = first.shape[0] - 1 - CATEGORIES
    for row in (region * CATEGORIES, everywhere):
        if first[row + category + 1] > first[row + category]:
            return int(pick_member(surroundings.by_category, row + category, draw))
    return int(pick_member(surroundings.nearby, slot, draw))


@kernel
def _attempt_kernel(
    life: Life,
    surroundings: Surroundings,
    attacks: Attacks,
    gear: Gear,
    steps: Steps,
    decline: float,
    outcome: Outcome,
) -> None:
    kit, out = empty_desk().kit, outcome.payments
    for row in range(steps.attack.shape[0]):
        attack, key = steps.attack[row], steps.key[row]
        customer = attacks.customer[attack]
        local = attacks.local_microseconds[attack] + steps.offset_microseconds[row]
        day = attacks.day[attack] + local // MICROSECONDS_PER_DAY
        out.event_at[row] = utc_of(life.clock, day, local % MICROSECONDS_PER_DAY)
        out.event_date[row] = life.clock.first_day + day
        outcome.day[row] = day
        means.lay_out(life.people, customer, life.clock.first_day + day, kit)
        channel = _write_instrument(life, kit, attacks, attack, row, int(steps.channel[row]), outcome)
        hub = gear.hub[attack]
        _write_shop(life, surroundings, steps, row, hub if steps.is_at_hub[row] else customer, out)
        if steps.is_foreign_device[row]:
            _write_foreign(life, gear, steps, attack, row, hub if steps.is_at_hub[row] else customer, out)
        else:
            _write_own(life, kit, customer, row, day, channel, key, out)
        outcome.has_geo_anomaly[row] = steps.is_at_hub[row] and (
            life.spots.merchant_slots[hub, DISTRICT_TIER] != life.spots.merchant_slots[customer, DISTRICT_TIER]
        )
        floor = out.amount_minor[row - 1] + life.amounts.steps_minor[2] if steps.is_escalating[row] else 0
        _write_amount(life, channel, steps.amount_minor[row], floor, row, key, out)
        _write_answer(life, channel, decline, row, key, out)


@inline_kernel
def _write_instrument(
    life: Life, kit: means.Kit, attacks: Attacks, attack: int, row: int, channel: int, outcome: Outcome
) -> int:
    """Choose account and card, one card for the whole attack; returns the channel, as honest life would fall back."""
    people, out, customer = life.people, outcome.payments, attacks.customer[attack]
    draw = uniform_at(attacks.key[attack], np.int64(64 + _INSTRUMENT_DRAW))
    card = means.choose_card(kit, False, draw) if decisions.needs_card(channel) else NO_ID
    if card >= 0:
        account = people.card_account[card]
        out.card_id[row] = people.card_id[card]
    else:
        channel = decisions.without_card(channel)
        account = means.choose_account(kit, life.everyday_account[customer], life.means.primary_account, draw)
        out.card_id[row] = NO_ID
    outcome.account[row], outcome.card[row] = account, card
    out.customer_id[row], out.account_id[row] = people.customer_id[customer], people.account_id[account]
    out.channel[row], out.is_present[row], out.merchant_country[row] = channel, False, 0
    return channel


@inline_kernel
def _write_shop(life: Life, surroundings: Surroundings, steps: Steps, row: int, near: int, out: PaymentColumns) -> None:
    shop = choose_shop(life, surroundings, near, int(steps.category[row]), steps.merchant_key[row])
    out.merchant_id[row] = life.spots.merchants.place_id[shop]
    out.merchant_category[row] = life.spots.merchants.category[shop]
    out.merchant_category_code[row] = life.spots.merchants.merchant_category_code[shop]


@inline_kernel
def _write_home(life: Life, home: int, row: int, key: np.uint64, out: PaymentColumns) -> None:
    """Write the position of a device in a home, jittered as every payment is."""
    people, town = life.people, life.spots
    north = normal_of(uniform_at(key, np.int64(_NORTH_DRAW)), life.table)
    east = normal_of(uniform_at(key, np.int64(_EAST_DRAW)), life.table)
    latitude, longitude = spots.jittered(
        people.home_latitude[home],
        people.home_longitude[home],
        town.home_parallels[home],
        town.axis_degrees,
        north,
        east,
    )
    out.latitude[row], out.longitude[row], out.h3_cell_r7[row] = latitude, longitude, people.home_h3_cell_r7[home]


@inline_kernel
def _write_foreign(life: Life, gear: Gear, steps: Steps, attack: int, row: int, home: int, out: PaymentColumns) -> None:
    """Write the actor's device and address, at the hub, or pretending to be at the victim's home."""
    out.device_id[row], out.user_agent[row] = gear.device_id[attack], gear.user_agent[attack]
    out.network[row], out.ip_address[row] = gear.network[attack], gear.ip_address[attack]
    _write_home(life, home, row, steps.key[row], out)


@inline_kernel
def _write_own(
    life: Life, kit: means.Kit, customer: int, row: int, day: int, channel: int, key: np.uint64, out: PaymentColumns
) -> None:
    """Write device, network and address as the victim uses them for any payment from home."""
    people, habits, ordinal = life.people, life.means, life.people.customer_ordinal[customer]
    is_app, draw = channel != decisions.ONLINE, uniform_at(key, np.int64(_DEVICE_DRAW))
    device, user_agent = means.choose_device(habits, people, customer, life.month_index, is_app, kit.devices, draw)
    way, market = uniform_at(key, np.int64(_NETWORK_DRAW)), uniform_at(key, np.int64(_MARKET_DRAW))
    network, is_own = means.choose_network(habits, people.network[customer], way, market)
    host = means.host_key(habits, ordinal, life.clock.first_day + day, means.HOST_ELSEWHERE)
    if is_own:
        host = means.host_key(habits, ordinal, _lease_day(life, ordinal, day), means.HOST_AT_HOME)
    out.device_id[row], out.user_agent[row], out.network[row] = device, user_agent, network
    out.ip_address[row] = means.address_in(habits, network, host)
    _write_home(life, customer, row, key, out)


@inline_kernel
def _lease_day(life: Life, ordinal: int, day: int) -> int:
    """Return the day on which the household's address was given out."""
    for earlier in range(day, -1, -1):
        date = life.clock.first_day + earlier
        key = key_of(life.activity.stream, np.int64(ordinal), np.int64(date - DAYS_TO_2000))
        if uniform_at(key, np.int64(LEASE_DRAW)) < life.means.daily_lease_change:
            return int(date)
    return int(-life.month_index - 1)


@inline_kernel
def _write_amount(
    life: Life, channel: int, wanted: float, floor: int, row: int, key: np.uint64, out: PaymentColumns
) -> None:
    amounts, ceiling = life.amounts, life.amounts.largest_minor[channel]
    amount = heap(amounts, channel, min(wanted, float(ceiling)), uniform_at(key, np.int64(_ENDING_DRAW)))
    out.amount_minor[row] = min(max(amount, amounts.smallest_minor, floor), ceiling)


@inline_kernel
def _write_answer(life: Life, channel: int, share: float, row: int, key: np.uint64, out: PaymentColumns) -> None:
    """Write entry mode and proof, and decline a share of attempts for honest life's mix of reasons."""
    habits = life.habits
    mode = decisions.entry_mode_of(habits, channel, False, out.amount_minor[row], 0, 0.0)
    out.entry_mode[row] = mode
    out.authentication[row] = decisions.choose_authentication(habits, mode, uniform_at(key, np.int64(_PROOF_DRAW)))
    draw, reason = uniform_at(key, np.int64(_DECLINE_DRAW)), NO_CODE
    if draw < share:
        total = habits.decline_cumulative[channel, habits.decline_cumulative.shape[1] - 1]
        reason = decisions.drawn_decline(habits, channel, draw / share * total)
    out.decline_reason[row] = reason
    out.status[row] = APPROVED if reason == NO_CODE else DECLINED
