"""With what people pay: account, card, device, network and address."""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import key_of, mix, uniform_at
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.simulation.kernels.bundles import Desk, Life
from riskfabric_assets.simulation.kernels.records import Int64s, Records, Row

ATM: Final = CHANNELS.index("atm")
NONE: Final = -1
FAR_DAY: Final = 1 << 40
"""Later than every day."""
BORROWED_DEVICES: Final = 2
"""How many foreign devices a person uses in a month."""
FIRST_BORROWED: Final = 4096
"""Ordinal of borrowed devices in their ids; owned devices count from 0."""
KIND_DEVICE: Final = 4
"""identifiers.Kind.DEVICE as a plain number: kernels do not know enumerations."""
HOST_ON_THE_MOVE: Final = 1
HOST_ELSEWHERE: Final = 2
HOST_AT_HOME: Final = 3
HOST_BEHIND_GATEWAY: Final = 4
GATEWAYS: Final = 48
"""Public addresses of one provider in one region and day: carrier-grade NAT puts many phones behind each."""


@inline_lean_kernel
def lay_out(life: Life, desk: Desk, customer: Row, day: int) -> None:
    """List the accounts, cards and devices that a customer can use on a day (days since 1970-01-01), and until when."""
    accounts, cards, until = 0, 0, FAR_DAY
    for account in range(customer.account_first, customer.account_stop):
        if life.accounts[account].is_active and not life.accounts[account].is_credit:
            desk.accounts[accounts].usable = account
            accounts += 1
    for slot in range(customer.card_first, customer.card_stop):
        card = life.cards[slot]
        until = min(until, next_change(day, card.activated_day, card.expiry_day))
        if card.is_usable and card.activated_day <= day <= card.expiry_day:
            desk.cards[cards].usable = slot
            cards += 1
    today = desk.today[0]
    for slot in range(customer.device_first, customer.device_stop):
        until = min(until, next_change(day, life.devices[slot].first_seen_day, life.devices[slot].last_seen_day))
    today.accounts, today.cards, today.until = accounts, cards, until
    lay_out_devices(life.devices, customer.device_first, customer.device_stop, day, today.devices)


@inline_lean_kernel
def next_change(day: int, first: int, last: int) -> int:
    """Return the next day on which something that is used from `first` to `last` comes or goes."""
    if day < first:
        return first
    return last + 1 if day <= last else FAR_DAY


@inline_lean_kernel
def lay_out_devices(devices: Records, first: int, stop: int, day: int, found: Int64s) -> None:
    """Find primary and secondary device, of any kind and with an app; a missing one is the primary."""
    found[0] = found[1] = found[2] = found[3] = NONE
    for slot in range(first, stop):
        device = devices[slot]
        if not device.first_seen_day <= day <= device.last_seen_day:
            continue
        for kind in range(2 if device.has_app else 1):
            if found[2 * kind] == NONE:
                found[2 * kind] = slot
            elif found[2 * kind + 1] == NONE:
                found[2 * kind + 1] = slot
    if found[0] == NONE:
        found[0] = first
    if found[2] == NONE:
        found[2] = found[0]
    if found[1] == NONE:
        found[1] = found[0]
    if found[3] == NONE:
        found[3] = found[2]


@inline_lean_kernel
def choose_account(desk: Desk, fallback: int, primary_share: float, uniform: float) -> int:
    """Return the account slot that pays by transfer; the first usable one is the everyday account."""
    count = desk.today[0].accounts
    if count == 0:
        return fallback
    if count == 1 or uniform < primary_share:
        return int(desk.accounts[0].usable)
    further = int((uniform - primary_share) / (1.0 - primary_share) * (count - 1))
    return int(desk.accounts[1 + further].usable)


@inline_lean_kernel
def card_weight(life: Life, card: Row, channel: int, is_abroad: bool, everyday: int) -> float:
    """Return how readily a card is taken out: cash comes from no credit card, and abroad only some cards work."""
    rules = life.rules[0]
    if (is_abroad and not card.is_international) or (channel == ATM and card.is_credit):
        return 0.0
    if card.is_credit:
        return float(rules.credit_preferences[channel])
    share = rules.primary_account if card.account == everyday else 1.0 - rules.primary_account
    return float((1.0 - rules.credit_preferences[channel]) * share)


@inline_lean_kernel
def choose_own_card(life: Life, desk: Desk, everyday: int, channel: int, is_abroad: bool, uniform: float) -> int:
    """Return the card somebody takes out, or NONE: by preference for credit, and for the everyday account."""
    today, total, chosen, passed = desk.today[0], 0.0, NONE, 0.0
    for number in range(today.cards):
        total += card_weight(life, life.cards[desk.cards[number].usable], channel, is_abroad, everyday)
    for number in range(today.cards):
        passed += card_weight(life, life.cards[desk.cards[number].usable], channel, is_abroad, everyday)
        if chosen == NONE and uniform * total < passed:
            chosen = int(desk.cards[number].usable)
    return chosen


@inline_lean_kernel
def choose_device(
    life: Life, desk: Desk, ordinal: int, month: int, is_app: bool, uniform: float
) -> tuple[int, int, int]:
    """Return device id, user agent and first day of use: mostly the own phone, seldom somebody else's device."""
    use = life.rules[0].device_use
    if uniform < use[1]:
        device = life.devices[desk.today[0].devices[(2 if is_app else 0) + (0 if uniform < use[0] else 1)]]
        agent = device.app_user_agent if is_app and device.has_app else device.user_agent
        return int(device.device_id), int(agent), int(device.first_seen_day)
    which = int((uniform - use[1]) / (1.0 - use[1]) * BORROWED_DEVICES)
    key = key_of(life.means_stream, np.int64(ordinal), np.int64(month))
    like = life.devices[int(uniform_at(key, np.int64(which)) * life.devices.shape[0])]
    borrowed = identifier_of(
        life.identifiers, np.int64(ordinal), np.int64(month), np.int64(FIRST_BORROWED + which), np.int64(KIND_DEVICE)
    )
    return int(borrowed), int(like.app_user_agent if is_app and like.has_app else like.user_agent), 0


@inline_lean_kernel
def host_key(stream: np.uint64, ordinal: int, day: int, host: int) -> np.uint64:
    """Address a host: the same customer, day and kind of access have the same address in a network."""
    return key_of(stream ^ mix(np.uint64(host)), np.int64(ordinal), np.int64(day))


@inline_lean_kernel
def choose_network(life: Life, own: int, way_draw: float, market_draw: float) -> tuple[int, bool]:
    """Return the network of a payment and whether it is the household's own."""
    use, households = life.rules[0].network_use, life.networks.shape[0] - 2
    if way_draw < use[0]:
        return own, True
    if way_draw < use[1]:
        network = 0
        while network < households - 1 and market_draw >= life.networks[network].market:
            network += 1
        return network, False
    return (households if way_draw < use[2] else households + 1), False


@inline_lean_kernel
def mobile_host_key(stream: np.uint64, region: int, ordinal: int, day: int, hour: int) -> np.uint64:
    """Address one of the few public addresses behind which a provider hides a region's phones for some hours."""
    gateway = key_of(stream ^ mix(np.uint64(HOST_ON_THE_MOVE)), np.int64(ordinal), np.int64(day * 4 + hour // 6))
    which = int(uniform_at(gateway, np.int64(0)) * GATEWAYS)
    return key_of(stream ^ mix(np.uint64(HOST_BEHIND_GATEWAY)), np.int64(region * GATEWAYS + which), np.int64(day))


@inline_lean_kernel
def address_in(network: Row, key: np.uint64) -> int:
    """Return an IPv4 address of a network's slice; neither its first nor its last."""
    return int(network.base + 1 + int(uniform_at(key, np.int64(0)) * (network.size - 2)))
