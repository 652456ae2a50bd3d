"""The configuration reference: every key of every file, with its value, unit and source."""

import pathlib
from collections.abc import Iterator

import markup
import yaml

CONFIG = pathlib.Path(__file__).parents[2] / "config"

INTRODUCTION = """\
Every key of every file under `config/`. A number is written as `{value, unit, source}`; a source of `assumed` is a
choice without a figure behind it. Unknown keys are errors that name the nearest known one.

Any value can be overridden by an environment variable `RISKFABRIC_<FILE>__<KEY>`, with two underscores between the
parts of a key. `RISKFABRIC_CONFIG` points at another folder with the same files."""


def page(folder: pathlib.Path = CONFIG) -> str:
    """Return the configuration reference, one heading for each file."""
    files = sorted(folder.rglob("*.yaml"))
    total, assumed = count_sources(files)
    summary = f"The files hold {total} sourced values; {assumed} of them are `assumed`."
    return markup.page("Configuration", INTRODUCTION, summary, *[_section(folder, path) for path in files])


def leaves(node: object, prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Yield (key path, value, unit, source) for every value below `node`."""
    if isinstance(node, dict) and "value" in node:
        yield prefix, short(node["value"]), str(node.get("unit", "")), str(node.get("source", ""))
    elif isinstance(node, dict) and node:
        for key, child in node.items():
            yield from leaves(child, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, short(node), "", ""


def count_sources(files: list[pathlib.Path]) -> tuple[int, int]:
    """Count the values that name a source, and those among them that are assumed."""
    sources = [source for path in files for *_, source in leaves(_read(path)) if source]
    return len(sources), sum(source.startswith("assumed") for source in sources)


def short(value: object, limit: int = 12) -> str:
    """Return a value as text; of a long list its first entries and its length."""
    if isinstance(value, list) and len(value) > limit:
        return ", ".join(map(short, value[:4])) + f" ... ({len(value)} entries)"
    if isinstance(value, list):
        return ", ".join(map(short, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {short(entry)}" for key, entry in value.items())
    return "" if value is None else str(value)


def _read(path: pathlib.Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _section(folder: pathlib.Path, path: pathlib.Path) -> str:
    rows = [(markup.code(key), value, unit, source) for key, value, unit, source in leaves(_read(path))]
    return f"## {path.relative_to(folder)}\n\n" + markup.table(("Key", "Value", "Unit", "Source"), rows)
