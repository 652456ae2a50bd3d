"""What a customer's month holds before it begins: journeys, the way to work, habits, standing payments.

Plans are pure functions of (customer, month index); a journey may reach into the next month, so the plan of the month
before is drawn as well. Draws of a plan, key (stream, customer ordinal, month index): 0 to 7 the journey, 16 to 47 the
search for its destination; of a habit, key (stream, ordinal, -1): 0 the work place, 1 to 3 the wants, 8 + 4 b and
following the standing payment b. The excursion of a day is drawn from the day's key.
"""

from typing import Final

import numpy as np

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, uniform_at
from riskfabric_assets.simulation.kernels.bundles import Choices, Desk, Life, Month
from riskfabric_assets.simulation.kernels.decisions import count_passed
from riskfabric_assets.simulation.kernels.records import BILLS, GROUPS, Int64s, Row
from riskfabric_assets.simulation.quantiles import normal_of

NOWHERE: Final = -1
FIRST_CITY: Final = -2
"""Destinations are customer slots; city c abroad is -2 - c."""
CANDIDATES: Final = 12
"""Homes that are weighed against each other as destination of a journey."""
NEAR_KM: Final = 1.5
"""Offset of the power law of distances; Gonzalez et al. 2008, d0."""
KM_PER_DEGREE: Final = 111.2
HABITS: Final = -1
"""Month index of what does not change."""
EXCURSION_DRAW: Final = 242
LONGEST_JOURNEY: Final = 21
DAYS_PER_YEAR: Final = 365.25
FIRST_BILL_DRAW: Final = 8
BILL_SPREAD: Final = 0.12
"""Share by which a bill differs from month to month; fixed instalments do not. Source: assumed."""


@inline_lean_kernel
def pick_of(choices: Choices, slot: int, uniform: float) -> int:
    """Return a member of a slot by weight, or NOWHERE where the slot is empty."""
    start = choices.first[slot]
    count = choices.first[slot + 1] - start
    if count == 0:
        return NOWHERE
    position = uniform * count
    step = int(position)
    choice = choices.steps[start + step]
    return int(choice.member) if position - step < choice.threshold else int(choice.other)


@inline_lean_kernel
def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance of two points on a plane that is true near the first; enough to weigh and to forbid."""
    north = (other_latitude - latitude) * KM_PER_DEGREE
    east = (other_longitude - longitude) * KM_PER_DEGREE * np.cos(latitude * 0.017453292519943295)
    return float(np.sqrt(north * north + east * east))


@inline_lean_kernel
def choose_destination(
    life: Life, customer: Row, is_in_region: bool, least_km: float, key: np.uint64, first_draw: int
) -> int:
    """Return a customer slot whose home is visited: near ones likelier, by a power law of distance.

    Homes stand for people, so a candidate's density grows with distance; the weight undoes that. NOWHERE where all
    candidates are nearer than is worth the journey.
    """
    first, stop = 0, life.by_region.shape[0]
    if is_in_region:
        first, stop = life.region_first[customer.region], life.region_first[customer.region + 1]
    exponent, chosen, total = life.rules[0].distance_exponent, NOWHERE, 0.0
    for number in range(CANDIDATES):
        draw = uniform_at(key, np.int64(first_draw + number))
        candidate = life.by_region[first + int(draw * (stop - first))]
        home = life.customers[candidate]
        distance = distance_km(customer.latitude, customer.longitude, home.latitude, home.longitude)
        weight = (distance + NEAR_KM) ** -exponent if distance >= least_km else 0.0
        total += weight
        if uniform_at(key, np.int64(first_draw + CANDIDATES + number)) * total < weight:
            chosen = candidate
    return int(chosen)


@inline_lean_kernel
def plan_journey(life: Life, customer: Row, month_index: int, days: int, which: int, shift: int, today: Row) -> None:
    """Plan one month's journey; `shift` moves its days into the days of the month that is lived."""
    rules, mobility = life.rules[0], customer.mobility
    key = key_of(life.plans_stream, np.int64(customer.ordinal), np.int64(month_index))
    today.trip_start[which] = today.trip_stop[which] = NOWHERE
    if uniform_at(key, np.int64(0)) >= rules.trip_rates[mobility]:
        return
    start = int(uniform_at(key, np.int64(1)) * days)
    length = 2 + min(int(exponential_at(key, np.int64(2)) * (rules.trip_days - 2.0)), LONGEST_JOURNEY - 2)
    today.trip_start[which] = start + shift
    today.trip_stop[which] = start + length + shift
    if start + length + shift <= 0:
        return
    is_abroad = uniform_at(key, np.int64(3)) < rules.trip_abroad_shares[mobility]
    if is_abroad and life.cities.shape[0] > 0:
        today.trip_to[which] = FIRST_CITY - count_passed(life.city_shares, uniform_at(key, np.int64(4)))
    else:
        is_in_region = uniform_at(key, np.int64(5)) < rules.trip_region_share
        today.trip_to[which] = choose_destination(life, customer, is_in_region, rules.trip_least_km, key, 16)


@inline_lean_kernel
def plan_excursion(life: Life, customer: Row, key: np.uint64, today: Row) -> None:
    """Plan the excursion of a day, to somewhere in the region."""
    today.excursion_to = NOWHERE
    if uniform_at(key, np.int64(EXCURSION_DRAW)) < life.rules[0].excursion_rates[customer.mobility]:
        today.excursion_to = choose_destination(life, customer, True, 0.0, key, 64)


@inline_lean_kernel
def journey_of(today: Row, day: int) -> int:
    """Return where somebody is on a day of the month: a customer slot, a city, or NOWHERE for at home."""
    for which in range(2):
        if today.trip_start[which] <= day < today.trip_stop[which]:
            return int(today.trip_to[which])
    return NOWHERE


@inline_lean_kernel
def plan_habits(life: Life, customer: Row, first_day: int, today: Row) -> None:
    """Find work place, personal wants and how long the list of favourites has grown."""
    rules = life.rules[0]
    key = key_of(life.plans_stream, np.int64(customer.ordinal), np.int64(HABITS))
    today.work_slot = NOWHERE
    if rules.work_shares[customer.mobility] > 0.0:
        draw = uniform_at(key, np.int64(0))
        for number in range(4):  # a work place is where shops are: the group that a draw falls on, else the next
            group = (int(draw * GROUPS) + number * 7) % GROUPS
            slot = customer.merchant_slots[1] * GROUPS + group
            place = pick_of(life.local, slot, uniform_at(key, np.int64(4 + number)))
            if place != NOWHERE:
                today.work_slot = life.places[place].r6_slot
                break
    for number in range(today.habits.shape[0]):
        today.habits[number] = uniform_at(key, np.int64(1 + number))
    years = max(first_day - customer.registered_day, 0) / DAYS_PER_YEAR + 0.5
    today.favourites = (customer.favourites * years) ** rules.birth_exponent


@inline_lean_kernel
def plan_bills(life: Life, month: Month, customer: Row, today: Row) -> None:
    """Find the standing payments of the month: day, moment and amount; what somebody has is drawn once for ever."""
    rules = life.rules[0]
    key = key_of(life.plans_stream, np.int64(customer.ordinal), np.int64(HABITS))
    now = key_of(life.plans_stream, np.int64(customer.ordinal), np.int64(month.month_index))
    for bill in range(BILLS):
        today.bill_day[bill] = NOWHERE
        first = FIRST_BILL_DRAW + 4 * bill
        is_rent = rules.bill_groups[bill] == GROUPS
        if customer.everyday_account < 0 or (is_rent and customer.payee_stop == customer.payee_first):
            continue
        if uniform_at(key, np.int64(first)) >= rules.bill_shares[bill]:
            continue
        span = rules.bill_last_days[bill] - rules.bill_first_days[bill] + 1
        usual = rules.bill_first_days[bill] + int(uniform_at(key, np.int64(first + 1)) * span)
        today.bill_day[bill] = min(usual, month.midnight_at.shape[0]) - 1
        deviate = normal_of(uniform_at(key, np.int64(first + 2)), life.normal_body, life.normal_tail)
        level = rules.bill_log_medians[bill] + rules.bill_log_sds[bill] * deviate + customer.amount_log
        is_mandate = uniform_at(key, np.int64(first + 3)) < rules.bill_mandates[bill]
        draw = uniform_at(now, np.int64(64 + bill))
        if not is_mandate:
            level += BILL_SPREAD * (2.0 * uniform_at(now, np.int64(96 + bill)) - 1.0)
        today.bill_minor[bill] = max(int(np.exp(level) / rules.steps_minor[3] + 0.5), 1) * rules.steps_minor[3]
        today.is_mandate[bill] = is_mandate
        today.bill_at[bill] = moment_of_bill(rules.bill_hours_microseconds, is_mandate, draw)


@inline_lean_kernel
def moment_of_bill(hours: Int64s, is_mandate: bool, draw: float) -> int:
    """Return when a standing payment runs: a mandate in the allowed spans of the night and of noon, else by day."""
    if not is_mandate:
        return int(hours[0] + draw * (hours[3] - hours[0]))
    early, late = hours[1] - hours[0], hours[3] - hours[2]
    position = int(draw * (early + late))
    return int(hours[0] + position if position < early else hours[2] + position - early)


@inline_lean_kernel
def plan_month(life: Life, month: Month, customer: Row, desk: Desk) -> None:
    """Write the plans of a customer's month onto the desk."""
    days, today = month.midnight_at.shape[0], desk.today[0]
    plan_journey(life, customer, month.month_index - 1, month.previous_days, 0, -month.previous_days, today)
    plan_journey(life, customer, month.month_index, days, 1, 0, today)
    plan_habits(life, customer, month.first_day, today)
    plan_bills(life, month, customer, today)
    today.last_present_at = today.last_place = today.last_machine = NOWHERE
    today.new_device_day = NOWHERE
