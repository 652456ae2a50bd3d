"""The DuckDB file of a home: schemas, a view per lake table, and the small tables that dbt reads."""

from collections.abc import Mapping
from typing import Final

import duckdb

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.tables import LAKE_TABLES
from riskfabric_assets.warehouse.home import Home
from riskfabric_assets.warehouse.parquet import write_table

SCHEMAS: Final = (
    "meta",
    "osm",
    "reference",
    "population",
    "plan",
    "bronze",
    "truth",
    "silver",
    "gold",
    "model",
    "realism",
    "serving",
)


def write_schema_files(home: Home) -> None:
    """Write the zero-row file of every lake table that has none or has an older contract."""
    for table in LAKE_TABLES:
        path = home.schema_file_of(table)
        text = _columns_of(table)
        contract = path.parent / ".contract"
        if not path.exists() or not contract.exists() or contract.read_text() != text:
            write_table(table, table.empty(), path, {})
            contract.write_text(text)


def create_views(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Create or replace schemas and views; absolute paths, so repeat it when the home has moved."""
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    for table in LAKE_TABLES:
        connection.execute(f"create or replace view {view_name(table)} as select * from {source_of(home, table)}")


def source_of(home: Home, table: Table) -> str:
    """Return the SQL that reads all files of a lake table."""
    pattern = str(home.folder_of(table) / "*.parquet").replace("'", "''")
    return f"read_parquet('{pattern}')"


def view_name(table: Table) -> str:
    """Return the schema-qualified SQL name of a table."""
    return table.name.replace("/", ".")


def put_row(connection: duckdb.DuckDBPyConnection, name: str, row: Mapping[str, object]) -> None:
    """Replace the one row of a `meta` table; dbt reads it instead of changing variables."""
    values = ", ".join(f"? as {column}" for column in row)
    connection.execute(f"create or replace table meta.{name} as select {values}", list(row.values()))


def _columns_of(table: Table) -> str:
    return "\n".join(f"{column.name} {column.type} {','.join(column.values)}" for column in table.columns)
