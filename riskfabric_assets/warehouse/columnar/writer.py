"""`ArrayFile`: a Parquet file that grows by row groups of arrays."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Final

from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.errors import ContractError, Problem
from riskfabric_assets.warehouse.columnar.footer import RowGroup, column_chunk, footer
from riskfabric_assets.warehouse.columnar.pages import Values, encode, space_of
from riskfabric_assets.warehouse.columnar.storage import ACCEPTED, stored_columns

MAGIC: Final = b"PAR1"


class ArrayFile:
    """Writes arrays into an open file, one row group at a time, and checks them against the contract first."""

    def __init__(self, file: BinaryIO, table: Table, texts: Mapping[str, Sequence[str]], group_rows: int) -> None:
        """Begin a file.

        Args:
            file: Open for writing, at its start.
            table: The contract.
            texts: What stands behind the codes of dictionary columns, by column.
            group_rows: Most rows of a row group.
        """
        self.rows = 0
        self._file, self._table, self._group_rows = file, table, group_rows
        self._columns = stored_columns(table, texts)
        self._space = space_of(group_rows)
        self._groups: list[RowGroup] = []
        self._position = file.write(MAGIC)

    def write(self, columns: Mapping[str, Values], rows: int) -> None:
        """Write one row group.

        Args:
            columns: The columns of the contract by name; others are ignored.
            rows: How many rows, at most those of a row group.

        Raises:
            ContractError: A column is missing, has another type or length, or nulls where none may be.
            ValueError: A code has no text.
        """
        self._refuse(columns, rows)
        described, before = [], self._position
        for stored in self._columns:
            chunk = encode(stored, columns[stored.column.name], self._space)
            described.append(column_chunk(stored, chunk, self._position, rows))
            self._file.writelines(memoryview(piece).cast("B") for piece in chunk.pieces)  # type: ignore[arg-type]
            self._position += chunk.size
        self._groups.append(RowGroup(described, self._position - before, rows))
        self.rows += rows

    def close(self, metadata: Mapping[str, str]) -> None:
        """Write the footer; the file itself stays open."""
        end = footer(self._columns, self._groups, metadata)
        self._file.write(end + len(end).to_bytes(4, "little") + MAGIC)

    def _refuse(self, columns: Mapping[str, Values], rows: int) -> None:
        fix = "correct the room that makes this table, or change its contract"
        problems = []
        for stored in self._columns:
            column = stored.column
            given, place = columns.get(column.name), f"{self._table.name}.{column.name}"
            if given is None:
                problems.append(Problem(place, "no such column", column.type, fix))
                continue
            if given.values.dtype.name not in ACCEPTED[column.type]:
                problems.append(Problem(place, given.values.dtype.name, " or ".join(ACCEPTED[column.type]), fix))
            if given.values.shape != (rows,):
                problems.append(Problem(place, f"shape {given.values.shape}", f"({rows},)", fix))
            if not column.is_nullable and given.is_known is not None and not given.is_known.all():
                problems.append(Problem(place, "nulls", "no null", "fill the column where it is made"))
        if rows > self._group_rows:
            problems.append(
                Problem(self._table.name, f"{rows} rows", f"at most {self._group_rows}", "write them apart")
            )
        if problems:
            raise ContractError(problems)
