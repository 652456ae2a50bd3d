"""Finds typologies by their files and joins each with its config file; there is no list to edit."""

import dataclasses
import functools
import importlib
import pkgutil
import types
from collections.abc import Mapping
from types import ModuleType
from typing import Protocol, cast

from riskfabric_assets import typologies
from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.labels import Discovery
from riskfabric_assets.packs.validation import validate
from riskfabric_assets.typologies.attacks import Attacks, PlanContext
from riskfabric_assets.typologies.draws import tag_of
from riskfabric_assets.typologies.params import ClaimParams, RelayParams, TypologyParams
from riskfabric_assets.typologies.steps import Claims, InjectContext, Scheme, Steps


class Module(Protocol):
    """What a typology's file offers."""

    INJECTOR_VERSION: str
    FLAGS: tuple[str, ...]
    Params: type[TypologyParams]

    def plan(self, context: PlanContext, params: TypologyParams) -> Attacks:
        """Choose victims, moments and actors of one month."""

    def inject(self, context: InjectContext, params: TypologyParams, attacks: Attacks) -> Steps | Scheme | Claims:
        """Spell out what the attackers try and what happens around it, or which honest payments are disputed."""


@dataclasses.dataclass(frozen=True)
class Typology:
    """One typology: its name, its tag in ids, its validated parameters and its code."""

    name: str
    tag: int
    params: TypologyParams
    module: Module

    @property
    def is_first_party(self) -> bool:
        """Tell whether it disputes honest payments instead of making payments."""
        return isinstance(self.params, ClaimParams)


@dataclasses.dataclass(frozen=True)
class Registry:
    """All registered typologies by name, the disabled ones too."""

    typologies: tuple[Typology, ...]

    @property
    def total_weight(self) -> float:
        """Sum of all weights; disabling a typology does not change it."""
        return sum(typology.params.weight for typology in self.typologies)

    @property
    def enabled(self) -> tuple[Typology, ...]:
        """Typologies that attack."""
        return tuple(typology for typology in self.typologies if typology.params.is_enabled)

    @property
    def relays(self) -> tuple[str, ...]:
        """Names of the typologies that pass money on through customers, the disabled ones too."""
        return tuple(each.name for each in self.typologies if isinstance(each.params, RelayParams))

    @property
    def share_of_added_rows(self) -> float:
        """Share of fraudulent payments that come on top of the honest ones."""
        return sum(each.params.weight for each in self.typologies if not each.is_first_party) / self.total_weight

    @property
    def discoveries(self) -> dict[str, Discovery | None]:
        """What each typology states about how it becomes known."""
        return {typology.name: typology.params.discovery for typology in self.typologies}

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each typology, of the disabled ones too; disabling one changes nothing that others depend on."""
        return {each.name: each.params.weight for each in self.typologies}


@functools.cache
def discover() -> Mapping[str, Module]:
    """Return the modules of this room that define `Params`, by name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(typologies.__path__))
    modules = {name: importlib.import_module(f"{typologies.__name__}.{name}") for name in names}
    return {name: _as_module(module) for name, module in modules.items() if hasattr(module, "Params")}


def load_registry(
    documents: Mapping[str, Document], mix: Mapping[str, float] = types.MappingProxyType({}), place: str = "mix"
) -> Registry:
    """Join code and config of every typology.

    Args:
        documents: Raw documents of config/typologies/ by name (`Settings.typologies`).
        mix: Weight in the world over that of the typology's own file, by name; 1 for those not named.
        place: Where the mix stands, for messages.

    Raises:
        ConfigError: A file has no code or the code no file, a value is wrong, the mix names no typology, or no weight
            is positive.
    """
    modules = discover()
    problems = [*_orphans(documents, modules), *_clashes(modules), *_strangers(mix, documents, place)]
    found: list[Typology] = []
    for name in sorted(set(modules) & set(documents)):
        try:
            params = validate(documents[name], modules[name].Params)
            weighed = params.model_copy(update={"weight": params.weight * mix.get(name, 1.0)})
            found.append(Typology(name, tag_of(name), weighed, modules[name]))
        except ConfigError as error:
            problems.extend(error.problems)
    if not problems and sum(typology.params.weight for typology in found) <= 0:
        problems.append(
            Problem("config/typologies", "weights that sum to 0", "a positive weight", "raise the weight of a typology")
        )
    if problems:
        raise ConfigError(problems)
    return Registry(tuple(found))


def _as_module(module: ModuleType) -> Module:
    missing = [name for name in ("INJECTOR_VERSION", "FLAGS", "plan", "inject") if not hasattr(module, name)]
    if missing:
        raise TypeError(f"{module.__name__} defines Params, but not {', '.join(missing)}")
    return cast(Module, module)


def _orphans(documents: Mapping[str, Document], modules: Mapping[str, Module]) -> list[Problem]:
    without_code = [
        Problem(
            documents[name].place,
            f"no code for '{name}'",
            f"a file typologies/{name}.py that defines Params",
            nearest(name, list(modules)),
        )
        for name in sorted(set(documents) - set(modules))
    ]
    without_config = [
        Problem(
            f"config/typologies/{name}.yaml",
            "no such file",
            f"the parameters of the typology '{name}'",
            "restore the file; to switch a typology off write `is_enabled: false`",
        )
        for name in sorted(set(modules) - set(documents))
    ]
    return without_code + without_config


def _strangers(mix: Mapping[str, float], documents: Mapping[str, Document], place: str) -> list[Problem]:
    return [
        Problem(f"{place}.{name}", "no such typology", "a name of config/typologies", nearest(name, list(documents)))
        for name in sorted(set(mix) - set(documents))
    ]


def _clashes(modules: Mapping[str, Module]) -> list[Problem]:
    by_tag: dict[int, list[str]] = {}
    for name in modules:
        by_tag.setdefault(tag_of(name), []).append(name)
    return [
        Problem(
            "config/typologies", " and ".join(names) + " with one tag in ids", "different tags", "rename one of them"
        )
        for names in by_tag.values()
        if len(names) > 1
    ]
