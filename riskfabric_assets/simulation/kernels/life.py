"""One pass over a customer's month: draw each payment in time order, ask the balance, write the row.

Draws of the n-th payment of a customer-day start at FIRST_PAYMENT_DRAW + n * DRAWS_PER_PAYMENT, one number per
purpose, so that a change of one rule re-rolls no other.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import bits_at, key_of, uniform_at
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_CODE, NO_ID
from riskfabric_assets.simulation.kernels import books, decisions, means, money
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000, draw_moments
from riskfabric_assets.simulation.kernels.amounts import draw_amount
from riskfabric_assets.simulation.kernels.records import (
    Desk,
    Int64s,
    Life,
    Month,
    Record,
    Row,
)
from riskfabric_assets.simulation.kernels.spots import choose_tier, pick
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.world.clock import NEVER, Clock, utc_of

FIRST_PAYMENT_DRAW: Final = 1024
DRAWS_PER_PAYMENT: Final = 24
PLACE_DRAW, LEVEL_DRAW, NORTH_DRAW, EAST_DRAW = range(12, 16)
"""Whole draws of 53 bits."""
(
    CHANNEL_DRAW,
    REMOTE_DRAW,
    TIER_DRAW,
    INSTRUMENT_DRAW,
    DEVICE_DRAW,
    NETWORK_DRAW,
    MARKET_DRAW,
    ENDING_DRAW,
    ENTRY_DRAW,
    AUTHENTICATION_DRAW,
    DECLINE_DRAW,
) = range(11)
"""Choices: 32 bits are plenty, so two of them share the halves of one draw."""
TWO_TO_MINUS_32: Final = 1.0 / 4294967296.0
LEASE_DRAW: Final = 250
KIND_PAYMENT: Final = 8
"""identifiers.Kind.PAYMENT as a plain number: kernels do not know enumerations."""


@inline_lean_kernel
def draw_at(key: np.uint64, base: int, purpose: int) -> float:
    """Return the draw of one purpose for the payment whose draws start at `base`."""
    return float(uniform_at(key, np.int64(base + purpose)))


@inline_lean_kernel
def choice_at(key: np.uint64, base: int, purpose: int) -> float:
    """Return the draw of one choice, half of a draw that it shares with its neighbor."""
    bits = bits_at(key, np.int64(base + (purpose >> 1)))
    half = bits >> np.uint64(32) if purpose & 1 else bits & np.uint64(0xFFFFFFFF)
    return float(half) * TWO_TO_MINUS_32


@inline_lean_kernel
def choose_instrument(life: Life, desk: Desk, customer: Row, key: np.uint64, base: int) -> tuple[int, int, int]:
    """Return channel, account slot and card slot (or NO_ID); without a usable card the account's rails are used."""
    channel = decisions.choose_channel(desk.today[0].channels, choice_at(key, base, CHANNEL_DRAW))
    draw = choice_at(key, base, INSTRUMENT_DRAW)
    if decisions.needs_card(channel):
        card = means.choose_card(desk, channel == decisions.ATM, draw)
        if card >= 0:
            return channel, int(life.cards[card].account), card
    account = means.choose_account(desk, customer.everyday_account, life.rules[0].primary_account, draw)
    return decisions.without_card(channel), account, NO_ID


@inline_lean_kernel
def choose_place(life: Life, customer: Row, is_cash: bool, is_present: bool, key: np.uint64, base: int) -> int:
    """Return the index of a shop, or of a machine for cash."""
    draw = draw_at(key, base, PLACE_DRAW)
    mode = 0 if is_present else 1
    tier = choose_tier(life.rules[0].tiers, mode, choice_at(key, base, TIER_DRAW))
    if is_cash:
        return pick(life.cash, customer.machine_starts[tier], customer.machine_counts[tier], draw)
    start, count = customer.merchant_starts[tier], customer.merchant_counts[tier]
    return pick(life.on_spot if is_present else life.remote, start, count, draw)


@inline_lean_kernel
def write_spot(
    life: Life, payment: Row, customer: Row, place: Row, is_present: bool, key: np.uint64, base: int
) -> None:
    """Write merchant and position: the merchant's on the spot, the home's from a distance, both jittered."""
    latitude, longitude = place.latitude, place.longitude
    cell, parallel = place.cell, place.parallel
    if not is_present:
        latitude, longitude = customer.latitude, customer.longitude
        cell, parallel = customer.cell, customer.parallel
    axis = life.rules[0].axis_degrees
    north = normal_of(draw_at(key, base, NORTH_DRAW), life.normal_body, life.normal_tail)
    east = normal_of(draw_at(key, base, EAST_DRAW), life.normal_body, life.normal_tail)
    payment.merchant_id = place.place_id
    payment.merchant_category = place.category
    payment.merchant_category_code = place.merchant_category_code
    payment.merchant_country = 0
    payment.latitude = latitude + north * axis
    payment.longitude = longitude + east * axis * parallel
    payment.h3_cell_r7 = cell
    payment.is_present = is_present


@inline_lean_kernel
def write_connection(
    life: Life, month: Month, desk: Desk, payment: Row, customer: Row, channel: int, key: np.uint64, base: int
) -> None:
    """Choose and write device, network and address; a terminal has none of them."""
    if channel in (decisions.POS, decisions.ATM):
        payment.device_id = NO_ID
        payment.user_agent = NO_ID
        payment.network = NO_ID
        payment.ip_address = NO_ADDRESS
        return
    is_app = channel != decisions.ONLINE
    device, user_agent = means.choose_device(
        life, desk, customer.ordinal, month.month_index, is_app, choice_at(key, base, DEVICE_DRAW)
    )
    network, is_own = means.choose_network(
        life, customer.network, choice_at(key, base, NETWORK_DRAW), choice_at(key, base, MARKET_DRAW)
    )
    day, host = payment.event_date, means.HOST_ON_THE_MOVE
    if not is_own:
        host = means.HOST_ELSEWHERE
    elif not payment.is_present:
        day, host = desk.today[0].lease, means.HOST_AT_HOME
    payment.device_id = device
    payment.user_agent = user_agent
    payment.network = network
    payment.ip_address = means.address_in(
        life.networks[network], means.host_key(life.means_stream, customer.ordinal, day, host)
    )


@inline_lean_kernel
def decide(
    life: Life,
    record: Record,
    desk: Desk,
    customer: Row,
    account: int,
    card: int,
    channel: int,
    amount: int,
    day: int,
    draw: float,
) -> int:
    """Approve and book a debit, or return why not: drawn reasons first, then limits, then the balance."""
    reason = decisions.drawn_decline(life.rules[0].declines, channel, draw)
    if reason != NO_CODE:
        return reason
    row, left = account - record.first_account, record.unused_account_limit_minor
    if decisions.needs_card(channel):
        row = card - record.first_card
        left = record.unused_online_limit_minor if channel == decisions.ONLINE else record.unused_cash_limit_minor
    is_limited = channel != decisions.POS
    if is_limited and amount > left[row, day]:
        return decisions.LIMIT_EXCEEDED
    balance = desk.accounts[account - customer.account_first].balance
    if not money.covers(balance, life.accounts[account].credit_limit_minor, amount):
        return decisions.INSUFFICIENT_FUNDS
    books.move(life, record, desk, customer, account, day, -amount)
    if is_limited:
        left[row, day] -= amount
    return NO_CODE


@inline_lean_kernel
def write_outcome(
    life: Life,
    record: Record,
    desk: Desk,
    payment: Row,
    customer: Row,
    account: int,
    card: int,
    n: int,
    key: np.uint64,
    base: int,
) -> None:
    """Draw the amount, decide, and write amount, entry mode, authentication and status."""
    rules, channel, moment = life.rules[0], payment.channel, desk.moments[n]
    deviate = normal_of(draw_at(key, base, LEVEL_DRAW), life.normal_body, life.normal_tail)
    ending_draw = choice_at(key, base, ENDING_DRAW)
    amount = draw_amount(rules, payment.merchant_category, channel, customer.amount_log, deviate, ending_draw)
    tap_limit = life.cards[card].contactless_limit_minor if card >= 0 else 0
    entry_draw = choice_at(key, base, ENTRY_DRAW)
    entry_mode = decisions.entry_mode_of(
        rules.contactless_share, channel, payment.is_present, amount, tap_limit, entry_draw
    )
    proof_draw = choice_at(key, base, AUTHENTICATION_DRAW)
    decline_draw = choice_at(key, base, DECLINE_DRAW)
    day, held = payment.event_date - record.first_day, desk.accounts[account - customer.account_first]
    held.last_at = max(held.last_at, moment)
    reason = decide(life, record, desk, customer, account, card, channel, amount, day, decline_draw)
    payment.entry_mode = entry_mode
    payment.authentication = decisions.choose_authentication(rules.authentication, entry_mode, proof_draw)
    payment.status = 0 if reason == NO_CODE else 1
    payment.decline_reason = reason
    payment.amount_minor = amount
    payment.event_at = moment


@inline_lean_kernel
def pay(
    life: Life,
    month: Month,
    record: Record,
    desk: Desk,
    payment: Row,
    customer: Row,
    date: int,
    n: int,
    key: np.uint64,
) -> None:
    """Draw, decide and write the n-th payment of a customer-day."""
    base = FIRST_PAYMENT_DRAW + n * DRAWS_PER_PAYMENT
    channel, account, card = choose_instrument(life, desk, customer, key, base)
    is_cash = channel == decisions.ATM
    is_present = choice_at(key, base, REMOTE_DRAW) >= life.rules[0].remote_shares[channel]
    payment.event_id = identifier_of(
        life.identifiers, np.int64(customer.ordinal), np.int64(date - DAYS_TO_2000), np.int64(n), np.int64(KIND_PAYMENT)
    )
    payment.customer_id = customer.customer_id
    payment.account_id = life.accounts[account].account_id
    payment.card_id = life.cards[card].card_id if card >= 0 else NO_ID
    payment.payee_id = NO_ID
    payment.payment_kind = decisions.CASH_WITHDRAWAL if is_cash else decisions.PURCHASE
    payment.channel = channel
    payment.rail = life.cards[card].rail if card >= 0 else channel
    payment.merchant_currency, payment.merchant_amount_minor, payment.fee_minor = NO_CODE, NO_ID, NO_ID
    payment.event_date = date
    place = choose_place(life, customer, is_cash, is_present, key, base)
    if is_cash:
        write_spot(life, payment, customer, life.machines[place], is_present, key, base)
    else:
        write_spot(life, payment, customer, life.shops[place], is_present, key, base)
    write_connection(life, month, desk, payment, customer, channel, key, base)
    write_outcome(life, record, desk, payment, customer, account, card, n, key, base)


@inline_lean_kernel
def live_day(
    life: Life, month: Month, clock: Clock, record: Record, desk: Desk, slot: int, day: int, row: int, event_row: int
) -> int:
    """Run one customer-day; returns the next free payment row."""
    customer, date = life.customers[slot], month.first_day + day
    key = key_of(life.days_stream, np.int64(customer.ordinal), np.int64(date - DAYS_TO_2000))
    if draw_at(key, 0, LEASE_DRAW) < life.rules[0].daily_lease_change:
        desk.today[0].lease = date
    sessions = record.sessions[slot - record.first_customer, day]
    count = draw_moments(life, clock, sessions, customer.phase_microseconds, day, key, desk.moments)
    if count > 0 and date >= desk.today[0].until:
        means.lay_out(life, desk, customer, date)
    paid, salary_at = month.salary_account[slot], NEVER
    if paid >= 0 and month.salary_day[slot] == day:
        salary_at = utc_of(clock, day, month.salary_microseconds[slot])
    for n in range(count):
        if desk.moments[n] >= salary_at:
            books.credit_salary(life, record, desk, customer, paid, event_row, day, salary_at)
            salary_at = NEVER
        pay(life, month, record, desk, record.payments[row + n], customer, date, n, key)
    if salary_at != NEVER:
        books.credit_salary(life, record, desk, customer, paid, event_row, day, salary_at)
    return row + count


@lean_kernel
def live_kernel(
    life: Life,
    month: Month,
    clock: Clock,
    record: Record,
    desk: Desk,
    slots: Int64s,
) -> None:
    """Run the month of some customer slots of the record's block, in this order; other rows are not touched.

    The desk belongs to this call alone.
    """
    for slot in slots:
        customer = life.customers[slot]
        shares, has_machines = life.rules[0].channel_shares, life.machines.shape[0] > 0
        decisions.weigh_channels(shares, has_machines, customer.online_affinity, desk.today[0].channels)
        event_row = record.event_first[slot - record.first_customer]
        event_row = books.open_month(life, month, record, desk, customer, event_row)
        row = record.payment_first[slot - record.first_customer]
        for day in range(month.midnight_at.shape[0]):
            row = live_day(life, month, clock, record, desk, slot, day, row, event_row)
        if month.salary_account[slot] >= 0:
            event_row += 1
        books.close_month(life, month, record, desk, customer, event_row)
