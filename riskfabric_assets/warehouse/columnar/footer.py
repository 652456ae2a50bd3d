"""The footer of a Parquet file: schema, row groups, and key-value metadata."""

import functools
import io
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl
import pyarrow.parquet as pq

from riskfabric_assets.warehouse.columnar.pages import DICTIONARY, PLAIN, RLE, Chunk
from riskfabric_assets.warehouse.columnar.storage import Stored
from riskfabric_assets.warehouse.columnar.thrift import (
    BINARY,
    I32,
    STRUCT,
    Field,
    binary,
    i32,
    i64,
    record,
    sequence,
    struct,
    varint,
    zigzag,
)

VERSION: Final = 1
CREATED_BY: Final = b"riskfabric"
ARROW_SCHEMA: Final = "ARROW:schema"
_OPTIONAL: Final = 1
_UNCOMPRESSED: Final = 0
_BY_TYPE: Final = record([struct(1, [])])
"""Column order: values compare as their type says."""


class RowGroup(NamedTuple):
    """A written row group: column chunks in bytes and their sums."""

    columns: list[bytes]
    size: int
    rows: int


def footer(columns: Sequence[Stored], groups: Sequence[RowGroup], metadata: Mapping[str, str]) -> bytes:
    """Return the footer without its size."""
    root = record([binary(4, b"root"), i32(5, len(columns))])
    described = {**metadata, ARROW_SCHEMA: arrow_schema(tuple(columns))}
    pairs = [record([binary(1, key.encode()), binary(2, value.encode())]) for key, value in described.items()]
    return record(
        [
            i32(1, VERSION),
            sequence(2, STRUCT, [root, *map(_element, columns)]),
            i64(3, sum(group.rows for group in groups)),
            sequence(4, STRUCT, [_row_group(group) for group in groups]),
            sequence(5, STRUCT, pairs),
            binary(6, CREATED_BY),
            sequence(7, STRUCT, [_BY_TYPE] * len(columns)),
        ]
    )


@functools.lru_cache(maxsize=8)
def arrow_schema(columns: tuple[Stored, ...]) -> str:
    """Return the schema as Polars writes it, so that its enumerations come back as what they are.

    It is the same for every month of a run, and asking for it costs milliseconds.
    """
    types = {
        stored.column.name: pl.Enum(stored.texts) if stored.texts else stored.column.polars_type for stored in columns
    }
    empty = io.BytesIO()
    pl.DataFrame(schema=types).write_parquet(empty)
    empty.seek(0)
    return str(pq.read_metadata(empty).metadata[ARROW_SCHEMA.encode()].decode())


def column_chunk(stored: Stored, chunk: Chunk, start: int, rows: int) -> bytes:
    """Return the description of a column chunk that starts at byte `start` of the file."""
    encodings = [RLE, chunk.encoding, *([PLAIN] if chunk.encoding == DICTIONARY else [])]
    fields = [
        i32(1, stored.storage.physical),
        sequence(2, I32, [varint(zigzag(encoding)) for encoding in encodings]),
        sequence(3, BINARY, [_text(stored.column.name)]),
        i32(4, _UNCOMPRESSED),
        i64(5, rows),
        i64(6, chunk.size),
        i64(7, chunk.size),
        i64(9, start + chunk.dictionary_bytes),
        *([i64(11, start)] if chunk.dictionary_bytes else []),
        struct(12, _statistics(chunk)),
    ]
    return record([i64(2, 0), struct(3, fields)])


def _statistics(chunk: Chunk) -> list[Field]:
    nulls = [i64(3, chunk.nulls)]
    return nulls if chunk.bounds is None else [*nulls, binary(5, chunk.bounds[1]), binary(6, chunk.bounds[0])]


def _element(stored: Stored) -> bytes:
    storage = stored.storage
    return record(
        [
            i32(1, storage.physical),
            i32(3, _OPTIONAL),
            binary(4, stored.column.name.encode()),
            *([] if storage.converted is None else [i32(6, storage.converted)]),
            *([] if storage.logical is None else [struct(10, [storage.logical])]),
        ]
    )


def _row_group(group: RowGroup) -> bytes:
    return record([sequence(1, STRUCT, group.columns), i64(2, group.size), i64(3, group.rows)])


def _text(value: str) -> bytes:
    encoded = value.encode()
    return varint(len(encoded)) + encoded
