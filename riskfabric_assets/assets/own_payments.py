"""The way without a simulator: bronze from a team's own files (RISKFABRIC_BRONZE_PATH)."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg

from riskfabric_assets.assets.metadata import table_metadata
from riskfabric_assets.assets.resources import STALE_AFTER, MonthConfig, RunResource, Warehouse
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.warehouse.horizon import record_through, through_of
from riskfabric_assets.warehouse.own_payments import (
    DAY,
    OWN_TABLES,
    OwnBronze,
    find_own_bronze,
    read_own_month,
    refuse_ids_of_other_months,
    refuse_missing_days,
)
from riskfabric_assets.warehouse.own_places import PLACES, describe_places, read_own_merchants
from riskfabric_assets.warehouse.run import Run


def own_assets(months: dg.MonthlyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the tables of bronze, and the merchants that payments name; one step reads them all."""

    @dg.multi_asset(
        name="payments",
        specs=[
            dg.AssetSpec(
                table.name.split("/"),
                group_name="bronze",
                description=table.grain,
                kinds={"polars", "parquet"},
                metadata=table_metadata(table.name),
                code_version=code_version("own"),
                freshness_policy=STALE_AFTER,
            )
            for table in (*OWN_TABLES, *PLACES)
        ],
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="duckdb",
    )
    def payments(
        context: dg.AssetExecutionContext, config: MonthConfig, run: RunResource, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        """Read the months asked for, check every row against the contract and store them."""
        keys, calendar = sorted(context.partition_keys), run.settings.config.calendar
        wanted = dt.date.fromisoformat(config.through) if config.through else None
        through = through_of(keys, wanted, run.through, calendar)
        own = find_own_bronze(run.bronze_folder)
        refuse_missing_days(own, calendar.start, through)
        merchants = read_own_merchants(own.folder)
        run.prepare()
        rows = {table.name: 0 for table in OWN_TABLES}
        for month in keys:
            for name, count in store_own_month(run, own, month, through).items():
                rows[name] += count
            context.log.info(f"{month}: {rows['bronze/transactions']:,} payments so far")
        record_through(run.home, max(through, run.through or through) if wanted is None else through)
        with warehouse.get_connection() as connection:
            rows |= describe_places(connection, merchants)
        for name, count in rows.items():
            yield dg.MaterializeResult(asset_key=name.split("/"), metadata={"dagster/row_count": count})

    return [payments]


def store_own_month(run: Run, own: OwnBronze, month: str, through: dt.date) -> dict[str, int]:
    """Check and store one month of every table up to `through`; returns rows by table."""
    frames = read_own_month(own, month, run.settings.config.world.timezone)
    frames = {name: frame.filter(frame[DAY] <= through) for name, frame in frames.items()}
    others = {name: run.home.months_of(TABLES[name], besides=month) for name in frames}
    refuse_ids_of_other_months(others, frames, run.settings.config.engine.memory_mb)
    for table in OWN_TABLES:
        run.store(table.name, frames.get(table.name, table.empty()), month)
    return {name: frame.height for name, frame in frames.items()}
