"""What can be compared: a home, a Parquet or CSV file, or a folder of them; a column map tells what foreign names mean.

A column map is a YAML file: `columns` maps names of bronze/transactions (and `amount`, in major units) to the file's
own columns, `values` translates texts of enumerations.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import duckdb
import yaml
from pydantic import Field, ValidationError

from riskfabric_assets.foundation.errors import InputError, Problem, nearest
from riskfabric_assets.foundation.tables.bronze import TRANSACTIONS
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.measured import Section
from riskfabric_assets.packs.validation import problems_of
from riskfabric_assets.realism.homes import sources_of
from riskfabric_assets.warehouse.home import Home

READERS: Final = {".parquet": "read_parquet", ".csv": "read_csv"}
KNOWN: Final = (*TRANSACTIONS.schema, "amount")
REQUIRED: Final = ("customer_id", "event_at", "amount")
IDENTIFIERS: Final = tuple(name for name in TRANSACTIONS.schema if name.endswith("_id"))
STAND_INS: Final = {
    "event_id": "row_number() over ()",
    "account_id": "customer_id",
    "instrument_id": "customer_id",
    "status": "'approved'",
    "payment_kind": "'purchase'",
    "entry_mode": "'unknown'",
    "event_at_local": "event_at",
    "event_date": "event_at_local::date",
}
"""What a column is where the file has none; in this order, because a later one may use an earlier one."""


class ColumnMap(Section):
    """Names and texts of a foreign file, as ours."""

    columns: Annotated[dict[str, str], Field(default_factory=dict)]
    values: Annotated[dict[str, dict[str, str]], Field(default_factory=dict)]


@dataclasses.dataclass(frozen=True)
class Source:
    """One side of a comparison: SQL by table, and the payment columns that it really has."""

    name: str
    tables: Mapping[str, str]
    columns: frozenset[str]


def read_map(path: Path | None) -> ColumnMap:
    """Read a column map; no path is an empty one.

    Raises:
        InputError: The file is missing, no mapping, or names unknown columns; every problem at once.
    """
    if path is None:
        return ColumnMap.model_validate({})
    if not path.is_file():
        raise InputError([Problem(str(path), "no such file", "a YAML column map", "correct the path")])
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise InputError([Problem(str(path), type(content).__name__, "a mapping with `columns`", "write `columns:`")])
    try:
        found = ColumnMap.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(Document(str(path), content), ColumnMap, error)) from error
    unknown = [name for name in (*found.columns, *found.values) if name not in KNOWN]
    if unknown:
        raise InputError(
            Problem(f"{path}: {name}", "an unknown column", "a column of bronze/transactions", nearest(name, KNOWN))
            for name in unknown
        )
    return found


def source_at(connection: duckdb.DuckDBPyConnection, path: Path, names: ColumnMap) -> Source:
    """Return what lies at a path.

    Raises:
        InputError: Nothing readable lies there, or columns are missing; every problem at once.
    """
    if (path / "lake").is_dir():
        return _home(path)
    reader = _reader(path)
    described = connection.execute(f"describe select * from {reader}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    missing = list(_missing(path, names, types))
    if missing:
        raise InputError(missing)
    sql, given = _foreign(reader, names, types)
    return Source(path.name, {"transactions": f"({sql})"}, frozenset(given))


def _home(path: Path) -> Source:
    tables = sources_of(Home(path))
    if "transactions" not in tables:
        raise InputError([Problem(str(path), "a home without payments", "bronze/transactions", "riskfabric generate")])
    return Source(path.name, tables, frozenset(TRANSACTIONS.schema))


def _reader(path: Path) -> str:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for suffix, function in READERS.items():
        chosen = [_literal(str(file.resolve())) for file in files if file.suffix == suffix and file.is_file()]
        if chosen:
            return f"{function}([{', '.join(chosen)}])"
    fix = "give a home, a .parquet or .csv file, or a folder of them"
    raise InputError([Problem(str(path), "nothing to read", "payments", fix)])


def _missing(path: Path, names: ColumnMap, types: Mapping[str, str]) -> Iterator[Problem]:
    for ours, theirs in names.columns.items():
        if theirs not in types:
            yield Problem(f"{path}: {theirs}", "no such column", f"the column for {ours}", nearest(theirs, list(types)))
    given = _given(names, types)
    for name in REQUIRED:
        if name not in given and not (name == "amount" and "amount_minor" in given):
            fix = f"map it in a column map: `columns: {{{name}: <your column>}}`"
            yield Problem(f"{path}: {name}", f"columns {', '.join(list(types)[:12])}", f"a column for {name}", fix)


def _given(names: ColumnMap, types: Mapping[str, str]) -> dict[str, str]:
    """Return the file's column of each of ours: as mapped, else of the same name."""
    return {name: names.columns.get(name, name) for name in KNOWN if names.columns.get(name, name) in types}


def _foreign(reader: str, names: ColumnMap, types: Mapping[str, str]) -> tuple[str, set[str]]:
    given = _given(names, types)
    chosen = {
        name: _expression(name, theirs, names, types[theirs]) for name, theirs in given.items() if name != "amount"
    }
    if "amount_minor" not in chosen:
        chosen["amount_minor"] = f'round("{given["amount"]}" * 100)::bigint'
    columns = set(chosen)
    base = "select " + ", ".join(f"{sql} as {name}" for name, sql in chosen.items()) + f" from {reader}"
    for name, stand_in in STAND_INS.items():
        if name not in chosen:
            base = f"select *, {stand_in} as {name} from ({base})"
    return base, columns


def _expression(name: str, theirs: str, names: ColumnMap, type_: str) -> str:
    column = f'"{theirs}"'
    if name in IDENTIFIERS and "INT" not in type_:
        return f"(hash({column}) >> 1)::bigint"
    texts = names.values.get(name)
    if not texts:
        return column
    cases = " ".join(f"when {_literal(old)} then {_literal(new)}" for old, new in texts.items())
    return f"case {column}::varchar {cases} else {column}::varchar end"


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
