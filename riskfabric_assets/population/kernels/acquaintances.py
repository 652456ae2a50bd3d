"""Whom people pay: the household first, then neighbours by home cell, people anywhere, and outsiders.

Draws of customer c, key (stream, c, 0): 0 and 1 the number of payees; key (stream, c, 1): the gaps between later
ones; key (stream, c, 2 + k): payee k, in this order: kind, near or far, then two for each try.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel
from riskfabric_assets.foundation.streams import exponential_at, key_of, normal_at, uniform_at
from riskfabric_assets.population.kernels.matching import STREET

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Int8s = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

HOUSEHOLD, FAMILY, FRIEND, LANDLORD, VENDOR, OWN_ACCOUNT = 0, 1, 2, 3, 4, 5
"""Codes of RELATIONS."""
OUTSIDER: Final = -1
KNOWN: Final = 2147483647
"""Day of who is known before the calendar: told as null."""
TRIES: Final = 4
VENDORS: Final = 12
"""Vendors of a quarter."""
QUARTER: Final = 64
"""Neighbours, in the order of cells, who have vendors in common."""
FIRST_VENDOR: Final = 4096
"""Number of a quarter's first vendor; outsiders of one customer count from 0."""
MOST: Final = 400
"""Payees of one customer."""
DAYS_PER_YEAR: Final = 365.25


class Everybody(NamedTuple):
    """The whole population, every array of shape (customers,)."""

    head: Int32s
    """Ordinal of the household's first member."""
    further_account: Int8s
    """Number of another open account of the same customer; -1 for none."""
    position: Int32s
    """Place in the order of home cells."""
    order: Int32s
    """Customer at every place."""
    is_tenant: Int8s
    """1 for the head of a household that pays rent."""


class Habits(NamedTuple):
    """How payees are chosen."""

    stream: np.uint64
    pairs: np.uint64
    """Stream of what holds for two people, whoever is asked first."""
    start_day: int
    window_end: int
    median: float
    sigma: float
    most: int
    births_per_day: float
    household_share: float
    simulated_share: float
    neighbour_share: float
    neighbourhood: int
    family_share: float
    vendor_share: float
    weight_sigma: float


class Payees(NamedTuple):
    """Payees of a block, customer by customer, every array of shape (payees,)."""

    payee: Int64s
    """Ordinal of a customer, or OUTSIDER."""
    number: Int64s
    """Account of that customer; number of an outsider."""
    owner: Int64s
    """To whom an outsider belongs: customer, or quarter of a vendor."""
    relation: Int64s
    weight: Floats
    known_day: Int64s


@inline_kernel
def _is_paid_at_home(everybody: Everybody, habits: Habits, customer: int, other: int) -> bool:
    """Tell whether somebody is of the household and gets money from the customer now and then."""
    if other == customer or everybody.head[other] != everybody.head[customer]:
        return False
    pair = key_of(habits.pairs, np.int64(customer), np.int64(other))
    return bool(uniform_at(pair, np.int64(1)) < habits.household_share)


@inline_kernel
def _given(everybody: Everybody, habits: Habits, customer: int) -> int:
    """Count who is paid for certain: members of the household, the own other account, the landlord."""
    count = 1 if everybody.further_account[customer] >= 0 else 0
    count += int(everybody.is_tenant[customer])
    first = customer // STREET * STREET
    for other in range(first, min(first + STREET, everybody.head.shape[0])):
        if _is_paid_at_home(everybody, habits, customer, other):
            count += 1
    return count


@inline_kernel
def _known(everybody: Everybody, habits: Habits, customer: int) -> int:
    draw = normal_at(key_of(habits.stream, np.int64(customer), np.int64(0)), np.int64(0))
    wanted = int(np.rint(habits.median * np.exp(habits.sigma * draw)))
    return int(max(min(max(wanted, 1), habits.most), _given(everybody, habits, customer)))


@kernel
def count_payees_kernel(everybody: Everybody, habits: Habits, first: int, out: Int64s) -> None:
    """Count the payees of customers from `first` on, later ones included."""
    for row in range(out.shape[0]):
        customer = first + row
        known = _known(everybody, habits, customer)
        key = key_of(habits.stream, np.int64(customer), np.int64(1))
        day, births = float(habits.start_day), 0
        while known + births < MOST:
            day += exponential_at(key, np.int64(births)) / max(habits.births_per_day * known, 1e-9)
            if day > habits.window_end:
                break
            births += 1
        out[row] = known + births


@kernel
def meet_kernel(everybody: Everybody, habits: Habits, first: int, starts: Int64s, out: Payees) -> None:
    """Write the payees of customers from `first` on, at their places; later ones behind, in the order of days."""
    for row in range(starts.shape[0] - 1):
        customer, start, stop = first + row, starts[row], starts[row + 1]
        known = _known(everybody, habits, customer)
        place = _meet_given(everybody, habits, customer, start, out)
        simulated = 0
        for met in range(start, place):
            simulated += out.relation[met] == HOUSEHOLD
        key = key_of(habits.stream, np.int64(customer), np.int64(1))
        day = float(habits.start_day)
        total = 0.0
        for met in range(start, stop):
            number = met - start
            mine = key_of(habits.stream, np.int64(customer), np.int64(2 + number))
            if met >= place:
                left = max(known - number, 1)
                share = habits.simulated_share
                if number < known:
                    share = min(max((share * known - simulated) / left, 0.0), 1.0)
                simulated += _meet(everybody, habits, mine, customer, start, met, share, out)
            out.weight[met] = np.exp(habits.weight_sigma * normal_at(mine, np.int64(40)))
            out.known_day[met] = KNOWN
            if number < known:
                total += out.weight[met]
            else:
                day += exponential_at(key, np.int64(number - known)) / max(habits.births_per_day * known, 1e-9)
                out.known_day[met] = int(day)
        for met in range(start, stop):
            out.weight[met] /= total


@inline_kernel
def _write(out: Payees, place: int, payee: int, number: int, owner: int, relation: int) -> None:
    out.payee[place], out.number[place] = payee, number
    out.owner[place], out.relation[place] = owner, relation


@inline_kernel
def _meet_given(everybody: Everybody, habits: Habits, customer: int, place: int, out: Payees) -> int:
    """Write who is paid for certain and return the place behind them."""
    first = customer // STREET * STREET
    for other in range(first, min(first + STREET, everybody.head.shape[0])):
        if _is_paid_at_home(everybody, habits, customer, other):
            _write(out, place, other, 0, 0, HOUSEHOLD)
            place += 1
    if everybody.further_account[customer] >= 0:
        _write(out, place, customer, everybody.further_account[customer], 0, OWN_ACCOUNT)
        place += 1
    if everybody.is_tenant[customer] == 1:
        _write(out, place, OUTSIDER, 0, customer, LANDLORD)
        place += 1
    return place


@inline_kernel
def _meet(
    everybody: Everybody,
    habits: Habits,
    key: np.uint64,
    customer: int,
    start: int,
    place: int,
    share: float,
    out: Payees,
) -> int:
    """Write one payee by choice; return 1 for a simulated customer."""
    count, position = everybody.head.shape[0], everybody.position[customer]
    if uniform_at(key, np.int64(0)) < share:
        is_near = uniform_at(key, np.int64(1)) < habits.neighbour_share
        for attempt in range(TRIES):
            draw = uniform_at(key, np.int64(2 + attempt))
            if is_near:
                step = int(draw * 2 * habits.neighbourhood) - habits.neighbourhood
                step += 1 if step >= 0 else 0
                other = int(everybody.order[(position + step) % count])
            else:
                other = int(draw * count)
            if everybody.head[other] != everybody.head[customer] and not _is_met(out, start, place, other, 0):
                low, high = min(customer, other), max(customer, other)
                pair = uniform_at(key_of(habits.pairs, np.int64(low), np.int64(high)), np.int64(0))
                _write(out, place, other, 0, 0, FAMILY if pair < habits.family_share else FRIEND)
                return 1
    if uniform_at(key, np.int64(20)) < habits.vendor_share:
        vendor = FIRST_VENDOR + int(uniform_at(key, np.int64(21)) * VENDORS)
        if not _is_met(out, start, place, OUTSIDER, vendor):
            _write(out, place, OUTSIDER, vendor, position // QUARTER, VENDOR)
            return 0
    is_family = uniform_at(key, np.int64(22)) < habits.family_share
    _write(out, place, OUTSIDER, place - start, customer, FAMILY if is_family else FRIEND)
    return 0


@inline_kernel
def _is_met(out: Payees, start: int, place: int, payee: int, number: int) -> bool:
    for met in range(start, place):
        if out.payee[met] == payee and (payee != OUTSIDER or out.number[met] == number):
            return True
    return False
