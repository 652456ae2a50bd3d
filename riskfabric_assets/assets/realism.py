"""Is the data believable: the scorecard of a home, with one asset check per row of the table of realism checks."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from riskfabric_assets.assets.metadata import made, table_metadata
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.homes import lake_of
from riskfabric_assets.realism.lake import TABLES_READ
from riskfabric_assets.realism.profiles import profiles
from riskfabric_assets.realism.scorecard import Scorecard, score
from riskfabric_assets.warehouse.run import Run

SCORECARD, PROFILES = "realism/scorecard", "realism/profiles"


def realism_assets() -> list[dg.AssetsDefinition]:
    """Return scorecard and profiles; their checks never block, they say what to mend."""

    @dg.multi_asset(
        name="judge",
        specs=[
            dg.AssetSpec(
                name.split("/"),
                deps=[table.name.split("/") for table in TABLES_READ.values()],
                group_name="realism",
                description=TABLES[name].grain,
                kinds={"duckdb", "parquet"},
                metadata=table_metadata(name),
                code_version=code_version("realism"),
            )
            for name in (SCORECARD, PROFILES)
        ],
        check_specs=[
            dg.AssetCheckSpec(check.id, asset=SCORECARD.split("/"), description=f"{check.title}: {check.definition}")
            for check in CHECKS
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def judge(run: RunResource) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        """Measure what was simulated against published figures, whole and by month."""
        with lake_of(run.settings) as lake:
            card, shapes = score(lake, run.settings.world, run.settings.config.realism), profiles(lake)
        yield _stored(run, SCORECARD, card.frame(), ", ".join(card.failed))
        yield _stored(run, PROFILES, shapes)
        yield from (_result(card, check.id) for check in CHECKS)

    return [judge]


def _stored(run: Run, name: str, frame: pl.DataFrame, failed: str = "") -> dg.MaterializeResult[None]:
    path = run.store(name, frame)
    return dg.MaterializeResult(asset_key=name.split("/"), metadata=made(frame.height, [path], failed=failed).metadata)


def _result(card: Scorecard, check_id: str) -> dg.AssetCheckResult:
    verdict = card.verdict(check_id)
    return dg.AssetCheckResult(
        check_name=check_id,
        asset_key=SCORECARD.split("/"),
        passed=verdict not in ("warn", "fail"),
        severity=dg.AssetCheckSeverity.ERROR if verdict == "fail" else dg.AssetCheckSeverity.WARN,
        metadata={
            "verdict": verdict,
            **{
                f"{found.measure.name} ({found.period})": f"{found.value if found.value is not None else '-'} in "
                f"{found.target} {found.measure.unit}: {found.verdict}"
                for found in card.findings
                if found.check.id == check_id
            },
        },
    )
