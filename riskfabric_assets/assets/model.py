"""The model: trained on what the bank knew, judged against what was true, explained, and reported."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from riskfabric_assets.assets.checks import guard_results, guard_specs
from riskfabric_assets.assets.metadata import bars, made, table_metadata
from riskfabric_assets.assets.resources import STALE_AFTER, RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.learning.assessment import Assessment, assess
from riskfabric_assets.learning.classifier import load
from riskfabric_assets.learning.dataset import Windows, needed_columns, plan_windows
from riskfabric_assets.learning.report import ReportContext, report
from riskfabric_assets.learning.summary import save_scores, summary
from riskfabric_assets.learning.training import train
from riskfabric_assets.packs.provenance import provenance_of
from riskfabric_assets.realism.section import section
from riskfabric_assets.warehouse.parquet import atomic_path
from riskfabric_assets.warehouse.run import Run
from riskfabric_assets.warehouse.summary import summarize

CLASSIFIER = ["model", "fraud_classifier"]
EVALUATION = ["model", "evaluation"]
REPORT = ["model", "report"]


def model_assets(*, is_synthetic: bool = True) -> list[dg.AssetsDefinition]:
    """Return the classifier, and one step that judges, explains and reports it.

    Payments of a team's own have no truth, no map and no scorecard of the simulation.
    """
    answers = [["truth", "fraud"]] if is_synthetic else []
    shown = [["reference", "regions"], ["realism", "scorecard"], ["realism", "profiles"]] if is_synthetic else []

    @dg.asset(
        key=CLASSIFIER,
        deps=[["gold", "payments"]],
        group_name="model",
        kinds={"xgboost"},
        code_version=code_version("model"),
        freshness_policy=STALE_AFTER,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def fraud_classifier(run: RunResource) -> dg.MaterializeResult[None]:
        """Train XGBoost on the labels known at the cut-off; out-of-time windows, calibrated scores."""
        config = run.settings.config
        payments = _payments(run)
        classifier = train(payments, config.features, config.model, _windows(run, payments), run.settings.identity)
        files = classifier.save(run.home.models)
        return made(
            payments.height, files, trees=classifier.card.count_rounds, thresholds=str(classifier.card.thresholds)
        )

    @dg.multi_asset(
        name="assessment",
        specs=[
            _table_spec("model/evaluation", [CLASSIFIER, ["gold", "payments"], *answers]),
            _table_spec("model/explanation", [EVALUATION]),
            _table_spec("model/leakage_audit", [EVALUATION]),
            dg.AssetSpec(
                REPORT,
                deps=[EVALUATION, ["gold", "daily_summary"], *shown],
                group_name="model",
                kinds={"html"},
                description="One self-contained HTML page: figures, curves, importances, audits and maps",
                code_version=code_version("model"),
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec("health", asset=EVALUATION, description="Hard but learnable, and no shortcut"),
            *guard_specs(EVALUATION),
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def assessment(run: RunResource) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        """Judge the model on its test window against label and truth, explain it and write the report."""
        config, payments = run.settings.config, _payments(run)
        classifier = load(run.home.models, config.features)
        truth = run.query("select event_id, typology, is_claimed, event_date from truth.fraud")
        known = truth if run.is_synthetic else None
        found = assess(classifier, payments, known, _windows(run, payments), config.model, run.streams)
        save_scores(found, run.home.models)
        yield from _tables(run, found)
        yield from _report(run, found)
        yield _health(found)
        yield from guard_results(EVALUATION, found.findings)

    return [fraud_classifier, assessment]


def _payments(run: Run) -> pl.DataFrame:
    names = ", ".join(needed_columns(run.settings.config.features))
    stored = "row_number() over () as stored_row"
    return run.query(f"select {names}, {stored} from gold.payments order by event_at, event_id")


def _windows(run: Run, payments: pl.DataFrame) -> Windows:
    first, last = payments.select(first=pl.col("event_date").min(), last=pl.col("event_date").max()).row(0)
    config = run.settings.config
    return plan_windows(first, last, config.model.split, config.world.timezone)


def _table_spec(name: str, deps: list[list[str]]) -> dg.AssetSpec:
    return dg.AssetSpec(
        name.split("/"),
        deps=deps,
        group_name="model",
        kinds={"parquet"},
        description=TABLES[name].grain,
        metadata=table_metadata(name),
        code_version=code_version("model"),
    )


def _tables(run: Run, found: Assessment) -> Iterator[dg.MaterializeResult[None]]:
    explanation = bars(found.explanation.table, "feature", "shap_share", "mean |SHAP|, share")
    frames = {
        "model/evaluation": (found.evaluation.table, None),
        "model/explanation": (found.explanation.table, explanation),
        "model/leakage_audit": (found.categories, None),
    }
    for name, (frame, plot) in frames.items():
        path = run.store(name, frame)
        extra = summary(found) if name == "model/evaluation" else {}
        yield dg.MaterializeResult(
            asset_key=name.split("/"), metadata=made(frame.height, [path], plot, **extra).metadata
        )


def _report(run: Run, found: Assessment) -> Iterator[dg.MaterializeResult[None]]:
    settings = run.settings
    context = ReportContext(
        world=settings.config.world.title,
        profile=settings.profile,
        scenario=settings.scenario,
        seed=settings.seed,
        identity=settings.identity,
        is_sample_world=settings.osm_path is None and settings.references is None,
        row_counts=summarize(settings).rows,
        provenance=provenance_of(settings.config_folder, settings.world),
        assessment=found,
        plan=settings.config.model,
        events=settings.config.events,
        daily=run.query("select event_date, channel, count_payments, approved_amount_minor from gold.daily_summary"),
        districts=run.read("reference/districts") if run.is_synthetic else None,
        realism=section(run.read("realism/scorecard"), run.read("realism/profiles")) if run.is_synthetic else "",
        drift=settings.config.crime.drift if run.is_synthetic else (),
        is_synthetic=run.is_synthetic,
    )
    path = run.home.reports / "report.html"
    with atomic_path(path) as unfinished:
        unfinished.write_text(report(context), encoding="utf-8")
    yield dg.MaterializeResult(asset_key=REPORT, metadata={"report": dg.MetadataValue.path(path)})


def _health(found: Assessment) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name="health",
        asset_key=EVALUATION,
        passed=not found.failed,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={check.name: check.found for check in found.checks},
    )
