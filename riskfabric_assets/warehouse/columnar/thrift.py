"""The compact protocol of Thrift, as much of it as a Parquet footer needs: fields of a struct as small tuples."""

from collections.abc import Sequence
from typing import Final, NamedTuple

I32: Final = 5
I64: Final = 6
BINARY: Final = 8
LIST: Final = 9
STRUCT: Final = 12
_TRUE: Final = 1
_FALSE: Final = 2
_BYTE: Final = 3
_LONG_LIST: Final = 15
"""From this length on the length of a list follows its header."""


class Field(NamedTuple):
    """One field of a struct, its value already in bytes."""

    number: int
    kind: int
    body: bytes


def varint(value: int) -> bytes:
    """Return an unsigned number, seven bits a byte, low bits first."""
    if value <= 0x7F:
        return bytes((value,))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> int:
    """Fold a signed number into an unsigned one: 0, -1, 1, -2, ..."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def i32(number: int, value: int) -> Field:
    """Return a 32-bit number or an enumeration."""
    return Field(number, I32, varint(zigzag(value)))


def i64(number: int, value: int) -> Field:
    """Return a 64-bit number."""
    return Field(number, I64, varint(zigzag(value)))


def byte(number: int, value: int) -> Field:
    """Return a number of one byte."""
    return Field(number, _BYTE, value.to_bytes(1, "little", signed=True))


def flag(number: int, value: bool) -> Field:
    """Return a truth value, which is its own type."""
    return Field(number, _TRUE if value else _FALSE, b"")


def binary(number: int, value: bytes) -> Field:
    """Return bytes or text."""
    return Field(number, BINARY, varint(len(value)) + value)


def struct(number: int, fields: Sequence[Field]) -> Field:
    """Return a struct as a field of another."""
    return Field(number, STRUCT, record(fields))


def sequence(number: int, kind: int, items: Sequence[bytes]) -> Field:
    """Return a list of values that are already in bytes."""
    count = len(items)
    header = bytes([count << 4 | kind]) if count < _LONG_LIST else bytes([0xF0 | kind]) + varint(count)
    return Field(number, LIST, header + b"".join(items))


def record(fields: Sequence[Field]) -> bytes:
    """Return a struct; its fields stand in ascending order."""
    out, last = bytearray(), 0
    for field in fields:
        out.append((field.number - last) << 4 | field.kind)
        out += field.body
        last = field.number
    out.append(0)
    return bytes(out)
