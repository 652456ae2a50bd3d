"""The plan of crime, and the months of payments that the ledger assembles."""

import datetime as dt
from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.metadata import RawMetadataValue

from riskfabric_assets.assets.metadata import made, table_metadata
from riskfabric_assets.assets.resources import STALE_AFTER, MonthConfig, RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.ledger.books import Books, open_books
from riskfabric_assets.ledger.months import TABLE_NAMES, write_month
from riskfabric_assets.packs.engine import Engine
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.typologies.engine import plan_frame, plan_month
from riskfabric_assets.warehouse.horizon import record_through, through_of
from riskfabric_assets.warehouse.prevalence import record_share
from riskfabric_assets.warehouse.run import Run

PLACES = ("reference/merchants", "reference/financial", "population/remote_merchants")
READ = (*(f"population/{name}" for name in PopulationFrames._fields), *PLACES)
PLAN = "plan/attacks"


def ledger_assets(months: dg.MonthlyPartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the plan of attacks, and what one step makes of it: payments, account events, labels and truth."""

    @dg.asset(
        key=PLAN.split("/"),
        deps=[name.split("/") for name in READ],
        group_name="plan",
        description=TABLES[PLAN].grain,
        kinds={"numba", "parquet"},
        metadata=table_metadata(PLAN),
        code_version=code_version("plan"),
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def attacks(context: dg.AssetExecutionContext, run: RunResource) -> dg.MaterializeResult[None]:
        """Decide who will be attacked, when, by whom and how."""
        books = _books(run)
        under, keys = books.underworld, sorted(context.partition_keys)
        frames = {month: plan_frame(under, plan_month(under, month)) for month in keys}
        files = [run.store(PLAN, frame, month) for month, frame in frames.items()]
        record_share(run.home, under.share)
        drift = {point.month: list(point.changes) for point in under.drift}
        return made(sum(frame.height for frame in frames.values()), files, drift=dg.MetadataValue.json(drift))

    @dg.multi_asset(
        name="payments",
        specs=[
            dg.AssetSpec(
                name.split("/"),
                deps=[dep.split("/") for dep in (*READ, PLAN)],
                group_name=name.split("/")[0],
                description=TABLES[name].grain,
                kinds={"numba", "parquet"},
                metadata=table_metadata(name),
                code_version=code_version("bronze"),
                freshness_policy=STALE_AFTER,
            )
            for name in TABLE_NAMES.values()
        ],
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def payments(
        context: dg.AssetExecutionContext, config: MonthConfig, run: RunResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        """Live the months: honest payments, crime, and what the bank learns of it."""
        keys = sorted(context.partition_keys)
        wanted = dt.date.fromisoformat(config.through) if config.through else None
        through = through_of(keys, wanted, run.through, run.settings.config.calendar)
        books, engine, rows = _books(run), _engine(run, config), dict.fromkeys(TABLE_NAMES.values(), 0)
        for month in keys:
            for name, count in _write(run, books, month, engine, through).items():
                rows[name] += count
            context.log.info(f"{month}: {rows['bronze/transactions']:,} payments so far")
        record_through(run.home, max(through, run.through or through) if wanted is None else through)
        yield from (_result(name, count, through) for name, count in rows.items())

    return [attacks, payments]


def _books(run: Run) -> Books:
    people = PopulationFrames(*(run.read(f"population/{name}") for name in PopulationFrames._fields))
    merchants, financial, remote_merchants = (run.read(name) for name in PLACES)
    return open_books(run.settings, merchants, financial, remote_merchants, people, run.streams)


def _engine(run: Run, config: MonthConfig) -> Engine:
    engine = run.settings.config.engine
    return engine.model_copy(update={"threads": config.threads}) if config.threads else engine


def _write(run: Run, books: Books, month: str, engine: Engine, through: dt.date) -> dict[str, int]:
    paths = {name: run.home.file_of(TABLES[name], month) for name in TABLE_NAMES.values()}
    return write_month(books.society, month, books.making(month, engine), paths, run.metadata(), through).rows


def _result(name: str, rows: int, through: dt.date) -> dg.MaterializeResult[None]:
    metadata: dict[str, RawMetadataValue] = {"dagster/row_count": rows, "through": through.isoformat()}
    return dg.MaterializeResult(asset_key=name.split("/"), metadata=metadata)
