"""One column of one row group as pages: an optional dictionary page, then one data page.

Encoding by what the column is: a key is plain (it never repeats), a moment is packed differences, a date is runs, an
enumeration is packed codes, and any other number gets a dictionary of the values that appear, unless too few repeat.
Nothing is compressed: packed bits of random ids do not shrink, and lz4 cost more than all of this
(docs/decisions/parquet_from_arrays.md).
"""

import struct as packing
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from riskfabric_assets.warehouse.columnar import kernels
from riskfabric_assets.warehouse.columnar.storage import Stored
from riskfabric_assets.warehouse.columnar.thrift import Field, i32, record, struct, varint

Array: TypeAlias = npt.NDArray[np.generic]
Bools = npt.NDArray[np.bool_]
Piece: TypeAlias = "bytes | Array"

PLAIN, RLE, DELTA, DICTIONARY = 0, 3, 5, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
MOST_RUNS: Final = 64
"""More runs of equal dates than a month has days: the rows are not in order of time, and codes are packed."""


class Values(NamedTuple):
    """What goes into a column: an array of a type that its contract accepts, and which of its rows are known."""

    values: Array
    is_known: Bools | None = None
    """None when all are. The value of an unknown row is not looked at."""


class Chunk(NamedTuple):
    """Bytes of one column of one row group, and what the footer says of them."""

    pieces: list[Piece]
    dictionary_bytes: int
    """Size of the dictionary page, 0 without one."""
    size: int
    encoding: int
    nulls: int
    bounds: tuple[bytes, bytes] | None
    """Least and greatest value, of dates and moments."""


class Space(NamedTuple):
    """Memory that the kernels work in, used again by every column."""

    slots: npt.NDArray[np.int32]
    distinct: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint64]
    deltas: npt.NDArray[np.uint64]
    encoded: npt.NDArray[np.uint8]


class _Body(NamedTuple):
    pieces: list[Piece]
    encoding: int
    dictionary: list[Piece]
    count_distinct: int


def space_of(rows: int) -> Space:
    """Allocate space for row groups of at most `rows` rows; memory is taken up as it is touched."""
    slots = max(1 << kernels.FIRST_SLOTS_BITS, 1 << (4 * rows).bit_length())
    blocks = rows // kernels.BLOCK_VALUES + 1
    return Space(
        slots=np.empty(slots, dtype=np.int32),
        distinct=np.empty(rows // 2 + 2, dtype=np.int64),
        codes=np.empty(rows, dtype=np.int32),
        words=np.empty(max(rows // 2, kernels.MINIBLOCK_VALUES) + kernels.PADDING_WORDS, dtype=np.uint64),
        deltas=np.empty(kernels.BLOCK_VALUES, dtype=np.uint64),
        encoded=np.empty(32 + kernels.MOST_BLOCK_BYTES * blocks, dtype=np.uint8),
    )


def encode(stored: Stored, given: Values, space: Space) -> Chunk:
    """Return the pages of a column; its pieces share memory with `space` and must be written before the next call."""
    rows = given.values.shape[0]
    values, nulls = given.values, 0
    if given.is_known is not None:
        nulls = rows - int(np.count_nonzero(given.is_known))
        values = given.values[given.is_known] if nulls else values
    body = _encoder_of(stored)(stored, values, space) if values.size else _Body([], PLAIN, [], 0)
    pieces = [*_levels(given.is_known, rows, nulls), *body.pieces]
    dictionary = _page(_DICTIONARY_PAGE, body.dictionary, 7, [i32(1, body.count_distinct), i32(2, PLAIN)])
    header = [i32(1, rows), i32(2, body.encoding), i32(3, RLE), i32(4, RLE)]
    data = _page(_DATA_PAGE, pieces, 5, header)
    before = _size(dictionary) if body.dictionary else 0
    return Chunk(
        pieces=[*(dictionary if before else []), *data],
        dictionary_bytes=before,
        size=before + _size(data),
        encoding=body.encoding,
        nulls=nulls,
        bounds=_bounds(stored, values),
    )


def _page(kind: int, pieces: list[Piece], number: int, header: Sequence[Field]) -> list[Piece]:
    size = _size(pieces)
    return [record([i32(1, kind), i32(2, size), i32(3, size), struct(number, header)]), *pieces]


def _size(pieces: list[Piece]) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else piece.nbytes for piece in pieces)


def _levels(is_known: Bools | None, rows: int, nulls: int) -> list[Piece]:
    """Return which rows are known, as definition levels with their size in front."""
    if is_known is None or nulls in (0, rows):
        run = varint(rows << 1) + (b"\0" if rows and nulls == rows else b"\1")
        return [packing.pack("<I", len(run)), run]
    bits = np.packbits(is_known, bitorder="little")
    header = varint(bits.size << 1 | 1)
    return [packing.pack("<I", len(header) + bits.size), header, bits]


def _bounds(stored: Stored, values: Array) -> tuple[bytes, bytes] | None:
    if stored.column.type not in ("DATE", "TIMESTAMP") or not values.size:
        return None
    return values.min().tobytes(), values.max().tobytes()


def _encoder_of(stored: Stored) -> Callable[[Stored, Array, Space], _Body]:
    if stored.column.values:
        return _enumeration
    if stored.texts:
        return _texts
    if stored.column.type in ("FLOAT", "DOUBLE") or stored.is_key:
        return _plain
    return {"BOOLEAN": _bits, "TIMESTAMP": _moments, "DATE": _dates}.get(stored.column.type, _numbers)


def _plain(stored: Stored, values: Array, _space: Space) -> _Body:
    return _Body([_stored_array(stored, values)], PLAIN, [], 0)


def _bits(_stored: Stored, values: Array, _space: Space) -> _Body:
    return _Body([np.packbits(values.view(np.bool_), bitorder="little")], PLAIN, [], 0)


def _moments(_stored: Stored, values: Array, space: Space) -> _Body:
    words, whole = space.words, np.ascontiguousarray(values).view(np.int64)
    size = kernels.delta_kernel(whole, space.deltas, words, words.view(np.uint8), space.encoded)
    return _Body([space.encoded[:size]], DELTA, [], 0)


def _dates(stored: Stored, values: Array, space: Space) -> _Body:
    days = values.view(np.int32)
    starts = np.concatenate([[0], np.flatnonzero(days[1:] != days[:-1]) + 1])
    if starts.shape[0] > MOST_RUNS:
        return _numbers(stored, values, space)
    lengths = np.diff(starts, append=days.shape[0]).tolist()
    runs = b"".join(varint(length << 1) + code.to_bytes(1, "little") for code, length in enumerate(lengths))
    width = max((len(lengths) - 1).bit_length(), 1)
    return _Body([bytes([width]), runs], DICTIONARY, [_stored_array(stored, days[starts])], len(lengths))


def _numbers(stored: Stored, values: Array, space: Space) -> _Body:
    count = _index(values, values.shape[0] // 2, space)
    if count == kernels.TOO_MANY:
        return _plain(stored, values, space)
    dictionary = _stored_array(stored, space.distinct[:count])
    return _Body(_packed(space.codes[: values.shape[0]], count, space), DICTIONARY, [dictionary], count)


def _texts(stored: Stored, values: Array, space: Space) -> _Body:
    """Pack the codes of a long dictionary; only the texts that appear are written."""
    _refuse_unknown_codes(stored, values)
    count = _index(values, min(len(stored.texts), space.distinct.shape[0] - 1), space)
    if count == kernels.TOO_MANY:
        return _enumeration(stored, values, space)
    dictionary = _text_page([stored.texts[code] for code in space.distinct[:count].tolist()])
    return _Body(_packed(space.codes[: values.shape[0]], count, space), DICTIONARY, [dictionary], count)


def _enumeration(stored: Stored, values: Array, space: Space) -> _Body:
    """Pack the codes of the contract as they are, with all their texts."""
    _refuse_unknown_codes(stored, values)
    count = len(stored.texts)
    return _Body(_packed(values, count, space), DICTIONARY, [_text_page(stored.texts)], count)


def _refuse_unknown_codes(stored: Stored, values: Array) -> None:
    least, greatest = int(values.min()), int(values.max())
    if least < 0 or greatest >= len(stored.texts):
        raise ValueError(
            f"{stored.column.name}: codes from {least} to {greatest}, and texts for 0 to {len(stored.texts) - 1}"
        )


def _index(values: Array, most: int, space: Space) -> int:
    whole = values.view(f"i{values.itemsize}") if values.itemsize > 1 else values
    return kernels.index_kernel(np.ascontiguousarray(whole), most, space.slots, space.distinct, space.codes)


def _packed(codes: Array, count_distinct: int, space: Space) -> list[Piece]:
    """Return codes with their width in front: one run if all are equal, else packed bits."""
    width = max((count_distinct - 1).bit_length(), 1)
    if (codes == codes[0]).all():
        return [bytes([width]), varint(codes.shape[0] << 1) + int(codes[0]).to_bytes((width + 7) // 8, "little")]
    groups = (codes.shape[0] + 7) // 8
    kernels.pack_kernel(np.ascontiguousarray(codes), width, space.words)
    return [bytes([width]), varint(groups << 1 | 1), space.words.view(np.uint8)[: groups * width]]


def _stored_array(stored: Stored, values: Array) -> Array:
    """Return numbers in their physical type; a small one is stored as 32 bits, an unsigned one as its bits."""
    if values.dtype.kind == "u" and values.itemsize == np.dtype(stored.storage.dtype).itemsize:
        return np.ascontiguousarray(values.view(stored.storage.dtype))
    return np.ascontiguousarray(values.astype(stored.storage.dtype, copy=False))


def _text_page(texts: Sequence[str]) -> bytes:
    encoded = [text.encode() for text in texts]
    return b"".join(packing.pack("<I", len(text)) + text for text in encoded)
