"""What the dbt project promises to Python, checked from its files alone."""

import csv
from pathlib import Path

import pytest
import yaml

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import bronze, osm, population, reference, silver, spending, truth
from riskfabric_assets.osm import tags
from tests.gold_frames import feature_contract

PROJECT = Path(__file__).parents[2] / "dbt_project"
MARTS = (reference.MERCHANTS, reference.RESIDENTIAL, reference.FINANCIAL, reference.DISTRICTS, reference.REGIONS)
MADE_BY_DBT = {name: feature for name, feature in feature_contract().features.items() if feature.made_by == "warehouse"}
MODELS = sorted((PROJECT / "models").rglob("*.sql"))


def described(path: Path) -> dict[str, object]:
    (model,) = yaml.safe_load(path.with_suffix(".yml").read_text())["models"]
    return model


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_model_is_described_beside_it_and_short(path: Path) -> None:
    assert described(path)["name"] == path.stem
    assert described(path)["description"]
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_only_staging_reads_sources(path: Path) -> None:
    assert ("source(" in path.read_text()) == path.stem.startswith("stg_")


@pytest.mark.parametrize("table", MARTS, ids=lambda table: table.name)
def test_marts_have_the_columns_that_python_reads(table: Table) -> None:
    name = table.name.split("/")[1]
    columns = described(PROJECT / "models" / "reference" / "marts" / f"{name}.sql")["columns"]
    assert [(column["name"], column["data_type"].upper()) for column in columns] == [
        (column.name, column.type) for column in table.columns
    ]


def test_gold_payments_hold_every_feature_in_its_type() -> None:
    columns = described(PROJECT / "models" / "gold" / "payments.sql")["columns"]
    types = {column["name"]: column["data_type"].upper() for column in columns}
    wanted = {column.name: column.type for column in silver.PAYMENT_FEATURES.columns}
    wanted |= {name: feature.type for name, feature in MADE_BY_DBT.items()}
    assert {name: types.get(name) for name in wanted} == wanted


def test_gold_payments_state_the_unit_of_what_dbt_makes() -> None:
    columns = described(PROJECT / "models" / "gold" / "payments.sql")["columns"]
    texts = {column["name"]: column["description"] for column in columns}
    assert MADE_BY_DBT
    for name, feature in MADE_BY_DBT.items():
        assert not feature.unit or texts[name].endswith(f"({feature.unit})."), name


def test_sources_are_tables_of_the_lake() -> None:
    known = {table.name for table in (osm.PLACES, osm.RESIDENCES, osm.SETTLEMENTS, osm.BOUNDARIES)}
    known |= {bronze.TRANSACTIONS.name, bronze.LABELS.name, bronze.ACCOUNT_EVENTS.name, silver.PAYMENT_FEATURES.name}
    known |= {population.REMOTE_MERCHANTS.name, bronze.LABEL_EVENTS.name, truth.FRAUD.name, truth.ATTACKS.name}
    known |= {population.CUSTOMERS.name, population.ACCOUNTS.name, population.CARDS.name}
    sources = yaml.safe_load((PROJECT / "models" / "sources.yml").read_text())["sources"]
    for source in sources:
        for table in source["tables"]:
            assert table["config"]["meta"]["dagster"]["asset_key"] == [source["name"], table["name"]]
            assert source["name"] == "meta" or f"{source['name']}/{table['name']}" in known


def test_the_map_of_categories_holds_riskfabrics_hundred_kinds() -> None:
    kinds = {row["tag_value"] for row in seed("place_categories") if "RiskFabric" in row["source"]}
    assert len(kinds) == 100


def test_every_category_has_kinds_and_names_to_invent() -> None:
    categories = set(bronze.MERCHANT_CATEGORIES) - {"CASH", "TRANSFER"}
    assert {row["merchant_category"] for row in seed("place_categories")} == categories
    assert {row["merchant_category"] for row in seed("merchant_name_patterns")} == categories


def test_a_kind_of_shop_has_one_code_whatever_the_tag_that_names_it() -> None:
    codes: dict[str, set[str]] = {}
    for row in seed("place_categories"):
        codes.setdefault(row["tag_value"], set()).add(row["merchant_category_code"])
        assert 742 <= int(row["merchant_category_code"]) <= 9999, row
    assert not {value: found for value, found in codes.items() if len(found) > 1}


@pytest.mark.parametrize(
    ("kind", "code", "group"),
    [
        ("fast_food", 5814, "fast_food"),
        ("restaurant", 5812, "restaurant"),
        ("bakery", 5462, "bakery_and_dairy"),
        ("pharmacy", 5912, "pharmacy"),
        ("fuel", 5541, "fuel"),
        ("taxi", 4121, "transport"),
        ("bus_station", 4131, "transport"),
        ("kiosk", 5993, "tobacco"),
        ("hospital", 8062, "health"),
        ("veterinary", 742, "health"),
        ("hotel", 7011, "travel"),
        ("electronics", 5732, "electronics"),
        ("hairdresser", 7230, "services"),
        ("religion", 8661, "charity"),
        ("general", 5399, "small_retail"),
    ],
)
def test_shops_carry_the_code_of_their_kind_and_so_its_group(kind: str, code: int, group: str) -> None:
    found = {int(row["merchant_category_code"]) for row in seed("place_categories") if row["tag_value"] == kind}
    assert found == {code}
    assert code in spending.GROUP_CODES[group]


def test_no_alias_stands_for_two_regions() -> None:
    rows = seed("region_aliases")
    assert len({(row["world"], row["alias"].casefold()) for row in rows}) == len(rows)


def test_the_map_of_categories_names_only_tags_that_are_extracted() -> None:
    kept = dict(tags.RULES)
    for row in seed("place_categories"):
        values = kept[row["tag_key"]]
        assert values is None or row["tag_value"] in values, row
