"""What people do for a living, for whom, and on which day of the month money comes."""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import OCCUPATIONS, PAY_DAYS
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.world.slices import pick_members, stack_weights

Int64s = npt.NDArray[np.int64]

SALARIED: Final = OCCUPATIONS.index("salaried")
NONE: Final = -1
_EMPLOYERS: Final = 1 << 18
"""Places for employers of one region; fixes every employer's number for ever."""


@dataclasses.dataclass(frozen=True)
class Work:
    """Livelihood of some customers, every array of shape (n,)."""

    occupation: Int64s
    """Code in OCCUPATIONS."""
    employer_id: Int64s
    """NONE for who has none."""
    pay_day: Int64s
    """Code in PAY_DAYS; NONE where money comes irregularly."""
    advance_day: Int64s
    """Code in PAY_DAYS of an earlier part of the pay; NONE for most."""


def draw_work(demography: Demography, streams: Streams, ordinals: Int64s, age: Int64s, region: Int64s) -> Work:
    """Draw occupation, employer and pay day; people of one employer are paid on one day.

    Args:
        demography: Settings.
        streams: Random streams of the run.
        ordinals: Customers, shape (n,).
        age: Years, shape (n,).
        region: Code of the region, shape (n,).
    """
    rules, pay = demography.people.occupations, demography.people.pay
    band = np.where(age < rules.student_below, 0, np.where(age < rules.retired_from, 1, 2))
    shares = stack_weights([weights_in_order(table, OCCUPATIONS) for table in (rules.young, rules.middle, rules.older)])
    occupation = pick_members(shares, band, streams.uniforms("population/work/occupation", ordinals))
    is_salaried = occupation == SALARIED
    employer = _employers(demography, streams, ordinals, region)
    ids = identifiers(streams.key("identifiers"), Kind.EMPLOYER, employer)
    regular = np.array(weights_in_order(pay.regular_shares, OCCUPATIONS))[occupation]
    is_regular = streams.uniforms("population/work/regular", ordinals) < regular
    payer = np.where(is_salaried, employer, -1 - ordinals)
    day = streams.picks("population/work/pay_day", payer, weights_in_order(pay.pay_days, PAY_DAYS))
    advance = streams.picks("population/work/advance_day", payer, weights_in_order(pay.advance_days, PAY_DAYS))
    has_advance = is_salaried & (streams.uniforms("population/work/advance", payer) < pay.advance_share)
    return Work(
        occupation,
        np.where(is_salaried, ids, NONE),
        np.where(is_regular, day, NONE),
        np.where(is_regular & has_advance & (advance != day), advance, NONE),
    )


def _employers(demography: Demography, streams: Streams, ordinals: Int64s, region: Int64s) -> Int64s:
    """Draw an employer of the region by size: the k-th largest has a size of k to the minus exponent."""
    rules = demography.people.occupations
    tail = 1.0 - rules.employer_size_exponent
    draws = streams.uniforms("population/work/employer", ordinals)
    reach = (rules.employers_per_region + 1.0) ** tail - 1.0
    rank = np.floor((1.0 + draws * reach) ** (1.0 / tail)).astype(np.int64) - 1
    return np.asarray(region * _EMPLOYERS + np.minimum(rank, rules.employers_per_region - 1), dtype=np.int64)
