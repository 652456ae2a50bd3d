"""Counter-based random streams: every draw is a pure function of where it is used.

A draw is addressed by `(seed, stream name, entity id, day, draw number)`. The first two are folded into a
64-bit stream key in Python, the rest inside kernels. The mixer is Stafford's variant 13 of the SplitMix64
finalizer, a bijection on 64 bits that passes the usual test batteries in counter mode; a key costs one mix,
a draw costs one more. No generator object exists, so order, blocks and threads cannot change a draw.

Source: D. Stafford, "Better Bit Mixing", 2011; G. Steele et al., "Fast Splittable PRNGs", OOPSLA 2014.
"""

import dataclasses
import hashlib

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_kernel, kernel

UInt64s = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
TWO_TO_MINUS_53 = 1.0 / 9007199254740992.0
TWO_PI = 6.283185307179586


@inline_kernel
def mix(bits: np.uint64) -> np.uint64:
    """Scramble 64 bits bijectively."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@inline_kernel
def key_of(stream: np.uint64, entity: np.int64, day: np.int64) -> np.uint64:
    """Address the draws of one entity on one day (or month, or year: any index) of one stream."""
    bits = mix(stream ^ (np.uint64(entity) * np.uint64(0xD6E8FEB86659FD93)))
    return mix(bits ^ (np.uint64(day) * np.uint64(0xA0761D6478BD642F)))


@inline_kernel
def bits_at(key: np.uint64, number: np.int64) -> np.uint64:
    """Draw 64 random bits."""
    return mix(key + np.uint64(number + 1) * np.uint64(0x9E3779B97F4A7C15))


@inline_kernel
def uniform_at(key: np.uint64, number: np.int64) -> np.float64:
    """Draw from U[0, 1), 53 bits."""
    return np.float64(np.float64(bits_at(key, number) >> np.uint64(11)) * TWO_TO_MINUS_53)


@inline_kernel
def normal_at(key: np.uint64, number: np.int64) -> np.float64:
    """Draw from N(0, 1) by Box-Muller; uses draw numbers `number` and `number + 1`."""
    radius = np.sqrt(-2.0 * np.log(1.0 - uniform_at(key, number)))
    return np.float64(radius * np.cos(TWO_PI * uniform_at(key, number + 1)))


@inline_kernel
def exponential_at(key: np.uint64, number: np.int64) -> np.float64:
    """Draw from the exponential distribution with mean 1."""
    return np.float64(-np.log(1.0 - uniform_at(key, number)))


@inline_kernel
def integer_at(key: np.uint64, number: np.int64, count: np.int64) -> np.int64:
    """Draw an integer from 0 to count - 1; the bias is below count / 2**53."""
    return np.int64(uniform_at(key, number) * count)


@inline_kernel
def pick_at(key: np.uint64, number: np.int64, cumulative: Floats) -> np.int64:
    """Draw an index by weight; `cumulative` ascends to 1.0, shape (k,)."""
    draw = uniform_at(key, number)
    low, high = 0, cumulative.shape[0] - 1
    while low < high:
        middle = (low + high) >> 1
        if draw < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return np.int64(low)


@kernel
def _uniforms_kernel(
    stream: np.uint64, entities: npt.NDArray[np.int64], day: np.int64, number: np.int64, out: Floats
) -> None:
    for row in range(entities.shape[0]):
        out[row] = uniform_at(key_of(stream, entities[row], day), number)


@kernel
def _normals_kernel(
    stream: np.uint64, entities: npt.NDArray[np.int64], day: np.int64, number: np.int64, out: Floats
) -> None:
    for row in range(entities.shape[0]):
        out[row] = normal_at(key_of(stream, entities[row], day), number)


@kernel
def _bits_kernel(
    stream: np.uint64, entities: npt.NDArray[np.int64], day: np.int64, number: np.int64, out: UInt64s
) -> None:
    for row in range(entities.shape[0]):
        out[row] = bits_at(key_of(stream, entities[row], day), number)


@dataclasses.dataclass(frozen=True)
class Streams:
    """The random streams of one seed; hands out stream keys by name and draws columns."""

    seed: int

    def key(self, name: str) -> np.uint64:
        """Return the 64-bit key of the stream `name`, to be handed to kernels."""
        digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        return np.uint64(int.from_bytes(digest, "little"))

    def uniforms(self, name: str, entities: npt.ArrayLike, day: int = 0, number: int = 0) -> Floats:
        """Draw U[0, 1) per entity, shape (n,)."""
        rows = np.ascontiguousarray(entities, dtype=np.int64)
        out = np.empty(rows.shape[0], dtype=np.float64)
        _uniforms_kernel(self.key(name), rows, np.int64(day), np.int64(number), out)
        return out

    def normals(self, name: str, entities: npt.ArrayLike, day: int = 0, number: int = 0) -> Floats:
        """Draw N(0, 1) per entity, shape (n,); uses `number` and `number + 1`."""
        rows = np.ascontiguousarray(entities, dtype=np.int64)
        out = np.empty(rows.shape[0], dtype=np.float64)
        _normals_kernel(self.key(name), rows, np.int64(day), np.int64(number), out)
        return out

    def bits(self, name: str, entities: npt.ArrayLike, day: int = 0, number: int = 0) -> UInt64s:
        """Draw 64 random bits per entity, shape (n,)."""
        rows = np.ascontiguousarray(entities, dtype=np.int64)
        out = np.empty(rows.shape[0], dtype=np.uint64)
        _bits_kernel(self.key(name), rows, np.int64(day), np.int64(number), out)
        return out

    def picks(
        self, name: str, entities: npt.ArrayLike, weights: npt.ArrayLike, day: int = 0, number: int = 0
    ) -> npt.NDArray[np.int64]:
        """Draw an index by weight per entity, shape (n,); weights need not sum to 1."""
        cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
        draws = self.uniforms(name, entities, day, number) * cumulative[-1]
        chosen = np.minimum(np.searchsorted(cumulative, draws, side="right"), cumulative.shape[0] - 1)
        return np.asarray(chosen, dtype=np.int64)
