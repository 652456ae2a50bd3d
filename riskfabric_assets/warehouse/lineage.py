"""From a query to where each of its columns comes from: read off the SQL itself, with nothing told by hand."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from riskfabric_assets.warehouse.run import Run

Schema = dict[str, object]
"""Schema -> table -> column -> type."""


class TableColumn(NamedTuple):
    """A column of a table of the warehouse."""

    schema: str
    table: str
    name: str


def read_schema(run: Run) -> Schema:
    """Return the columns of every table and view of a home's warehouse."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    columns = run.query("select table_schema, table_name, column_name, data_type from information_schema.columns")
    for layer, table, column, kind in columns.iter_rows():
        tables.setdefault(layer, {}).setdefault(table, {})[column] = kind
    return dict(tables)


def column_sources(sql: str, schema: Schema) -> dict[str, list[TableColumn]]:
    """Return the table columns that each column of a query is computed from, sorted; conditions are not counted.

    Args:
        sql: One query in DuckDB's dialect.
        schema: Columns of the tables that it may read.

    Raises:
        SqlglotError: The query cannot be read.
    """
    query = parse_one(sql, dialect="duckdb")
    for table in query.find_all(exp.Table):
        table.set("catalog", None)
    scope = build_scope(qualify(query, schema=schema, dialect="duckdb", validate_qualify_columns=False))
    if scope is None:
        return {}
    found: dict[tuple[int, int], frozenset[TableColumn]] = {}
    names = _selects(scope.expression)
    return {name.alias_or_name: sorted(_sources(scope, place, found)) for place, name in enumerate(names)}


def _sources(scope: Scope, place: int, found: dict[tuple[int, int], frozenset[TableColumn]]) -> frozenset[TableColumn]:
    """Return the sources of the column at a place; `found` remembers, because wide queries ask again and again."""
    key = (id(scope), place)
    if key not in found:
        if isinstance(scope.expression, exp.SetOperation):
            parts = [_sources(part, place, found) for part in scope.set_operation_scopes]
        else:
            columns = _selects(scope.expression)[place].find_all(exp.Column)
            parts = [_sources_of_column(scope, column, found) for column in columns]
        found[key] = functools.reduce(frozenset.union, parts, frozenset())
    return found[key]


def _sources_of_column(
    scope: Scope, column: exp.Column, found: dict[tuple[int, int], frozenset[TableColumn]]
) -> frozenset[TableColumn]:
    source = scope.sources.get(column.table)
    if isinstance(source, exp.Table):
        return frozenset([TableColumn(source.db, source.name, column.name)])
    if source is None:
        return frozenset()
    names = [each.alias_or_name for each in _selects(source.expression)]
    return _sources(source, names.index(column.name), found) if column.name in names else frozenset()


def _selects(query: exp.Expr) -> Sequence[exp.Expr]:
    return query.selects if isinstance(query, exp.Query) else ()
