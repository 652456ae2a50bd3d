"""From intended steps to attempted payments: instrument, merchant, device, place, amount and the issuer's answer.

The rules are those of honest life (rounding, limits of a payment, proofs of identity, mix of decline reasons);
attackers only make other choices within them. Merchant, code, category and cell always belong together.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.foundation.tables.bronze import STATUSES
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_CODE, NO_ID, PAYMENT_ROW, Rows
from riskfabric_assets.simulation.kernels import bank_rules, decisions, means
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.amounts import TRANSFERS, WHOLE, heap
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month
from riskfabric_assets.simulation.kernels.life import LEASE_DRAW, TRANSFER_CODE
from riskfabric_assets.simulation.kernels.plans import NOWHERE, pick_of
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.simulation.month import empty_desk
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.typologies.shops import (
    DISTRICT_TIER,
    SHOP_DRAW,
    Surroundings,
    charge_abroad,
    choose_far_shop,
    choose_shop,
)
from riskfabric_assets.world.clock import Clock, utc_of

APPROVED, DECLINED = STATUSES.index("approved"), STATUSES.index("declined")
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
"""Draws of a step; those from 16 on belong to the typology."""
_ATTACK_INSTRUMENT_DRAW: Final = 64
"""Draw of an attack: the instrument that all its steps use."""

ATTEMPT: Final = np.dtype(
    [
        ("key", np.uint64),
        ("attack_key", np.uint64),
        ("merchant_key", np.uint64),
        ("attack_id", np.int64),
        ("start_at", np.int64),
        ("event_id", np.int64),
        ("customer", np.int64),
        ("near", np.int64),
        ("home", np.int64),
        ("device_id", np.int64),
        ("counterparty_id", np.int64),
        ("credit_id", np.int64),
        ("payee", np.int64),
        ("day", np.int64),
        ("local_microseconds", np.int64),
        ("wanted_minor", np.float64),
        ("decline", np.float64),
        ("wanted_account", np.int64),
        ("part", np.float64),
        ("closing_id", np.int64),
        ("account", np.int64),
        ("card", np.int64),
        ("ip_address", np.int64),
        ("user_agent", np.int32),
        ("app_user_agent", np.int32),
        ("network", np.int16),
        ("refund_days", np.int16),
        ("channel", np.uint8),
        ("category", np.uint8),
        ("kind", np.uint8),
        ("event_kind", np.uint8),
        ("is_foreign_device", np.bool_),
        ("is_foreign_network", np.bool_),
        ("is_from_one_account", np.bool_),
        ("is_fitting", np.bool_),
        ("is_escalating", np.bool_),
        ("is_spare", np.bool_),
        ("is_relay", np.bool_),
        ("is_absent", np.bool_),
        ("is_abroad", np.bool_),
        ("mood", np.uint8),
    ],
    align=True,
)
"""One attempt. `near` and `home` are customer slots: around whose home the merchant is, whose home the device shows;
`day` is the clock's row; device and agent count on a foreign device only, network and address on a foreign network;
`counterparty_id` is the account at another bank that a transfer goes to or a credit comes from, `payee` the customer
slot of one of ours, else -1, and `credit_id` the event on its account, or the refund; `event_kind` makes the row an
account event; `refund_days` later the shop gives a purchase back, 0 never; `is_fitting` lets the amount shrink to what
there is; `part` and `is_relay` are those of `relays`, `closing_id` takes back what stays; `wanted_account` is the slot
of the account that the attackers are after, else -1; account and card slot are filled in by `attempt`; `mood` answers
refusals, and `settle` marks as `is_absent` what is never tried."""


def attempt(life: Life, month: Month, clock: Clock, surroundings: Surroundings, attempts: Rows) -> Rows:
    """Turn attempts into payments, row by row; the balance has not been asked yet.

    Args:
        life: People and rules of honest life.
        month: The month.
        clock: Its local days.
        surroundings: The market as attackers search it.
        attempts: Records of ATTEMPT, attack by attack in time order; account and card are written.

    Returns:
        Records of PAYMENT_ROW, shape (n,).
    """
    payments = np.zeros(attempts.shape[0], dtype=PAYMENT_ROW)
    _attempt_kernel(life, month, clock, surroundings, empty_desk(), attempts, payments)
    return payments


@lean_kernel
def _attempt_kernel(
    life: Life, month: Month, clock: Clock, surroundings: Surroundings, desk: Desk, attempts: Rows, payments: Rows
) -> None:
    for row in range(attempts.shape[0]):
        wanted, payment = attempts[row], payments[row]
        customer = life.customers[wanted.customer]
        day = wanted.day + wanted.local_microseconds // MICROSECONDS_PER_DAY
        wanted.day, wanted.local_microseconds = day, wanted.local_microseconds % MICROSECONDS_PER_DAY
        payment.event_id = wanted.event_id
        payment.event_at = utc_of(clock, day, wanted.local_microseconds)
        payment.event_date = month.first_day + day
        means.lay_out(life, desk, customer, payment.event_date)
        _write_instrument(life, desk, wanted, customer, payment)
        group = _write_receiver(life, surroundings, wanted, payment)
        since = _write_connection(life, month, desk, wanted, customer, payment)
        if wanted.event_kind != NO_CODE:
            payment.amount_minor, payment.status = int(wanted.wanted_minor), APPROVED
            payment.decline_reason = payment.engine_rule = NO_CODE
            continue
        floor = payments[row - 1].amount_minor + life.rules[0].steps_minor[WHOLE] if wanted.is_escalating else 0
        _write_amount(life, wanted, group, floor, payment)
        if wanted.is_abroad:
            charge_abroad(life, month, wanted, payment)
        _write_answer(life, month, wanted, since, payment)


@inline_lean_kernel
def _write_instrument(life: Life, desk: Desk, wanted: Row, customer: Row, payment: Row) -> None:
    """Choose account and card, the same for the whole attack; without a card fall back as honest life does.

    Cards are stolen where they are used, so that the victim's own preference chooses.
    """
    channel, card = int(wanted.channel), NO_ID
    draw = uniform_at(wanted.attack_key, np.int64(_ATTACK_INSTRUMENT_DRAW))
    if decisions.needs_card(channel) and wanted.is_from_one_account:
        card = _card_of(life, desk, _account_of(life, desk, customer, wanted, draw))
    elif decisions.needs_card(channel):
        card = means.choose_own_card(life, desk, int(customer.everyday_account), channel, wanted.is_abroad, draw)
    if card >= 0:
        account = int(life.cards[card].account)
        payment.card_id = life.cards[card].card_id
    else:
        channel = decisions.without_card(channel)
        account = _account_of(life, desk, customer, wanted, draw)
        payment.card_id = NO_ID
    wanted.account, wanted.card, wanted.channel = account, card, channel
    wanted.is_absent |= wanted.is_abroad and card < 0
    payment.customer_id, payment.account_id = customer.customer_id, life.accounts[account].account_id
    payment.channel, payment.is_present, payment.merchant_country = channel, False, 0
    payment.rail = life.cards[card].rail if card >= 0 else channel
    payment.payment_kind, payment.payee_id = decisions.PURCHASE, NO_ID
    payment.merchant_currency, payment.merchant_amount_minor, payment.fee_minor = NO_CODE, NO_ID, NO_ID


@inline_lean_kernel
def _account_of(life: Life, desk: Desk, customer: Row, wanted: Row, draw: float) -> int:
    """Return the account that the attackers are after, else one that its owner would use."""
    if wanted.wanted_account != NO_ID:
        return int(wanted.wanted_account)
    return int(means.choose_account(desk, customer.everyday_account, life.rules[0].primary_account, draw))


@inline_lean_kernel
def _card_of(life: Life, desk: Desk, account: int) -> int:
    """Return a usable card of an account, or NO_ID."""
    for number in range(desk.today[0].cards):
        slot = desk.cards[number].usable
        if life.cards[slot].account == account:
            return int(slot)
    return NO_ID


@inline_lean_kernel
def _write_receiver(life: Life, surroundings: Surroundings, wanted: Row, payment: Row) -> int:
    """Write who gets the money, and where: payee, cash machine or shop; returns the spending group of the amount."""
    near = life.customers[wanted.near]
    is_cash = wanted.kind == decisions.CASH_WITHDRAWAL and wanted.channel == decisions.ATM
    if wanted.kind == decisions.TRANSFER or (wanted.kind == decisions.CASH_WITHDRAWAL and not is_cash):
        _write_payee(life, wanted, payment)
        _write_position(life, wanted, payment)
        return TRANSFERS
    if is_cash:
        machine = pick_of(
            life.cash, near.machine_slots[DISTRICT_TIER], uniform_at(wanted.merchant_key, np.int64(SHOP_DRAW))
        )
        if machine == NOWHERE:
            _write_payee(life, wanted, payment)
            _write_position(life, wanted, payment)
            wanted.channel = payment.channel = payment.rail = decisions.INSTANT
            wanted.card = payment.card_id = NO_ID
            return TRANSFERS
        shop, group = life.places[machine], TRANSFERS
        payment.payment_kind = decisions.CASH_WITHDRAWAL
    else:
        far = choose_far_shop(life, wanted)
        nearby = choose_shop(life, surroundings, near, int(wanted.category), wanted.merchant_key) if far < 0 else 0
        shop = life.places[far] if far >= 0 else life.merchants[nearby]
        group, payment.payment_kind, payment.merchant_country = int(shop.group), wanted.kind, shop.country
    payment.merchant_id = shop.place_id
    payment.merchant_category = shop.category
    payment.merchant_category_code = shop.merchant_category_code
    if is_cash or wanted.channel == decisions.POS:
        payment.is_present = True
        _write_jittered(life, wanted, shop, payment)
    else:
        _write_position(life, wanted, payment)
    return group


@inline_lean_kernel
def _write_payee(life: Life, wanted: Row, payment: Row) -> None:
    """Write a transfer: to one of ours, or to an account at another bank."""
    payment.payment_kind, payment.merchant_id = decisions.TRANSFER, NO_ID
    payment.payee_id = wanted.counterparty_id
    if wanted.payee >= 0 and life.customers[wanted.payee].everyday_account < 0:
        wanted.payee = NO_ID
    if wanted.payee >= 0:
        payment.payee_id = life.accounts[life.customers[wanted.payee].everyday_account].account_id
    payment.merchant_category, payment.merchant_category_code = decisions.TRANSFER_CATEGORY, TRANSFER_CODE


@inline_lean_kernel
def _write_position(life: Life, wanted: Row, payment: Row) -> None:
    """Write the position of a device in a home, jittered as every payment is."""
    _write_jittered(life, wanted, life.customers[wanted.home], payment)


@inline_lean_kernel
def _write_jittered(life: Life, wanted: Row, spot: Row, payment: Row) -> None:
    axis = life.rules[0].axis_degrees
    north = normal_of(uniform_at(wanted.key, np.int64(_NORTH_DRAW)), life.normal_body, life.normal_tail)
    east = normal_of(uniform_at(wanted.key, np.int64(_EAST_DRAW)), life.normal_body, life.normal_tail)
    payment.latitude = spot.latitude + north * axis
    payment.longitude = spot.longitude + east * axis * spot.parallel
    payment.h3_cell_r7 = spot.cell


@inline_lean_kernel
def _write_connection(life: Life, month: Month, desk: Desk, wanted: Row, customer: Row, payment: Row) -> int:
    """Write device, network and address: the actor's, the victim's, or none at a terminal.

    Returns:
        First day of the victim's device, 0 where none is used.
    """
    since = 0
    if payment.channel in (decisions.POS, decisions.ATM) and wanted.event_kind == NO_CODE:
        payment.device_id = payment.user_agent = payment.network = NO_ID
        payment.ip_address = NO_ADDRESS
        return since
    if not (wanted.is_foreign_device and wanted.is_foreign_network):
        since = _write_own_device(life, month, desk, wanted, customer, payment)
    if wanted.is_foreign_device:
        since = 0
        is_browser = payment.channel == decisions.ONLINE
        payment.device_id = wanted.device_id
        payment.user_agent = wanted.user_agent if is_browser else wanted.app_user_agent
    if wanted.is_foreign_network:
        payment.network, payment.ip_address = wanted.network, wanted.ip_address
    return since


@inline_lean_kernel
def _write_own_device(life: Life, month: Month, desk: Desk, wanted: Row, customer: Row, payment: Row) -> int:
    """Write device, network and address as the victim uses them from home; returns the device's first day."""
    key, is_app = wanted.key, wanted.channel != decisions.ONLINE
    draw = uniform_at(key, np.int64(_DEVICE_DRAW))
    device, user_agent, since = means.choose_device(life, desk, customer.ordinal, month.month_index, is_app, draw)
    way, market = uniform_at(key, np.int64(_NETWORK_DRAW)), uniform_at(key, np.int64(_MARKET_DRAW))
    network, is_own = means.choose_network(life, customer.network, way, market)
    day, host = payment.event_date, means.HOST_ELSEWHERE
    if is_own:
        day, host = lease_day(life, month, customer.ordinal, wanted.day), means.HOST_AT_HOME
    payment.device_id, payment.user_agent, payment.network = device, user_agent, network
    payment.ip_address = means.address_in(
        life.networks[network], means.host_key(life.means_stream, customer.ordinal, day, host)
    )
    return since


@inline_lean_kernel
def lease_day(life: Life, month: Month, ordinal: int, day: int) -> int:
    """Return the day on which the household's address was given out, as honest life keeps it."""
    for earlier in range(day, -1, -1):
        date = month.first_day + earlier
        key = key_of(life.days_stream, np.int64(ordinal), np.int64(date - DAYS_TO_2000))
        if uniform_at(key, np.int64(LEASE_DRAW)) < life.rules[0].daily_lease_change:
            return int(date)
    return int(-month.month_index - 1)


@inline_lean_kernel
def _write_amount(life: Life, wanted: Row, group: int, floor: int, payment: Row) -> None:
    rules, channel = life.rules[0], int(wanted.channel)
    ceiling = int(rules.largest_minor[channel])
    draw = uniform_at(wanted.key, np.int64(_ENDING_DRAW))
    amount = heap(rules, group, channel, min(wanted.wanted_minor, float(ceiling)), draw)
    payment.amount_minor = min(max(amount, int(rules.smallest_minor), floor), ceiling)


@inline_lean_kernel
def _write_answer(life: Life, month: Month, wanted: Row, since: int, payment: Row) -> None:
    """Write entry mode and proof, and decline a share of attempts for honest life's mix of reasons.

    A device of today or yesterday has no allowance left for crime: its owner may have used it up.
    """
    rules, channel = life.rules[0], int(wanted.channel)
    mode = decisions.entry_mode_of(0.0, channel, payment.is_present, payment.amount_minor, 0, 0.0)
    payment.entry_mode = mode = decisions.MANDATE if wanted.kind == decisions.BILL else mode
    proof = uniform_at(wanted.key, np.int64(_PROOF_DRAW))
    payment.authentication = decisions.choose_authentication(
        rules, month.lite_limit_minor, mode, payment.amount_minor, proof
    )
    draw, reason = uniform_at(wanted.key, np.int64(_DECLINE_DRAW)), NO_CODE
    if draw < wanted.decline:
        total = rules.declines[channel, rules.declines.shape[1] - 1]
        reason = decisions.drawn_decline(rules.declines, channel, draw / wanted.decline * total)
    is_new_device = channel == decisions.INSTANT and payment.event_date - 1 <= since <= payment.event_date
    if reason == NO_CODE and rules.new_device_limit_minor > 0 and is_new_device:
        reason = decisions.LIMIT_EXCEEDED
    payment.decline_reason = reason
    payment.engine_rule = bank_rules.RISK_SCORE if reason == decisions.ISSUER_RISK_RULE else NO_CODE
    payment.status = APPROVED if reason == NO_CODE else DECLINED
