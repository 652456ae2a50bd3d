"""The generated reference pages leave out no table, feature, config file or command."""

import pathlib
import re
import sys

import pytest
import yaml

from riskfabric_assets.exports.registry import discover
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.packs.provenance import total_provenance
from riskfabric_assets.packs.settings import known_worlds
from riskfabric_assets.realism.catalogue import CHECKS

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "scripts"))

import command_line  # noqa: E402  the folder must be on the path first
import configuration  # noqa: E402
import data_dictionary  # noqa: E402
import event_list  # noqa: E402
import export_formats  # noqa: E402
import feature_list  # noqa: E402
import markup  # noqa: E402
import realism_checks  # noqa: E402
import world_packs  # noqa: E402


def test_every_realism_check_and_figure_is_on_the_page() -> None:
    page = realism_checks.page()
    for check in CHECKS:
        assert f"| {check.id} {check.title} |" in page
        assert all(f"`{measure.name}`" in page for measure in check.measures)


@pytest.fixture(scope="module")
def dictionary() -> str:
    return data_dictionary.page()


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_table_is_in_the_dictionary_with_all_its_columns(table: Table, dictionary: str) -> None:
    section = dictionary.split(f"### {table.name}\n", 1)[1].split("\n### ", 1)[0]
    assert [column.name for column in table.columns if f"| `{column.name}` |" not in section] == []


def test_every_layer_has_an_introduction() -> None:
    assert {table.layer for table in TABLES.values()} <= set(data_dictionary.LAYERS)


def test_every_export_format_is_on_the_page_with_all_its_columns() -> None:
    page = export_formats.page()
    for name, form in discover().items():
        section = page.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
        assert all(f"| `{option}` |" in section for option in form.Options.model_fields)
        assert [column for sheet in form.SHEETS for column in sheet.names if f"| `{column}` |" not in section] == []


def test_every_feature_is_on_the_page() -> None:
    page = feature_list.page()
    names = [str(feature["name"]) for feature in feature_list.read_features(feature_list.CONTRACT)]
    assert names
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_every_config_file_is_on_the_page() -> None:
    page = configuration.page()
    files = [str(path.relative_to(configuration.CONFIG)) for path in configuration.CONFIG.rglob("*.yaml")]
    assert [file for file in files if f"\n## {file}\n" not in page] == []


def test_every_event_is_on_the_page_under_its_worlds() -> None:
    page = event_list.page()
    events = yaml.safe_load((configuration.CONFIG / "events.yaml").read_text(encoding="utf-8"))["events"]
    for event in events.values():
        for world in event["worlds"]:
            section = page.split(f"\n## {world}\n", 1)[1].split("\n## ", 1)[0]
            assert f"| {event['title']} | {event['kind']} |" in section


def test_a_quantity_is_one_row_with_unit_and_source() -> None:
    content = {"ticket": {"median": {"value": 640, "unit": "INR", "source": "assumed"}}}
    assert list(configuration.leaves(content)) == [("ticket.median", "640", "INR", "assumed")]


def test_a_long_list_is_shortened_and_counted() -> None:
    assert configuration.short(list(range(24))) == "0, 1, 2, 3 ... (24 entries)"


def test_a_pipe_does_not_end_a_table_cell() -> None:
    assert markup.table(("A",), [("x | y\nz",)]).splitlines()[-1] == "| x \\| y z |"


def test_every_command_is_on_the_page() -> None:
    page = command_line.page()
    names = [command.name or command.callback.__name__ for command in command_line.app.registered_commands]
    assert names
    assert [name for name in names if f" {name.replace('_', '-')}\n" not in page] == []


def test_every_world_is_on_the_page_with_its_share_of_assumptions() -> None:
    page = world_packs.page()
    for world in known_worlds(configuration.CONFIG):
        total = total_provenance(configuration.CONFIG, world)
        shares = rf"\| {total.assumed_share:.0%} \| {total.partly_share:.0%} \|"
        assert re.search(rf"\| `{world}` \|.*{shares}", page)
