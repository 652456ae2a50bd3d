"""Where the numbers of a world come from: how many have a published source, and how many are assumed."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from riskfabric_assets.packs.documents import is_quantity, read_document
from riskfabric_assets.packs.files import PACK_FILES

ASSUMED: Final = "assumed"
"""How the source of a choice without a published figure begins."""
PARTLY: Final = re.compile(r"\b(assumed|tuned)\b")
"""What a source says elsewhere if a part of its figure is a choice, or was fitted to a check of the scorecard."""
SIBLING: Final = re.compile(r"as (\w+)$")
"""A source that points at the table beside it: `as metro`."""


@dataclasses.dataclass(frozen=True)
class Provenance:
    """Numbers of some files, those among them that are assumed, and those that are so in part, or tuned."""

    numbers: int
    assumed: int
    partly: int = 0

    @property
    def assumed_share(self) -> float:
        """Share of the numbers that are assumed, 0 to 1."""
        return self.assumed / self.numbers if self.numbers else 0.0

    @property
    def partly_share(self) -> float:
        """Share of the numbers that are assumed in part, or tuned, 0 to 1."""
        return self.partly / self.numbers if self.numbers else 0.0

    def __add__(self, other: "Provenance") -> "Provenance":
        """Count two sets of files together."""
        return Provenance(self.numbers + other.numbers, self.assumed + other.assumed, self.partly + other.partly)


def provenance_of(root: Path, world: str) -> dict[str, Provenance]:
    """Return the counts of every file of a world, by file name.

    Raises:
        ConfigError: A file is missing or unreadable.
    """
    folder = root / "worlds" / world
    return {name: count_numbers(read_document(folder / f"{name}.yaml", root).content) for name in PACK_FILES}


def total_provenance(root: Path, world: str) -> Provenance:
    """Return the counts of a whole world pack."""
    return sum(provenance_of(root, world).values(), Provenance(0, 0))


def count_numbers(content: object) -> Provenance:
    """Count the numbers of a document; a table of n numbers with one source counts n times."""
    found = list(_quantities(content, {}))
    assumed = sum(size for size, source in found if source.startswith(ASSUMED))
    mentioned = sum(size for size, source in found if PARTLY.search(source))
    return Provenance(sum(size for size, _ in found), assumed, mentioned - assumed)


def _quantities(node: object, siblings: dict[str, object]) -> Iterator[tuple[int, str]]:
    if not isinstance(node, dict):
        return
    if is_quantity(node):
        yield _size(node["value"]), _source(node, siblings)
        return
    for child in node.values():
        yield from _quantities(child, node)


def _size(value: object) -> int:
    """Return how many numbers a value holds; a text counts as one, for it is a figure too (a range, a date)."""
    if isinstance(value, dict):
        return sum(_size(item) for item in value.values())
    return sum(_size(item) for item in value) if isinstance(value, list) else 1


def _source(quantity: dict[str, object], siblings: dict[str, object]) -> str:
    source = str(quantity["source"])
    pointer = SIBLING.match(source)
    sibling = siblings.get(pointer[1]) if pointer else None
    return str(sibling["source"]) if isinstance(sibling, dict) and is_quantity(sibling) else source
