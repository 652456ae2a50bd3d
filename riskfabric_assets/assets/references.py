"""The way without a map: reference marts from exported Parquet (RISKFABRIC_REFERENCES)."""

from collections.abc import Iterator

import dagster as dg

from riskfabric_assets.assets.metadata import table_metadata
from riskfabric_assets.assets.resources import RunResource, Warehouse
from riskfabric_assets.exports.references import REFERENCES, load_references, read_references


def loaded_references() -> list[dg.AssetsDefinition]:
    """Return one asset per reference mart; together they are one step."""

    @dg.multi_asset(
        name="loaded_references",
        specs=[
            dg.AssetSpec(
                table.name.split("/"),
                group_name="reference",
                description=table.grain,
                kinds={"parquet", "duckdb"},
                metadata=table_metadata(table.name),
            )
            for table in REFERENCES
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="duckdb",
    )
    def load(run: RunResource, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
        """Load the marts that `riskfabric refs export` wrote."""
        run.prepare()
        frames = read_references(run.references_folder, run.settings.world)
        with warehouse.get_connection() as connection:
            load_references(connection, frames)
        for name, frame in frames.items():
            yield dg.MaterializeResult(asset_key=name.split("/"), metadata={"dagster/row_count": frame.height})

    return [load]
