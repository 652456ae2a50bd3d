import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.foundation.contracts import Column, Table
from riskfabric_assets.foundation.errors import ContractError
from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.foundation.units import haversine_km, last_day, months_between, next_month

TABLE = Table(
    "bronze/sample",
    "One row per thing",
    ("thing_id",),
    (
        Column("thing_id", "BIGINT", "Thing"),
        Column("kind", "VARCHAR", "Kind", values=("a", "b")),
        Column("size", "DOUBLE", "Size", "km", is_nullable=True),
    ),
)


def frame(**changes):
    columns = {"thing_id": [1, 2], "kind": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])), "size": [None, 1.0]}
    return pl.DataFrame(columns | changes)


def test_a_frame_that_keeps_the_contract_passes_unchanged():
    assert TABLE.check(frame()).equals(frame())


def test_all_problems_are_named_at_once():
    broken = frame(thing_id=["x", "y"], extra=[1, 2]).drop("size")
    with pytest.raises(ContractError) as error:
        TABLE.check(broken)
    text = str(error.value)
    assert all(word in text for word in ("thing_id", "size", "no such column", "extra"))


def test_a_null_in_a_column_without_nulls_is_refused():
    with pytest.raises(ContractError, match=r"thing_id.*1 nulls"):
        TABLE.check(frame(thing_id=[1, None]))


def test_another_column_order_is_refused():
    with pytest.raises(ContractError, match="column order"):
        TABLE.check(frame().select("kind", "thing_id", "size"))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_contract_is_sound(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert set(table.key) <= set(names)
    assert all(column.description for column in table.columns)
    assert table.empty().height == 0


def test_months_count_over_the_end_of_a_year():
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert next_month("2025-12") == "2026-01"
    assert last_day("2024-02") == dt.date(2024, 2, 29)
    assert months_between("2025-02", "2025-01") == []


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((19.076, 72.8777), (28.6139, 77.209), 1148),
        ((-26.2041, 28.0473), (-33.9249, 18.4241), 1263),
        ((0, 179.9), (0, -179.9), 22.2),
    ],
)
def test_haversine_agrees_with_known_distances(a, b, km):
    assert haversine_km(*a, *b) == pytest.approx(km, rel=0.01)
