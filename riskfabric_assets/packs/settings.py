"""`resolve`: environment and config folder in, one frozen `Settings` out. Nothing else reads either."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel

from riskfabric_assets import CONTRACT_VERSION
from riskfabric_assets.foundation.errors import ConfigError, Problem, nearest
from riskfabric_assets.packs.documents import Document, overlay, plain, read_document
from riskfabric_assets.packs.event_fields import KnownNames
from riskfabric_assets.packs.events import EventFile
from riskfabric_assets.packs.files import FILES, PACK_FILES, Config, is_part_of_identity
from riskfabric_assets.packs.scenarios import DEFAULT_SCENARIO, TYPOLOGIES, lay_weights, read_named, read_scenario
from riskfabric_assets.packs.validation import validate

PREFIX: Final = "RISKFABRIC_"
RESERVED: Final = ("HOME", "WORLD", "PROFILE", "SEED", "SCENARIO", "CONFIG", "OSM_PATH", "REFERENCES", "BRONZE_PATH")
FOLDERS: Final = ("worlds", "profiles", "scenarios", "typologies")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything a run depends on, resolved and validated once.

    `typologies` holds the raw documents of config/typologies/ by name; the registry of the typologies room
    validates each with the parameters of its typology. `bronze_path` is a folder of a team's own payments, which take
    the place of everything that is simulated.
    """

    world: str
    profile: str
    scenario: str
    seed: int
    home: Path
    config_folder: Path
    osm_path: Path | None
    references: Path | None
    bronze_path: Path | None
    config: Config
    typologies: Mapping[str, Document]
    identity: str


def packaged_config() -> Path:
    """Return the config folder of this installation: in the wheel, else beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_config"
    return inside if inside.is_dir() else package.parent / "config"


def resolve(environ: Mapping[str, str], folder: Path) -> Settings:
    """Resolve settings.

    Args:
        environ: Environment variables; only RISKFABRIC_* are looked at.
        folder: Working folder that relative paths start from.

    Raises:
        ConfigError: Anything is unknown, missing or out of bounds.
    """
    root = _config_folder(environ)
    scenario_name = environ.get(PREFIX + "SCENARIO", DEFAULT_SCENARIO)
    scenario = read_scenario(root, scenario_name)
    world = environ.get(PREFIX + "WORLD", scenario.world)
    profile_name = environ.get(PREFIX + "PROFILE", scenario.profile)
    seed = _seed(environ.get(PREFIX + "SEED", scenario.seed))
    profile = read_named(root, "profiles", profile_name, PREFIX + "PROFILE").content
    documents = _documents(root, world)
    local_problems = list(_lay_local_crime(documents, with_numbers=scenario.weights is None))
    _overlay_all(documents, profile, f"config/profiles/{profile_name}.yaml")
    lay_weights(documents, scenario)
    _overlay_all(documents, scenario.overrides, scenario.place)
    _overlay_environment(documents, environ)
    known = KnownNames(world, known_worlds(root), *_regions_and_banks(documents))
    config = _validated(documents, known, local_problems)
    bronze_path = _path(environ, "BRONZE_PATH", folder)
    held = f"own-{bronze_path.name}" if bronze_path else _held(scenario_name, profile_name, seed)
    return Settings(
        world=world,
        profile=profile_name,
        scenario=scenario_name,
        seed=seed,
        home=_path(environ, "HOME", folder) or folder / "data" / f"{world}-{held}",
        config_folder=root,
        osm_path=_path(environ, "OSM_PATH", folder),
        references=_path(environ, "REFERENCES", folder),
        bronze_path=bronze_path,
        config=config,
        typologies={
            name.removeprefix(TYPOLOGIES): document
            for name, document in documents.items()
            if name.startswith(TYPOLOGIES)
        },
        identity=_identity(documents, world, seed, bronze_path),
    )


def _config_folder(environ: Mapping[str, str]) -> Path:
    if PREFIX + "CONFIG" not in environ:
        return packaged_config()
    root = Path(environ[PREFIX + "CONFIG"]).expanduser().resolve()
    absent = [name for name in FOLDERS if not (root / name).is_dir()]
    if absent:
        found, expected = f"{root} without {', '.join(absent)}", "a complete config folder"
        raise ConfigError([Problem(PREFIX + "CONFIG", found, expected, f"start from a copy of {packaged_config()}")])
    return root


def with_fraud_rate(environ: Mapping[str, str], folder: Path, rate: float | None) -> dict[str, str]:
    """Return the variables that ask for a share of customers to be attacked within the months of the calendar.

    Args:
        environ: Environment variables.
        folder: Working folder.
        rate: Share of customers, 0 to 1; None changes nothing.

    Raises:
        ConfigError: As `resolve`.
    """
    if rate is None:
        return dict(environ)
    wanted = {"MODE": "customer_share", "CUSTOMER_SHARE": str(rate)}
    wanted["CUSTOMER_SHARE_MONTHS"] = str(resolve(environ, folder).config.calendar.months)
    return {**environ, **{f"{PREFIX}CRIME__INJECTION__{name}": value for name, value in wanted.items()}}


def known_worlds(root: Path) -> list[str]:
    """Return the names of the world packs in a config folder, sorted."""
    return sorted(path.name for path in (root / "worlds").iterdir() if path.is_dir())


def _documents(root: Path, world: str) -> dict[str, Document]:
    worlds = known_worlds(root)
    if world not in worlds:
        raise ConfigError(
            [Problem("RISKFABRIC_WORLD", f"'{world}'", "a world pack in config/worlds", nearest(world, worlds))]
        )
    paths = {name: root / f"{name}.yaml" for name in FILES}
    paths |= {name: root / "worlds" / world / f"{name}.yaml" for name in PACK_FILES}
    paths |= {f"{TYPOLOGIES}{path.stem}": path for path in sorted((root / "typologies").glob("*.yaml"))}
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        try:
            documents[name] = read_document(path, root)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return documents


def _lay_local_crime(documents: dict[str, Document], with_numbers: bool) -> Iterator[Problem]:
    """Lay a world's own numbers over its typologies in place, and tell what it says of unknown ones.

    What is no table is left to the validation of the file.
    """
    prevalence = documents["prevalence"]
    numbers, mix = _mapping(prevalence.content.get("numbers")), _mapping(prevalence.content.get("mix"))
    known = [name.removeprefix(TYPOLOGIES) for name in documents if name.startswith(TYPOLOGIES)]
    for key, names in (("mix", _mapping(mix.get("value"))), ("numbers", numbers)):
        for name in names:
            if name not in known:
                place = f"{prevalence.place}: {key}.{name}"
                yield Problem(place, "no such typology", "a name of config/typologies", nearest(name, known))
    for name, content in numbers.items():
        if with_numbers and name in known and isinstance(content, dict):
            try:
                overlay(documents[TYPOLOGIES + name], content, f"{prevalence.place}: numbers.{name}")
            except ConfigError as error:
                yield from error.problems


def _held(scenario: str, profile: str, seed: int) -> str:
    """Name what the default home holds; the default scenario, and one with a profile of its own, are named once."""
    return f"{profile}-{seed}" if scenario in (DEFAULT_SCENARIO, profile) else f"{scenario}-{profile}-{seed}"


def _overlay_all(documents: dict[str, Document], changes: Mapping[str, object], origin: str) -> None:
    problems = list(_overlay_problems(documents, changes, origin))
    if problems:
        raise ConfigError(problems)


def _overlay_problems(documents: dict[str, Document], changes: Mapping[str, object], origin: str) -> Iterator[Problem]:
    for file, content in changes.items():
        if file == "typologies":
            inner = {f"{TYPOLOGIES}{name}": each for name, each in _mapping(content).items()}
            yield from _overlay_problems(documents, inner, origin)
        elif file not in documents:
            fix = nearest(file, list(documents))
            yield Problem(f"{origin}: {file}", "an unknown file", "a file of config/", fix)
        else:
            try:
                overlay(documents[file], _mapping(content), origin)
            except ConfigError as error:
                yield from error.problems


def _overlay_environment(documents: dict[str, Document], environ: Mapping[str, str]) -> None:
    by_upper = {name.upper(): name for name in documents if "/" not in name} | {"TYPOLOGIES": "typologies"}
    problems: list[Problem] = []
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        parts = variable.removeprefix(PREFIX).split("__")
        if len(parts) == 1 and parts[0] in RESERVED:
            continue
        if len(parts) == 1 or parts[0] not in by_upper:
            known = [*RESERVED, *(f"{name}__..." for name in by_upper)]
            problems.append(
                Problem(
                    variable,
                    "an unknown variable",
                    "RISKFABRIC_<FILE>__<KEY>",
                    nearest(variable.removeprefix(PREFIX), known),
                )
            )
            continue
        try:
            content: object = yaml.safe_load(environ[variable])
        except yaml.YAMLError:
            problems.append(Problem(variable, f"'{environ[variable]}'", "a value in YAML", "correct the syntax"))
            continue
        for part in reversed(parts[1:]):
            content = {part.lower(): content}
        problems.extend(_overlay_problems(documents, {by_upper[parts[0]]: content}, variable))
    if problems:
        raise ConfigError(problems)


def _validated(documents: dict[str, Document], known: KnownNames, found: Sequence[Problem] = ()) -> Config:
    """Return the config, or raise with every problem of every file, those `found` before included."""
    models: dict[str, type[BaseModel]] = {**FILES, **PACK_FILES}
    problems = list(found)
    valid: dict[str, BaseModel] = {}
    for name, model in models.items():
        try:
            valid[name] = validate(documents[name], model, known)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    if isinstance(events := valid["events"], EventFile):
        valid["events"] = events.of_world(known.world)
    return Config(**valid)


def _regions_and_banks(documents: dict[str, Document]) -> tuple[list[str], list[str]]:
    """Return what the pack calls its regions and banks, whether or not its files are valid."""
    names, people = documents["names"].content, documents["people"].content
    regions = {*_keys(names, "regions"), *_keys(people, "income", "region_factors", "value")}
    return sorted(regions), _keys(people, "banks", "value")


def _keys(content: object, *path: str) -> list[str]:
    for key in path:
        content = _mapping(content).get(key)
    return [str(key) for key in _mapping(content)]


def _identity(documents: dict[str, Document], world: str, seed: int, bronze_path: Path | None) -> str:
    content = {name: plain(document.content) for name, document in documents.items() if is_part_of_identity(name)}
    calendar = plain(documents["calendar"].content)
    start = calendar["start"] if isinstance(calendar, dict) else None
    own = [str(bronze_path)] if bronze_path else []
    text = json.dumps([CONTRACT_VERSION, world, seed, start, content, *own], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _seed(text: str) -> int:
    if not text.isdigit():
        raise ConfigError(
            [Problem("RISKFABRIC_SEED", f"'{text}'", "a whole number of at least 0", "write e.g. RISKFABRIC_SEED=5555")]
        )
    return int(text)


def _path(environ: Mapping[str, str], name: str, folder: Path) -> Path | None:
    text = environ.get(PREFIX + name, "")
    return (folder / Path(text).expanduser()).resolve() if text else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
