"""The table of RiskFabric's keys is whole, points at keys that exist, and the page shows it."""

import pathlib
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "scripts"))

import riskfabric_keys  # noqa: E402  the folder must be on the path first

ROWS = riskfabric_keys.read_rows()
FILES = (
    "fraud_rules.yaml",
    "fraud_tuning.yaml",
    "customer_config.yaml",
    "transaction_config.yaml",
    "product_catalog.yaml",
)
VARIABLES = ("RISKFABRIC_SEED", "RISKFABRIC_WORLD", "RISKFABRIC_PROFILE")


def has_key(successor: str) -> bool:
    """Tell whether `file: key.path` exists; `<world>` and `<name>` stand for any folder or file."""
    file, _, path = successor.partition(": ")
    files = sorted((ROOT / "config").glob(file.replace("<world>", "india")))
    if not path:
        return bool(files)
    return any(_walk(yaml.safe_load(found.read_text(encoding="utf-8")), path.split(".")) for found in files)


def _walk(node: object, parts: list[str]) -> bool:
    for part in parts:
        if isinstance(node, dict) and "value" in node and part not in node:
            node = node["value"]
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_the_source_is_covered(file: str) -> None:
    assert [row.key for row in ROWS if row.file == file]


def test_no_key_is_listed_twice() -> None:
    names = [(row.file, row.key) for row in ROWS]
    assert sorted(set(names)) == sorted(names)


def test_every_key_has_a_successor_or_a_reason() -> None:
    assert [f"{row.file}: {row.key}" for row in ROWS if not row.successor and not row.reason] == []


def test_every_successor_exists() -> None:
    successors = {row.successor for row in ROWS if row.successor and row.successor not in VARIABLES}
    assert sorted(successor for successor in successors if not has_key(successor)) == []


def test_a_key_that_does_not_exist_is_noticed() -> None:
    assert not has_key("calendar.yaml: no_such_key")
    assert not has_key("no_such_file.yaml")


def test_the_page_shows_the_table_as_it_is() -> None:
    assert riskfabric_keys.PAGE.read_text(encoding="utf-8") == riskfabric_keys.page(ROWS)
