"""Point-in-time features: the fold over one month after the other, with a checkpoint after each."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from riskfabric_assets.assets.metadata import table_metadata
from riskfabric_assets.assets.resources import RunResource
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.features.checkpoint import from_checkpoint, to_checkpoint
from riskfabric_assets.features.columns import ACCOUNT_EVENT_COLUMNS, PAYMENT_COLUMNS
from riskfabric_assets.features.contract import Fold
from riskfabric_assets.features.fold import advance_in_place
from riskfabric_assets.features.state import StateTable, empty_states, enroll
from riskfabric_assets.foundation.errors import StaleError
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import last_day, previous_month
from riskfabric_assets.warehouse.run import Run

MADE = ("silver/payment_features", "silver/customer_state")
READ = ("bronze/transactions", "bronze/account_events")
CUSTOMERS = "population/customers"


def feature_assets(months: dg.MonthlyPartitionsDefinition, *, is_synthetic: bool = True) -> list[dg.AssetsDefinition]:
    """Return features and checkpoint; one step folds a range of months in order.

    Customers are those of the population; of payments of a team's own they are whoever pays or has an event.
    """
    read = (*READ, CUSTOMERS) if is_synthetic else READ

    @dg.multi_asset(
        name="features",
        specs=[
            dg.AssetSpec(
                name.split("/"),
                deps=[dep.split("/") for dep in read],
                group_name="silver",
                description=TABLES[name].grain,
                kinds={"numba", "parquet"},
                metadata=table_metadata(name),
                code_version=code_version("silver"),
            )
            for name in MADE
        ],
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def features(context: dg.AssetExecutionContext, run: RunResource) -> Iterator[dg.MaterializeResult[None]]:
        """Fold the payments of each month, starting from the checkpoint of the month before."""
        keys = sorted(context.partition_keys)
        fold = Fold.of(run.settings.config.features)
        states, rows = states_before(run, keys[0], fold), 0
        for month in keys:
            frame, states = _fold_month(run, month, states, fold)
            rows += frame.height
            context.log.info(f"{month}: {frame.height:,} payments folded")
        for name, count in zip(MADE, (rows, states.customer_ids.shape[0]), strict=True):
            yield dg.MaterializeResult(asset_key=name.split("/"), metadata={"dagster/row_count": count})

    return [features]


def states_before(run: Run, month: str, fold: Fold) -> StateTable:
    """Return the states at the first moment of a month: the checkpoint of the month before, or empty ones.

    Raises:
        StaleError: The checkpoint ends within its month, or belongs to another contract.
    """
    known = (
        run.read(CUSTOMERS, columns=["customer_id"])["customer_id"]
        if run.is_synthetic
        else pl.Series([], dtype=pl.Int64)
    )
    ids = known.to_numpy()
    if month == run.settings.config.calendar.first_month:
        return empty_states(ids, fold.contract)
    before = previous_month(month)
    checkpoint = run.read("silver/customer_state", before)
    _refuse_short(checkpoint, before)
    return enroll(from_checkpoint(checkpoint, fold.contract), ids)


def _refuse_short(checkpoint: pl.DataFrame, month: str) -> None:
    through, wanted = checkpoint.select(pl.col("through_date").max()).item(), last_day(month)
    if through != wanted:
        command = f"riskfabric materialize --select 'group:bronze,group:truth,group:silver' --partition {month}"
        raise StaleError(f"checkpoint of {month} through {through}", f"through {wanted}", command)


def _fold_month(run: Run, month: str, states: StateTable, fold: Fold) -> tuple[pl.DataFrame, StateTable]:
    payments, events = events_of(run, month)
    states = with_new_customers(run, states, payments, events)
    frame = advance_in_place(states, payments, events, fold, run.settings.config.engine.count_threads)
    run.store("silver/payment_features", frame, month)
    through = min(run.through or last_day(month), last_day(month))
    run.store("silver/customer_state", to_checkpoint(states, through), month)
    return frame, states


def events_of(run: Run, month: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the payments and account events of a month, with the columns that the fold reads and the business day."""
    payments = run.read("bronze/transactions", month, PAYMENT_COLUMNS)
    return payments, run.read("bronze/account_events", month, [*ACCOUNT_EVENT_COLUMNS, "event_date"])


def with_new_customers(run: Run, states: StateTable, payments: pl.DataFrame, events: pl.DataFrame) -> StateTable:
    """Return the states with those of a team's own customers who appear for the first time."""
    if run.is_synthetic:
        return states
    return enroll(states, pl.concat([payments["customer_id"], events["customer_id"]]).unique().sort().to_numpy())
