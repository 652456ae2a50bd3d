"""The loops over values: find repeated values, pack codes into bits, pack differences into bits.

`space` is memory of the caller, large enough by the rules beside each function; nothing is allocated here.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.jit import inline_lean_kernel, lean_kernel

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
UInt64s = npt.NDArray[np.uint64]
UInt8s = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.signedinteger | np.unsignedinteger]

TOO_MANY: Final = -1
FIRST_SLOTS_BITS: Final = 10
"""A hash table starts this small, so that a handful of values stays in the fastest cache."""
SPARSE_BITS: Final = 2
"""A quarter of the table is used: a collision costs a mispredicted branch, which is more than the cache it saves."""
SAMPLE: Final = 8_192
MOST_DISTINCT_IN_SAMPLE: Final = SAMPLE * 15 // 16
"""When nearly every value of the first ones is new, a dictionary will not pay, and looking on would cost most."""
BLOCK_VALUES: Final = 128
"""Differences per block; source: the format asks for a multiple of 128."""
MINIBLOCKS: Final = 4
MINIBLOCK_VALUES: Final = BLOCK_VALUES // MINIBLOCKS
PADDING_WORDS: Final = 5
"""Words that the last code and seven more of 32 bits may reach into, from the last word that is full."""
MOST_BLOCK_BYTES: Final = 10 + MINIBLOCKS + BLOCK_VALUES * 8
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 / golden ratio: multiplying by it spreads neighboring numbers over the table."""


@lean_kernel
def index_kernel(values: Ints, most: int, slots: Int32s, distinct: Int64s, codes: Int32s) -> int:
    """Number the distinct values in order of appearance; returns how many, or TOO_MANY.

    Args:
        values: Whole numbers, shape (n,).
        most: Give up beyond so many distinct values.
        slots: Space, a power of two of at least 8 x `most` and at least 2^FIRST_SLOTS_BITS.
        distinct: The values by number, shape at least (most + 1,).
        codes: Number of each value, shape at least (n,).
    """
    bits, count = FIRST_SLOTS_BITS, 0
    slots[: 1 << bits] = -1
    shift, mask, room = np.uint64(64 - bits), np.uint64((1 << bits) - 1), 1 << (bits - SPARSE_BITS)
    for row in range(values.shape[0]):
        value = np.int64(values[row])
        slot = (np.uint64(value) * _GOLDEN) >> shift
        code = slots[slot]
        while code >= 0 and distinct[np.uint32(code)] != value:
            slot = (slot + np.uint64(1)) & mask
            code = slots[slot]
        if code < 0:
            if count >= most or (row < SAMPLE and count >= MOST_DISTINCT_IN_SAMPLE):
                return TOO_MANY
            code = count
            slots[slot], distinct[code] = code, value
            count += 1
            if count > room:
                bits += 1
                shift, mask, room = np.uint64(64 - bits), np.uint64((1 << bits) - 1), 1 << (bits - SPARSE_BITS)
                _rebuild(slots, distinct, count, bits)
        codes[row] = code
    return count


@inline_lean_kernel
def _rebuild(slots: Int32s, distinct: Int64s, count: int, bits: int) -> None:
    slots[: 1 << bits] = -1
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    for code in range(count):
        slot = (np.uint64(distinct[code]) * _GOLDEN) >> shift
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = code


@lean_kernel
def pack_kernel(codes: Ints, width: int, words: UInt64s) -> None:
    """Pack codes into bits, low bits first; the last group of eight codes is filled up with zeros.

    Args:
        codes: Numbers below 2^width, shape (n,).
        width: Bits per code, 1 to 32.
        words: Shape at least (floor(n x width / 64) + PADDING_WORDS,).
    """
    first = codes.shape[0] * width // 64
    words[first : first + PADDING_WORDS] = 0
    _pack(codes, width, words)


@inline_lean_kernel
def _pack(codes: Ints, width: int, words: UInt64s) -> None:
    word, used, position = np.uint64(0), 0, 0
    for row in range(codes.shape[0]):
        code = np.uint64(codes[row])
        word |= code << np.uint64(used)
        used += width
        if used >= 64:
            words[position] = word
            position += 1
            used -= 64
            word = code >> np.uint64(width - used) if used else np.uint64(0)
    words[position] = word


@inline_lean_kernel
def _put_varint(space: UInt8s, at: int, value: np.uint64) -> int:
    while value > np.uint64(0x7F):
        space[at] = np.uint8(value & np.uint64(0x7F)) | np.uint8(0x80)
        value >>= np.uint64(7)
        at += 1
    space[at] = np.uint8(value)
    return at + 1


@inline_lean_kernel
def _zigzag(value: int) -> np.uint64:
    return np.uint64((value << 1) ^ (value >> 63))


@inline_lean_kernel
def _width_of(value: np.uint64) -> int:
    width = 0
    while value:
        value >>= np.uint64(1)
        width += 1
    return width


@lean_kernel
def delta_kernel(values: Int64s, deltas: UInt64s, words: UInt64s, packed: UInt8s, space: UInt8s) -> int:
    """Write values as DELTA_BINARY_PACKED; returns the bytes written.

    Args:
        values: Shape (n,).
        deltas: Space, shape (BLOCK_VALUES,).
        words: Space, shape at least (MINIBLOCK_VALUES + 1,).
        packed: The bytes of `words`.
        space: Shape at least (32 + MOST_BLOCK_BYTES x ceil(n / BLOCK_VALUES),).
    """
    count = values.shape[0]
    at = _put_varint(space, 0, np.uint64(BLOCK_VALUES))
    at = _put_varint(space, at, np.uint64(MINIBLOCKS))
    at = _put_varint(space, at, np.uint64(count))
    at = _put_varint(space, at, _zigzag(values[0] if count else 0))
    for start in range(1, count, BLOCK_VALUES):
        size = min(BLOCK_VALUES, count - start)
        least = values[start] - values[start - 1]
        for row in range(1, size):
            least = min(least, values[start + row] - values[start + row - 1])
        for row in range(size):
            deltas[row] = values[start + row] - values[start + row - 1] - least
        deltas[size:] = 0
        at = _put_varint(space, at, _zigzag(least))
        widths, at = at, at + MINIBLOCKS
        for miniblock in range(MINIBLOCKS):
            held, every = deltas[miniblock * MINIBLOCK_VALUES : (miniblock + 1) * MINIBLOCK_VALUES], np.uint64(0)
            for row in range(MINIBLOCK_VALUES):
                every |= held[row]
            width = _width_of(every)
            space[widths + miniblock] = width
            if width > 0:
                _pack(held, width, words)
                for place in range(width * MINIBLOCK_VALUES // 8):
                    space[at + place] = packed[place]
                at += width * MINIBLOCK_VALUES // 8
    return at
