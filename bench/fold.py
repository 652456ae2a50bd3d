"""The fold: payments per CPU-second of the kernel, of month files and of micro-batches, beside SQL and Polars."""

import functools
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from riskfabric_assets.features.checkpoint import from_checkpoint, to_checkpoint
from riskfabric_assets.features.columns import (
    ACCOUNT_EVENT_COLUMNS,
    PAYMENT_COLUMNS,
    account_events_of,
    empty_columns,
    payments_of,
)
from riskfabric_assets.features.fold import advance_arrays, advance_in_place, parts_of, warm_up
from riskfabric_assets.features.kernels.fold import advance_kernel
from riskfabric_assets.features.state import StateTable, empty_states
from riskfabric_assets.foundation.tables.silver import CUSTOMER_STATE, PAYMENT_FEATURES
from riskfabric_assets.warehouse.parquet import write_table
from tests.payments import START, customer_ids, random_account_events, random_payments, the_fold

CUSTOMERS, ROWS, EVENT_ROWS, MONTHS = 3_334, 3_000_000, 720_000, 12
BATCH_ROWS, COUNT_BATCHES = 500, 400
REPEATS = 3
TEN_FEATURES = """
    select
        event_id,
        epoch(event_at - lag(event_at) over payer) as seconds_since_last_payment,
        row_number() over payer as payment_sequence_number,
        lag(merchant_category) over payer is distinct from merchant_category as is_category_switch,
        avg(ln(amount_minor)) over prior as mean_log_amount,
        stddev_samp(ln(amount_minor)) over prior as spread_log_amount,
        count(*) over day as count_payments_24h,
        sum(amount_minor) over day as sum_amount_minor_24h,
        count(*) over hour as count_payments_1h,
        sum(amount_minor) over hour as sum_amount_minor_1h,
        row_number() over (partition by customer_id, merchant_id order by event_at, event_id) = 1 as is_new_merchant
    from payments
    window
        payer as (partition by customer_id order by event_at, event_id),
        prior as (payer rows between unbounded preceding and 1 preceding),
        day as (partition by customer_id order by event_at range between interval 24 hours preceding and current row),
        hour as (partition by customer_id order by event_at range between interval 1 hour preceding and current row)
"""


def measure() -> list[dict[str, object]]:
    warm_up(the_fold())
    payments = random_payments(1, CUSTOMERS, ROWS, 365, burst_share=0.02)
    events = random_account_events(1, CUSTOMERS, EVENT_ROWS, 365)
    sql, frames = duckdb_row(payments), polars_row(payments)
    kernel = against(sql, kernel_row(payments, events))
    rows = [sql, frames, kernel, threads_row(payments, events), against(sql, in_memory_row(payments, events))]
    with tempfile.TemporaryDirectory() as folder:
        rows.append(against(sql, files_row(payments, events, Path(folder))))
    return [*rows, micro_batch_row(payments, events)]


def fresh_states() -> StateTable:
    return empty_states(customer_ids(CUSTOMERS), the_fold().contract)


def kernel_row(payments: pl.DataFrame, events: pl.DataFrame) -> dict[str, object]:
    """The compiled loop alone, in online order, all features of the fold."""
    states, fold = fresh_states(), the_fold()
    paid = payments_of(payments, states.index, fold.currencies)
    noted, out = account_events_of(events, states.index), empty_columns(payments.height)
    (whole,) = parts_of(paid, noted, 1)
    return row(
        "fold: kernel", ROWS, lambda: advance_kernel(states.copy().records, paid, noted, fold.settings, out, whole)
    )


def threads_row(payments: pl.DataFrame, events: pl.DataFrame) -> dict[str, object]:
    """Decoded arrays on two threads against one, by wall time."""
    fold, index = the_fold(), fresh_states().index
    paid, noted = payments_of(payments, index, fold.currencies), account_events_of(events, index)

    def on_threads(count: int) -> dict[str, object]:
        work = functools.partial(advance_arrays, account_events=noted, fold=fold, threads=count)
        return row(f"fold: arrays, {count} threads", ROWS, lambda: work(fresh_states(), paid))

    alone, both = on_threads(1), on_threads(2)
    ratio = round(float(alone["wall_s"]) / float(both["wall_s"]), 2)
    return both | {"baseline": "one thread, by wall time", "ratio_to_baseline": ratio}


def in_memory_row(payments: pl.DataFrame, events: pl.DataFrame) -> dict[str, object]:
    """Frame in, frame out: with decoding, customer lookup and every check."""
    return row("fold: frame to frame", ROWS, lambda: advance_in_place(fresh_states(), payments, events, the_fold()))


def files_row(payments: pl.DataFrame, events: pl.DataFrame, folder: Path) -> dict[str, object]:
    """Month files in, features and a checkpoint out for each month, lz4 and fsync, as the asset does it."""
    months = [month_file(payments, folder, month, "transactions") for month in range(MONTHS)]
    movements = [month_file(events, folder, month, "account_events") for month in range(MONTHS)]
    return row("fold: months on disk", ROWS, lambda: fold_files(months, movements, folder), repeats=2)


def month_file(frame: pl.DataFrame, folder: Path, month: int, name: str) -> Path:
    start, end = START + pl.duration(days=31 * month), START + pl.duration(days=31 * (month + 1))
    path = folder / f"{name}-{month:02}.parquet"
    frame.filter(pl.col("event_at") >= start, pl.col("event_at") < end).write_parquet(path, compression="lz4")
    return path


def fold_files(months: list[Path], movements: list[Path], folder: Path) -> None:
    checkpoint = to_checkpoint(fresh_states(), START.date())
    for number, (month, movement) in enumerate(zip(months, movements, strict=True)):
        states = from_checkpoint(checkpoint, the_fold().contract)
        payments = pl.read_parquet(month, columns=list(PAYMENT_COLUMNS))
        events = pl.read_parquet(movement, columns=list(ACCOUNT_EVENT_COLUMNS))
        features = advance_in_place(states, payments, events, the_fold())
        write_table(PAYMENT_FEATURES, features, folder / f"features-{number:02}.parquet", {})
        target = folder / f"state-{number:02}.parquet"
        write_table(CUSTOMER_STATE, to_checkpoint(states, START.date()), target, {})
        checkpoint = pl.read_parquet(target)


def micro_batch_row(payments: pl.DataFrame, events: pl.DataFrame) -> dict[str, object]:
    """Batches of 500 as decoded arrays with the overhead of a call each, against one call for a frame of all."""
    rows, none, fold = BATCH_ROWS * COUNT_BATCHES, events.clear(), the_fold()
    frames = (payments.slice(number * BATCH_ROWS, BATCH_ROWS) for number in range(COUNT_BATCHES))
    batches = [payments_of(frame, fresh_states().index, fold.currencies) for frame in frames]
    quiet = account_events_of(none, fresh_states().index)

    def stream() -> None:
        states = fresh_states()
        for batch in batches:
            advance_arrays(states, batch, quiet, fold)

    whole = payments.head(rows)
    at_once = row("fold: 200,000 at once", rows, lambda: advance_in_place(fresh_states(), whole, none, fold))
    return against(at_once, row("fold: 200,000 in batches of 500", rows, stream))


def duckdb_row(payments: pl.DataFrame) -> dict[str, object]:
    """Ten comparable features as one query of SQL windows, arrow in, arrow out."""
    columns = ["event_id", "customer_id", "merchant_id", "merchant_category", "amount_minor", "event_at"]
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.register("payments", payments.select(columns).cast({"merchant_category": pl.String()}).to_arrow())
        return row(
            "ten features: DuckDB windows", ROWS, lambda: connection.execute(TEN_FEATURES).to_arrow_table(), repeats=1
        )


def polars_row(payments: pl.DataFrame) -> dict[str, object]:
    """The same ten features as Polars expressions."""

    def compute() -> None:
        ordered = payments.sort("customer_id", "event_at", "event_id").with_columns(x=pl.col("amount_minor").log())
        sums = ordered.select(
            (pl.col("event_at").diff().over("customer_id").dt.total_microseconds() / 1e6),
            pl.int_range(pl.len()).over("customer_id").alias("number"),
            (pl.col("merchant_category") != pl.col("merchant_category").shift().over("customer_id")).alias("is_switch"),
            pl.col("x").cum_sum().over("customer_id").alias("sum") - pl.col("x"),
            (pl.col("x") ** 2).cum_sum().over("customer_id").alias("squares") - pl.col("x") ** 2,
            pl.struct("customer_id", "merchant_id").is_first_distinct().alias("is_new_merchant"),
        )
        sums.with_columns(((pl.col("squares") - pl.col("sum") ** 2 / pl.col("number")) / (pl.col("number") - 1)).sqrt())
        for period in ("24h", "1h"):
            windows = ordered.rolling("event_at", period=period, group_by="customer_id", closed="both")
            windows.agg(pl.len(), pl.col("amount_minor").sum())

    return row("ten features: Polars expressions", ROWS, compute, repeats=1)


def against(baseline: dict[str, object], measured: dict[str, object]) -> dict[str, object]:
    ratio = float(measured["rows_per_cpu_s"]) / float(baseline["rows_per_cpu_s"])
    return measured | {"baseline": baseline["name"], "ratio_to_baseline": round(ratio, 2)}


def row(name: str, rows: int, work: Callable[[], object], repeats: int = REPEATS) -> dict[str, object]:
    """Time the best of a few runs; peak memory is the process's so far."""
    timings = []
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        timings.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpu_s, wall_s = min(timings)
    return {
        "name": name,
        "rows": rows,
        "cpu_s": round(cpu_s, 3),
        "wall_s": round(wall_s, 3),
        "rows_per_cpu_s": round(rows / cpu_s),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "baseline": None,
        "ratio_to_baseline": None,
    }
