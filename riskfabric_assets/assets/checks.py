"""Asset checks of the tables that Python writes: rows, keys, contracts, fraud share, freshness."""

import datetime as dt
from collections.abc import Iterator, Sequence

import dagster as dg
from dagster._core.definitions.metadata import RawMetadataValue

from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import LAKE_TABLES, TABLES
from riskfabric_assets.packs.crime import target_share
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.quality import contract_differences, count_duplicates, count_rows, fraud_share
from riskfabric_assets.warehouse.run import Run

STALE_AFTER = dt.timedelta(days=7)
FRAUD_SHARE_TOLERANCE = 0.25
"""Relative: attacks come in whole numbers, and a small world has few of them."""
MAY_BE_EMPTY = ("osm/boundaries", "osm/settlements")


def table_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return one check step per layer, the share of fraud, and freshness by materialization time."""
    layers = sorted({table.layer for table in LAKE_TABLES} - ({"osm"} if settings.references else set()))
    return [*(_layer_checks(layer) for layer in layers), _fraud_share_check(), *_freshness_checks()]


def _layer_checks(layer: str) -> dg.AssetChecksDefinition:
    tables = [table for table in LAKE_TABLES if table.layer == layer]

    @dg.multi_asset_check(
        name=f"check_{layer}",
        specs=[
            dg.AssetCheckSpec(name, asset=table.name.split("/"), description=description)
            for table in tables
            for name, description in (
                ("has_rows", "The table holds rows"),
                ("has_unique_key", f"No two rows share {', '.join(table.key)}"),
                ("keeps_contract", "Columns and types are those of the contract"),
            )
        ],
        can_subset=True,
        pool="duckdb",
    )
    def check(context: dg.AssetCheckExecutionContext, run: RunResource) -> Iterator[dg.AssetCheckResult]:
        """Look at what was written."""
        chosen = {key.asset_key.to_user_string() for key in context.selected_asset_check_keys}
        yield from _results(run, [table for table in tables if table.name in chosen])

    return check


def _results(run: Run, tables: Sequence[Table]) -> Iterator[dg.AssetCheckResult]:
    for table in tables:
        rows, duplicates, differences = (
            count_rows(run, table),
            count_duplicates(run, table),
            contract_differences(run, table),
        )
        key = table.name.split("/")
        yield _result(key, "has_rows", rows > 0 or table.name in MAY_BE_EMPTY, rows=rows)
        yield _result(key, "has_unique_key", duplicates == 0, duplicates=duplicates)
        yield _result(key, "keeps_contract", not differences, differences="; ".join(differences) or "none")


def _result(key: Sequence[str], name: str, passed: bool, **facts: RawMetadataValue) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key=key, check_name=name, passed=passed, metadata=facts)


def _fraud_share_check() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=TABLES["truth/fraud"].name.split("/"),
        name="has_wanted_share",
        description="Fraud is as frequent as config/crime.yaml asks for, within a quarter",
        pool="duckdb",
    )
    def has_wanted_share(run: RunResource) -> dg.AssetCheckResult:
        """Compare the realized share with the wanted one."""
        config = run.settings.config
        wanted, found = target_share(config.crime.injection, config.prevalence), fraud_share(run)
        passed = abs(found - wanted) <= FRAUD_SHARE_TOLERANCE * wanted
        metadata = {"found": found, "wanted": wanted}
        return dg.AssetCheckResult(passed=passed, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)

    return has_wanted_share


def _freshness_checks() -> Sequence[dg.AssetChecksDefinition]:
    keys = [dg.AssetKey(["bronze", "transactions"]), dg.AssetKey(["model", "fraud_classifier"])]
    return dg.build_last_update_freshness_checks(
        assets=keys, lower_bound_delta=STALE_AFTER, severity=dg.AssetCheckSeverity.WARN
    )
