"""Mistakes that keys of a section make together: collected, then told in one error."""

from collections.abc import Sequence
from typing import NamedTuple


class Mistake(NamedTuple):
    """Something that keys of a section get wrong together."""

    found: str
    expected: str
    fix: str


def refuse_mistakes(mistakes: Sequence[Mistake]) -> None:
    """Raise ValueError that tells all mistakes of a section at once."""
    if mistakes:
        raise ValueError("|".join("; ".join(dict.fromkeys(part)) for part in zip(*mistakes, strict=True)))
