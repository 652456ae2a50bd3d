"""Is the data believable: the scorecard of a home, with one asset check per row of the table of realism checks."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.metadata import RawMetadataValue

from riskfabric_assets.assets.metadata import table_metadata
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.realism.catalogue import CHECKS
from riskfabric_assets.realism.homes import lake_of
from riskfabric_assets.realism.lake import TABLES_READ
from riskfabric_assets.realism.scorecard import Scorecard, score

SCORECARD = "realism/scorecard"


def realism_assets() -> list[dg.AssetsDefinition]:
    """Return the scorecard; its checks never block, they say what to mend."""

    @dg.multi_asset(
        name="judge",
        specs=[
            dg.AssetSpec(
                SCORECARD.split("/"),
                deps=[table.name.split("/") for table in TABLES_READ.values()],
                group_name="realism",
                description=TABLES[SCORECARD].grain,
                kinds={"duckdb", "parquet"},
                metadata=table_metadata(SCORECARD),
                code_version=code_version("realism"),
            )
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
            card = score(lake, run.settings.world, run.settings.config.realism)
        frame = card.frame()
        path = run.store(SCORECARD, frame)
        metadata: dict[str, RawMetadataValue] = {
            "dagster/row_count": frame.height,
            "dagster/uri": str(path),
            "failed": ", ".join(card.failed),
        }
        yield dg.MaterializeResult(asset_key=SCORECARD.split("/"), metadata=metadata)
        yield from (_result(card, check.id) for check in CHECKS)

    return [judge]


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
