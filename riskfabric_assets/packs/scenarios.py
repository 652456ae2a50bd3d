"""config/scenarios/<name>.yaml: world, profile and seed of a run, what fraud it consists of, and overrides."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.documents import Document, Raw, is_quantity, read_document

DEFAULT_SCENARIO: Final = "riskfabric"
KEYS: Final = ("world", "profile", "seed", "weights", "overrides")
TYPOLOGIES: Final = "typologies/"
"""Prefix of the names under which the documents of typologies are kept."""


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One file of config/scenarios."""

    name: str
    place: str
    world: str
    profile: str
    seed: str
    weights: Mapping[str, object] | None
    """Weight of every typology that attacks, with unit and source; all others have 0. None: as their files say."""
    overrides: Mapping[str, object]


def read_named(root: Path, folder: str, name: str, variable: str) -> Document:
    """Read the file of a profile or scenario.

    Args:
        root: The config folder.
        folder: "profiles" or "scenarios".
        name: What was asked for.
        variable: Where it was asked for.

    Raises:
        ConfigError: There is no such file; names the nearest.
    """
    known = sorted(path.stem for path in (root / folder).glob("*.yaml"))
    if name not in known:
        raise ConfigError([Problem(variable, f"'{name}'", f"a file of config/{folder}", nearest(name, known))])
    return read_document(root / folder / f"{name}.yaml", root)


def read_scenario(root: Path, name: str) -> Scenario:
    """Read the scenario called `name`.

    Raises:
        ConfigError: There is none, or a key is missing or unknown.
    """
    document = read_named(root, "scenarios", name, "RISKFABRIC_SCENARIO")
    problems = list(_problems(document))
    if problems:
        raise ConfigError(problems)
    content, weights = document.content, document.content["weights"]
    return Scenario(
        name,
        document.place,
        str(content["world"]),
        str(content["profile"]),
        str(content["seed"]),
        weights if isinstance(weights, dict) else None,
        overrides if isinstance(overrides := content["overrides"], dict) else {},
    )


def lay_weights(documents: Mapping[str, Document], scenario: Scenario) -> None:
    """Give the typologies a scenario's weights in place; those that it does not name get 0.

    A world's own mix of crime is left out then: shares are the scenario's.

    Raises:
        ConfigError: A name is no typology's, or a weight lacks unit and source; all are named.
    """
    if scenario.weights is None:
        return
    known = [name.removeprefix(TYPOLOGIES) for name in documents if name.startswith(TYPOLOGIES)]
    problems = list(_weight_problems(scenario, scenario.weights, known))
    if problems:
        raise ConfigError(problems)
    none = {"value": 0.0, "unit": "weight", "source": f"not part of {scenario.place}"}
    for name in known:
        _replace(documents[TYPOLOGIES + name], "weight", scenario.weights.get(name, none), scenario)
    no_mix = {"value": {}, "unit": "ratio", "source": f"{scenario.place}: weights"}
    _replace(documents["prevalence"], "mix", no_mix, scenario)


def _replace(document: Document, key: str, value: object, scenario: Scenario) -> None:
    document.content[key] = value
    document.origins[key] = f"{scenario.place}: weights"


def _problems(document: Document) -> Iterator[Problem]:
    place, content = document.place, document.content
    for key in KEYS:
        if key not in content:
            yield Problem(f"{place}: {key}", "nothing", "this key", f"add `{key}` to {place}")
    for key in content:
        if key not in KEYS:
            yield Problem(f"{place}: {key}", "an unknown key", "a known key", nearest(str(key), KEYS))
    yield from _shape_problems(place, content)


def _shape_problems(place: str, content: Raw) -> Iterator[Problem]:
    weights, overrides = content.get("weights"), content.get("overrides", {})
    if weights is not None and not (isinstance(weights, dict) and weights):
        fix = "write `name: {value, unit, source}` lines, or null to keep the weights of the typologies' files"
        yield Problem(f"{place}: weights", f"{weights!r}", "typologies with their weights, or null", fix)
    if not isinstance(overrides, dict):
        yield Problem(f"{place}: overrides", f"{overrides!r}", "a mapping of files", "write `{}` for none")


def _weight_problems(scenario: Scenario, weights: Mapping[str, object], known: list[str]) -> Iterator[Problem]:
    for name, weight in weights.items():
        place = f"{scenario.place}: weights.{name}"
        if name not in known:
            yield Problem(place, "no such typology", "a file of config/typologies", nearest(str(name), known))
        elif not (isinstance(weight, dict) and is_quantity(weight)):
            fix = "write {value: ..., unit: weight, source: ...}"
            yield Problem(place, f"{weight!r}", "a mapping of value, unit and source", fix)
