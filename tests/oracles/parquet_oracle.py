"""Packed bits and packed differences the obvious way: bit by bit, as the format describes them."""


def unpacked(data: bytes, width: int, count: int) -> list[int]:
    """Read codes of `width` bits, low bits first."""
    bits = int.from_bytes(data, "little")
    return [(bits >> (width * place)) & ((1 << width) - 1) for place in range(count)]


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned number and the place behind it."""
    value, shift = 0, 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def unfolded(value: int) -> int:
    """Undo the zigzag."""
    return value >> 1 if value % 2 == 0 else -(value >> 1) - 1


def undelta(data: bytes) -> list[int]:
    """Read DELTA_BINARY_PACKED; sums wrap at 64 bits as the format asks."""
    block, at = read_varint(data, 0)
    miniblocks, at = read_varint(data, at)
    count, at = read_varint(data, at)
    first, at = read_varint(data, at)
    values = [unfolded(first)] if count else []
    while len(values) < count:
        least, at = read_varint(data, at)
        widths = data[at : at + miniblocks]
        at += miniblocks
        for width in widths:
            if len(values) >= count:
                break
            held = block // miniblocks
            size = width * held // 8
            for delta in unpacked(data[at : at + size], width, held)[: count - len(values)]:
                values.append((values[-1] + delta + unfolded(least) + 2**63) % 2**64 - 2**63)
            at += size
    assert at == len(data)
    return values
