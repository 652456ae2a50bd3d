"""Every world and profile resolves, every number says what it is, and every key is read by somebody."""

import pathlib
import re
import typing

import pytest
import yaml
from pydantic import BaseModel

from riskfabric_assets.packs.files import FILES, PACK_FILES
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve

CONFIG = packaged_config()
PACKAGE = pathlib.Path(__file__).parents[2] / "riskfabric_assets"
READERS = (PACKAGE, PACKAGE.parent / "docs" / "scripts")
PRINTED = ("null_rule",)  # the page of features prints every field of the contract, whatever its name
WORLDS = known_worlds(CONFIG)
QUANTITY = {"value", "unit", "source"}
YAML_FILES = sorted(path for path in CONFIG.rglob("*.yaml") if path.parts[-2] not in ("profiles", "scenarios"))


def bare_numbers(value, path=""):
    if isinstance(value, dict):
        if set(value) == QUANTITY:
            return
        for key, inner in value.items():
            yield from bare_numbers(inner, f"{path}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from bare_numbers(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{path}{value}"


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("profile", sorted(path.stem for path in (CONFIG / "profiles").glob("*.yaml")))
def test_every_world_and_profile_resolves(world, profile):
    settings = resolve({"RISKFABRIC_WORLD": world, "RISKFABRIC_PROFILE": profile}, pathlib.Path("nowhere"))
    assert settings.config.calendar.months >= 1


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: str(path.relative_to(CONFIG)))
def test_every_number_has_a_unit_and_a_source(path):
    assert not list(bare_numbers(yaml.safe_load(path.read_text())))


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: str(path.relative_to(CONFIG)))
def test_no_source_is_empty(path):
    sources = re.findall(r"source: *(\"[^\"]*\"|'[^']*'|[^,}\n]+)", path.read_text())
    assert all(len(source.strip("\"' ")) >= len("assumed") for source in sources)


def fields_of(model, seen=()):
    for name, field in model.model_fields.items():
        yield model, name
        for inner in (field.annotation, *typing.get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in seen:
                yield from fields_of(inner, (*seen, inner))


@pytest.mark.parametrize("file", {**FILES, **PACK_FILES})
def test_every_key_is_read_by_something(file):
    sources = "\n".join(path.read_text() for folder in READERS for path in folder.rglob("*.py"))
    model = {**FILES, **PACK_FILES}[file]
    unread = [
        f"{owner.__name__}.{name}"
        for owner, name in fields_of(model)
        if name not in PRINTED and not re.search(rf"\.{name}\b|\"{name}\"", sources)
    ]
    assert not unread
