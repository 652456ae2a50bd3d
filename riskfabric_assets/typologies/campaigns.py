"""How long campaigns last, and on which day and in which phase of its campaign a payment falls.

A campaign begins with its first attack of the month and lasts until the longest attack that may begin with its last
one is over. Days are business days, and each payment has its own: an attack of two weeks passes through phases.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.tables.truth import CAMPAIGN_PHASES
from riskfabric_assets.packs.crime import Campaigns
from riskfabric_assets.simulation.columns import NO_CODE, NO_ID
from riskfabric_assets.typologies.attacks import Attacks

Int64s = npt.NDArray[np.int64]

EARLY, ACTIVE, LATE = (CAMPAIGN_PHASES.index(phase) for phase in ("early", "active", "late"))
NO_CAMPAIGN_DAY: Final = 0


def spans_of(campaign_id: Int64s, date: Int64s, days_taken: int) -> tuple[Int64s, Int64s]:
    """Return the first day of each attack's campaign and how many days it lasts, shape (n,) each.

    Args:
        campaign_id: Of every attack of a typology and month, shape (n,).
        date: Business day on which each begins, days since 1970, shape (n,).
        days_taken: Whole days that the longest attack takes.
    """
    campaigns, campaign = np.unique(campaign_id, return_inverse=True)
    first = np.full(campaigns.shape[0], np.iinfo(np.int64).max)
    last = np.zeros(campaigns.shape[0], dtype=np.int64)
    np.minimum.at(first, campaign, date)
    np.maximum.at(last, campaign, date)
    return first[campaign], (last - first)[campaign] + days_taken + 1


def days_and_phases(attacks: Attacks, attack: Int64s, date: Int64s, campaigns: Campaigns) -> tuple[Int64s, Int64s]:
    """Return day, from 1, and phase of payments; NO_CAMPAIGN_DAY and NO_CODE for those of single attacks.

    Args:
        attacks: Attacks of one typology.
        attack: Row of Attacks of each payment, shape (n,).
        date: Business day of each payment, days since 1970, shape (n,).
        campaigns: Shares of the phases.
    """
    is_single = attacks.campaign_id[attack] == NO_ID
    day = date - attacks.campaign_first[attack] + 1
    passed = (day - 0.5) / attacks.campaign_days[attack]
    phase = np.where(passed < campaigns.early_share, EARLY, np.where(passed > 1 - campaigns.late_share, LATE, ACTIVE))
    return np.where(is_single, NO_CAMPAIGN_DAY, day), np.where(is_single, NO_CODE, phase)
