"""Raw config documents: reading YAML and laying overrides over it, keeping the origin of each value."""

import dataclasses
import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import yaml

from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest

Raw = dict[str, object]


@dataclasses.dataclass
class Document:
    """One YAML file as a mapping, and where overridden values came from (key path -> origin)."""

    place: str
    content: Raw
    origins: dict[str, str] = dataclasses.field(default_factory=dict)

    def origin_of(self, path: str) -> str:
        """Return where the value at a key path was last set: the file, or the override that replaced it."""
        for known in sorted(self.origins, key=len, reverse=True):
            if path == known or path.startswith(known + "."):
                return self.origins[known]
        return self.place


class _OnceLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """Return the mapping of a node.

        Raises:
            yaml.constructor.ConstructorError: A key is repeated.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key '{key.value}' stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_document(path: Path, root: Path) -> Document:
    """Read one YAML file; `root` is the folder that messages name files from.

    Raises:
        ConfigError: The file is missing, not YAML or not a mapping.
    """
    place = f"config/{path.relative_to(root)}"
    if not path.is_file():
        raise ConfigError(
            [Problem(place, "no such file", "a YAML file", "restore the file or correct the name that asks for it")]
        )
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _OnceLoader)  # noqa: S506  # a SafeLoader
    except yaml.YAMLError as error:
        raise ConfigError(
            [Problem(place, f"unreadable YAML ({str(error).splitlines()[0]})", "YAML", "correct the syntax")]
        ) from error
    if not isinstance(content, dict):
        raise ConfigError([Problem(place, type(content).__name__, "a mapping of keys", "write `key: value` lines")])
    return Document(place, content)


def overlay(document: Document, changes: Mapping[str, object], origin: str) -> None:
    """Lay `changes` over a document in place; a number may be given bare or with unit and source.

    Raises:
        ConfigError: A key does not exist in the document.
    """
    problems = list(_overlay(document, document.content, changes, origin, ""))
    if problems:
        raise ConfigError(problems)


def _overlay(
    document: Document, target: Raw, changes: Mapping[str, object], origin: str, prefix: str
) -> Iterator[Problem]:
    for key, value in changes.items():
        path = f"{prefix}{key}"
        if key not in target:
            fix = nearest(str(key), [str(name) for name in target])
            yield Problem(f"{origin}: {path}", "an unknown key", f"a key of {document.place}", fix)
            continue
        current = target[key]
        if isinstance(value, Mapping) and isinstance(current, dict) and not is_quantity(value):
            yield from _overlay(document, current, value, origin, f"{path}.")
            continue
        document.origins[path] = origin
        if (
            isinstance(current, dict)
            and is_quantity(current)
            and not (isinstance(value, Mapping) and is_quantity(value))
        ):
            target[key] = {**current, "value": value, "source": f"override by {origin}"}
        else:
            target[key] = value


def is_quantity(value: Mapping[str, object] | Mapping[object, object]) -> bool:
    """Tell whether a mapping is a number with unit and source."""
    return set(value) == {"value", "unit", "source"}


def plain(value: object) -> object:
    """Return config content without units and sources, with dates as text: what an identity is made of."""
    if isinstance(value, dict):
        return plain(value["value"]) if is_quantity(value) else {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
