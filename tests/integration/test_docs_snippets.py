"""Snippets of the documentation that are marked `<!-- test -->` run as they stand."""

import dataclasses
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
import yaml

from riskfabric_assets.features.state import STATE
from riskfabric_assets.foundation import jit
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.event_fields import KnownNames
from riskfabric_assets.packs.events import EventFile
from riskfabric_assets.packs.features import Feature
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve
from riskfabric_assets.packs.validation import validate
from riskfabric_assets.simulation.events import month_events
from riskfabric_assets.world.clock import month_clock

ROOT = pathlib.Path(__file__).parents[2]
MARKED = re.compile(r"^<!-- test -->\n+```(?P<language>\w+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
LANGUAGES = ("bash", "python", "yaml")


@dataclasses.dataclass(frozen=True)
class Snippet:
    """One marked block of code."""

    page: str
    line: int
    language: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def read_snippets(path: pathlib.Path) -> list[Snippet]:
    """Return the marked blocks of a page."""
    text = path.read_text(encoding="utf-8")
    page = str(path.relative_to(ROOT))
    return [
        Snippet(page, text.count("\n", 0, match.start("code")), match["language"], match["code"])
        for match in MARKED.finditer(text)
    ]


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SNIPPETS = [snippet for page in PAGES for snippet in read_snippets(page)]


@pytest.fixture(autouse=True)
def _kernels_of_pages_are_no_part_of_the_compiled_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have no file that the cache could be named after."""
    monkeypatch.setattr(jit, "_kernels", list(jit._kernels))


def of(language: str) -> pytest.MarkDecorator:
    """Parametrize a test over the snippets of one language."""
    chosen = [snippet for snippet in SNIPPETS if snippet.language == language]
    return pytest.mark.parametrize("snippet", chosen, ids=[snippet.name for snippet in chosen])


def test_every_mark_stands_before_a_block_that_can_run() -> None:
    marks = sum(page.read_text(encoding="utf-8").count("<!-- test -->") for page in PAGES)
    assert marks == len([snippet for snippet in SNIPPETS if snippet.language in LANGUAGES])
    assert marks > 0


@of("python")
def test_python_snippet_runs(snippet: Snippet, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet.code, snippet.name, "exec"), {"__name__": "snippet"})  # noqa: S102  our own documentation


@of("bash")
def test_shell_snippet_runs(snippet: Snippet, tmp_path: pathlib.Path) -> None:
    tools = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": tools, "RISKFABRIC_HOME": str(tmp_path / "home"), "RISKFABRIC_PROFILE": "tiny"}
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", snippet.code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_typology_of_the_how_to_has_valid_parameters() -> None:
    page = [snippet for snippet in SNIPPETS if snippet.page.endswith("add_a_typology.md")]
    code, values = (next(each.code for each in page if each.language == language) for language in ("python", "yaml"))
    module: dict[str, object] = {"__name__": "refund_scam"}
    exec(compile(code, "refund_scam.py", "exec"), module)  # noqa: S102  our own documentation
    params = validate(Document("config/typologies/refund_scam.yaml", yaml.safe_load(values)), module["Params"])
    assert {"plan", "inject", "FLAGS", "INJECTOR_VERSION"} <= set(module)
    assert params.expected_steps == pytest.approx(2.1)


def test_the_feature_of_the_page_is_valid_and_equals_its_oracle() -> None:
    page = [snippet for snippet in SNIPPETS if snippet.page.endswith("explanation/features.md")]
    code, values = (next(each.code for each in page if each.language == language) for language in ("python", "yaml"))
    ((name, entry),) = yaml.safe_load(values).items()
    assert validate(Document("config/features.yaml", entry), Feature).made_by == "fold"
    module: dict[str, object] = {"__name__": "repeated_amount"}
    exec(compile(code, "repeated_amount.py", "exec"), module)  # noqa: S102  our own documentation
    states, history = np.zeros(1, dtype=STATE), []
    for amount in (5, 5, 7, 5, 5):
        row = {"amount_minor": amount}
        assert bool(module[name](states[0], amount)) == module[f"{name}_oracle"](history, row, None)
        states["last_amount_minor"], states["count_payments"] = amount, len(history) + 1
        history.append(row)


def test_the_event_of_the_explanation_is_valid_and_happens() -> None:
    (values,) = [each.code for each in SNIPPETS if each.page.endswith("events.md") and each.language == "yaml"]
    root = packaged_config()
    document = read_document(root / "events.yaml", root)
    document.content["events"] = yaml.safe_load(values)
    config = resolve({}, pathlib.Path("nowhere")).config
    known = KnownNames("india", known_worlds(root), list(config.names.regions), list(config.people.banks))
    events = validate(document, EventFile, known).of_world("india")
    clock = month_clock(config.world.timezone, "2025-08")
    month = month_events(events, clock, np.array([4, 9]), ["Assam", "Kerala"], known.banks, Streams(1))
    assert month.areas.tolist() == [0, 1]
    assert np.flatnonzero(~np.isclose(month.volume[:, 0], month.volume[:, 1])).tolist() == [21, 22, 23]
