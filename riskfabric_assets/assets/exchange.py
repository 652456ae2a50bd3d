"""Exchange rates, month by month, up to the last day that is made."""

import datetime as dt

import dagster as dg

from riskfabric_assets.assets.metadata import made, table_metadata
from riskfabric_assets.assets.resources import MonthConfig, RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import first_day, last_day
from riskfabric_assets.warehouse.horizon import through_of
from riskfabric_assets.world.fx import tell_rates

RATES = "bronze/exchange_rates"


def exchange_assets(months: dg.MonthlyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the table of exchange rates."""

    @dg.asset(
        key=RATES.split("/"),
        group_name="bronze",
        description=TABLES[RATES].grain,
        kinds={"polars", "parquet"},
        metadata=table_metadata(RATES),
        code_version=code_version("bronze"),
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def exchange_rates(
        context: dg.AssetExecutionContext, config: MonthConfig, run: RunResource
    ) -> dg.MaterializeResult[None]:
        """Tell what every foreign currency costs on every day."""
        keys, rules = sorted(context.partition_keys), run.settings.config
        wanted = dt.date.fromisoformat(config.through) if config.through else None
        through = through_of(keys, wanted, run.through, rules.calendar)
        spans = {month: (first_day(month), min(last_day(month), through)) for month in keys}
        frames = {month: tell_rates(rules.remote, rules.world, run.streams, *span) for month, span in spans.items()}
        files = [run.store(RATES, frame, month) for month, frame in frames.items()]
        return made(sum(frame.height for frame in frames.values()), files)

    return [exchange_rates]
