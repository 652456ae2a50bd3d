"""Merchants of a team's own payments: what a file of theirs tells, and else what the payments themselves show.

District and region of a merchant are known from the file alone. Nothing is made up: what neither tells is null.
"""

from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.tables.reference import FINANCIAL, MERCHANTS
from riskfabric_assets.warehouse.findings import Finding, column_findings, value_findings
from riskfabric_assets.warehouse.typing_columns import typed
from riskfabric_assets.warehouse.views import view_name

PLACES: Final = (MERCHANTS, FINANCIAL)
"""Reference tables that gold reads; cash machines are merchants here."""
SUFFIXES: Final = (".parquet", ".csv")
SEEN: Final = """
select
    merchant_id,
    arg_min(merchant_category, event_at)::varchar as merchant_category,
    arg_min(merchant_category_code, event_at) as merchant_category_code
from bronze.transactions where merchant_id is not null group by merchant_id
"""


def read_own_merchants(folder: Path) -> pl.DataFrame:
    """Read `merchants.parquet` or `.csv` of a folder: merchant_id and any columns of reference/merchants.

    Returns:
        Every column of reference/merchants, null where the file has none; no rows without a file.

    Raises:
        InputError: A column is unknown, a value does not fit its type, or an id is missing or used twice.
    """
    path = next((folder / f"merchants{each}" for each in SUFFIXES if (folder / f"merchants{each}").is_file()), None)
    if path is None:
        return MERCHANTS.empty()
    try:
        given = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(path, error) from error
    missing = {name for name in MERCHANTS.schema if name not in given.columns and name != "merchant_id"}
    wrong = [each for each in column_findings(str(path), MERCHANTS, given.columns) if each.column not in missing]
    known = [column for column in MERCHANTS.columns if column.name in given.columns]
    values = pl.DataFrame({column.name: typed(given[column.name], column) for column in known})
    for column in known:
        wrong += value_findings(str(path), column, given[column.name], values[column.name])
    if "merchant_id" in values.columns:
        wrong += _repeated(str(path), values["merchant_id"])
    if wrong:
        raise InputError([each.problem for each in wrong[:20]])
    absent = [pl.lit(None, dtype=MERCHANTS.schema[name]).alias(name) for name in missing]
    return values.with_columns(absent).select(list(MERCHANTS.schema))


def describe_places(connection: duckdb.DuckDBPyConnection, told: pl.DataFrame) -> dict[str, int]:
    """Make reference/merchants of the payments in the lake and of what a file tells, and the empty rest.

    Args:
        connection: The warehouse.
        told: Columns of reference/merchants.

    Returns:
        Rows by table.
    """
    connection.register("told", told.to_arrow())
    columns = ", ".join(
        f"coalesce(told.{name}, seen.{name}) as {name}"
        if name in ("merchant_id", "merchant_category", "merchant_category_code")
        else f"told.{name}"
        for name in MERCHANTS.schema
    )
    connection.execute(
        f"create or replace table reference.merchants as select {columns} "
        f"from ({SEEN}) as seen full join told on seen.merchant_id = told.merchant_id order by 1"
    )
    connection.unregister("told")
    connection.execute(f"create or replace table {view_name(FINANCIAL)} as {_nothing(FINANCIAL)}")
    return {table.name: _count(connection, table) for table in PLACES}


def _nothing(table: Table) -> str:
    columns = ", ".join(f"null::{column.type} as {column.name}" for column in table.columns)
    return f"select {columns} where false"


def _count(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    row = connection.execute(f"select count(*) from {view_name(table)}").fetchone()
    return int(row[0]) if row else 0


def _repeated(file: str, ids: pl.Series) -> list[Finding]:
    again = (ids.is_not_null() & ~ids.is_first_distinct()).arg_true()
    return [
        Finding(file, row + 1, "merchant_id", str(ids[row]), "a merchant described once", "remove the repetition")
        for row in again
    ]


def _unreadable(path: Path, error: Exception) -> InputError:
    text = str(error).splitlines()[0]
    return InputError([Problem(str(path), f"unreadable: {text}", "a readable file", "write it again")])
