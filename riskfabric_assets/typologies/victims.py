"""Who can be a victim: weights by exposure, zero for those who lack what the attack needs."""

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.population import ACCOUNT_STATUSES
from riskfabric_assets.simulation.columns import People
from riskfabric_assets.world.clock import Clock

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ACTIVE_ACCOUNT = ACCOUNT_STATUSES.index("active")


def with_account(people: People, clock: Clock) -> Floats:
    """Return susceptibility of customers with an active account on the month's first day, shape (customers,)."""
    is_open = (people.account_status == ACTIVE_ACCOUNT) & (people.account_opened_day <= clock.first_day)
    return _weights(people, clock, _has_any(is_open, people.account_owner, people.count_customers))


def with_card(people: People, clock: Clock) -> Floats:
    """Return susceptibility of customers with a card that is valid all month, shape (customers,)."""
    last_day = clock.first_day + clock.count_days - 1
    is_valid = (
        (people.account_status[people.card_account] == ACTIVE_ACCOUNT)
        & (people.card_activated_day <= clock.first_day)
        & (np.minimum(people.card_expiry_day, people.card_closed_day) >= last_day)
    )
    owner = people.account_owner[people.card_account]
    return _weights(people, clock, _has_any(is_valid, owner, people.count_customers))


def _weights(people: People, clock: Clock, is_eligible: Bools) -> Floats:
    is_customer = people.registered_day <= clock.first_day
    return np.where(is_eligible & is_customer, people.susceptibility, 0.0)


def _has_any(is_true: Bools, owner: npt.NDArray[np.int64], count: int) -> Bools:
    return np.bincount(owner[is_true], minlength=count) > 0
