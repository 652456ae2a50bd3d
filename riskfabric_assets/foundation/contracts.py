"""Table contracts: the one description of every table that Python writes.

A contract gives the columns in order, their types, units, null rule and value lists. The writer checks every
frame against it, the warehouse makes its empty schema file from it, Dagster shows it, the data dictionary
prints it and dbt sources are compared with it.
"""

import dataclasses
import functools
from typing import Final

import polars as pl

from riskfabric_assets.foundation.errors import ContractError, Problem

DUCKDB_TO_POLARS: Final[dict[str, pl.DataType]] = {
    "BIGINT": pl.Int64(),
    "INTEGER": pl.Int32(),
    "SMALLINT": pl.Int16(),
    "TINYINT": pl.Int8(),
    "UBIGINT": pl.UInt64(),
    "UINTEGER": pl.UInt32(),
    "DOUBLE": pl.Float64(),
    "FLOAT": pl.Float32(),
    "BOOLEAN": pl.Boolean(),
    "VARCHAR": pl.String(),
    "BLOB": pl.Binary(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
}


@dataclasses.dataclass(frozen=True)
class Column:
    """One column: DuckDB type, meaning, unit, null rule and, for an enumeration, its values in code order.

    Text of few values that only a run knows (user agents, networks) is a dictionary: a frame may hold it as text or
    as an enumeration of the run, which costs a fifth to write.
    """

    name: str
    type: str
    description: str
    unit: str = ""
    is_nullable: bool = False
    values: tuple[str, ...] = ()
    is_dictionary: bool = False

    @functools.cached_property
    def polars_type(self) -> pl.DataType:
        """The type in a frame: an enumeration is a Polars Enum, everything else follows its DuckDB type."""
        return pl.Enum(self.values) if self.values else DUCKDB_TO_POLARS[self.type]

    def accepts(self, dtype: pl.DataType | None) -> bool:
        """Tell whether a frame may hold the column in this type."""
        return dtype == self.polars_type or (self.is_dictionary and isinstance(dtype, pl.Enum))


@dataclasses.dataclass(frozen=True)
class Table:
    """The contract of one table; `name` is asset key, path and schema-qualified name in one ("bronze/labels")."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_monthly: bool = False
    is_truth: bool = False

    @property
    def layer(self) -> str:
        """The schema: the part before the slash."""
        return self.name.split("/")[0]

    @functools.cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars schema, in column order."""
        return {column.name: column.polars_type for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError."""
        return next((column for column in self.columns if column.name == name), None) or _unknown(self.name, name)

    def empty(self) -> pl.DataFrame:
        """Return a frame of zero rows with this schema."""
        return pl.DataFrame(schema=self.schema)

    def check(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return `frame` unchanged if it keeps the contract.

        Raises:
            ContractError: Columns, order, types or nulls differ; all problems at once.
        """
        problems = [*self._column_problems(frame), *self._null_problems(frame)]
        if problems:
            raise ContractError(problems)
        return frame

    def _column_problems(self, frame: pl.DataFrame) -> list[Problem]:
        wanted, found = self.schema, dict(frame.schema)
        fix = "correct the room that makes this table, or change its contract"
        problems = [
            Problem(f"{self.name}.{name}", str(found.get(name, "no such column")), str(dtype), fix)
            for name, dtype in wanted.items()
            if not self.column(name).accepts(found.get(name))
        ]
        extra = [name for name in found if name not in wanted]
        if extra:
            problems.append(Problem(self.name, "extra columns " + ", ".join(extra), "none", fix))
        if not problems and list(found) != list(wanted):
            problems.append(Problem(self.name, "column order " + ", ".join(found), ", ".join(wanted), fix))
        return problems

    def _null_problems(self, frame: pl.DataFrame) -> list[Problem]:
        return [
            Problem(
                f"{self.name}.{column.name}",
                f"{frame[column.name].null_count()} nulls",
                "no null",
                "fill the column where it is made",
            )
            for column in self.columns
            if not column.is_nullable and column.name in frame.columns and frame[column.name].null_count()
        ]


def _unknown(table: str, name: str) -> Column:
    raise KeyError(f"{table} has no column {name}")
