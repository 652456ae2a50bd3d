"""One pass over a customer's month: in time order, every intent is connected, decided, written and perhaps retried."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel
from riskfabric_assets.foundation.streams import key_of
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.foundation.units import MICROSECONDS_PER_DAY
from riskfabric_assets.simulation.columns import NO_ADDRESS, NO_CODE, NO_ID
from riskfabric_assets.simulation.kernels import (
    bank_rules,
    books,
    choices,
    decisions,
    income,
    means,
    money,
    plans,
    retries,
)
from riskfabric_assets.simulation.kernels.activity import (
    DAYS_TO_2000,
    MOST_PAYMENTS,
    TAG_BITS,
    TAG_MASK,
    draw_moments,
)
from riskfabric_assets.simulation.kernels.amounts import TRANSFERS, draw_amount
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month, Record
from riskfabric_assets.simulation.kernels.choices import choice, draw_at, drawn
from riskfabric_assets.simulation.kernels.plans import NOWHERE
from riskfabric_assets.simulation.kernels.records import Int64s, Row
from riskfabric_assets.simulation.quantiles import normal_of
from riskfabric_assets.world.clock import NEVER, Clock, local_of, utc_of

LEASE_DRAW: Final = 250
KIND_PAYMENT: Final = 8
"""identifiers.Kind.PAYMENT as a plain number: kernels do not know enumerations."""
TRANSFER_CATEGORY: Final = decisions.TRANSFER_CATEGORY
TRANSFER_CODE: Final = 4829
"""ISO 18245: money transfer."""
SMALL_RETAIL: Final = SPENDING_GROUPS.index("small_retail")
"""What people send each other follows the prices of everyday things."""
AFTER_RETRY: Final = 15_000_000
"""What waits for a retry follows it by this many microseconds."""


@inline_lean_kernel
def write_place(life: Life, desk: Desk, payment: Row) -> None:
    """Write merchant or payee, and the position: jittered around where the payer is."""
    intent, axis = desk.intent[0], life.rules[0].axis_degrees
    north = normal_of(drawn(desk, choices.NORTH_DRAW), life.normal_body, life.normal_tail)
    east = normal_of(drawn(desk, choices.EAST_DRAW), life.normal_body, life.normal_tail)
    payment.latitude = intent.latitude + north * axis
    payment.longitude = intent.longitude + east * axis * intent.parallel
    payment.h3_cell_r7, payment.is_present = intent.cell, intent.is_present
    payment.merchant_currency, payment.merchant_amount_minor, payment.fee_minor = NO_CODE, NO_ID, NO_ID
    payment.payment_kind = intent.kind
    if intent.kind == decisions.TRANSFER:
        payment.merchant_id = NO_ID
        payment.payee_id = life.payees[intent.payee].payee_id if intent.payee >= 0 else intent.stranger
        payment.merchant_category, payment.merchant_category_code = TRANSFER_CATEGORY, TRANSFER_CODE
        payment.merchant_country = 0
        return
    place = life.places[intent.place]
    payment.merchant_id, payment.payee_id = place.place_id, NO_ID
    payment.merchant_category, payment.merchant_category_code = place.category, place.merchant_category_code
    payment.merchant_country = place.country


@inline_lean_kernel
def write_connection(life: Life, month: Month, clock: Clock, desk: Desk, payment: Row, customer: Row, day: int) -> None:
    """Choose and write device, network and address; a terminal has none of them."""
    intent = desk.intent[0]
    intent.device_since = 0
    if intent.channel in (decisions.POS, decisions.ATM):
        payment.device_id = payment.user_agent = payment.network = NO_ID
        payment.ip_address = NO_ADDRESS
        return
    device, user_agent, since = means.choose_device(
        life,
        desk,
        customer.ordinal,
        month.month_index,
        intent.channel != decisions.ONLINE,
        choice(desk, choices.DEVICE_DRAW),
    )
    intent.device_since = since
    way = choice(desk, choices.NETWORK_DRAW)
    network, is_own = means.choose_network(life, customer.network, way, choice(desk, choices.MARKET_DRAW))
    payment.device_id, payment.user_agent = device, user_agent
    is_home = not intent.is_present and intent.cell == customer.cell
    if is_own and not is_home:
        hour = (local_of(clock, day, intent.moment) % MICROSECONDS_PER_DAY) // choices.MICROSECONDS_PER_HOUR
        host = means.mobile_host_key(life.means_stream, customer.region, customer.ordinal, payment.event_date, hour)
        network = customer.mobile_network
    elif is_own:
        host = means.host_key(life.means_stream, customer.ordinal, desk.today[0].lease, means.HOST_AT_HOME)
    else:
        host = means.host_key(life.means_stream, customer.ordinal, payment.event_date, means.HOST_ELSEWHERE)
    payment.network = network
    payment.ip_address = means.address_in(life.networks[network], host)


@inline_lean_kernel
def price(life: Life, month: Month, desk: Desk, customer: Row, day: int) -> None:
    """Draw the amount of the desk's intent; a standing payment has one already."""
    intent, rules = desk.intent[0], life.rules[0]
    if intent.kind == decisions.BILL or (intent.kind == decisions.TRANSFER and intent.amount > 0):
        return
    deviate = normal_of(drawn(desk, choices.LEVEL_DRAW), life.normal_body, life.normal_tail)
    ending, channel = choice(desk, choices.ENDING_DRAW), intent.channel
    if intent.kind == decisions.TRANSFER:
        level, log_sd = rules.transfer_log_medians[channel], rules.transfer_log_sds[channel]
        level += customer.amount_log + month.amount_logs[day, month.areas[customer.region], SMALL_RETAIL]
        intent.amount = draw_amount(rules, TRANSFERS, channel, level, log_sd, deviate, ending)
        return
    if channel == decisions.ATM:
        level = rules.cash_log_median + customer.amount_log
        intent.amount = draw_amount(rules, TRANSFERS, channel, level, rules.cash_log_sd, deviate, ending)
        return
    group = intent.group
    level = rules.log_medians[group] + rules.channel_logs[channel] + customer.amount_log
    level += month.amount_logs[day, month.areas[customer.region], group]
    if intent.card >= 0:
        level += rules.card_logs[life.cards[intent.card].card_type]
    intent.amount = draw_amount(rules, group, channel, level, rules.log_sds[group], deviate, ending)


@inline_lean_kernel
def charge_abroad(life: Life, month: Month, desk: Desk, payment: Row, day: int, draw: float) -> None:
    """Turn a home amount into whole units of the merchant's currency and back, with the card's fee on top."""
    intent, rules = desk.intent[0], life.rules[0]
    place = life.places[intent.place]
    rate = month.fx[place.currency, day]
    fee = rules.abroad_fee_low + draw * (rules.abroad_fee_high - rules.abroad_fee_low)
    step = 100 if intent.amount / rate > 1_000 else 5
    foreign = max(int(intent.amount / rate / (1.0 + fee) / step + 0.5), 1) * step
    at_rate = max(int(foreign * rate + 0.5), 1)
    payment.merchant_currency, payment.merchant_amount_minor = place.currency, foreign
    payment.fee_minor = int(at_rate * fee + 0.5)
    intent.amount = at_rate + payment.fee_minor


@inline_lean_kernel
def decide(
    life: Life,
    month: Month,
    record: Record,
    desk: Desk,
    customer: Row,
    is_abroad: bool,
    day: int,
    draw: float,
    calm: float,
) -> int:
    """Approve and book a debit, or return why not: outages, the issuer's reasons, rules, limits, then the balance."""
    intent, rules = desk.intent[0], life.rules[0]
    intent.rule = NO_CODE
    account, card, channel, amount = intent.account, intent.card, intent.channel, intent.amount
    bank = life.accounts[account].bank
    if calm < decisions.outage_share(month, bank, channel, day, intent.moment):
        return decisions.TECHNICAL
    failed_for = int(intent.failed_for)
    if failed_for != NO_CODE and choice(desk, choices.REPEAT_DRAW) < rules.retry_repeats[failed_for]:
        return failed_for
    reason = decisions.issuer_decline(rules, life.bank_factors[bank], channel, is_abroad, draw)
    if reason == NO_CODE:
        intent.rule = ask_engine(life, record, desk, customer)
        reason = NO_CODE if intent.rule == NO_CODE else decisions.ISSUER_RISK_RULE
    if reason != NO_CODE:
        return reason
    row, left = account - record.first_account, record.unused_account_limit_minor
    if decisions.needs_card(channel):
        row = card - record.first_card
        left = record.unused_online_limit_minor if channel == decisions.ONLINE else record.unused_cash_limit_minor
    is_limited = channel != decisions.POS and intent.kind != decisions.BILL
    if (is_limited and amount > left[row, day]) or exceeds_new_device(rules, month, desk, day):
        return decisions.LIMIT_EXCEEDED
    balance = desk.accounts[account - customer.account_first].balance
    if not money.covers(balance, life.accounts[account].credit_limit_minor, amount):
        if not retries.foresees(life, desk, customer):
            return decisions.INSUFFICIENT_FUNDS
        retries.bring(life, record, desk, customer, day)
    books.move(life, record, desk, customer, account, day, -amount)
    if is_limited:
        left[row, day] -= amount
    if is_new_device(desk, month.first_day + day):
        desk.today[0].new_device_minor += amount
    return NO_CODE


@inline_lean_kernel
def ask_engine(life: Life, record: Record, desk: Desk, customer: Row) -> int:
    """Return the rule that declines the payment being written, or NO_CODE."""
    first, row = desk.today[0].first_payment, desk.today[0].payment_row - 1
    payment, amount = record.payments[row], desk.intent[0].amount
    return bank_rules.judge(life, customer, record.payments, first, row, desk.credits, payment, amount)


@inline_lean_kernel
def is_new_device(desk: Desk, date: int) -> bool:
    """Tell whether somebody pays by a device of today or yesterday; a mandate runs without one."""
    since = desk.intent[0].device_since
    return bool(
        not desk.intent[0].is_mandate
        and desk.intent[0].channel == decisions.INSTANT
        and since > 0
        and date - 1 <= since <= date
    )


@inline_lean_kernel
def exceeds_new_device(rules: Row, month: Month, desk: Desk, day: int) -> bool:
    """Tell whether a payment goes beyond what a new device may spend in its first day; 0 means no such rule.

    Two months that know nothing of each other share a day that reaches from one into the other: half each.
    """
    intent, today, limit = desk.intent[0], desk.today[0], rules.new_device_limit_minor
    if limit == 0 or not is_new_device(desk, month.first_day + day):
        return False
    if not month.first_day <= intent.device_since < month.first_day + month.midnight_at.shape[0] - 1:
        limit //= 2
    if today.new_device_day != intent.device_since:
        today.new_device_day, today.new_device_minor = intent.device_since, 0
    return bool(today.new_device_minor + intent.amount > limit)


@inline_lean_kernel
def write_proof(life: Life, month: Month, desk: Desk, payment: Row) -> None:
    """Write entry mode and authentication."""
    intent, rules = desk.intent[0], life.rules[0]
    tap_limit = life.cards[intent.card].contactless_limit_minor if intent.card >= 0 else 0
    entry_draw = choice(desk, choices.ENTRY_DRAW)
    mode = decisions.entry_mode_of(
        rules.contactless_share, intent.channel, intent.is_present, intent.amount, tap_limit, entry_draw
    )
    payment.entry_mode = decisions.MANDATE if intent.is_mandate else mode
    proof_draw = choice(desk, choices.AUTHENTICATION_DRAW)
    payment.authentication = decisions.choose_authentication(
        rules, month.lite_limit_minor, payment.entry_mode, intent.amount, proof_draw
    )


@inline_lean_kernel
def perform(
    life: Life,
    month: Month,
    clock: Clock,
    record: Record,
    desk: Desk,
    customer: Row,
    day: int,
) -> Row:
    """Write the desk's intent as a payment, decided and booked."""
    intent, today = desk.intent[0], desk.today[0]
    payment = record.payments[today.payment_row]
    today.payment_row += 1
    payment.event_id = identifier_of(
        life.identifiers,
        np.int64(customer.ordinal),
        np.int64(month.first_day + day - DAYS_TO_2000),
        np.int64(intent.ordinal),
        np.int64(KIND_PAYMENT),
    )
    payment.customer_id, payment.account_id = customer.customer_id, life.accounts[intent.account].account_id
    payment.card_id = life.cards[intent.card].card_id if intent.card >= 0 else NO_ID
    payment.channel = intent.channel
    payment.rail = life.cards[intent.card].rail if intent.card >= 0 else intent.channel
    payment.event_date, payment.event_at = month.first_day + day, intent.moment
    write_place(life, desk, payment)
    write_connection(life, month, clock, desk, payment, customer, day)
    is_abroad = intent.place >= 0 and life.places[intent.place].currency > 0
    if is_abroad:
        charge_abroad(life, month, desk, payment, day, choice(desk, choices.FEE_DRAW))
    write_proof(life, month, desk, payment)
    held = desk.accounts[intent.account - customer.account_first]
    held.last_at = max(held.last_at, intent.moment)
    draw, calm = choice(desk, choices.DECLINE_DRAW), choice(desk, choices.OUTAGE_DRAW)
    reason = decide(life, month, record, desk, customer, is_abroad, day, draw, calm)
    payment.status = 0 if reason == NO_CODE else 1
    payment.decline_reason, payment.engine_rule = reason, intent.rule
    if reason == decisions.ISSUER_RISK_RULE and intent.rule == NO_CODE:
        payment.engine_rule = bank_rules.RISK_SCORE
    payment.amount_minor = intent.amount
    if intent.brought > 0:
        moment = max(intent.moment - retries.SHORTEST_GAP - int(draw * retries.LONGEST_GAP), today.free_at)
        retries.write_top_up(life, record, desk, customer, payment, moment)
    return payment


@inline_lean_kernel
def pay(
    life: Life,
    month: Month,
    clock: Clock,
    record: Record,
    desk: Desk,
    customer: Row,
    day: int,
    tag: int,
    key: np.uint64,
) -> None:
    """Draw, decide and write one payment of a customer-day, and what follows from its outcome."""
    intent = desk.intent[0]
    intent.key, intent.base = key, choices.FIRST_PAYMENT_DRAW + tag * choices.DRAWS_PER_PAYMENT
    intent.ordinal, intent.amount, intent.brought, intent.failed_for = tag, 0, 0, NO_CODE
    if tag >= MOST_PAYMENTS:
        choices.intend_bill(life, month, desk, customer, tag - MOST_PAYMENTS)
    else:
        choices.intend(life, month, clock, desk, customer, day)
    price(life, month, desk, customer, day)
    payment = perform(life, month, clock, record, desk, customer, day)
    if payment.status != 0 and retries.wants_retry(life, desk, payment):
        retries.prepare(life, record, desk, customer, payment, day, tag)
        intent.base = choices.FIRST_PAYMENT_DRAW + intent.ordinal * choices.DRAWS_PER_PAYMENT
        payment = perform(life, month, clock, record, desk, customer, day)
    retries.follow_up(life, month, record, desk, customer, payment, day)


@inline_lean_kernel
def live_day(life: Life, month: Month, clock: Clock, record: Record, desk: Desk, slot: int, day: int) -> None:
    """Run one customer-day."""
    customer, date, today = life.customers[slot], month.first_day + day, desk.today[0]
    key = key_of(life.days_stream, np.int64(customer.ordinal), np.int64(date - DAYS_TO_2000))
    if draw_at(key, 0, LEASE_DRAW) < life.rules[0].daily_lease_change:
        today.lease = date
    sessions = record.sessions[slot - record.first_customer, day]
    count = draw_moments(life, month, clock, desk, customer, sessions, day, key)
    if count > 0 and date >= today.until:
        means.lay_out(life, desk, customer, date)
    if count > 0:
        plans.plan_excursion(life, customer, key, today)
        weigh_day(life, month, desk, customer, day)
    today.busy_until, today.day_end = 0, utc_of(clock, day, MICROSECONDS_PER_DAY - 1)
    income.expect(life, month, clock, desk, customer, slot, day, key)
    for n in range(count + 1):
        moment, tag = desk.moments[n] >> TAG_BITS, desk.moments[n] & TAG_MASK
        if moment <= today.busy_until:
            moment = min(today.busy_until + AFTER_RETRY, today.day_end)
        if today.credit_at != NEVER and (n == count or moment >= today.credit_at):
            income.receive(life, record, desk, customer, day, key)
        if n == count:
            break
        today.free_at, today.busy_until = max(today.busy_until, month.midnight_at[day]), moment
        desk.intent[0].moment = moment
        pay(life, month, clock, record, desk, customer, day, tag, key)


@inline_lean_kernel
def weigh_day(life: Life, month: Month, desk: Desk, customer: Row, day: int) -> None:
    """Weigh the channels on the first day, on special days and after them."""
    if (
        day > 0
        and not month.is_special_day[day]
        and not month.is_special_day[day - 1]
        and desk.today[0].channels[0] >= 0
    ):
        return
    shares = life.rules[0].channel_shares
    has_machines = customer.machine_slots[3] != NOWHERE
    weights = month.channel_weights[day]
    decisions.weigh_channels(shares, weights, has_machines, customer.online_affinity, desk.today[0].channels)


@lean_kernel
def live_kernel(life: Life, month: Month, clock: Clock, record: Record, desk: Desk, slots: Int64s) -> None:
    """Run the month of some customer slots of the record's block, in this order; other rows are not touched.

    The desk belongs to this call alone.
    """
    for slot in slots:
        customer, row, today = life.customers[slot], slot - record.first_customer, desk.today[0]
        today.payment_row, today.event_row = record.payment_first[row], record.event_first[row]
        today.first_payment, today.extra_events, today.credits = today.payment_row, 0, 0
        desk.credits[0].moment = NEVER
        today.inflows_left = income.room_of(customer.inflow_rate, month.midnight_at.shape[0])
        today.retries_left = retries.LEAST_RETRIES + record.planned[row] // retries.PLANNED_PER_RETRY
        today.extra_room = retries.LEAST_EXTRAS + record.planned[row] // retries.PLANNED_PER_EXTRA
        today.channels[0] = -1.0
        books.open_month(life, month, record, desk, customer)
        plans.plan_month(life, month, customer, desk)
        for day in range(month.midnight_at.shape[0]):
            live_day(life, month, clock, record, desk, slot, day)
        books.close_month(life, month, record, desk, customer)
        record.payment_count[row] = today.payment_row - record.payment_first[row]
        record.event_count[row] = today.event_row - record.event_first[row]
