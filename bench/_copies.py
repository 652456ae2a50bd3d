"""Big extracts for measurements, made of a small real one: its blobs repeated, or true copies side by side."""

import re
import tempfile
from pathlib import Path

import osmium

from riskfabric_assets.osm.blobs import read_blobs

DIGITS = 6
"""Digits of an id within one copy; the number of the copy stands before them."""


def repeat_blobs(sources: list[Path], target: Path, least_bytes: int) -> int:
    """Write the data blobs of the sources again and again until there are `least_bytes`; returns the size."""
    header = b""
    bodies = []
    for source in sources:
        content = source.read_bytes()
        blobs = read_blobs(source)
        header = header or content[: blobs[0].size]
        bodies.append(content[blobs[0].size :])
    round_of_all = b"".join(bodies)
    with target.open("wb") as file:
        file.write(header)
        while file.tell() < least_bytes:
            file.write(round_of_all)
        return file.tell()


def lay_copies(source: Path, target: Path, copies: int) -> int:
    """Write `copies` of an extract that lies between 9 and 10 degrees east, a degree apart, with ids of their own.

    Returns:
        Size of the target, bytes.
    """
    kinds = _placeholders(source)
    writer = osmium.SimpleWriter(osmium.io.File(str(target), "pbf,add_metadata=none"), overwrite=True)
    for kind in "nwr":
        for copy in range(copies):
            text = kinds[kind].replace("~", str(copy + 1)).replace(" x9.", f" x{copy}.")
            osmium.apply(osmium.io.FileBuffer(text.encode(), "opl"), writer)
    writer.close()
    return target.stat().st_size


def _placeholders(source: Path) -> dict[str, str]:
    """Return the objects as OPL by type, ids renumbered densely behind a placeholder for the copy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source.opl")
        writer = osmium.SimpleWriter(osmium.io.File(str(path), "opl,add_metadata=none"))
        osmium.apply(str(source), writer)
        writer.close()
        lines = path.read_text(encoding="utf-8").splitlines()
    ranks: dict[str, dict[str, int]] = {kind: {} for kind in "nwr"}
    for line in lines:
        kind, number = line[0], line[1:].partition(" ")[0]
        ranks[kind][number] = len(ranks[kind]) + 1
    known = [renumbered for line in lines if (renumbered := _renumbered(line, ranks))]
    return {kind: "\n".join(line for line in known if line[0] == kind) + "\n" for kind in "nwr"}


def _renumbered(line: str, ranks: dict[str, dict[str, int]]) -> str:
    def placeholder(kind: str, number: str) -> str:
        rank = ranks[kind].setdefault(number, len(ranks[kind]) + 1)
        return f"{kind}~{rank:0{DIGITS}d}"

    head, _, rest = line.partition(" ")
    body, mark, references = rest, "", ""
    if head[0] in "wr":
        body, mark, references = rest.rpartition(" N" if head[0] == "w" else " M")
        references = re.sub(r"\b([nwr])(\d+)(?=[@,]|$)", lambda found: placeholder(found[1], found[2]), references)
    return f"{placeholder(head[0], head[1:])} {body}{mark}{references}"
