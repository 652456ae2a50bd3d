"""Draws and ids of crime, column-wise: an array of keys in, an array of numbers out."""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.identifiers import DAY_BITS, DAY_ZERO, ORDINAL_BITS, OWNER_BITS, Kind, identifier_of
from riskfabric_assets.foundation.jit import kernel
from riskfabric_assets.foundation.streams import key_of, mix, normal_at, uniform_at

Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

DAY_ZERO_SINCE_1970: Final = int((DAY_ZERO - np.datetime64("1970-01-01", "D")).astype(np.int64))
TAG_BITS: Final = 14
"""A typology's tag: 8 bits in the owner field of an id, 6 in its ordinal field."""
OWNER_TAG_SHIFT: Final = 21
"""An owner has 29 bits: 8 of the tag, 21 for two million attacks of a typology in a month."""
ORDINAL_TAG_SHIFT: Final = 7
"""An ordinal has 13 bits: 6 of the tag, 7 for 128 steps."""


def tag_of(name: str) -> int:
    """Return the number of a typology in ids: a hash of its name, so that no list has to be kept."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest(), "little") % (1 << TAG_BITS)


def keys_of(key: np.uint64, entities: npt.ArrayLike, day: int) -> UInt64s:
    """Address the draws of entities on one day, month or step of a stream, shape (n,)."""
    rows = np.ascontiguousarray(entities, dtype=np.int64)
    out = np.empty(rows.shape[0], dtype=np.uint64)
    _keys_kernel(key, rows, np.int64(day), out)
    return out


def subkeys_of(keys: UInt64s, entities: npt.ArrayLike) -> UInt64s:
    """Address the draws of a part (a step, a slot, a week) of every keyed thing, shape (n,)."""
    rows = np.ascontiguousarray(np.broadcast_to(np.asarray(entities, dtype=np.int64), keys.shape))
    out = np.empty(rows.shape[0], dtype=np.uint64)
    _subkeys_kernel(keys, rows, out)
    return out


def uniforms_of(keys: UInt64s, number: int) -> Floats:
    """Draw U[0, 1) per key, shape (n,)."""
    out = np.empty(keys.shape[0], dtype=np.float64)
    _uniforms_kernel(keys, np.int64(number), out)
    return out


def normals_of(keys: UInt64s, number: int) -> Floats:
    """Draw N(0, 1) per key, shape (n,); uses `number` and `number + 1`."""
    out = np.empty(keys.shape[0], dtype=np.float64)
    _normals_kernel(keys, np.int64(number), out)
    return out


def picks_of(keys: UInt64s, number: int, cumulative: Floats) -> Int64s:
    """Draw an index by weight per key, shape (n,); `cumulative` need not end at 1."""
    draws = uniforms_of(keys, number) * cumulative[-1]
    found = np.searchsorted(cumulative, draws, side="right")
    return np.asarray(np.minimum(found, cumulative.shape[0] - 1), dtype=np.int64)


def crime_identifiers(
    key: np.uint64, kind: Kind, tag: int, owners: npt.ArrayLike, days: npt.ArrayLike, ordinals: npt.ArrayLike
) -> Int64s:
    """Return ids of things that crime brings along, shape (n,).

    Args:
        key: Stream key "identifiers" of the run.
        kind: What the ids name.
        tag: Tag of the typology.
        owners: Number of the attack or actor, below 2**21.
        days: Days since 1970-01-01, from 2000 on.
        ordinals: Number within the owner, below 2**7.

    Raises:
        ValueError: A number does not fit its field.
    """
    rows, days_of, numbers = np.broadcast_arrays(
        np.asarray(owners, dtype=np.int64), np.asarray(days, dtype=np.int64), np.asarray(ordinals, dtype=np.int64)
    )
    if rows.size and (rows.max() >= 1 << OWNER_TAG_SHIFT or numbers.max() >= 1 << ORDINAL_TAG_SHIFT):
        raise ValueError("number of an attack, actor or step outside its field")
    out = np.empty(rows.shape[0], dtype=np.int64)
    _identifiers_kernel(
        key,
        np.int64(kind),
        np.ascontiguousarray(rows | ((tag >> 6) << OWNER_TAG_SHIFT)),
        np.ascontiguousarray(days_of - DAY_ZERO_SINCE_1970),
        np.ascontiguousarray(numbers | ((tag & 63) << ORDINAL_TAG_SHIFT)),
        out,
    )
    return out


def outside_accounts(key: np.uint64, owner_keys: UInt64s) -> Int64s:
    """Return ids of accounts at other banks, one per key, shape (n,): 57 bits of the key fill the fields."""
    out = np.empty(owner_keys.shape[0], dtype=np.int64)
    _outside_kernel(key, owner_keys, np.int64(Kind.MULE_ACCOUNT), out)
    return out


@kernel
def _outside_kernel(key: np.uint64, owner_keys: UInt64s, kind: np.int64, out: Int64s) -> None:
    for row in range(owner_keys.shape[0]):
        bits = mix(owner_keys[row])
        owner = np.int64(bits & np.uint64((1 << OWNER_BITS) - 1))
        day = np.int64((bits >> np.uint64(OWNER_BITS)) & np.uint64((1 << DAY_BITS) - 1))
        ordinal = np.int64(bits >> np.uint64(64 - ORDINAL_BITS))
        out[row] = identifier_of(key, owner, day, ordinal, kind)


@kernel
def _keys_kernel(key: np.uint64, entities: Int64s, day: np.int64, out: UInt64s) -> None:
    for row in range(entities.shape[0]):
        out[row] = key_of(key, entities[row], day)


@kernel
def _subkeys_kernel(keys: UInt64s, entities: Int64s, out: UInt64s) -> None:
    for row in range(keys.shape[0]):
        out[row] = key_of(keys[row], entities[row], np.int64(0))


@kernel
def _uniforms_kernel(keys: UInt64s, number: np.int64, out: Floats) -> None:
    for row in range(keys.shape[0]):
        out[row] = uniform_at(keys[row], number)


@kernel
def _normals_kernel(keys: UInt64s, number: np.int64, out: Floats) -> None:
    for row in range(keys.shape[0]):
        out[row] = normal_at(keys[row], number)


@kernel
def _identifiers_kernel(
    key: np.uint64, kind: np.int64, owners: Int64s, days: Int64s, ordinals: Int64s, out: Int64s
) -> None:
    for row in range(owners.shape[0]):
        out[row] = identifier_of(key, owners[row], days[row], ordinals[row], kind)
