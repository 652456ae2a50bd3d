"""Finds export formats by their files; there is no list to edit."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

from riskfabric_assets.exports import formats
from riskfabric_assets.exports.options import ExportOptions
from riskfabric_assets.exports.sheets import Sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest


class Format(Protocol):
    """What a format's file offers."""

    TITLE: str
    Options: type[ExportOptions]
    SHEETS: tuple[Sheet, ...]

    def write(self, source: Source, folder: Path, options: Any) -> dict[str, int]:
        """Write every file of the format into a folder; returns rows by path. `options` are its own Options."""


@functools.cache
def discover() -> Mapping[str, Format]:
    """Return the formats by name, sorted: the modules of `formats` that define `SHEETS`."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = {name: importlib.import_module(f"{formats.__name__}.{name}") for name in names}
    return {name: _as_format(module) for name, module in modules.items() if hasattr(module, "SHEETS")}


def find(name: str) -> Format:
    """Return the format called `name`.

    Raises:
        ConfigError: There is no such format.
    """
    known = discover()
    if name not in known:
        raise ConfigError([Problem(f"export {name}", "no such format", "a format", nearest(name, list(known)))])
    return known[name]


def _as_format(module: ModuleType) -> Format:
    missing = [name for name in ("TITLE", "Options", "write") if not hasattr(module, name)]
    if missing:
        raise TypeError(f"{module.__name__} defines SHEETS, but not {', '.join(missing)}")
    return cast(Format, module)
