"""63-bit ids without order or meaning: a bijective mix of (customer ordinal, day, ordinal, kind) under the seed.

Distinct coordinates give distinct ids by construction. The layout before mixing is, from the lowest bit:
ordinal 13 bits, kind 6 bits, day 15 bits (days since 2000-01-01), owner 29 bits: 63 bits in all.
"""

import enum

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel

ORDINAL_BITS, KIND_BITS, DAY_BITS, OWNER_BITS = 13, 6, 15, 29
DAY_ZERO = np.datetime64("2000-01-01", "D")
MASK_63 = np.uint64(0x7FFFFFFFFFFFFFFF)


class Kind(enum.IntEnum):
    """What an id names; a part of the id, so that kinds can never collide."""

    CUSTOMER = 1
    ACCOUNT = 2
    CARD = 3
    DEVICE = 4
    PAYEE = 5
    REMOTE_MERCHANT = 6
    OUTSIDER = 7
    PAYMENT = 8
    ATTACK_PAYMENT = 9
    ACCOUNT_EVENT = 10
    ATTACK_EVENT = 11
    ATTACK = 12
    CAMPAIGN = 13
    ATTACKER_DEVICE = 14
    ACTOR = 15
    ACCOUNT_CHANGE = 16
    TRANSFER_CREDIT = 17
    REFUND = 18
    RETURNED_DEBIT = 19
    HOUSEHOLD = 20
    EMPLOYER = 21
    TOP_UP = 22
    MULE_ACCOUNT = 23
    ATTACK_SIGNAL = 24
    ATTACK_CREDIT = 25
    ATTACK_CLOSING = 26


@inline_kernel
def mix_63(bits: np.uint64, key: np.uint64) -> np.uint64:
    """Scramble 63 bits bijectively: every step (xor, odd multiplication, xor-shift) is invertible below 2**63."""
    mask = np.uint64(0x7FFFFFFFFFFFFFFF)
    bits = (bits ^ key) & mask
    bits = (bits * np.uint64(0xBF58476D1CE4E5B9)) & mask
    bits ^= bits >> np.uint64(31)
    bits = (bits * np.uint64(0x94D049BB133111EB)) & mask
    bits ^= bits >> np.uint64(29)
    bits = (bits * np.uint64(0xD6E8FEB86659FD93)) & mask
    return bits ^ (bits >> np.uint64(32))


@inline_kernel
def identifier_of(key: np.uint64, owner: np.int64, day: np.int64, ordinal: np.int64, kind: np.int64) -> np.int64:
    """Return the id of one thing; `day` counts from 2000-01-01, 0 for what has no day."""
    bits = (np.uint64(owner) << np.uint64(34)) | (np.uint64(day) << np.uint64(19))
    bits |= (np.uint64(kind) << np.uint64(13)) | np.uint64(ordinal)
    return np.int64(mix_63(bits, key))


@kernel
def _identifiers_kernel(
    key: np.uint64,
    owners: npt.NDArray[np.int64],
    ordinals: npt.NDArray[np.int64],
    kind: np.int64,
    out: npt.NDArray[np.int64],
) -> None:
    for row in range(owners.shape[0]):
        out[row] = identifier_of(key, owners[row], np.int64(0), ordinals[row], kind)


def identifiers(
    key: np.uint64, kind: Kind, owners: npt.ArrayLike, ordinals: npt.ArrayLike | int = 0
) -> npt.NDArray[np.int64]:
    """Return ids of things that belong to an owner and have no day, shape (n,).

    Args:
        key: Stream key "identifiers" of the run.
        kind: What the ids name.
        owners: Ordinal of the owner (customer, campaign ...), shape (n,), below 2**29.
        ordinals: Number within the owner, shape (n,) or one for all, below 2**13.

    Raises:
        ValueError: An owner or ordinal does not fit its field.
    """
    rows = np.ascontiguousarray(owners, dtype=np.int64)
    numbers = np.ascontiguousarray(np.broadcast_to(np.asarray(ordinals, dtype=np.int64), rows.shape))
    if rows.size and (
        rows.min() < 0 or rows.max() >= 1 << OWNER_BITS or numbers.min() < 0 or numbers.max() >= 1 << ORDINAL_BITS
    ):
        raise ValueError("owner or ordinal outside its field")
    out = np.empty(rows.shape[0], dtype=np.int64)
    _identifiers_kernel(key, rows, numbers, np.int64(kind), out)
    return out
