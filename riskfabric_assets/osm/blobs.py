"""The outer shape of a PBF: blobs one after another, each with a header that says how long it is.

Reading only the headers tells in milliseconds whether a file of any size is a whole PBF, and gives a sample of
blobs spread over the file. Source: OSM wiki, PBF Format, "File format".
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

HEADER_SIZE_MAX: Final = 64 * 1024
"""Largest BlobHeader that the format allows, bytes."""


class NotPbfError(ValueError):
    """The bytes are not a sequence of PBF blobs."""


class CutOffError(ValueError):
    """The last blob is longer than the file."""


@dataclasses.dataclass(frozen=True)
class Blob:
    """One blob with its header: kind ("OSMHeader" or "OSMData"), position and length in the file, bytes."""

    kind: str
    offset: int
    size: int


def read_blobs(path: Path) -> list[Blob]:
    """List the blobs of a PBF without reading their content.

    Raises:
        NotPbfError: The file does not begin with, or stops being, a sequence of blobs.
        CutOffError: The file ends inside a blob.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        return list(_blobs(file, size))


def _blobs(file: BinaryIO, size: int) -> Iterator[Blob]:
    offset = 0
    while offset < size:
        file.seek(offset)
        length = int.from_bytes(file.read(4), "big")
        if not 0 < length <= HEADER_SIZE_MAX:
            raise NotPbfError(f"byte {offset}: header of {length} bytes")
        header = file.read(length)
        if offset + 4 + length > size:
            raise CutOffError(f"byte {offset}: header ends after the file")
        kind, content = _header_fields(header)
        end = offset + 4 + length + content
        if end > size:
            raise CutOffError(f"byte {offset}: blob of {content} bytes ends {end - size} bytes after the file")
        yield Blob(kind, offset, end - offset)
        offset = end


def _header_fields(header: bytes) -> tuple[str, int]:
    """Return type (field 1) and datasize (field 3) of a BlobHeader message."""
    kind, content, position = "", -1, 0
    while position < len(header):
        key, position = _varint(header, position)
        if key & 7 == 0:
            value, position = _varint(header, position)
            content = value if key >> 3 == 3 else content
        elif key & 7 == 2:
            length, position = _varint(header, position)
            if key >> 3 == 1:
                kind = header[position : position + length].decode("ascii", errors="replace")
            position += length
        else:
            raise NotPbfError(f"header field of type {key & 7}")
    if content < 0 or not kind.startswith("OSM"):
        raise NotPbfError(f"header of kind '{kind}'")
    return kind, content


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data):
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
    raise NotPbfError("header ends inside a number")
