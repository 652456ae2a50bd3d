"""Errors that a person can act on.

    RiskFabricError
    ├── ConfigError      a value in config/, the environment or the command line
    ├── InputError       a file that the user brought: an extract, exported references
    ├── ContractError    a frame that breaks the contract of its table
    ├── StaleError       an input that is missing, of another identity or of another version
    └── WarehouseError   the warehouse file: locked, damaged, no space

Plain exceptions are for our own bugs. Nothing here is caught broadly: the command line prints the message
and ends with code 2, Dagster shows it on the failed step.
"""

import dataclasses
import difflib
from collections.abc import Iterable, Sequence


class RiskFabricError(Exception):
    """Something a user can mend; the message says what and how."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one place.

    `place` is a file with a key path ("config/engine.yaml: threads") or a file alone.
    """

    place: str
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        """Two lines: what is wrong where, and the remedy."""
        return f"{self.place}: found {self.found}; expected {self.expected}\n  fix: {self.fix}"


class ProblemsError(RiskFabricError):
    """All problems of one input, raised once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigError(ProblemsError):
    """A value in config/, the environment or the command line is wrong."""


class InputError(ProblemsError):
    """A file that the user brought cannot be used."""


class ContractError(ProblemsError):
    """A frame breaks the contract of its table."""


class StaleError(RiskFabricError):
    """An input is missing or stale; says what is stored, what is wanted and the command that refreshes it."""

    def __init__(self, stored: str, wanted: str, command: str) -> None:
        self.stored, self.wanted, self.command = stored, wanted, command
        super().__init__(f"stored: {stored}\n  wanted: {wanted}\n  fix: {command}")


class WarehouseError(RiskFabricError):
    """The warehouse cannot be opened or written; the message names the remedy."""


def nearest(name: str, known: Sequence[str]) -> str:
    """Offer the nearest known name as the tail of a message, or list what is known."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "known: " + ", ".join(sorted(known)[:20])
