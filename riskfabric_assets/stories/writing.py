"""Puts pages into a home: all that belong there, and none of an earlier run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from riskfabric_assets.stories.pages import Home
from riskfabric_assets.warehouse.parquet import atomic_path
from riskfabric_assets.warehouse.run import Run

FOLDER: Final = "typologies"
INDEX: Final = "index.html"


def home_of(run: Run) -> Home:
    """Return what pages say about the home."""
    settings = run.settings
    world = settings.config.world
    return Home(world.title, world.country_code, settings.profile, settings.scenario, settings.seed, settings.identity)


def write_pages(run: Run, pages: Mapping[str, str]) -> Path:
    """Write pages by file name into the reports of the home, remove others, and return the index."""
    folder = run.home.reports / FOLDER
    for name, text in pages.items():
        with atomic_path(folder / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    for path in folder.glob("*.html"):
        if path.name not in pages:
            path.unlink()
    return folder / INDEX
