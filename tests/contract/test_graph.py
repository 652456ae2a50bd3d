"""What holds for every asset of the one graph: how it is run, what it says, and that truth stays apart."""

import pathlib
import re

import dagster as dg
import pytest

from riskfabric_assets.assets.assembly import assemble
from riskfabric_assets.foundation.tables import LAKE_TABLES, TABLES
from riskfabric_assets.packs.settings import resolve

ROOT = pathlib.Path(__file__).parents[2]
SECRET = {table.name for table in LAKE_TABLES if table.is_truth}
BANK_LAYERS = ("silver", "gold", "model", "serving")
MAY_READ_TRUTH = {
    "gold/evaluation_metadata",
    "model/evaluation",
    "realism/scorecard",
    "realism/profiles",
    "serving/replay_parity",
}
ANSWERS_IN_GOLD = {
    "gold/evaluation_metadata": {"gold/noisy_labels", "gold/typology_daily"},
    "gold/noisy_labels": set(),
    "gold/typology_daily": set(),
}
"""Tables of gold that tell the truth, and who may read them: nothing that trains or scores."""
STAGED_TRUTH = ("stg_fraud", "stg_attacks")
"""The models of dbt that read the answer key, for gold/evaluation_metadata alone."""
BANK_VISIBLE = {table.name for table in LAKE_TABLES if table.layer in ("bronze", "population")} - SECRET
pytestmark = pytest.mark.xdist_group("graph")


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    home = tmp_path_factory.mktemp("graph") / "home"
    return assemble(resolve({"RISKFABRIC_HOME": str(home), "RISKFABRIC_PROFILE": "tiny"}, ROOT))


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


def name_of(key):
    return key.to_user_string()


def test_the_code_location_loads_whole(definitions):
    definitions.get_repository_def().load_all_definitions()


def test_the_lineage_leads_from_the_map_to_the_model(graph):
    def ancestors(name):
        found, waiting = set(), [dg.AssetKey(name.split("/"))]
        while waiting:
            parents = graph.get(waiting.pop()).parent_keys - found
            found |= parents
            waiting += parents
        return {name_of(key) for key in found}

    road = ["osm/places", "reference/merchants", "population/cards", "bronze/transactions", "silver/payment_features"]
    assert {*road, "gold/payments", "model/fraud_classifier"} <= ancestors("model/report")


def test_own_payments_take_the_place_of_the_whole_simulator(tmp_path):
    variables = {"RISKFABRIC_HOME": str(tmp_path / "home"), "RISKFABRIC_BRONZE_PATH": str(tmp_path)}
    definitions = assemble(resolve(variables, ROOT))
    definitions.get_repository_def().load_all_definitions()
    graph = definitions.resolve_asset_graph()
    made = {name_of(key) for key in graph.materializable_asset_keys}
    assert {"bronze/transactions", "silver/payment_features", "gold/payments", "model/report"} <= made
    layers = {name.split("/")[0] for name in made - {"reference/merchants", "reference/financial"}}
    assert layers == {"bronze", "silver", "gold", "model", "serving"}
    assert not made & set(ANSWERS_IN_GOLD)
    assert graph.get(dg.AssetKey(["bronze", "transactions"])).parent_keys == set()


def test_every_table_that_python_writes_is_an_asset(graph):
    names = {name_of(key) for key in graph.get_all_asset_keys()}
    assert {table.name for table in TABLES.values()} <= names


def test_every_asset_runs_a_range_of_partitions_in_one_run(graph):
    others = [
        name_of(key)
        for key in graph.materializable_asset_keys
        if graph.get(key).backfill_policy != dg.BackfillPolicy.single_run()
    ]
    assert not others


def test_every_asset_stands_in_the_group_of_its_layer_and_says_what_it_is(graph):
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name == key.path[0], key
        assert node.description, key
        assert node.kinds, key


def test_every_python_asset_carries_a_code_version(graph):
    without = [
        name_of(key)
        for key in graph.materializable_asset_keys
        if "dbt" not in graph.get(key).kinds and not graph.get(key).code_version
    ]
    assert not without


def test_the_daily_schedule_is_stopped_by_default(definitions):
    schedule = definitions.resolve_schedule_def("advance_one_day_schedule")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_nothing_of_the_bank_descends_from_truth_except_what_may(graph):
    """Walk up from every bank asset; the walk ends at what a bank sees, and must never meet a secret table."""
    for key in graph.get_all_asset_keys():
        name = name_of(key)
        if key.path[0] not in BANK_LAYERS or name in MAY_READ_TRUTH or name in ANSWERS_IN_GOLD:
            continue
        seen, waiting = set(), [key]
        while waiting:
            for parent in graph.get(waiting.pop()).parent_keys:
                parent_name = name_of(parent)
                assert parent_name not in SECRET | set(ANSWERS_IN_GOLD), f"{name} reads {parent_name}"
                if parent_name in BANK_VISIBLE or parent_name in MAY_READ_TRUTH or parent in seen:
                    continue
                assert parent.path[0] in (*BANK_LAYERS, "reference", "osm", "meta"), f"{name} reads {parent_name}"
                seen.add(parent)
                waiting.append(parent)


@pytest.mark.parametrize("name", ANSWERS_IN_GOLD)
def test_answers_in_gold_are_read_by_nothing_that_trains_or_scores(graph, name):
    key = dg.AssetKey(name.split("/"))
    assert {name_of(child) for child in graph.get(key).child_keys} == ANSWERS_IN_GOLD[name]


def test_nothing_reads_the_reports_that_tell_the_truth(graph):
    readers = [
        name_of(key)
        for key in graph.get_all_asset_keys()
        if any(parent.path[0] == "reports" for parent in graph.get(key).parent_keys)
    ]
    assert not readers


@pytest.mark.parametrize("path", sorted((ROOT / "dbt_project" / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_no_model_of_dbt_names_a_secret_table(path):
    text = path.read_text()
    names_one = re.search(r"source\(\s*['\"](truth|plan)['\"]|['\"]traits['\"]", text)
    assert bool(names_one) == (path.stem in STAGED_TRUTH)
    for staged in STAGED_TRUTH:
        assert (staged in text) == (path.stem == "evaluation_metadata")


def test_asset_bodies_stay_short():
    """An asset fetches, calls one room, reports: at most fifteen lines."""
    for path in (ROOT / "riskfabric_assets" / "assets").glob("*.py"):
        for body in re.findall(r"(?ms)^    def (\w+)\([^\n]*\n(.*?)(?=^    \S|^\S|\Z)", path.read_text()):
            lines = [line for line in body[1].splitlines() if line.strip()]
            assert len(lines) <= 18, f"{path.name}: {body[0]} has {len(lines)} lines"
