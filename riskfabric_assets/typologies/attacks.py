"""Who attacks whom, when, and in which campaign: the plan of one typology in one month, as arrays."""

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.crime import Crime
from riskfabric_assets.simulation.columns import People
from riskfabric_assets.world.clock import Clock

Int64s = npt.NDArray[np.int64]
Int16s = npt.NDArray[np.int16]
UInt8s = npt.NDArray[np.uint8]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

COUNT_CHANNELS = len(CHANNELS)


class Attacks(NamedTuple):
    """Attacks of one typology in one month, every array of shape (n,) unless it says otherwise."""

    ordinal: Int64s
    """Number of the attack within typology and month."""
    key: UInt64s
    """Address of the attack's draws."""
    attack_id: Int64s
    customer: Int64s
    """Slot of the victim, or of the claimant, in People."""
    members: Int64s
    """Slots of those behind the victim through whom money passes, in the order of their roles, shape (n, roles)."""
    actor: Int64s
    """Number of the actor within the typology; NO_ACTOR for a single attack."""
    actor_key: UInt64s
    """Address of what the actor owns; a single attack has its own."""
    gear_key: UInt64s
    """Address of the draw of phone and network address among the actor's: attacks with one key share both."""
    actor_id: Int64s
    campaign_id: Int64s
    """NO_ID for a single attack."""
    campaign_first: Int64s
    """First business day of the campaign, days since 1970; says nothing for a single attack."""
    campaign_days: Int64s
    """Days that the campaign lasts."""
    count_steps: Int16s
    day: Int64s
    """Row of the month's clock."""
    local_microseconds: Int64s
    """Start as time since local midnight."""
    start_at: Int64s
    """Start, microseconds UTC."""

    def take(self, rows: npt.NDArray[np.intp] | Int64s | Bools) -> "Attacks":
        """Return some of the attacks."""
        return Attacks._make(column[rows] for column in self)


@dataclasses.dataclass(frozen=True)
class PlanContext:
    """What a plan depends on: never on other typologies, on realised payments or on where the calendar ends.

    `count_rows` is the expected number of this typology's payments in the month.
    """

    name: str
    tag: int
    month: str
    count_rows: float
    actors: int
    """Actors of the typology, the same number in every month."""
    lane: int
    """Which part of the customers a typology of relays recruits from, of `lanes` parts."""
    lanes: int
    people: People
    clock: Clock
    crime: Crime
    honest_hours: Floats
    """Weight of each local hour in honest life, shape (24,)."""
    streams: Streams
    least: int = 0
    """Attacks that happen however few are expected: 1 for the typology that keeps a month from being without fraud."""
    census: list[Floats] | None = None
    """Where to note the weight of every customer as a victim, shape (customers,); None: nowhere."""
