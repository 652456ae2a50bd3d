"""The page of the feature catalogue, from the contract and gold/payments."""

from typing import Final

import dagster as dg

from riskfabric_assets.assets.dbt import column_texts
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.learning.catalogue import FeatureProfile, needed_columns, profiles
from riskfabric_assets.learning.catalogue_page import CatalogueContext, catalogue_page
from riskfabric_assets.warehouse.parquet import atomic_path
from riskfabric_assets.warehouse.run import Run

PAGE: Final = "features.html"


def catalogue_assets() -> list[dg.AssetsDefinition]:
    """Return the page."""

    @dg.asset(
        key=["model", "feature_catalogue"],
        deps=[["gold", "payments"]],
        group_name="model",
        kinds={"html"},
        code_version=code_version("model"),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def feature_catalogue(run: RunResource) -> dg.MaterializeResult[None]:
        """One HTML page: each feature's contract, distribution, missing values, drift by month, and ROC AUC alone."""
        limit = run.settings.config.model.catalogue.drift_limit
        context = _context(run)
        path = run.home.reports / PAGE
        with atomic_path(path) as unfinished:
            unfinished.write_text(catalogue_page(context), encoding="utf-8")
        drifting = [each.name for each in context.profiles if each.feature.is_model_input and each.drift >= limit]
        return dg.MaterializeResult(
            metadata={"page": dg.MetadataValue.path(path), "drifting_inputs": ", ".join(drifting) or "none"}
        )

    return [feature_catalogue]


def _context(run: Run) -> CatalogueContext:
    settings = run.settings
    count = int(run.query("select count(*) as n from gold.payments")["n"].item())
    found, looked_at = _profiles(run, count)
    return CatalogueContext(
        world=settings.config.world.title,
        profile=settings.profile,
        identity=settings.identity,
        is_synthetic=run.is_synthetic,
        count_payments=count,
        count_looked_at=looked_at,
        drift_limit=settings.config.model.catalogue.drift_limit,
        profiles=found,
    )


def _profiles(run: Run, count: int) -> tuple[list[FeatureProfile], int]:
    """Look at every n-th id, which is as good as any: ids carry no order."""
    config = run.settings.config
    step = max(1, -(-count // config.model.catalogue.payments))
    names = ", ".join(needed_columns(config.features))
    sample = run.query(f"select {names} from gold.payments where event_id % {step} = 0 order by event_at, event_id")
    texts = column_texts(run.settings, "payments")
    return profiles(sample, config.features, texts, config.model.catalogue), sample.height
