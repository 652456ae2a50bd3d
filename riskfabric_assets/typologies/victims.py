"""Who can be a victim: weights by exposure, zero for those who lack what the attack needs."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.population import ACCOUNT_STATUSES, ACCOUNT_TYPES
from riskfabric_assets.simulation.columns import People
from riskfabric_assets.world.clock import Clock

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Int64s = npt.NDArray[np.int64]

ACTIVE_ACCOUNT, CREDIT = ACCOUNT_STATUSES.index("active"), ACCOUNT_TYPES.index("credit")
DAYS_PER_YEAR = 365.2425
"""Of the Gregorian calendar."""


def with_account(people: People, clock: Clock) -> Floats:
    """Return susceptibility of customers with an active account on the month's first day, shape (customers,)."""
    is_open = (people.account_status == ACTIVE_ACCOUNT) & (people.account_opened_day <= clock.first_day)
    return _weights(people, clock, _has_any(is_open, people.account_owner, people.count_customers))


def with_card(people: People, clock: Clock) -> Floats:
    """Return susceptibility of customers with a card that is valid all month, shape (customers,)."""
    owner = people.account_owner[people.card_account]
    return _weights(people, clock, _has_any(_is_valid(people, clock), owner, people.count_customers))


def with_international_card(people: People, clock: Clock) -> Floats:
    """Return susceptibility of customers with a card that is valid all month, also abroad, shape (customers,)."""
    is_valid = _is_valid(people, clock) & people.card_is_international
    owner = people.account_owner[people.card_account]
    return _weights(people, clock, _has_any(is_valid, owner, people.count_customers))


def with_sleeping_account(people: People, clock: Clock, silence_days: int, further_share: float) -> Floats:
    """Return susceptibility times the squared chance that nothing was paid from a further account for so long.

    Of payments at a constant rate, the share exp(-rate * days) of all spells is that long; squared, so that those who
    hardly ever use the account come first.

    Args:
        people: Customers and their accounts.
        clock: The month.
        silence_days: How long nothing was paid from a sleeping account.
        further_share: Share of a customer's payments that run over all accounts beside the everyday one.

    Returns:
        Weights, shape (customers,); 0 for who has no further account to pay from.
    """
    owner = people.account_owner[_is_paying(people, slice(None))]
    further = np.bincount(owner, minlength=people.count_customers) - 1
    rate = people.payments_per_year / DAYS_PER_YEAR * further_share / np.maximum(further, 1)
    return np.where(further > 0, with_account(people, clock) * np.exp(-2 * rate * silence_days), 0.0)


def paying_accounts(people: People, customer: int) -> Int64s:
    """Return the slots of the accounts that a customer pays from, the everyday one first."""
    first, stop = people.account_first[customer], people.account_first[customer + 1]
    return np.asarray(first + np.flatnonzero(_is_paying(people, slice(int(first), int(stop)))), dtype=np.int64)


def _is_paying(people: People, rows: slice) -> Bools:
    return np.asarray((people.account_status[rows] == ACTIVE_ACCOUNT) & (people.account_type[rows] != CREDIT))


def _is_valid(people: People, clock: Clock) -> Bools:
    last_day = clock.first_day + clock.count_days - 1
    return np.asarray(
        (people.account_status[people.card_account] == ACTIVE_ACCOUNT)
        & (people.card_activated_day <= clock.first_day)
        & (np.minimum(people.card_expiry_day, people.card_closed_day) >= last_day)
    )


def _weights(people: People, clock: Clock, is_eligible: Bools) -> Floats:
    is_customer = people.registered_day <= clock.first_day
    return np.where(is_eligible & is_customer, people.susceptibility, 0.0)


def _has_any(is_true: Bools, owner: npt.NDArray[np.int64], count: int) -> Bools:
    return np.bincount(owner[is_true], minlength=count) > 0


def with_young_credit_line(people: People, clock: Clock, youngest_days: int, half_life_days: float) -> Floats:
    """Return susceptibility of holders of a usable card on their youngest credit line, less the older it is.

    Args:
        people: Customers and what they own.
        clock: The month.
        youngest_days: Age of the line on the month's first day, at least.
        half_life_days: Age beyond that at which a holder weighs half.

    Returns:
        Weights, shape (customers,); 0 for who has no such line.
    """
    account = people.card_account
    age = clock.first_day - people.account_opened_day[account] - youngest_days
    is_usable = _is_valid(people, clock) & (people.account_type[account] == CREDIT)
    youngest = np.full(people.count_customers, np.inf)
    np.minimum.at(youngest, people.account_owner[account[is_usable]], age[is_usable].astype(np.float64))
    fading = np.exp2(-np.maximum(youngest, 0) / half_life_days)
    return np.asarray(_weights(people, clock, np.isfinite(youngest) & (youngest >= 0)) * fading)


def credit_accounts(people: People, customers: Int64s) -> Int64s:
    """Return the slot of each customer's youngest active credit line, shape (n,); they have one."""
    slots = np.flatnonzero((people.account_type == CREDIT) & (people.account_status == ACTIVE_ACCOUNT))
    slots = slots[np.lexsort((slots, people.account_opened_day[slots], people.account_owner[slots]))]
    found = np.searchsorted(people.account_owner[slots], customers, side="right") - 1
    return np.asarray(slots[found], dtype=np.int64)
