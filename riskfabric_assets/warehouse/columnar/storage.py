"""How a column of a contract is stored: physical type, logical type, and the texts behind its codes."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.warehouse.columnar.thrift import Field, byte, flag, struct

BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY = 0, 1, 2, 4, 5, 6


class Storage(NamedTuple):
    """Physical type, its array type, and what else a reader must know; numbers are those of the format."""

    physical: int
    dtype: npt.DTypeLike
    converted: int | None = None
    """The older way to say what `logical` says, for older readers."""
    logical: Field | None = None


def _integer(bits: int, is_signed: bool) -> Field:
    return struct(10, [byte(1, bits), flag(2, is_signed)])


_MICROSECONDS: Final = struct(8, [flag(1, False), struct(2, [struct(2, [])])])
_TEXT: Final = struct(1, [])
_DATE: Final = struct(6, [])

STORAGES: Final[dict[str, Storage]] = {
    "BIGINT": Storage(INT64, np.int64),
    "INTEGER": Storage(INT32, np.int32),
    "SMALLINT": Storage(INT32, np.int32, 16, _integer(16, True)),
    "TINYINT": Storage(INT32, np.int32, 15, _integer(8, True)),
    "UBIGINT": Storage(INT64, np.int64, 14, _integer(64, False)),
    "UINTEGER": Storage(INT32, np.int32, 13, _integer(32, False)),
    "DOUBLE": Storage(DOUBLE, np.float64),
    "FLOAT": Storage(FLOAT, np.float32),
    "BOOLEAN": Storage(BOOLEAN, np.bool_),
    "DATE": Storage(INT32, np.int32, 6, _DATE),
    "TIMESTAMP": Storage(INT64, np.int64, None, _MICROSECONDS),
    "VARCHAR": Storage(BYTE_ARRAY, np.int64, 0, _TEXT),
}
"""By DuckDB type; text comes as codes, and a local time zone is nobody's, so that moments are not adjusted to UTC."""

ACCEPTED: Final[dict[str, tuple[str, ...]]] = {
    "BIGINT": ("int64", "int32"),
    "INTEGER": ("int32",),
    "SMALLINT": ("int16",),
    "TINYINT": ("int8",),
    "UBIGINT": ("uint64",),
    "UINTEGER": ("uint32",),
    "DOUBLE": ("float64",),
    "FLOAT": ("float32",),
    "BOOLEAN": ("bool",),
    "DATE": ("int32",),
    "TIMESTAMP": ("int64",),
    "VARCHAR": ("uint8", "int16", "int32"),
}
"""Array types by DuckDB type; a narrower one is kept narrow until it is written."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """One column of a file."""

    column: Column
    storage: Storage
    is_key: bool
    texts: tuple[str, ...]
    """Texts by code; empty when the column is no text."""


def stored_columns(table: Table, texts: Mapping[str, Sequence[str]]) -> tuple[Stored, ...]:
    """Return how every column of a contract is stored.

    Args:
        table: The contract.
        texts: What stands behind the codes of its dictionary columns, by column.

    Raises:
        ValueError: A column has a type that has no storage here, or a text column has no texts.
    """
    unfit = [
        column.name
        for column in table.columns
        if column.type not in STORAGES or (column.type == "VARCHAR" and not (column.values or texts.get(column.name)))
    ]
    if unfit:
        raise ValueError(f"{table.name}: no storage or no texts for {', '.join(unfit)}")
    return tuple(
        Stored(
            column,
            STORAGES[column.type],
            table.key == (column.name,),
            column.values or tuple(texts.get(column.name, ())),
        )
        for column in table.columns
    )
