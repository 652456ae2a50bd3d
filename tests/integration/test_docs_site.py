"""The site builds without a warning and loads nothing from the network."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LOADED = re.compile(
    r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)", re.IGNORECASE
)
IMPORTED = re.compile(r"(?:@import|url\()\s*[\"']?((?:https?:)?//[^\"')]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_no_page_loads_anything_from_the_network(site: pathlib.Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    assert {str(page): found for page in pages if (found := LOADED.findall(page.read_text(encoding="utf-8")))} == {}


def test_no_style_sheet_loads_anything_from_the_network(site: pathlib.Path) -> None:
    sheets = list(site.rglob("*.css"))
    assert sheets
    assert {
        str(sheet): found for sheet in sheets if (found := IMPORTED.findall(sheet.read_text(encoding="utf-8")))
    } == {}


def test_scripts_and_tables_are_not_published(site: pathlib.Path) -> None:
    assert [path.name for path in site.iterdir() if path.name in ("scripts", "tables")] == []


def test_generated_pages_are_part_of_the_site(site: pathlib.Path) -> None:
    generated = ("data_dictionary", "features", "configuration", "command_line", "riskfabric_keys")
    assert [name for name in generated if not (site / "reference" / f"{name}.html").is_file()] == []
