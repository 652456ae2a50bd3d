"""The command-line reference, from the Typer application itself."""

import markup
import typer

from riskfabric_assets.cli import app

INTRODUCTION = """\
`riskfabric` works from any directory. The world, profile, seed and home come from `RISKFABRIC_WORLD`,
`RISKFABRIC_PROFILE`, `RISKFABRIC_SEED` and `RISKFABRIC_HOME`; without them it makes the `demo` profile of `india`."""


def page() -> str:
    """Return one section for each command, with its arguments and options."""
    root = typer.main.get_command(app)
    return markup.page("Command line", INTRODUCTION, *_sections("riskfabric", root))


def _sections(name: str, command: object) -> list[str]:
    children = getattr(command, "commands", {})
    own = _section(name, command, len(name.split()))
    return [own, *[part for key in children for part in _sections(f"{name} {key}", children[key])]]


def _section(name: str, command: object, depth: int) -> str:
    text = str(getattr(command, "help", "") or "").strip()
    rows = [_parameter(parameter) for parameter in getattr(command, "params", []) if parameter.name != "help"]
    options = markup.table(("Option", "Default", "Meaning"), rows) if rows else ""
    return "\n\n".join(part for part in (f"{'#' * min(depth + 1, 4)} {name}", text, options) if part)


def _parameter(parameter: object) -> tuple[str, str, str]:
    is_argument = getattr(parameter, "param_type_name", "") == "argument"
    spellings = [*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())]
    name = str(getattr(parameter, "name", "")).upper() if is_argument else " / ".join(spellings)
    default = getattr(parameter, "default", None)
    shown = "" if default is None or callable(default) else str(default)
    return markup.code(name), markup.code(shown), str(getattr(parameter, "help", "") or "")
