"""National transaction stream: NDJSON batches that land in a folder one by one, and the registry of customers.

A recipient is a favorite once an approved payment has gone there, or when it was a payee before. Devices look alike
whoever uses them. Every finished batch has a line in `manifest.ndjson`, so that a reader takes each exactly once.
"""

import contextlib
import hashlib
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import Field

from riskfabric_assets.exports.months import write_months
from riskfabric_assets.exports.options import ExportOptions
from riskfabric_assets.exports.sheets import PIECE, Sheet, load_piece, write_sheet
from riskfabric_assets.exports.source import Source
from riskfabric_assets.foundation.contracts import Column
from riskfabric_assets.warehouse.parquet import atomic_path

TITLE: Final = "National transaction producer: NDJSON batches, a manifest and the customer registry"
BATCH: Final = Sheet(
    "national_batch_XXXXXXXX.json",
    "One JSON object per line and payment, in order of time over all batches of the manifest",
    (
        Column("transaction_id", "VARCHAR", "Payment, a UUID"),
        Column("customer_id", "VARCHAR", "Payer, CUST- and a number from 1000 on"),
        Column("amount", "DOUBLE", "Amount, two decimals", "major units"),
        Column("device_id", "VARCHAR", "Device, DEV- and 16 digits; null at a terminal", is_nullable=True),
        Column("location", "STRUCT(lat DOUBLE, lon DOUBLE)", "Position of terminal or device", "degrees"),
        Column("recipient_status", "VARCHAR", "FAVORITE where the payer has paid before, else NEW_RECIPIENT"),
        Column("timestamp", "VARCHAR", "Local moment, ISO 8601 without offset"),
    ),
)
MANIFEST: Final = Sheet(
    "manifest.ndjson",
    "One JSON object per line and finished batch, in the order of the batches",
    (
        Column("file", "VARCHAR", "Name of the batch"),
        Column("rows", "BIGINT", "Payments in it"),
        Column("sha256", "VARCHAR", "Hash of its bytes"),
        Column("first_timestamp", "VARCHAR", "Its first payment"),
        Column("last_timestamp", "VARCHAR", "Its last payment"),
    ),
)
REGISTRY: Final = Sheet(
    "customer_registry.parquet",
    "One row per customer",
    (
        Column("customer_id", "VARCHAR", "Customer"),
        Column("home_lat", "DOUBLE", "Home", "degrees"),
        Column("home_lon", "DOUBLE", "Home", "degrees"),
        Column("home_province", "VARCHAR", "Region of the home, with underscores"),
        Column("avg_spend", "DOUBLE", "Mean of the approved payments so far", "major units", is_nullable=True),
        Column("trusted_device", "VARCHAR", "Main device on the last exported day", is_nullable=True),
    ),
)
TRUTH: Final = Sheet(
    "truth.parquet",
    "One row per fraudulent payment; written with with_truth=true only",
    (
        Column("transaction_id", "VARCHAR", "Payment"),
        Column("typology", "VARCHAR", "Name of the typology"),
    ),
)
SHEETS: Final = (BATCH, MANIFEST, REGISTRY, TRUTH)
_SCATTER: Final = 0x9E3779B1
"""Odd, so that multiplying by it gives every batch another name of 32 bits (Knuth's multiplicative hashing)."""

_FIRST_SEEN: Final = """
create temp table first_seen as
select customer_id, coalesce(payee_id, merchant_id) as recipient_id, min(event_at) as first_at
from history.transactions
where status = 'approved'
group by all
"""
_ROWS: Final = """
select
    uuid_of(event_id) as transaction_id, 'CUST-' || (1000 + customer_ordinal) as customer_id,
    major(amount_minor) as amount, 'DEV-' || hex_of(device_id) as device_id,
    {'lat': round(cast(latitude as double), 5), 'lon': round(cast(longitude as double), 5)} as location,
    if(
        first_at < event_at or (payees.payee_id is not null and coalesce(known_since_date < event_date, true)),
        'FAVORITE', 'NEW_RECIPIENT'
    ) as recipient_status,
    strftime(event_at_local, '%Y-%m-%dT%H:%M:%S.%f') as timestamp
from month.transactions
join people.traits on traits.customer_id = transactions.customer_id
left join first_seen
    on first_seen.customer_id = transactions.customer_id
    and recipient_id = coalesce(transactions.payee_id, merchant_id)
left join people.payees
    on payees.customer_id = transactions.customer_id and payees.payee_id = transactions.payee_id
order by event_at, event_id
"""
_REGISTRY_ROWS: Final = """
with
spend as (
    select customer_id, avg(amount_minor) as mean_minor
    from history.transactions
    where status = 'approved'
    group by customer_id
),
trusted as (
    select customer_id, min(device_id) as device_id
    from people.devices
    where is_primary and first_seen_date <= $day and (last_seen_date is null or last_seen_date >= $day)
    group by customer_id
)
select
    'CUST-' || (1000 + customer_ordinal) as customer_id, home_latitude as home_lat, home_longitude as home_lon,
    replace(region_name, ' ', '_') as home_province, major(mean_minor) as avg_spend,
    'DEV-' || hex_of(device_id) as trusted_device
from people.customers
join people.traits using (customer_id)
left join spend using (customer_id)
left join trusted using (customer_id)
order by customer_ordinal
"""
_TRUTH_ROWS: Final = """
select uuid_of(transactions.event_id) as transaction_id, typology
from month.fraud
join month.transactions using (event_id)
order by event_at, event_id
"""


class Options(ExportOptions):
    """Size and cadence of the batches, and the side-car."""

    batch_rows: int = Field(20, ge=1, description="Payments per batch")
    pause_seconds: float = Field(
        0.0, ge=0, description="Pause after each batch, 4 in the source; above 0 the batches appear one by one"
    )
    with_truth: bool = Field(False, description="Write truth.parquet, the answer key")

    @property
    def is_live(self) -> bool:
        """Tell whether somebody waits for the batches."""
        return self.pause_seconds > 0


def write(source: Source, folder: Path, options: Options) -> dict[str, int]:
    """Write registry, side-car and batches; returns rows by path."""
    day = f"date '{source.last_day.isoformat()}'"
    registry = write_sheet(source.connection, REGISTRY, folder, _REGISTRY_ROWS.replace("$day", day))
    rows = {REGISTRY.path: registry, MANIFEST.path: 0, BATCH.path: 0}
    if options.with_truth:
        rows |= write_months(source, folder, {TRUTH: _TRUTH_ROWS})
    source.connection.execute(_FIRST_SEEN)
    first_name = int(source.settings.identity[:8], 16)
    lines = _lines(source)
    with (folder / MANIFEST.path).open("w", encoding="utf-8") as manifest:
        for number in itertools.count():
            batch = list(itertools.islice(lines, options.batch_rows))
            if not batch:
                return rows
            name = f"national_batch_{(first_name + number * _SCATTER) % 2**32:08x}.json"
            manifest.write(json.dumps(_drop(folder / name, batch, options)) + "\n")
            manifest.flush()
            rows[MANIFEST.path] += 1
            rows[BATCH.path] += len(batch)
            time.sleep(options.pause_seconds)
    return rows


def _lines(source: Source) -> Iterator[str]:
    for _ in source.each_month():
        load_piece(source.connection, BATCH, _ROWS)
        found = source.connection.execute(f"select to_json({PIECE}) from {PIECE}")
        while rows := found.fetchmany(10_000):
            yield from (str(row[0]) for row in rows)


def _drop(path: Path, lines: list[str], options: Options) -> dict[str, object]:
    content = ("\n".join(lines) + "\n").encode()
    with atomic_path(path) if options.is_live else contextlib.nullcontext(path) as unfinished:
        unfinished.write_bytes(content)
    first, last = (json.loads(line)["timestamp"] for line in (lines[0], lines[-1]))
    sha256 = hashlib.sha256(content).hexdigest()
    values = (path.name, len(lines), sha256, first, last)
    return dict(zip(MANIFEST.names, values, strict=True))
