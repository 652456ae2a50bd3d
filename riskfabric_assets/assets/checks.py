"""Asset checks of the tables that Python writes: rows, keys, contracts, and the share of fraud."""

from collections.abc import Iterator, Sequence

import dagster as dg

from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import LAKE_TABLES, TABLES
from riskfabric_assets.learning.guard import QUESTIONS, Finding
from riskfabric_assets.packs.crime import target_share
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.own_payments import OWN_TABLES
from riskfabric_assets.warehouse.prevalence import recorded_share
from riskfabric_assets.warehouse.quality import contract_differences, count_duplicates, count_rows, fraud_share
from riskfabric_assets.warehouse.run import Run

FRAUD_SHARE_TOLERANCE = 0.25
"""Relative: attacks come in whole numbers, and a small world has few of them."""
MAY_BE_EMPTY = (
    "osm/boundaries",
    "osm/settlements",
    "plan/attacks",
    "truth/fraud",
    "bronze/labels",
    "bronze/label_events",
)


def table_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return one check step per layer of what is made, and the share of fraud where there is a truth."""
    if settings.bronze_path is not None:
        made = [table for table in LAKE_TABLES if table.layer in ("silver", "model", "serving") or table in OWN_TABLES]
    else:
        made = [table for table in LAKE_TABLES if table.layer != "osm" or settings.references is None]
    layers = sorted({table.layer for table in made})
    checks = [_layer_checks(layer, [table for table in made if table.layer == layer]) for layer in layers]
    return [*checks, *([_fraud_share_check()] if settings.bronze_path is None else [])]


def _layer_checks(layer: str, tables: Sequence[Table]) -> dg.AssetChecksDefinition:

    @dg.multi_asset_check(
        name=f"check_{layer}",
        specs=[
            dg.AssetCheckSpec(
                "keeps_contract",
                asset=table.name.split("/"),
                blocking=True,
                description=f"Holds rows, keeps its contract, and no two rows share {', '.join(table.key)}",
            )
            for table in tables
        ],
        can_subset=True,
        pool="duckdb",
    )
    def check(context: dg.AssetCheckExecutionContext, run: RunResource) -> Iterator[dg.AssetCheckResult]:
        """Look at what was written."""
        chosen = {key.asset_key.to_user_string() for key in context.selected_asset_check_keys}
        yield from (_result(run, table) for table in tables if table.name in chosen)

    return check


def _result(run: Run, table: Table) -> dg.AssetCheckResult:
    may_be_empty = MAY_BE_EMPTY if run.is_synthetic else (*MAY_BE_EMPTY, "bronze/account_events")
    rows, duplicates, differences = (
        count_rows(run, table),
        count_duplicates(run, table),
        contract_differences(run, table),
    )
    return dg.AssetCheckResult(
        asset_key=table.name.split("/"),
        check_name="keeps_contract",
        passed=(rows > 0 or table.name in may_be_empty) and not duplicates and not differences,
        metadata={"rows": rows, "duplicate_keys": duplicates, "differences": "; ".join(differences) or "none"},
    )


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
        planned = target_share(config.crime.injection, config.prevalence, recorded_share(run.home))
        wanted, found = planned or 0.0, fraud_share(run)
        passed = abs(found - wanted) <= FRAUD_SHARE_TOLERANCE * wanted
        metadata = {"found": found, "wanted": wanted}
        return dg.AssetCheckResult(passed=passed, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)

    return has_wanted_share


def guard_specs(asset: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Return one check for each question of the too-easy guard."""
    return [
        dg.AssetCheckSpec(f"guard_{question}", asset=asset, description=title) for question, title in QUESTIONS.items()
    ]


def guard_results(asset: Sequence[str], findings: Sequence[Finding]) -> Iterator[dg.AssetCheckResult]:
    """Turn findings into check results; what is too small to judge is said, and warns nobody."""
    for question in QUESTIONS:
        own = [finding for finding in findings if finding.question == question]
        yield dg.AssetCheckResult(
            check_name=f"guard_{question}",
            asset_key=asset,
            passed=all(finding.verdict != "failed" for finding in own),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={each.name: each.sentence for each in own},
        )
