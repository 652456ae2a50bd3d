"""The bank's rules: which one declines a payment, from what the bank has on file and has approved before in the month.

Honest life and crime ask the same kernel, each with its own history: honest payments of the customer for the one,
those and the attack's earlier ones for the other. Only approved payments are history: they alone tell where the payer
is, what belongs to them and what they spend.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.tables.bronze import ENGINE_RULES
from riskfabric_assets.foundation.units import KM_PER_DEGREE
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID
from riskfabric_assets.simulation.kernels import decisions
from riskfabric_assets.simulation.kernels.bundles import Life
from riskfabric_assets.simulation.kernels.records import Records, Row
from riskfabric_assets.world.clock import NEVER

RISK_SCORE: Final = ENGINE_RULES.index("risk_score")
FAST_GEO_CHANGE: Final = ENGINE_RULES.index("fast_geo_change")
FAST_GEO_CHANGE_ONLINE: Final = ENGINE_RULES.index("fast_geo_change_online")
NEW_IP_AND_DEVICE: Final = ENGINE_RULES.index("new_ip_and_device_high_amount")
NEW_DEVICE: Final = ENGINE_RULES.index("new_device_and_high_amount")
TRANS_FREQ_INCREASE: Final = ENGINE_RULES.index("trans_freq_increase")
DROP_FLOW_CASHOUT: Final = ENGINE_RULES.index("drop_flow_cashout")
DROP_PURCHASER: Final = ENGINE_RULES.index("drop_purchaser")
MICROSECONDS_PER_HOUR: Final = 3.6e9
RADIANS_PER_DEGREE: Final = 0.017453292519943295
AS_EVER, SENT_ON, SPENT_ONLINE = range(3)
"""How money leaves."""


@inline_lean_kernel
def judge(
    life: Life, customer: Row, rows: Records, first: int, stop: int, inflows: Records, payment: Row, amount: int
) -> int:
    """Return the rule that declines a payment, or NO_CODE; what was agreed on before is not judged.

    `rows[first:stop]` are the customer's earlier payments of the month in order of time, `inflows` what came in.
    """
    if payment.entry_mode == decisions.MANDATE or payment.payment_kind == decisions.BILL:
        return NO_CODE
    if is_too_fast(life.bank_rules[0], rows, first, stop, payment):
        return FAST_GEO_CHANGE if payment.is_present else FAST_GEO_CHANGE_ONLINE
    if payment.device_id != NO_ID and is_new_device(life, customer, rows, first, stop, payment):
        rule = judge_amount(life, customer, rows, first, stop, payment, amount)
        if rule != NO_CODE:
            return rule
    if is_burst(life.bank_rules[0], rows, first, stop, payment):
        return TRANS_FREQ_INCREASE
    if is_drop(life.bank_rules[0], rows, first, stop, inflows, payment, amount):
        return DROP_FLOW_CASHOUT if way_out(payment) == SENT_ON else DROP_PURCHASER
    return NO_CODE


@inline_lean_kernel
def judge_amount(life: Life, customer: Row, rows: Records, first: int, stop: int, payment: Row, amount: int) -> int:
    """Return the rule that declines an amount on a new device, or NO_CODE."""
    ratio = amount / average_minor(life, customer, rows, first, stop)
    if ratio > life.bank_rules[0].network_ratio and is_new_network(life, customer, rows, first, stop, payment):
        return NEW_IP_AND_DEVICE
    return NEW_DEVICE if ratio > life.bank_rules[0].device_ratio else NO_CODE


@inline_lean_kernel
def is_too_fast(rules: Row, rows: Records, first: int, stop: int, payment: Row) -> bool:
    """Tell whether nobody travels so fast from where the payer last stood."""
    for row in range(stop - 1, first - 1, -1):
        earlier = rows[row]
        elapsed = payment.event_at - earlier.event_at
        if elapsed >= rules.reach_microseconds:
            return False
        if earlier.status == 0 and earlier.is_present:
            farthest = max(rules.fastest_kmh * (elapsed / MICROSECONDS_PER_HOUR), rules.least_km)
            north, east = payment.latitude - earlier.latitude, payment.longitude - earlier.longitude
            if (abs(north) + abs(east)) * KM_PER_DEGREE <= farthest:  # along both sides it is farther
                return False
            return bool(arc_km(earlier, payment) > farthest)
    return False


@inline_lean_kernel
def arc_km(earlier: Row, payment: Row) -> float:
    """Return the great-circle distance of two payments."""
    here, there = payment.latitude * RADIANS_PER_DEGREE, earlier.latitude * RADIANS_PER_DEGREE
    north = np.sin((here - there) / 2.0)
    east = np.sin((payment.longitude - earlier.longitude) * RADIANS_PER_DEGREE / 2.0)
    chord = north * north + np.cos(here) * np.cos(there) * east * east
    return float(2.0 * KM_PER_DEGREE / RADIANS_PER_DEGREE * np.arcsin(min(1.0, np.sqrt(chord))))


@inline_lean_kernel
def is_new_device(life: Life, customer: Row, rows: Records, first: int, stop: int, payment: Row) -> bool:
    """Tell whether a device was bound only now, or was never bound and has not paid long enough."""
    youngest = payment.event_date - life.bank_rules[0].least_age_days
    for device in range(customer.device_first, customer.device_stop):
        if life.devices[device].device_id == payment.device_id:
            return bool(life.devices[device].first_seen_day >= youngest)
    for row in range(first, stop):
        if rows[row].event_date >= youngest:
            return True
        if rows[row].status == 0 and rows[row].device_id == payment.device_id:
            return False
    return True


@inline_lean_kernel
def is_new_network(life: Life, customer: Row, rows: Records, first: int, stop: int, payment: Row) -> bool:
    """Tell whether a network is neither on file nor one through which somebody has paid long enough."""
    if payment.network in (customer.network, customer.mobile_network):
        return False
    youngest = payment.event_date - life.bank_rules[0].least_age_days
    for row in range(first, stop):
        if rows[row].event_date >= youngest:
            return True
        if rows[row].status == 0 and rows[row].network == payment.network:
            return False
    return True


@inline_lean_kernel
def average_minor(life: Life, customer: Row, rows: Records, first: int, stop: int) -> float:
    """Return the payer's average: that on file, with the payments of the month; minor units."""
    weight = life.bank_rules[0].history_payments
    total = weight * customer.usual_minor
    for row in range(first, stop):
        if rows[row].status == 0:
            total += rows[row].amount_minor
            weight += 1.0
    return float(total / weight)


@inline_lean_kernel
def is_burst(rules: Row, rows: Records, first: int, stop: int, payment: Row) -> bool:
    """Tell whether the receiver was paid often enough a moment ago."""
    count = 0
    for row in range(stop - 1, first - 1, -1):
        earlier = rows[row]
        if payment.event_at - earlier.event_at > rules.burst_microseconds:
            break
        is_same = earlier.merchant_id == payment.merchant_id and earlier.payee_id == payment.payee_id
        count += int(earlier.status == 0 and is_same)
    return bool(count >= rules.burst_payments)


@inline_lean_kernel
def way_out(payment: Row) -> int:
    """Tell how money leaves with a payment: to people or as cash, by an order online, or as it does every day."""
    if payment.payment_kind in (decisions.TRANSFER, decisions.CASH_WITHDRAWAL):
        return SENT_ON
    return SPENT_ONLINE if payment.channel == decisions.ONLINE else AS_EVER


@inline_lean_kernel
def is_drop(rules: Row, rows: Records, first: int, stop: int, inflows: Records, payment: Row, amount: int) -> bool:
    """Tell whether too much has come in, or left the same way since, for an account that only passes money on."""
    way, since, begin = way_out(payment), payment.event_at - rules.drop_microseconds, payment.event_at
    count, received, number = 0, 0, 0
    while way != AS_EVER and inflows[number].moment != NEVER:
        credit = inflows[number]
        if credit.account_id == payment.account_id and since <= credit.moment < payment.event_at:
            count, received, begin = count + 1, received + credit.amount_minor, min(begin, credit.moment)
        number += 1
    if count < rules.drop_least_credits:
        return False
    outgoing, sent = 0, amount
    for row in range(stop - 1, first - 1, -1):
        earlier = rows[row]
        if earlier.event_at < begin:
            break
        if earlier.status == 0 and earlier.account_id == payment.account_id and way_out(earlier) == way:
            outgoing, sent = outgoing + 1, sent + earlier.amount_minor
    is_sent_on = outgoing >= rules.drop_outgoing and sent >= rules.drop_least_share * received
    return bool(count >= rules.drop_credits or is_sent_on)
