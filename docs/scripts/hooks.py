"""MkDocs hooks: make the reference pages from the code while the site is built, so that they cannot go stale."""

import pathlib
import re
import sys
from collections.abc import Callable

SCRIPTS = pathlib.Path(__file__).parent
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS.parents[1])]

import command_line  # noqa: E402  the folder must be on the path first
import configuration  # noqa: E402
import data_dictionary  # noqa: E402
import event_list  # noqa: E402
import export_formats  # noqa: E402
import feature_list  # noqa: E402
import realism_checks  # noqa: E402
import realism_results  # noqa: E402
import world_packs  # noqa: E402
from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402
from mkdocs.structure.pages import Page  # noqa: E402

PAGES: dict[str, Callable[[], str]] = {
    "reference/data_dictionary.md": data_dictionary.page,
    "reference/features.md": feature_list.page,
    "reference/events.md": event_list.page,
    "reference/configuration.md": configuration.page,
    "reference/export_formats.md": export_formats.page,
    "reference/command_line.md": command_line.page,
    "reference/realism_checks.md": realism_checks.page,
    "reference/realism_results.md": realism_results.page,
    "reference/worlds.md": world_packs.page,
}
FIGURE = re.compile(r'<p><img alt="(?P<alt>[^"]*)" src="\.\./images/(?P<path>honest_life/\w+\.svg)" ?/?></p>')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to the site; nothing is written into the tree."""
    for uri, make in PAGES.items():
        files.append(File.generated(config, uri, content=make()))
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put figures into the page itself, so that their text and axes take the color of the theme."""
    return FIGURE.sub(lambda match: _inline(pathlib.Path(config.docs_dir), match), html)


def _inline(docs: pathlib.Path, match: re.Match[str]) -> str:
    figure = (docs / "images" / match["path"]).read_text(encoding="utf-8").strip()
    return f"<figure>{figure}<figcaption>{match['alt']}</figcaption></figure>"
