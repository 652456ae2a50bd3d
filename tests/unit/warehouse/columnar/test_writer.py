"""Files of arrays, read back by every reader that users have."""

import io

import duckdb
import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.errors import ContractError
from riskfabric_assets.warehouse.columnar.pages import Values
from riskfabric_assets.warehouse.columnar.writer import ArrayFile

AGENTS = [f"agent {number}" for number in range(300)]
ALL_TYPES = Table(
    "test/everything",
    "One row per thing",
    ("id",),
    (
        Column("id", "BIGINT", "Key"),
        Column("big", "BIGINT", "Repeats", is_nullable=True),
        Column("narrow", "BIGINT", "Given as 32 bits", is_nullable=True),
        Column("small", "SMALLINT", "May be negative"),
        Column("cell", "UBIGINT", "Above 2^63", is_nullable=True),
        Column("address", "UINTEGER", "Above 2^31", is_nullable=True),
        Column("share", "FLOAT", "Any"),
        Column("kind", "VARCHAR", "Enumeration", values=("x", "yy", "z"), is_nullable=True),
        Column("agent", "VARCHAR", "Dictionary", is_nullable=True, is_dictionary=True),
        Column("is_so", "BOOLEAN", "Flag", is_nullable=True),
        Column("day", "DATE", "Ascending"),
        Column("moment", "TIMESTAMP", "Any", is_nullable=True),
    ),
)
TEXTS = {"agent": AGENTS}


def columns_of(count: int, known: float) -> dict[str, Values]:
    generator = np.random.default_rng(count + int(known * 100))

    def some() -> np.ndarray:
        return generator.random(count) < known

    repeated = generator.integers(-(2**62), 2**62, count // 10 + 1)
    return {
        "id": Values(generator.integers(-(2**63), 2**63 - 1, count)),
        "big": Values(repeated[generator.integers(0, repeated.size, count)], some()),
        "narrow": Values(generator.integers(-5, 900, count).astype(np.int32), some()),
        "small": Values(generator.integers(-9, 9_999, count).astype(np.int16)),
        "cell": Values(generator.integers(0, 2**64 - 1, count, dtype=np.uint64), some()),
        "address": Values(generator.integers(2**32 - 40, 2**32 - 1, count, dtype=np.uint32), some()),
        "share": Values(generator.random(count).astype(np.float32)),
        "kind": Values(generator.integers(0, 3, count).astype(np.uint8), some()),
        "agent": Values(generator.integers(0, 300, count).astype(np.int16), some()),
        "is_so": Values(generator.random(count) < 0.5, some()),
        "day": Values(np.sort(generator.integers(0, 30, count)).astype(np.int32)),
        "moment": Values(generator.integers(-(2**52), 2**52, count), some()),
    }


def written(columns: dict[str, Values], group_rows: int = 1_000) -> bytes:
    target, count = io.BytesIO(), columns["id"].values.shape[0]
    file = ArrayFile(target, ALL_TYPES, TEXTS, group_rows)
    for start in range(0, count, group_rows):
        stop = min(start + group_rows, count)
        part = {
            name: Values(given.values[start:stop], None if given.is_known is None else given.is_known[start:stop])
            for name, given in columns.items()
        }
        file.write(part, stop - start)
    file.close({"hello": "world"})
    return target.getvalue()


def expected(name: str, given: Values) -> list[object]:
    column, values = ALL_TYPES.column(name), given.values.tolist()
    if column.type == "VARCHAR":
        values = [(column.values or AGENTS)[code] for code in values]
    if given.is_known is not None:
        values = [value if known else None for value, known in zip(values, given.is_known.tolist(), strict=True)]
    return values


@pytest.mark.parametrize("known", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("count", [0, 1, 9, 1_000, 1_001, 4_321])
def test_every_reader_sees_what_was_given(tmp_path, count, known):
    columns, path = columns_of(count, known), tmp_path / "a.parquet"
    path.write_bytes(written(columns))
    frame = pl.read_parquet(path)
    with duckdb.connect() as connection:
        by_duckdb = connection.execute(f"select * from '{path}'").pl()
    by_arrow = pl.DataFrame(pq.read_table(path))
    for name, given in columns.items():
        plain = frame[name].to_physical() if frame[name].dtype.is_temporal() else frame[name]
        assert plain.to_list() == expected(name, given), name
        assert by_duckdb[name].to_list() == frame[name].to_list(), name
        assert by_arrow[name].to_list() == frame[name].to_list(), name


def test_what_lay_in_memory_before_is_not_written():
    """Wide codes leave room for seven more behind the last row: they are zeros, and in the dictionary."""
    count, columns = 30_001, (Column("id", "BIGINT", "Key"), Column("big", "BIGINT", "Repeats"))
    values, files = np.random.default_rng(3).integers(0, 9_000, count), []
    for junk in (0, 0x5A):
        target = io.BytesIO()
        file = ArrayFile(target, Table("test/wide", "Wide", ("id",), columns), {}, count)
        for space in file._space:
            space.view(np.uint8)[:] = junk
        file.write({"id": Values(np.arange(count)), "big": Values(values)}, count)
        file.close({})
        files.append(target.getvalue())
    assert files[0] == files[1]
    assert pl.read_parquet(io.BytesIO(files[1]))["big"].to_list() == values.tolist()


def test_types_are_those_that_polars_writes(tmp_path):
    frame = pl.read_parquet(io.BytesIO(written(columns_of(50, 0.5))))
    ALL_TYPES.check(frame)
    assert frame.schema["kind"] == pl.Enum(["x", "yy", "z"])
    assert frame.schema["agent"] == pl.Enum(AGENTS)
    frame.write_parquet(tmp_path / "polars.parquet")
    (tmp_path / "arrays.parquet").write_bytes(written(columns_of(50, 0.5)))
    mine, theirs = (pq.read_schema(tmp_path / f"{name}.parquet") for name in ("arrays", "polars"))
    assert mine.equals(theirs)
    with duckdb.connect() as connection:
        described = [
            connection.execute(f"describe from '{tmp_path}/{name}.parquet'").fetchall() for name in ("arrays", "polars")
        ]
    assert described[0] == described[1]


def test_metadata_and_bounds_are_told():
    columns = columns_of(2_500, 0.5)
    footer = pq.ParquetFile(io.BytesIO(written(columns))).metadata
    assert footer.metadata[b"hello"] == b"world"
    assert footer.num_row_groups == 3
    day = footer.row_group(1).column(ALL_TYPES.columns.index(ALL_TYPES.column("day"))).statistics
    days = columns["day"].values[1_000:2_000].astype("datetime64[D]")
    assert (day.min, day.max, day.null_count) == (days.min().item(), days.max().item(), 0)


def test_the_same_arrays_give_the_same_bytes():
    assert written(columns_of(3_000, 0.5)) == written(columns_of(3_000, 0.5))


def test_all_breaches_of_the_contract_are_told_at_once():
    columns = columns_of(10, 1.0) | {"small": Values(np.zeros(10)), "day": Values(np.zeros(9, dtype=np.int32))}
    del columns["cell"]
    columns["share"] = Values(columns["share"].values, np.zeros(10, dtype=np.bool_))
    file = ArrayFile(io.BytesIO(), ALL_TYPES, TEXTS, 5)
    with pytest.raises(ContractError) as caught:
        file.write(columns, 10)
    for part in ("cell", "small", "float64", "day", "(9,)", "share", "nulls", "10 rows"):
        assert part in str(caught.value)


def test_a_code_without_a_text_is_refused():
    columns = columns_of(10, 1.0) | {"kind": Values(np.full(10, 3, dtype=np.uint8))}
    with pytest.raises(ValueError, match="kind: codes from 3 to 3"):
        written(columns)


def test_a_dictionary_column_needs_its_texts():
    with pytest.raises(ValueError, match="agent"):
        ArrayFile(io.BytesIO(), ALL_TYPES, {}, 10)
