"""The data dictionary: every table contract of the package, and every model that dbt describes."""

import dataclasses
import pathlib

import markup
import yaml

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.tables import TABLES

MODELS = pathlib.Path(__file__).parents[2] / "dbt_project" / "models"

INTRODUCTION = """\
Every table, in the order in which it is made. The name of a table is its Dagster asset key, its path in the lake and,
with a dot in place of the slash, its name in SQL. Money is in minor units of `currency_code`; timestamps are naive UTC
with microseconds; `event_date` is the business day of the world's time zone."""

LAYERS = {
    "osm": "What comes out of the map extract.",
    "reference": "Places with their area, category and base risk; made by dbt from the map.",
    "population": "People and what they own. `population/traits` is latent: no bank sees it.",
    "plan": "Who will be attacked, when and how. Not visible to the bank.",
    "bronze": "What the bank's systems record.",
    "truth": "Why a payment is fraudulent. The answer key; only the evaluation reads it.",
    "realism": "How believable the ledger is, figure by figure. Not visible to the bank.",
    "silver": "Point-in-time features, reputations and states.",
    "gold": "The master table and marts for people and tools.",
    "model": "What the model said, and how good it was.",
    "serving": "What the real-time scorer keeps and proves.",
}


@dataclasses.dataclass(frozen=True)
class Model:
    """A table that dbt makes, as its `.yml` file describes it."""

    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]

    @property
    def layer(self) -> str:
        """The schema: the part before the slash."""
        return self.name.split("/")[0]


def page() -> str:
    """Return the data dictionary, one section for each layer and one heading for each table."""
    models = [model for model in read_models(MODELS) if model.name not in TABLES]
    parts = [INTRODUCTION]
    for layer, intent in LAYERS.items():
        contracts = [table for table in TABLES.values() if table.layer == layer]
        described = [model for model in models if model.layer == layer]
        if contracts or described:
            parts += [f"## {layer}", intent, *map(_contract, contracts), *map(_model, described)]
    return markup.page("Data dictionary", *parts)


def read_models(folder: pathlib.Path) -> list[Model]:
    """Read the models that users open (not staging, not intermediate) from dbt's property files."""
    models = []
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        layer = path.relative_to(folder).parts[0]
        for entry in content.get("models") or []:
            if not entry["name"].startswith(("stg_", "int_")):
                models.append(_read_model(layer, entry))
    return models


def _read_model(layer: str, entry: dict[str, object]) -> Model:
    columns = entry.get("columns") or []
    rows = tuple(
        (str(column["name"]), str(column.get("data_type", "")).upper(), str(column.get("description", "")))
        for column in columns  # type: ignore[attr-defined]  # parsed YAML
    )
    return Model(f"{layer}/{entry['name']}", str(entry.get("description", "")), rows)


def _contract(table: Table) -> str:
    facts = f"{table.grain}. Key: {', '.join(map(markup.code, table.key))}."
    facts += " One Parquet file per month." if table.is_monthly else ""
    facts += " **Not visible to the bank.**" if table.is_truth else ""
    rows = [(markup.code(column.name), column.type, column.unit, _meaning(column)) for column in table.columns]
    return f"### {table.name}\n\n{facts}\n\n" + markup.table(("Column", "Type", "Unit", "Meaning"), rows)


def _meaning(column: Column) -> str:
    values = ": " + ", ".join(map(markup.code, column.values)) if column.values else ""
    return column.description + values + ("; may be null" if column.is_nullable else "")


def _model(model: Model) -> str:
    rows = [(markup.code(name), kind, meaning) for name, kind, meaning in model.columns]
    return f"### {model.name}\n\n{model.description}\n\n" + markup.table(("Column", "Type", "Meaning"), rows)
