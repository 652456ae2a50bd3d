"""What customers own, one row per thing: who owns it, and under which number everything about it is drawn."""

import dataclasses

import numpy as np
import numpy.typing as npt

from riskfabric_assets.population.numbers import PER_CUSTOMER

Int64s = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Owned:
    """Things of a block of customers, ordered by owner and number, every array of shape (things,)."""

    owner: Int64s
    """Row of the owner in the block."""
    ordinal: Int64s
    """Ordinal of the owner."""
    number: Int64s
    """Number within the owner, from 0."""

    @property
    def entity(self) -> Int64s:
        """Entity of the draws of each thing: the owner's ordinal with the number in its lowest bits."""
        return self.ordinal * PER_CUSTOMER + self.number

    def where(self, keep: npt.NDArray[np.bool_]) -> "Owned":
        """Return the things that are kept."""
        return Owned(self.owner[keep], self.ordinal[keep], self.number[keep])


def hand_out(ordinals: Int64s, counts: Int64s) -> Owned:
    """Give every customer a number of things.

    Raises:
        ValueError: Somebody would own more than PER_CUSTOMER.
    """
    if counts.size and int(counts.max()) > PER_CUSTOMER:
        raise ValueError(f"more than {PER_CUSTOMER} things of one customer")
    owner = np.repeat(np.arange(ordinals.shape[0], dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return Owned(owner, ordinals[owner], np.arange(owner.shape[0], dtype=np.int64) - first[owner])
