"""Who lives with whom: customers of one street put together into couples, families and flats by their ages.

Ages are drawn for every customer alone, so the pyramid stays exact. A street is a fixed run of ordinals; its
people are matched among themselves, so a household depends on its street and on nothing else. Who lives on the
same map tile has nothing to do with streets: each household gets a home of its own.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.demography import OLDEST_AGE, Demography
from riskfabric_assets.population.distributions import age_quantiles, curve_at, normal_probabilities
from riskfabric_assets.population.kernels.matching import ALONE, FLATMATE, STREET, Street, match_kernel

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

AGE_STREAM: Final = "population/person/age"


@dataclasses.dataclass(frozen=True)
class Households:
    """Some customers and their households, every array of shape (n,)."""

    age: Int64s
    """Years, 18 to 90, reached in the calendar year of the start."""
    is_female: Bools
    head: Int64s
    """Ordinal of the household's first member: the entity of what the household shares."""
    role: Int64s
    """Code of the kernel: alone, partner, child, parent or flatmate."""

    @property
    def family(self) -> Int64s:
        """Entity of what a family shares: the head's ordinal; -1 for flatmates."""
        return np.where(self.role == FLATMATE, -1, self.head)

    @property
    def is_alone(self) -> Bools:
        """Lives alone, or with nobody who is a customer."""
        return np.asarray(self.role == ALONE)


def draw_households(demography: Demography, streams: Streams, ordinals: Int64s) -> Households:
    """Draw age, gender and household of an ascending run of ordinals without gaps."""
    if ordinals.size == 0:
        empty = np.zeros(0, dtype=np.int64)
        return Households(empty, empty.astype(np.bool_), empty, empty)
    first = int(ordinals[0]) // STREET * STREET
    stop = (int(ordinals[-1]) // STREET + 1) * STREET
    everybody = np.arange(first, stop, dtype=np.int64)
    age, is_female = draw_ages(demography, streams, everybody), _genders(demography, streams, everybody)
    head, role = np.empty_like(everybody), np.empty_like(everybody)
    match_kernel(_street(demography, streams, everybody, age, is_female), head, role)
    mine = slice(int(ordinals[0]) - first, int(ordinals[-1]) - first + 1)
    return Households(age[mine], is_female[mine], (head + first)[mine], role[mine])


def household_ids(streams: Streams, households: Households) -> Int64s:
    """Return the id of every customer's household, shape (n,)."""
    return identifiers(streams.key("identifiers"), Kind.HOUSEHOLD, households.head)


def draw_ages(demography: Demography, streams: Streams, ordinals: Int64s) -> Int64s:
    """Draw ages from the pyramid, shape (n,)."""
    shares, edges = age_quantiles(demography.people.ages, OLDEST_AGE + 1)
    ranks = normal_probabilities(streams.normals(AGE_STREAM, ordinals))
    return np.minimum(np.interp(ranks, shares, edges).astype(np.int64), OLDEST_AGE)


def _genders(demography: Demography, streams: Streams, ordinals: Int64s) -> Bools:
    return np.asarray(streams.uniforms("population/person/gender", ordinals) < demography.people.female_share)


def _street(demography: Demography, streams: Streams, everybody: Int64s, age: Int64s, is_female: Bools) -> Street:
    """Say who looks for whom: draws against the shares by age."""
    rules = demography.people.households

    def wants(name: str, shares: Floats | float) -> Bools:
        return np.asarray(streams.uniforms(f"population/household/{name}", everybody) < shares)

    gaps = rules.partner_gap_mean + rules.partner_gap_sd * streams.normals("population/household/gap", everybody)
    return Street(
        age=age,
        is_female=is_female,
        wants_partner=wants("partner", curve_at(rules.partner_shares, age)),
        partner_gap=gaps,
        wants_parents=wants("parents", curve_at(rules.with_parents_shares, age)),
        wants_children=wants("children", curve_at(rules.with_children_shares, age))
        & (age >= min(rules.with_children_shares)),
        wants_flat=wants("flat", rules.flat_share),
    )
