"""The dbt project on disk, and those of its macros that hold nothing of dbt: one SQL definition for dbt and Python."""

import functools
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined


def project_folder() -> Path:
    """Return the dbt project of this installation: in the wheel, else beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_dbt_project"
    return inside if inside.is_dir() else package.parent / "dbt_project"


def macro(file: str, name: str, *arguments: str) -> str:
    """Return the SQL of a macro.

    Args:
        file: File of dbt_project/macros without its ending.
        name: Macro in it.
        arguments: SQL names or expressions.
    """
    return str(getattr(_module(file), name)(*arguments))


@functools.cache
def _module(file: str) -> Any:  # Any: macros are attributes of a template's module
    text = (project_folder() / "macros" / f"{file}.sql").read_text(encoding="utf-8")
    return Environment(undefined=StrictUndefined).from_string(text).module  # noqa: S701  # SQL, not HTML
