"""The coverage page is whole and names only rooms and tests that exist."""

import ast
import dataclasses
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
STATUSES = ("done", "partly", "not yet")
COUNTS = {"Required behavior": 92, "Preferences": 46}
PLANNED_ROOMS = (
    "foundation", "packs", "warehouse", "osm", "world", "population", "simulation", "typologies", "labels",
    "ledger", "features", "learning", "serving", "exports", "assets",
)  # fmt: skip
OTHER_ROOMS = {
    "cli": "riskfabric_assets/cli.py",
    "dbt_project": "dbt_project",
    "config": "config",
    "bench": "bench",
    "docs": "docs",
    "tests": "tests",
    "deployment": "docker-compose.yml",
}


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of one of the two tables."""

    section: str
    number: int
    topic: str
    behavior: str
    room: str
    status: str
    proofs: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.section} {self.number}"


def read_rows(text: str) -> list[Row]:
    """Read the rows below every `## ` heading."""
    rows = []
    for part in text.split("\n## ")[1:]:
        section = part.splitlines()[0].strip()
        for line in part.splitlines():
            if re.match(r"\| \d+ \|", line):
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                number, topic, behavior, room, status, proof = cells
                proofs = tuple(re.findall(r"`([^`]+)`", proof))
                rows.append(Row(section, int(number), topic, behavior, room.strip("`"), status, proofs))
    return rows


ROWS = read_rows(PAGE.read_text(encoding="utf-8"))


def names_in(path: pathlib.Path) -> set[str]:
    """Return the names of the test functions of a file, those in classes included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


@pytest.mark.parametrize(("section", "count"), COUNTS.items())
def test_every_row_is_listed_once_and_in_order(section: str, count: int) -> None:
    assert [row.number for row in ROWS if row.section == section] == list(range(1, count + 1))


def test_every_row_says_what_is_required() -> None:
    assert [row.name for row in ROWS if not row.topic or not row.behavior] == []


def test_every_status_is_one_of_three() -> None:
    assert {row.name: row.status for row in ROWS if row.status not in STATUSES} == {}


def test_every_row_has_a_room_of_the_house() -> None:
    assert {row.name: row.room for row in ROWS if row.room not in (*PLANNED_ROOMS, *OTHER_ROOMS)} == {}


def test_a_room_that_delivers_something_exists() -> None:
    rooms = {row.room for row in ROWS if row.status != "not yet"}
    paths = {room: OTHER_ROOMS.get(room, f"riskfabric_assets/{room}") for room in rooms}
    assert [room for room, path in paths.items() if not (ROOT / path).exists()] == []


def test_no_row_is_done_without_a_proof() -> None:
    assert [row.name for row in ROWS if row.status in ("done", "partly") and not row.proofs] == []


def test_every_named_test_exists() -> None:
    missing = []
    for row in ROWS:
        for proof in row.proofs:
            path, _, name = proof.partition("::")
            if not (ROOT / path).is_file() or name not in names_in(ROOT / path):
                missing.append(f"{row.name}: {proof}")
    assert missing == []
