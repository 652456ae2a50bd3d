"""What an account holds: the opening of every month and the approval of a debit.

`T(account, month)`, the opening, is a pure draw of (account, month index); the settlement at the month's end
brings the balance to the next opening. Draws, key (stream, entity of the account, month index): 0 the opening,
1 the moment of the settlement.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel
from riskfabric_assets.foundation.streams import key_of, uniform_at
from riskfabric_assets.simulation.kernels.records import Row
from riskfabric_assets.simulation.quantiles import normal_of

Floats = npt.NDArray[np.float64]

MOST_ACCOUNTS: Final = 64
"""Per customer; the position of an account within its customer is part of its draws."""
MOST_CARDS: Final = 128
"""Per customer."""
LARGEST_CREDIT_USE: Final = 0.95
"""Share of a credit line that may be carried into a month. Source: assumed."""


@inline_lean_kernel
def opening_minor(
    stream: np.uint64, entity: int, month: int, account: Row, log_sd: float, body: Floats, tail: Floats
) -> int:
    """Return T(account, month) in minor units: positive for money held, negative for credit used.

    Money held is a log-normal cover, and what has to last until pay day.
    """
    key = key_of(stream, np.int64(entity), np.int64(month))
    level = account.typical_opening_minor * np.exp(log_sd * normal_of(uniform_at(key, np.int64(0)), body, tail))
    if account.is_credit:
        return -int(min(level, LARGEST_CREDIT_USE * account.credit_limit_minor))
    return int(level + account.carried_minor)


@inline_lean_kernel
def covers(balance_minor: int, credit_limit_minor: int, amount_minor: int) -> bool:
    """Tell whether balance and credit line cover a debit."""
    return balance_minor + credit_limit_minor >= amount_minor
