"""People: customers, accounts, cards, devices, and the traits that no bank can know."""

from collections.abc import Iterator

import dagster as dg
import polars as pl
from matplotlib.figure import Figure

from riskfabric_assets.assets.metadata import bars, made, table_metadata
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.population.demography import demography_of
from riskfabric_assets.population.draw import draw_blocks
from riskfabric_assets.world.remote import draw_remote_merchants

REMOTE = "population/remote_merchants"
NAMES = ("customers", "accounts", "cards", "devices", "payees", "traits")


def population_assets() -> list[dg.AssetsDefinition]:
    """Return the tables of the population; one step draws them all."""

    @dg.multi_asset(
        name="population",
        specs=[
            dg.AssetSpec(
                ["population", name],
                deps=[["reference", "residential"], ["reference", "regions"]],
                group_name="population",
                description=TABLES[f"population/{name}"].grain,
                kinds={"polars", "parquet"},
                metadata=table_metadata(f"population/{name}"),
                code_version=code_version("population"),
            )
            for name in NAMES
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def population(run: RunResource) -> Iterator[dg.MaterializeResult[None]]:
        """Draw the people of the world, household by household, at its residences."""
        config = run.settings.config
        count = config.population.customers
        residences = run.read("reference/residential")
        pieces = draw_blocks(demography_of(config), residences, run.streams, count)
        tables = [f"population/{name}" for name in NAMES]
        rows = run.store_pieces(((f"population/{name}", frame) for name, frame in pieces), tables)
        for name, table in zip(NAMES, tables, strict=True):
            plot = _plot(run.read(table, columns=["region_name"])) if name == "customers" else None
            metadata = made(rows[table], [run.home.file_of(TABLES[table], None)], plot).metadata
            yield dg.MaterializeResult(asset_key=["population", name], metadata=metadata)

    return [population, _remote_merchants()]


def _remote_merchants() -> dg.AssetsDefinition:
    @dg.asset(
        key=REMOTE.split("/"),
        group_name="population",
        description=TABLES[REMOTE].grain,
        kinds={"polars", "parquet"},
        metadata=table_metadata(REMOTE),
        code_version=code_version("population"),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def remote_merchants(run: RunResource) -> dg.MaterializeResult[None]:
        """Draw online shops, billers and the shops of other countries."""
        config = run.settings.config
        frame = draw_remote_merchants(config.remote, config.world, run.streams)
        path = run.store(REMOTE, frame)
        counts = frame["spending_group"].value_counts(sort=True)
        return made(frame.height, [path], bars(counts, "spending_group", "count", "merchants by spending group"))

    return remote_merchants


def _plot(customers: pl.DataFrame) -> Figure:
    return bars(customers["region_name"].value_counts(sort=True), "region_name", "count", "customers by region")
