"""The proof of parity: the last day again, as a scorer meets it, beside what gold says."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from riskfabric_assets.assets.metadata import made, table_metadata
from riskfabric_assets.assets.resources import STALE_AFTER, RunResource
from riskfabric_assets.assets.silver import CUSTOMERS, READ, events_of, states_before, with_new_customers
from riskfabric_assets.assets.versions import code_version
from riskfabric_assets.features.contract import Fold
from riskfabric_assets.features.fold import advance_in_place
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.tables.silver import PAYMENT_FEATURES
from riskfabric_assets.foundation.units import month_of
from riskfabric_assets.packs.features import KEY_COLUMNS
from riskfabric_assets.serving.parity import DIFFERENCES, compare, is_exact
from riskfabric_assets.serving.replay import draw_cuts, replay
from riskfabric_assets.serving.states import StateStore
from riskfabric_assets.warehouse.run import Run

PARITY = "serving/replay_parity"
COMPARED = tuple(name for name in PAYMENT_FEATURES.schema if name not in KEY_COLUMNS)


def serving_assets(*, is_synthetic: bool = True) -> list[dg.AssetsDefinition]:
    """Return the proof of parity."""
    customers = [CUSTOMERS] if is_synthetic else []

    @dg.asset(
        key=PARITY.split("/"),
        deps=[name.split("/") for name in (*READ, *customers, "silver/customer_state", "gold/payments")],
        group_name="serving",
        description=TABLES[PARITY].grain,
        kinds={"numba", "parquet"},
        metadata=table_metadata(PARITY),
        code_version=code_version("serving"),
        freshness_policy=STALE_AFTER,
        check_specs=[dg.AssetCheckSpec("is_exact", asset=PARITY.split("/"), description="Online features are gold's")],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def replay_parity(run: RunResource) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        """Replay the last day in random micro-batches from the month's checkpoint on, and compare it with gold."""
        parity = _replay_last_day(run)
        counts = {name: int(parity[name].sum()) for name in DIFFERENCES}
        yield made(parity.height, [run.store(PARITY, parity)], differences=dg.MetadataValue.json(counts))
        yield dg.AssetCheckResult(check_name="is_exact", passed=is_exact(parity), metadata=counts)

    return [replay_parity]


def _replay_last_day(run: Run) -> pl.DataFrame:
    """Fold the month up to the last day as the batch does, and that day as a scorer does."""
    fold = Fold.of(run.settings.config.features)
    day = run.query("select max(event_date) as day from gold.payments")["day"].item()
    payments, events = events_of(run, month_of(day))
    states = with_new_customers(run, states_before(run, month_of(day), fold), payments, events)
    is_last = pl.col("event_date") == day
    advance_in_place(states, payments.filter(~is_last), events.filter(~is_last), fold)
    payments, events = payments.filter(is_last), events.filter(is_last)
    largest, number = run.settings.config.serving.replay.largest_batch, int(payments["event_date"].to_physical()[0])
    cuts = draw_cuts(payments.height + events.height, largest, run.streams, number)
    online = replay(StateStore.of(states), payments, events, fold, cuts)
    batch = run.query(f"select event_id, {', '.join(COMPARED)} from gold.payments where event_date = date '{day}'")
    return compare(batch, online.features, COMPARED, online.count_batches, day)
