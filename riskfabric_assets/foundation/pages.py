"""Pages for people: one way to fill templates, to take in style sheets and to set pictures into a page."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def templates_of(folder: Path, **filters: Callable[..., object]) -> Environment:
    """Return the templates of a folder with filters by name: texts are escaped, a name not given is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment


def style(*sheets: Path) -> Markup:
    """Return style sheets of the package, to stand in the page itself."""
    return Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets))  # noqa: S704  # our own


def pictures(drawn: Mapping[str, str]) -> dict[str, Markup]:
    """Return SVG drawn by this package, by name, as parts of a page; texts in it are escaped where it is drawn."""
    return {name: Markup(picture) for name, picture in drawn.items()}  # noqa: S704  # escaped, as said
