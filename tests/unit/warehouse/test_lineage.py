"""Where columns come from is read off the query."""

import pytest
from sqlglot.errors import SqlglotError

from riskfabric_assets.warehouse.lineage import TableColumn, column_sources

SCHEMA = {
    "bronze": {
        "payments": {"event_id": "BIGINT", "amount_minor": "BIGINT", "merchant_id": "BIGINT"},
        "labels": {"event_id": "BIGINT", "reported_by": "VARCHAR"},
    },
    "reference": {
        "shops": {"merchant_id": "BIGINT", "name": "VARCHAR"},
        "machines": {"id": "BIGINT", "name": "VARCHAR"},
    },
}
MERCHANTS = """
with merchants as (
    select merchant_id, name, 'shop' as kind from "warehouse"."reference"."shops"
    union all
    select id as merchant_id, upper(name) as name, 'machine' as kind from reference.machines
)
"""


def test_a_column_is_followed_through_stars_joins_and_names():
    query = """
        with payments as (select * from "warehouse"."bronze"."payments"),
        joined as (
            select payments.*, labels.reported_by as reporter
            from payments left join bronze.labels as labels on payments.event_id = labels.event_id
        )
        select event_id, amount_minor / 100 as amount, reporter, reporter is not null and amount_minor > 0 as is_large
        from joined
    """
    amount, reporter = TableColumn("bronze", "payments", "amount_minor"), TableColumn("bronze", "labels", "reported_by")
    assert column_sources(query, SCHEMA) == {
        "event_id": [TableColumn("bronze", "payments", "event_id")],
        "amount": [amount],
        "reporter": [reporter],
        "is_large": [reporter, amount],
    }


def test_both_sides_of_a_union_count_whatever_they_call_a_column():
    assert column_sources(MERCHANTS + "select * from merchants", SCHEMA) == {
        "merchant_id": [TableColumn("reference", "machines", "id"), TableColumn("reference", "shops", "merchant_id")],
        "name": [TableColumn("reference", "machines", "name"), TableColumn("reference", "shops", "name")],
        "kind": [],
    }


def test_windows_and_filters_of_an_aggregate_are_part_of_a_column():
    query = """
        select
            count(*) as n, sum(amount_minor) filter (where merchant_id = 1) as amount,
            row_number() over (order by event_id) as number
        from bronze.payments
    """
    found = column_sources(query, SCHEMA)
    assert found["n"] == []
    assert [each.name for each in found["amount"]] == ["amount_minor", "merchant_id"]
    assert [each.name for each in found["number"]] == ["event_id"]


def test_what_is_no_query_is_refused():
    with pytest.raises(SqlglotError):
        column_sources("select from where", SCHEMA)
