"""`seed`: a home's user sequences into a database, in one transaction."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ValidationError

from riskfabric_assets.exports.balances import each_month_with_balances
from riskfabric_assets.exports.sequences import rows
from riskfabric_assets.exports.sequences.database import Database, count_rows, masked, open_database
from riskfabric_assets.exports.sequences.logs import Log
from riskfabric_assets.exports.sequences.migrations import migrate
from riskfabric_assets.exports.sequences.models import EvaluationMetadata, GeneratedRecord
from riskfabric_assets.exports.sequences.tables import METADATA, RECORDS, RUNS, SNAPSHOTS, TABLES, DatabaseTable
from riskfabric_assets.exports.source import Source, open_source
from riskfabric_assets.foundation.business_days import opening_of
from riskfabric_assets.foundation.errors import ContractError, InputError, Problem
from riskfabric_assets.foundation.units import first_day
from riskfabric_assets.packs.settings import Settings

NODES: Final = ("graph_users", "graph_accounts", "graph_devices", "graph_ip_addresses")
EDGES: Final = ("graph_uses_device", "graph_uses_ip", "graph_has_account", "graph_transfers_to")
Check = Callable[[Mapping[str, object]], BaseModel]
"""Returns the record of a row, or raises ValidationError."""


@dataclasses.dataclass(frozen=True)
class SeedPlan:
    """What is written and how; `is_legacy` keeps one payment per user, the first known fraud or else the last."""

    months: Sequence[str] = ()
    batch_size: int = 500
    drop_tables: bool = False
    is_legacy: bool = False


def seed(settings: Settings, url: str, plan: SeedPlan | None = None, log: Log | None = None) -> dict[str, int]:
    """Write records, metadata, snapshots and graph; returns rows by table.

    The same payments may be written twice, which changes nothing.

    Raises:
        ConfigError: The URL is of no known kind.
        ContractError: A record breaks the rules of its model.
        InputError: The database holds something else and `drop_tables` was not asked for.
        StaleError: Something has not been made.
        WarehouseError: The database cannot be reached or is lost.
    """
    plan, log = plan or SeedPlan(), log or Log()
    with open_source(settings, plan.months) as source, open_database(url) as database:
        log.info("connected", database=masked(url), dialect=database.dialect)
        log.info("schema", applied=migrate(database, drop=plan.drop_tables))
        _claim(source, database, plan)
        writer = _Writer(source, database, plan, log)
        writer.copy_graph(NODES)
        writer.copy_months()
        writer.copy_graph(EDGES)
        counts = count_rows(database)
    log.info("committed", rows=sum(counts.values()))
    return counts


def _claim(source: Source, database: Database, plan: SeedPlan) -> None:
    """Note what the rows are made of, or refuse a database that holds rows of something else."""
    wanted = {
        "identity": source.settings.identity,
        "months": ",".join(source.months),
        "through": source.last_day.isoformat(),
        "is_legacy": str(plan.is_legacy).lower(),
    }
    names = ", ".join(wanted)
    held = [tuple(str(each).lower() for each in row) for row in database.execute(f"select {names} from {RUNS.name}")]
    is_empty = bool(held) or not any(count_rows(database).values())
    if not is_empty or (held and held != [tuple(wanted.values())]):
        told = ", ".join(f"{name} {value}" for name, value in zip(wanted, held[0], strict=True)) if held else ""
        found = f"rows of {told or 'unknown origin'}"
        expected = "an empty database, or rows of " + ", ".join(f"{name} {value}" for name, value in wanted.items())
        fix = "make the tables anew with --drop-tables, or name another database"
        raise InputError([Problem("--database-url", found, expected, fix)])
    if not held:
        values = ", ".join(f"'{value}'" for value in wanted.values())
        database.execute(f"insert into {RUNS.name} ({names}) values ({values})")


class _Writer:
    """Copies queries into tables."""

    def __init__(self, source: Source, database: Database, plan: SeedPlan, log: Log) -> None:
        self.source, self.database, self.plan, self.log = source, database, plan, log
        self.tables = {table.name: table for table in TABLES}

    def copy_graph(self, names: Sequence[str]) -> None:
        """Copy nodes or edges."""
        for name in names:
            self._copy(self.tables[name], rows.GRAPH[name])

    def copy_months(self) -> None:
        """Copy records, their metadata and snapshots, month by month."""
        start, timezone = first_day(self.source.months[0]), self.source.settings.config.world.timezone
        closed = opening_of(self.source.last_day + dt.timedelta(days=1), timezone)
        self.source.connection.execute(
            rows.PREPARE.replace("$start", f"date '{start}'").replace("$closed", f"timestamp '{closed}'")
        )
        for month in each_month_with_balances(self.source):
            self.source.connection.execute(rows.ADVANCE)
            self.source.connection.execute(rows.WINDOWS)
            self._copy(RECORDS, rows.RECORDS, GeneratedRecord.of_row, month=month)
            self._copy(METADATA, rows.METADATA, EvaluationMetadata.of_row, month=month)
            self._copy(SNAPSHOTS, rows.SNAPSHOTS, month=month)

    def _copy(self, table: DatabaseTable, query: str, check: Check | None = None, **facts: object) -> None:
        count = 0
        for batch in self.source.connection.execute(self._filled(query)).to_arrow_reader(self.plan.batch_size):
            if check is not None:
                _check_rows(table, batch.to_pylist(), check)
            self.database.insert(table, batch)
            count += batch.num_rows
            self.log.debug("batch", table=table.name, rows=batch.num_rows)
        self.log.info("written", table=table.name, rows=count, **facts)

    def _filled(self, query: str) -> str:
        kept = "event_id in (select event_id from chosen)" if self.plan.is_legacy else "true"
        values = {
            "$kept": kept,
            "$is_legacy": str(self.plan.is_legacy).lower(),
            "$country": self.source.settings.config.world.country_code,
        }
        for name, value in values.items():
            query = query.replace(name, value)
        return query


def _check_rows(table: DatabaseTable, batch: Sequence[Mapping[str, object]], check: Check) -> None:
    problems = []
    for row in batch:
        try:
            check(row)
        except ValidationError as error:
            place = f"{table.name}: record {row['record_id']}"
            for each in error.errors():
                field = ".".join(str(part) for part in each["loc"]) or "record"
                fix = "correct the query of this table, or the rule of its model"
                problems.append(Problem(f"{place}: {field}", str(each["input"])[:80], each["msg"], fix))
    if problems:
        raise ContractError(problems[:20])
