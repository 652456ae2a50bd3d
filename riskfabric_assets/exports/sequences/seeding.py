"""`seed`: a home's user sequences into a database, in one transaction."""

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel

from riskfabric_assets.exports.balances import each_month_with_balances
from riskfabric_assets.exports.sequences import rows
from riskfabric_assets.exports.sequences.database import Database, count_rows, make_tables, open_database
from riskfabric_assets.exports.sequences.models import EvaluationMetadata, GeneratedRecord
from riskfabric_assets.exports.sequences.tables import METADATA, RECORDS, TABLES, DatabaseTable
from riskfabric_assets.exports.source import Source, open_source
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.packs.settings import Settings


def seed(
    settings: Settings, url: str, *, months: Sequence[str] = (), batch_size: int = 500, drop_tables: bool = False
) -> dict[str, int]:
    """Write records, metadata and graph; a row that is there stays as it is. Returns rows by table.

    Raises:
        ConfigError: The URL is of no known kind.
        WarehouseError: The database cannot be reached.
        StaleError: Something has not been made.
    """
    with open_source(settings, months) as source, open_database(url) as database:
        make_tables(database, drop=drop_tables)
        by_name = {table.name: table for table in TABLES}
        for name in ("graph_users", "graph_accounts", "graph_devices", "graph_ip_addresses"):
            _copy(source, database, by_name[name], rows.GRAPH[name], batch_size)
        _copy_months(source, database, batch_size)
        for name in ("graph_uses_device", "graph_uses_ip", "graph_has_account", "graph_transfers_to"):
            _copy(source, database, by_name[name], rows.GRAPH[name], batch_size)
        return count_rows(database)


def _copy_months(source: Source, database: Database, batch_size: int) -> None:
    start, end = first_day(source.months[0]), source.last_day + dt.timedelta(days=1)
    prepare = rows.PREPARE.replace("$start", f"date '{start}'").replace("$end", f"date '{end}'")
    source.connection.execute(prepare)
    for _ in each_month_with_balances(source):
        source.connection.execute(rows.ADVANCE)
        _copy(source, database, RECORDS, rows.RECORDS, batch_size, GeneratedRecord)
        _copy(source, database, METADATA, rows.METADATA, batch_size, EvaluationMetadata)


def _copy(
    source: Source,
    database: Database,
    table: DatabaseTable,
    query: str,
    batch_size: int,
    model: type[BaseModel] | None = None,
) -> None:
    for batch in source.connection.execute(query).to_arrow_reader(batch_size):
        if model is not None:
            for row in batch.to_pylist():
                model.model_validate(row)
        database.insert(table, batch)
