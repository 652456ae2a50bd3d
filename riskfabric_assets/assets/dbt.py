"""The one module that holds the dbt project: manifest, translator and the two groups of dbt assets."""

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType
from packaging.version import Version
from sqlglot.errors import SqlglotError

from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.foundation.errors import RiskFabricError
from riskfabric_assets.foundation.units import first_day, next_month
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.lineage import TableColumn, column_sources, read_schema
from riskfabric_assets.warehouse.macros import project_folder
from riskfabric_assets.warehouse.run import Run
from riskfabric_assets.warehouse.summary import summarize

PROJECT: Final = "riskfabric"
MANIFEST: Final = "manifest.json"
SOURCES: Final = ("*.sql", "*.yml", "*.csv", "*.md")
ANSWERS: Final = "tag:answers"
NO_TABLES: Final = ""


def dbt_executable() -> str:
    """Return the dbt beside this Python, whatever PATH says."""
    return str(Path(sys.executable).parent / "dbt")


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that profiles.yml and dbt itself read; all paths lie in the home."""
    home = Home(settings.home)
    return {
        "DBT_RISKFABRIC_WAREHOUSE": str(home.warehouse),
        "DBT_RISKFABRIC_MEMORY": f"{settings.config.engine.memory_mb}MB",
        "DBT_RISKFABRIC_SPILL": str(home.cache / "duckdb"),
        "DBT_TARGET_PATH": str(_target(settings)),
        "DBT_LOG_PATH": str(home.cache / "dbt" / "logs"),
        "DO_NOT_TRACK": "1",
    }


def manifest_of(settings: Settings) -> Path:
    """Return the manifest, parsing the project first when its files have changed since.

    Raises:
        RiskFabricError: dbt cannot parse the project; carries dbt's own words.
    """
    manifest = _target(settings) / MANIFEST
    if not manifest.exists():
        manifest.parent.mkdir(parents=True, exist_ok=True)
        folder = str(project_folder())
        command = [dbt_executable(), "--quiet", "parse", "--project-dir", folder, "--profiles-dir", folder]
        environment = {**os.environ, **dbt_environment(settings)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # our own dbt
        if done.returncode or not manifest.exists():
            raise RiskFabricError(f"dbt cannot parse {folder}\n{done.stdout}{done.stderr}")
    return manifest


def column_texts(settings: Settings, model: str) -> dict[str, str]:
    """Return what the project says of each column of a model."""
    manifest = json.loads(manifest_of(settings).read_text(encoding="utf-8"))
    columns = manifest["nodes"][f"model.{PROJECT}.{model}"]["columns"]
    return {name: str(column["description"]) for name, column in columns.items()}


def project_hash() -> str:
    """Hash every file of the dbt project that dbt reads; 12 hexadecimal digits."""
    digest = hashlib.sha256()
    folder = project_folder()
    for path in sorted(path for pattern in SOURCES for path in folder.rglob(pattern)):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _target(settings: Settings) -> Path:
    return Home(settings.home).cache / "dbt" / project_hash()


class Translator(DagsterDbtTranslator):
    """Asset key = schema and name = table; the group is the layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Name a model or seed by schema and table; a source by the key in its metadata."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group by layer."""
        return str(dbt_resource_props["schema"])


class InstalledDbt(DbtCliResource):
    """dbt beside this Python, started without two detours that cost 12 CPU-seconds a run.

    dagster-dbt asks `dbt --version` in a process of its own, which the installed package knows as well, and builds
    a dbt adapter inside Dagster's process, which only its `fetch_*` methods use: rows are counted here instead.
    """

    @functools.cached_property
    def _cli_version(self) -> Version:
        return Version(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, _args: Sequence[str]) -> None:  # type: ignore[override]  # an optional part
        return None


def dbt_resource(settings: Settings) -> DbtCliResource:
    """Return dbt as a Dagster resource."""
    os.environ.update(dbt_environment(settings))
    folder = str(project_folder())
    return InstalledDbt(project_dir=folder, profiles_dir=folder, dbt_executable=dbt_executable())


def reference_assets(settings: Settings) -> dg.AssetsDefinition:
    """Return the dbt models that turn the map into merchants, homes, districts and regions."""

    @dbt_assets(
        manifest=manifest_of(settings),
        select="tag:reference",
        name="dbt_reference",
        dagster_dbt_translator=_translator(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="duckdb",
    )
    def dbt_reference(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, run: RunResource
    ) -> Iterator[DbtDagsterEventType]:
        """Build the reference marts."""
        yield from _build(context, dbt, run, settings)

    return dbt_reference


def gold_assets(
    settings: Settings, months: dg.MonthlyPartitionsDefinition, *, is_synthetic: bool = True
) -> dg.AssetsDefinition:
    """Return the dbt models that join a month of payments, features and labels into the master table.

    Payments of a team's own have no truth, and so no table that compares with it.
    """

    @dbt_assets(
        manifest=manifest_of(settings),
        select="tag:gold",
        exclude=NO_TABLES if is_synthetic else ANSWERS,
        name="dbt_gold",
        dagster_dbt_translator=_translator(),
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="duckdb",
    )
    def dbt_gold(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, run: RunResource
    ) -> Iterator[DbtDagsterEventType]:
        """Build the gold tables of the months asked for."""
        keys = sorted(context.partition_keys)
        run.set_build_window(keys, first_day(keys[0]), first_day(next_month(keys[-1])))
        yield from _build(context, dbt, run, settings)

    return dbt_gold


def _build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, run: Run, settings: Settings
) -> Iterator[DbtDagsterEventType]:
    """Run `dbt build` of the selected models, then add what each table holds: dbt's process has to let go first."""
    command = ["build", "--exclude-resource-type", "unit_test"]
    events = list(dbt.cli(command, context=context, target_path=_target(settings)).stream())
    rows, lineage = summarize(settings).rows, _lineage(run, settings)
    for event in events:
        if isinstance(event, dg.Output):
            name = "/".join(context.asset_key_for_output(event.output_name).path)
            facts = {"dagster/row_count": rows.get(name), "dagster/column_lineage": lineage.get(name)}
            yield event.with_metadata(
                {**event.metadata, **{key: each for key, each in facts.items() if each is not None}}
            )
        else:
            yield event


def _lineage(run: Run, settings: Settings) -> dict[str, dg.TableColumnLineage]:
    """Return where each column of each table comes from, of the models that dbt has compiled.

    dagster-dbt's own way takes a second for each wide model and an adapter inside this process.
    """
    schema, found = read_schema(run), {}
    for node in json.loads(manifest_of(settings).read_text(encoding="utf-8"))["nodes"].values():
        compiled = _target(settings) / "compiled" / PROJECT / node["original_file_path"]
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral" and compiled.exists():
            with contextlib.suppress(SqlglotError):  # a model of a user's own may be beyond the parser: no lineage then
                sources = column_sources(compiled.read_text(encoding="utf-8"), schema)
                found[f"{node['schema']}/{node['name']}"] = _as_metadata(sources, (node["schema"], node["name"]))
    return found


def _as_metadata(sources: Mapping[str, Sequence[TableColumn]], itself: tuple[str, str]) -> dg.TableColumnLineage:
    """Return lineage as Dagster shows it; an incremental model's own rows before the window are no source."""
    return dg.TableColumnLineage(
        {
            name: [dg.TableColumnDep(dg.AssetKey(each[:2]), each.name) for each in columns if each[:2] != itself]
            for name, columns in sources.items()
        }
    )


def _translator() -> Translator:
    return Translator(DagsterDbtTranslatorSettings(enable_asset_checks=True))
