import io

import pytest

from riskfabric_assets.osm.blobs import CutOffError, NotPbfError, _blobs


def blob(kind: bytes, content: bytes, index: bytes = b"") -> bytes:
    header = b"\x0a" + bytes([len(kind)]) + kind
    header += (b"\x12" + bytes([len(index)]) + index) if index else b""
    size, digits = len(content), b""
    while size >= 0x80:
        digits, size = digits + bytes([size & 0x7F | 0x80]), size >> 7
    header += b"\x18" + digits + bytes([size])
    return len(header).to_bytes(4, "big") + header + content


WHOLE = blob(b"OSMHeader", b"h" * 5) + blob(b"OSMData", b"d" * 300, index=b"xy") + blob(b"OSMData", b"")


def listed(data: bytes):
    return list(_blobs(io.BytesIO(data), len(data)))


def test_blobs_follow_each_other_to_the_end():
    blobs = listed(WHOLE)
    assert [one.kind for one in blobs] == ["OSMHeader", "OSMData", "OSMData"]
    assert sum(one.size for one in blobs) == len(WHOLE)


@pytest.mark.parametrize("length", [2, 10, 25, 40, 100, len(WHOLE) - 1])
def test_every_cut_inside_a_blob_is_noticed(length):
    with pytest.raises((CutOffError, NotPbfError)):
        listed(WHOLE[:length])


@pytest.mark.parametrize("data", [b"<?xml version='1.0'?><osm/>", b"\x00\x00\x00\x00", blob(b"PNG", b"")])
def test_other_files_are_no_pbf(data):
    with pytest.raises(NotPbfError):
        listed(data)
