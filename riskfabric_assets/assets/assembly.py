"""`assemble`: settings in, the whole graph out."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from riskfabric_assets.assets import (
    bronze,
    catalogue,
    checks,
    dbt,
    exchange,
    jobs,
    model,
    osm,
    own_payments,
    population,
    realism,
    references,
    reports,
    schedules,
    sensors,
    serving,
    silver,
)
from riskfabric_assets.assets.partitions import monthly_partitions
from riskfabric_assets.assets.resources import Warehouse
from riskfabric_assets.foundation import jit
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.run import Run


def assemble(
    settings: Settings, loggers: Mapping[str, dg.LoggerDefinition] | None = None, ahead: dt.date | None = None
) -> dg.Definitions:
    """Return the definitions of one home; `ahead` is a day that will be made, however far away it is.

    With exported references the map and dbt's reference models give way to one asset that loads them; with payments
    of a team's own the whole simulator gives way to one that reads them.
    """
    run = Run(settings)
    use_kernel_cache(settings)
    months = monthly_partitions(settings, max((day for day in (run.through, ahead) if day), default=None))
    return dg.Definitions(
        assets=[
            *(_simulator(settings, months) if run.is_synthetic else own_payments.own_assets(months)),
            *silver.feature_assets(months, is_synthetic=run.is_synthetic),
            dbt.gold_assets(settings, months, is_synthetic=run.is_synthetic),
            *model.model_assets(is_synthetic=run.is_synthetic),
            *catalogue.catalogue_assets(),
            *serving.serving_assets(is_synthetic=run.is_synthetic),
            *(reports.report_assets() if run.is_synthetic else ()),
        ],
        asset_checks=checks.table_checks(settings),
        jobs=jobs.stage_jobs(is_synthetic=run.is_synthetic),
        schedules=[schedules.advance_one_day(settings)],
        sensors=[sensors.new_extract(settings)] if settings.references is None and run.is_synthetic else [],
        resources={"run": run, "dbt": dbt.dbt_resource(settings), "warehouse": _warehouse(run)},
        executor=dg.in_process_executor,
        loggers=loggers,
    )


def _simulator(settings: Settings, months: dg.MonthlyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    from_map = [*osm.map_assets(), dbt.reference_assets(settings)]
    return [
        *(from_map if settings.references is None else references.loaded_references()),
        *population.population_assets(),
        *bronze.ledger_assets(months),
        *exchange.exchange_assets(months),
        *realism.realism_assets(),
    ]


def use_kernel_cache(settings: Settings) -> Path:
    """Keep compiled kernels in the home; every room is imported by now. Returns the folder."""
    return jit.use_cache(Home(settings.home).cache / "numba")


def _warehouse(run: Run) -> Warehouse:
    return Warehouse(
        database=str(run.home.warehouse), home=str(run.home.root), memory_mb=run.settings.config.engine.memory_mb
    )
