"""What somebody wants: channel and instrument, what for, where, at which shop; the desk's intent is filled.

Draws of the n-th payment of a customer-day start at FIRST_PAYMENT_DRAW + n * DRAWS_PER_PAYMENT, one number per
purpose, so that a change of one rule re-rolls no other.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.identifiers import identifier_of
from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import bits_at, key_of, uniform_at
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.kernels import decisions, means
from riskfabric_assets.simulation.kernels.activity import DAYS_TO_2000
from riskfabric_assets.simulation.kernels.bundles import Desk, Life, Month
from riskfabric_assets.simulation.kernels.plans import FIRST_CITY, NOWHERE, distance_km, journey_of, pick_of
from riskfabric_assets.simulation.kernels.records import GROUPS, Row
from riskfabric_assets.world.clock import Clock, local_of

FIRST_PAYMENT_DRAW: Final = 1024
DRAWS_PER_PAYMENT: Final = 32
PLACE_DRAW, LEVEL_DRAW, NORTH_DRAW, EAST_DRAW, RETRY_DRAW = range(24, 29)
"""Whole draws of 53 bits."""
(
    CHANNEL_DRAW,
    KIND_DRAW,
    INSTRUMENT_DRAW,
    GROUP_DRAW,
    HABIT_DRAW,
    REMOTE_DRAW,
    ANCHOR_DRAW,
    RANK_DRAW,
    EXPLORE_DRAW,
    TIER_DRAW,
    DEVICE_DRAW,
    NETWORK_DRAW,
    MARKET_DRAW,
    ENDING_DRAW,
    ENTRY_DRAW,
    AUTHENTICATION_DRAW,
    DECLINE_DRAW,
    OUTAGE_DRAW,
    ABROAD_DRAW,
    FEE_DRAW,
    RETRY_GAP_DRAW,
    REFUND_DRAW,
    REFUND_DAY_DRAW,
    PAYEE_DRAW,
    FORESIGHT_DRAW,
    REPEAT_DRAW,
    STRANGER_DRAW,
) = range(27)
"""Choices: 32 bits are plenty, so two of them share the halves of one draw."""
TWO_TO_MINUS_32: Final = 1.0 / 4294967296.0
AT_HOME, AT_WORK, ON_LINE = range(3)
"""Lists of favourites."""
FARTHEST_RANK: Final = 4096
FASTEST_KMH: Final = 600.0
"""Nobody is at two places that are farther apart than this speed allows; below an airliner's, doors included."""
SLACK_KM: Final = 0.5
"""Two jittered positions of one street may lie this far apart."""
MICROSECONDS_PER_HOUR: Final = 3_600_000_000
STILL_THERE: Final = 3 * MICROSECONDS_PER_HOUR
"""How long after standing in a shop somebody is still thereabouts."""
KIND_STRANGER: Final = 5
"""identifiers.Kind.PAYEE as a plain number: kernels do not know enumerations."""
MONDAY, FRIDAY = 0, 4
ANYWHERE_SHARE: Final = 0.15
"""Share of remote payments that are made where one last stood rather than at home. Source: assumed."""
AT_HOME_WITHOUT_SHARE: Final = 0.1
"""Share of remote payments that somebody at home makes for a payer who is out of reach; the bank cannot tell.
Source: assumed."""


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
def drawn(desk: Desk, purpose: int) -> float:
    """Return a whole draw of the payment on the desk."""
    return draw_at(desk.intent[0].key, desk.intent[0].base, purpose)


@inline_lean_kernel
def choice(desk: Desk, purpose: int) -> float:
    """Return the draw of a choice of the payment on the desk."""
    return choice_at(desk.intent[0].key, desk.intent[0].base, purpose)


@inline_lean_kernel
def choose_instrument(life: Life, desk: Desk, customer: Row, is_away: bool) -> None:
    """Choose channel, account slot and card slot (or NO_ID); without a usable card the account's rails are used."""
    intent = desk.intent[0]
    channel = decisions.choose_channel(desk.today[0].channels, choice(desk, CHANNEL_DRAW))
    draw = choice(desk, INSTRUMENT_DRAW)
    intent.card = NO_ID
    if is_away and channel in (decisions.WALLET, decisions.ATM):
        channel = decisions.POS
    if decisions.needs_card(channel):
        card = means.choose_own_card(life, desk, customer.everyday_account, channel, is_away, draw)
        if card >= 0:
            intent.channel, intent.account, intent.card = channel, life.cards[card].account, card
            return
    intent.channel = decisions.without_card(channel)
    intent.account = means.choose_account(desk, customer.everyday_account, life.rules[0].primary_account, draw)


@inline_lean_kernel
def choose_group(month: Month, desk: Desk, area: int, day: int, channel: int, habit: float) -> int:
    """Return what money is spent on: one of the personal wants now and then, else as everybody does.

    A want is a draw that is kept for ever, so all people together want what the shares say.
    """
    shares, draw = month.groups[day, area, channel], choice(desk, GROUP_DRAW)
    if choice(desk, HABIT_DRAW) < habit:
        draw = desk.today[0].habits[int(draw * desk.today[0].habits.shape[0])]
    low, high = 0, GROUPS - 1
    while low < high:
        middle = (low + high) >> 1
        if draw < shares[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@inline_lean_kernel
def nearby_place(life: Life, slots: Row, first: int, group: int, uniform: float) -> int:
    """Return a shop of a group in the narrowest tier from `first` on that has one, or NOWHERE."""
    for tier in range(first, 4):
        if slots[tier] >= 0:
            place = pick_of(life.local, slots[tier] * GROUPS + group, uniform)
            if place != NOWHERE:
                return place
    return NOWHERE


@inline_lean_kernel
def favourite_rank(life: Life, group: int, grown: float, uniform: float) -> int:
    """Return which favourite is visited: by Zipf's law over a list that grows with the payments made so far."""
    position = uniform * (life.rank_curve.shape[0] - 1)
    step = int(position)
    bent = life.rank_curve[step] + (position - step) * (life.rank_curve[step + 1] - life.rank_curve[step])
    length = 1.0 + life.rules[0].favourite_scales[group] * grown
    return min(int(np.exp(np.log(length + 1.0) * bent)) - 1, FARTHEST_RANK - 1)


@inline_lean_kernel
def shop_on_spot(life: Life, desk: Desk, customer: Row, at_work: bool, group: int) -> int:
    """Return a shop around home or work: mostly a favourite, whose place was drawn once for ever."""
    rules, today = life.rules[0], desk.today[0]
    tier_draw, draw = choice(desk, TIER_DRAW), drawn(desk, PLACE_DRAW)
    if choice(desk, EXPLORE_DRAW) < rules.favourite_share:
        rank = favourite_rank(life, group, today.favourites, choice(desk, RANK_DRAW))
        entry = ((AT_WORK if at_work else AT_HOME) * GROUPS + group) * FARTHEST_RANK + rank
        favourite = key_of(life.favourites_stream, np.int64(customer.ordinal), np.int64(entry))
        tier_draw, draw = uniform_at(favourite, np.int64(0)), uniform_at(favourite, np.int64(1))
    is_local = tier_draw < rules.local_shares[customer.mobility]
    if at_work and is_local:
        place = pick_of(life.local, today.work_slot * GROUPS + group, draw)
        if place != NOWHERE:
            return place
    return nearby_place(life, customer.tier_slots, 0 if is_local else 1, group, draw)


@inline_lean_kernel
def shop_online(life: Life, desk: Desk, customer: Row, group: int) -> int:
    """Return a shop that is paid from a distance: without a place on the map, or around the corner and it delivers."""
    rules, today, draw = life.rules[0], desk.today[0], drawn(desk, PLACE_DRAW)
    if choice(desk, EXPLORE_DRAW) < rules.favourite_share:
        rank = favourite_rank(life, group, today.favourites, choice(desk, RANK_DRAW))
        entry = (ON_LINE * GROUPS + group) * FARTHEST_RANK + rank
        draw = uniform_at(key_of(life.favourites_stream, np.int64(customer.ordinal), np.int64(entry)), np.int64(1))
    place = pick_of(life.online, group, draw)
    return place if place != NOWHERE else nearby_place(life, customer.tier_slots, 0, group, draw)


@inline_lean_kernel
def stand(desk: Desk, latitude: float, longitude: float, parallel: float, cell: np.uint64) -> None:
    """Say where the payer is."""
    intent = desk.intent[0]
    intent.latitude, intent.longitude, intent.parallel, intent.cell = latitude, longitude, parallel, cell


@inline_lean_kernel
def stand_afar(life: Life, desk: Desk, customer: Row, destination: int) -> None:
    """Say where somebody is who pays from a distance: at home, on a journey, or where they last stood in a shop."""
    today, intent = desk.today[0], desk.intent[0]
    if destination <= FIRST_CITY:
        city = life.cities[FIRST_CITY - destination]
        stand(desk, city.latitude, city.longitude, city.parallel, city.cell)
        return
    home = life.customers[destination] if destination >= 0 else customer
    is_recent = today.last_place != NOWHERE and intent.moment - today.last_present_at < STILL_THERE
    if is_recent and stays_there(desk, home, choice(desk, ANCHOR_DRAW)):
        place = life.places[today.last_place]
        stand(desk, place.latitude, place.longitude, place.parallel, place.cell)
        return
    stand(desk, home.latitude, home.longitude, home.parallel, home.cell)


@inline_lean_kernel
def is_at_work(life: Life, month: Month, clock: Clock, desk: Desk, customer: Row, day: int, draw: float) -> bool:
    """Tell whether a payment falls into the working day of somebody who works away from home."""
    rules = life.rules[0]
    if desk.today[0].work_slot < 0 or month.weekday[day] > FRIDAY:
        return False
    since = local_of(clock, day, desk.intent[0].moment) - (month.first_day + day) * (24 * MICROSECONDS_PER_HOUR)
    is_hour = rules.work_start_microseconds <= since < rules.work_stop_microseconds
    return bool(is_hour and draw < rules.work_shares[customer.mobility])


@inline_lean_kernel
def shop_where_one_is(
    life: Life,
    month: Month,
    clock: Clock,
    desk: Desk,
    customer: Row,
    destination: int,
    day: int,
) -> int:
    """Return a shop to stand in: abroad, on a journey or excursion, at work or at home; NOWHERE where there is none."""
    intent, today = desk.intent[0], desk.today[0]
    draw = drawn(desk, PLACE_DRAW)
    if destination <= FIRST_CITY:
        first = (FIRST_CITY - destination) * GROUPS
        for number in range(GROUPS):
            place = pick_of(life.abroad, first + (intent.group + number) % GROUPS, draw)
            if place != NOWHERE:
                return place
        return NOWHERE
    if destination == NOWHERE and today.excursion_to != NOWHERE and choice(desk, ANCHOR_DRAW) < 0.5:
        destination = today.excursion_to
    if destination != NOWHERE:
        is_local = choice(desk, TIER_DRAW) < life.rules[0].local_shares[customer.mobility]
        return nearby_place(life, life.customers[destination].tier_slots, 0 if is_local else 1, intent.group, draw)
    at_work = is_at_work(life, month, clock, desk, customer, day, choice(desk, ANCHOR_DRAW))
    return shop_on_spot(life, desk, customer, at_work, intent.group)


@inline_lean_kernel
def stays_there(desk: Desk, home: Row, draw: float) -> bool:
    """Tell whether somebody who pays from a distance is still where they stood: by choice, or too far from home."""
    if draw < ANYWHERE_SHARE:
        return True
    return bool(draw < 1.0 - AT_HOME_WITHOUT_SHARE and is_out_of_reach(desk, home))


@inline_lean_kernel
def is_out_of_reach(desk: Desk, place: Row) -> bool:
    """Tell whether nobody could have come so fast from where they last stood to a place or home."""
    intent, today = desk.intent[0], desk.today[0]
    if today.last_present_at < 0:
        return False
    distance = distance_km(today.last_latitude, today.last_longitude, place.latitude, place.longitude)
    hours = (intent.moment - today.last_present_at) / MICROSECONDS_PER_HOUR
    return bool(distance > SLACK_KM + FASTEST_KMH * hours)


@inline_lean_kernel
def keep_to_reach(life: Life, desk: Desk, customer: Row) -> None:
    """Stay at the last shop or machine where the chosen one is out of reach, and remember where one stands."""
    intent, today = desk.intent[0], desk.today[0]
    if is_out_of_reach(desk, life.places[intent.place]):
        if today.last_machine == NOWHERE:
            intent.place, intent.kind = today.last_place, decisions.PURCHASE
            intent.group = life.places[intent.place].group
            intent.channel = decisions.POS if intent.channel == decisions.ATM else intent.channel
        elif intent.channel == decisions.ATM:
            intent.place = today.last_machine
        else:  # one stands at a machine: the shop is paid from a distance
            intent.is_present = False
            intent.channel = decisions.ONLINE if intent.channel == decisions.POS else intent.channel
            stand(desk, customer.latitude, customer.longitude, customer.parallel, customer.cell)
            return
    place = life.places[intent.place]
    today.last_present_at = intent.moment
    today.last_machine = intent.place if intent.channel == decisions.ATM else NOWHERE
    if intent.channel != decisions.ATM:
        today.last_place = intent.place
    today.last_latitude, today.last_longitude = place.latitude, place.longitude
    stand(desk, place.latitude, place.longitude, place.parallel, place.cell)


@inline_lean_kernel
def choose_payee(life: Life, customer: Row, date: int, uniform: float) -> int:
    """Return a regular payee by weight, among those who are known on a day; they stand in the order of acquaintance."""
    known = customer.payee_first
    while known + 1 < customer.payee_stop and life.payees[known + 1].known_since_day <= date:
        known += 1
    mark, payee = uniform * life.payees[known].cumulative, customer.payee_first
    while payee < known and mark >= life.payees[payee].cumulative:
        payee += 1
    return int(payee)


@inline_lean_kernel
def intend_transfer(life: Life, month: Month, desk: Desk, customer: Row, destination: int, day: int) -> bool:
    """Make the intent a transfer to a person, if it is one."""
    intent = desk.intent[0]
    share = life.rules[0].transfer_shares[intent.channel] * month.transfer_weight[day, month.areas[customer.region]]
    if customer.payee_stop == customer.payee_first or choice(desk, KIND_DRAW) >= share:
        return False
    intent.kind, intent.group, intent.place = decisions.TRANSFER, GROUPS, NO_ID
    if choice(desk, STRANGER_DRAW) < life.rules[0].stranger_share:
        owner, date = np.int64(customer.ordinal), np.int64(month.first_day + day - DAYS_TO_2000)
        intent.stranger = identifier_of(
            life.identifiers, owner, date, np.int64(intent.ordinal), np.int64(KIND_STRANGER)
        )
    else:
        intent.payee = choose_payee(life, customer, month.first_day + day, choice(desk, PAYEE_DRAW))
    intent.is_present = False
    stand_afar(life, desk, customer, destination)
    return True


@inline_lean_kernel
def intend_cash(life: Life, desk: Desk, customer: Row, destination: int) -> None:
    """Make the intent a withdrawal at a machine around where one is."""
    intent = desk.intent[0]
    home = life.customers[destination] if destination >= 0 else customer
    is_local = choice(desk, TIER_DRAW) < life.rules[0].local_shares[customer.mobility]
    intent.kind, intent.group, intent.is_present = decisions.CASH_WITHDRAWAL, GROUPS, True
    intent.place = pick_of(life.cash, home.machine_slots[0 if is_local else 1], drawn(desk, PLACE_DRAW))
    keep_to_reach(life, desk, customer)


@inline_lean_kernel
def intend_order(life: Life, desk: Desk, customer: Row, destination: int) -> None:
    """Make the intent a payment from a distance: abroad now and then by card, else at home."""
    intent, rules = desk.intent[0], life.rules[0]
    intent.is_present, intent.place = False, NOWHERE
    may_leave = intent.channel == decisions.ONLINE and life.cards[intent.card].is_international
    if may_leave and choice(desk, ABROAD_DRAW) < rules.abroad_online_share:
        intent.place = pick_of(life.abroad_online, intent.group, drawn(desk, PLACE_DRAW))
    if intent.place == NOWHERE:
        intent.place = shop_online(life, desk, customer, intent.group)
    stand_afar(life, desk, customer, destination)


@inline_lean_kernel
def intend(life: Life, month: Month, clock: Clock, desk: Desk, customer: Row, day: int) -> None:
    """Fill the desk's intent with the next spontaneous payment."""
    intent, today, rules = desk.intent[0], desk.today[0], life.rules[0]
    destination = journey_of(today, day)
    is_away = destination <= FIRST_CITY
    intent.kind, intent.payee, intent.is_mandate, intent.is_away = decisions.PURCHASE, NO_ID, False, is_away
    choose_instrument(life, desk, customer, is_away)
    if intent.channel == decisions.ATM:
        intend_cash(life, desk, customer, destination)
        return
    if intend_transfer(life, month, desk, customer, destination, day):
        return
    intent.group = choose_group(month, desk, month.areas[customer.region], day, intent.channel, rules.habit_share)
    is_spot = intent.channel == decisions.POS
    if intent.channel in (decisions.INSTANT, decisions.WALLET) and not is_away:
        is_spot = choice(desk, REMOTE_DRAW) >= rules.remote_shares[intent.group]
    if not is_spot:
        intend_order(life, desk, customer, destination)
        return
    intent.place = shop_where_one_is(life, month, clock, desk, customer, destination, day)
    intent.is_present = True
    if intent.place == NOWHERE:  # nobody sells this on the map: it is ordered
        if intent.channel == decisions.POS:
            intent.channel = decisions.ONLINE
        intend_order(life, desk, customer, destination)
        return
    keep_to_reach(life, desk, customer)


@inline_lean_kernel
def intend_bill(life: Life, month: Month, desk: Desk, customer: Row, bill: int) -> None:
    """Fill the desk's intent with a standing payment; rent goes to the landlord, the rest to a biller."""
    intent, today, rules = desk.intent[0], desk.today[0], life.rules[0]
    intent.kind, intent.channel, intent.group = decisions.BILL, rules.bill_channels[bill], rules.bill_groups[bill]
    intent.card, intent.payee, intent.place = NO_ID, NO_ID, NO_ID
    intent.account, intent.amount = customer.everyday_account, today.bill_minor[bill]
    intent.is_mandate, intent.is_present, intent.is_away = today.is_mandate[bill], False, False
    stand(desk, customer.latitude, customer.longitude, customer.parallel, customer.cell)
    if intent.group == GROUPS:
        intent.kind = decisions.TRANSFER
        for payee in range(customer.payee_first, customer.payee_stop):
            if life.payees[payee].is_landlord:
                intent.payee = payee
                return
        intent.payee = customer.payee_first
        return
    favourite = key_of(life.favourites_stream, np.int64(customer.ordinal), np.int64(-1 - bill))
    draw = uniform_at(favourite, np.int64(0))
    intent.place = pick_of(life.online, intent.group, draw)
    if intent.place == NOWHERE:
        intent.place = nearby_place(life, customer.tier_slots, 0, intent.group, draw)
