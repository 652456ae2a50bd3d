"""Crime that changes: from a month on, a typology has other numbers in its config file.

A month's crime follows from the last change points at or before it, never from another month, so that any month can be
made alone. Changed weights move shares between typologies; how much fraud there is in all stays as
config/crime.yaml says.
"""

import copy
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.crime import Change
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.typologies.registry import Registry, discover, load_registry

PLACE: Final = "config/crime.yaml: drift"
FIXED: Final = {"is_enabled": "give it the weight 0", "discovery": "change it for all months in its file"}
"""Keys that do not change over time, and what to do instead."""


@dataclasses.dataclass(frozen=True)
class TurningPoint:
    """From `month` on crime is that of `registry`, until the next turning point."""

    month: str
    registry: Registry
    changes: tuple[str, ...]
    """What is new, for people: "upi_scam: weight = 0.7"."""


def load_drift(
    documents: Mapping[str, Document],
    mix: Mapping[str, float],
    place: str,
    changes: Sequence[Change],
    horizon: tuple[str, str],
) -> tuple[TurningPoint, ...]:
    """Return the turning points of a schedule, by month.

    Args:
        documents: Raw documents of config/typologies/ by name.
        mix: Weight in the world over that of the typology's own file, by name.
        place: Where the mix stands, for messages.
        changes: The schedule, in any order.
        horizon: First and last month that can be made.

    Raises:
        ConfigError: A change lies outside the horizon, names no typology or key of its file, states the same twice or
            gives a value that the file would refuse; all of them are told.
    """
    problems = list(_schedule_problems(documents, changes, horizon))
    refused = {problem.place for problem in problems}
    known = [
        (index, change)
        for index, change in enumerate(changes)
        if not any(place.startswith(f"{PLACE}.{index}.") for place in refused)
    ]
    points: list[TurningPoint] = []
    current = {name: copy.deepcopy(document) for name, document in documents.items()}
    for month in sorted({change.month for _, change in known}):
        told = [line for index, change in known if change.month == month for line in _apply(current, index, change)]
        try:
            points.append(TurningPoint(month, load_registry(current, mix, place), tuple(told)))
        except ConfigError as error:
            problems.extend(problem for problem in error.problems if problem not in problems)
    if problems:
        raise ConfigError(problems)
    return tuple(points)


def registry_of(first: Registry, points: Sequence[TurningPoint], month: str) -> Registry:
    """Return the typologies of a month: of the last turning point that it does not precede, else the first ones."""
    passed = [point.registry for point in points if point.month <= month]
    return passed[-1] if passed else first


def _apply(documents: Mapping[str, Document], index: int, change: Change) -> Iterator[str]:
    document = documents[change.typology]
    for key, value in change.numbers.items():
        document.content[key] = value
        document.origins[key] = f"{PLACE}.{index}.numbers"
    yield from (f"{change.typology}: {line}" for line in change.lines)


def _schedule_problems(
    documents: Mapping[str, Document], changes: Sequence[Change], horizon: tuple[str, str]
) -> Iterator[Problem]:
    first, last = horizon
    stated: dict[tuple[str, str, str], int] = {}
    for index, change in enumerate(changes):
        here = f"{PLACE}.{index}"
        if not first <= change.month <= last:
            expected = f"a month that can be made, {first} to {last}"
            yield Problem(f"{here}.month", change.month, expected, "choose another month, or make the calendar longer")
        if change.typology not in documents:
            fix = nearest(change.typology, list(documents))
            yield Problem(f"{here}.typology", f"'{change.typology}'", "a name of config/typologies", fix)
            continue
        for key in change.numbers:
            yield from _key_problems(f"{here}.numbers.{key}", change.typology, key)
            before = stated.setdefault((change.month, change.typology, key), index)
            if before != index:
                found = f"another value than in drift.{before}, of the same month"
                yield Problem(f"{here}.numbers.{key}", found, "one value a month", "remove one of them")


def _key_problems(place: str, typology: str, key: str) -> Iterator[Problem]:
    known = [name for name in discover()[typology].Params.model_fields if name not in FIXED]
    if key in FIXED:
        yield Problem(place, "a key that stays the same in all months", "a number of an attack", FIXED[key])
    elif key not in known:
        expected = f"a key of config/typologies/{typology}.yaml"
        yield Problem(place, "an unknown key", expected, nearest(key, known))
