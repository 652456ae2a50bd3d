import datetime as dt

import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import ACCOUNT_EVENTS, LABELS, TRANSACTIONS
from riskfabric_assets.warehouse.inspection import inspect_files

MOMENT = dt.datetime(2025, 8, 1, 10)  # noqa: DTZ001  # naive UTC, as stored
SAMPLE = {
    "BIGINT": 1, "SMALLINT": 5411, "UINTEGER": 7, "UBIGINT": 9, "FLOAT": 1.5, "BOOLEAN": True,
    "VARCHAR": "INR", "DATE": MOMENT.date(), "TIMESTAMP": MOMENT,
}  # fmt: skip


def frame_of(table, rows=3, **columns):
    """Rows that keep the contract, with changed columns."""
    data = {each.name: [each.values[0] if each.values else SAMPLE[each.type]] * rows for each in table.columns}
    data["event_id"] = list(range(1, rows + 1))
    if table is TRANSACTIONS:
        data |= {name: [None] * rows for name in ("decline_reason", "engine_rule", "payee_id")}
    data |= columns
    return pl.DataFrame(
        data, schema_overrides={n: t for n, t in table.schema.items() if n in data and n not in columns}
    )


def findings(tmp_path, *frames, suffix=".parquet", cap=100):
    paths = []
    for number, frame in enumerate(frames):
        path = tmp_path / f"{number}{suffix}"
        frame.write_parquet(path) if suffix == ".parquet" else frame.write_csv(path)
        paths.append(path)
    return inspect_files(paths, cap)[0]


def found(tmp_path, *frames, **options):
    return [(each.row, each.column) for each in findings(tmp_path, *frames, **options)]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
@pytest.mark.parametrize("table", [TRANSACTIONS, ACCOUNT_EVENTS, LABELS])
def test_rows_that_keep_the_contract_are_found_good(tmp_path, table, suffix):
    assert findings(tmp_path, frame_of(table), suffix=suffix) == []


def test_a_wrong_value_is_told_by_row_with_the_nearest_known_one(tmp_path):
    (finding,) = findings(tmp_path, frame_of(TRANSACTIONS, channel=["pos", "onlin", "atm"]))
    assert (finding.row, finding.column, finding.found) == (2, "channel", "'onlin'")
    assert "did you mean 'online'" in finding.remedy


def test_missing_and_extra_columns_are_told_together(tmp_path):
    frame = frame_of(TRANSACTIONS).rename({"amount_minor": "amount"})
    assert found(tmp_path, frame) == [(None, "amount_minor"), (None, "amount")]


def test_an_empty_cell_is_told_where_none_is_allowed(tmp_path):
    assert found(tmp_path, frame_of(TRANSACTIONS, account_id=[1, None, 3]), suffix=".csv") == [(2, "account_id")]


def test_half_a_minor_unit_is_not_rounded(tmp_path):
    assert found(tmp_path, frame_of(TRANSACTIONS, amount_minor=[10.0, 10.5, 11.0])) == [(2, "amount_minor")]


def test_a_number_that_does_not_fit_is_told(tmp_path):
    frame = frame_of(TRANSACTIONS, merchant_category_code=["5411", "99999", "x"])
    assert found(tmp_path, frame, suffix=".csv") == [(2, "merchant_category_code"), (3, "merchant_category_code")]


def test_moments_with_a_time_zone_are_refused(tmp_path):
    zoned = pl.Series([MOMENT] * 3).dt.replace_time_zone("UTC")
    assert found(tmp_path, frame_of(LABELS, label_known_at=zoned)) == [(n, "label_known_at") for n in (1, 2, 3)]


def test_columns_of_a_row_agree(tmp_path):
    frame = frame_of(
        TRANSACTIONS,
        amount_minor=[0, 1, 1],
        decline_reason=[None, "technical", None],
        event_date=[MOMENT.date(), MOMENT.date(), dt.date(2025, 8, 2)],
    )
    assert found(tmp_path, frame) == [(1, "amount_minor"), (2, "decline_reason"), (3, "event_date")]


def test_rows_out_of_order_are_told(tmp_path):
    later = [MOMENT, MOMENT + dt.timedelta(hours=1), MOMENT]
    assert found(tmp_path, frame_of(ACCOUNT_EVENTS, event_at=later)) == [(3, "event_at")]


def test_an_id_used_by_a_payment_and_an_event_is_told(tmp_path):
    assert found(tmp_path, frame_of(TRANSACTIONS), frame_of(ACCOUNT_EVENTS, rows=1)) == [(1, "event_id")]


def test_a_label_needs_a_payment_before_it(tmp_path):
    early = [MOMENT, MOMENT - dt.timedelta(days=1), MOMENT]
    labels = frame_of(LABELS, event_id=[1, 2, 77], label_known_at=early)
    assert found(tmp_path, frame_of(TRANSACTIONS), labels) == [(3, "event_id"), (2, "label_known_at")]


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path):
    broken, strange = tmp_path / "a.parquet", tmp_path / "b.xlsx"
    broken.write_text("no")
    strange.write_text("no")
    assert [each.row for each in inspect_files([broken, strange, tmp_path / "c.csv"], 100)[0]] == [None] * 3


def test_columns_of_no_table_are_a_finding(tmp_path):
    assert found(tmp_path, pl.DataFrame({"a": [1]})) == [(None, "")]


def test_findings_end_at_the_cap(tmp_path):
    assert len(findings(tmp_path, frame_of(TRANSACTIONS, rows=50, channel=["x"] * 50), cap=7)) == 7


def test_the_instrument_is_the_card_or_else_the_account(tmp_path):
    frame = frame_of(TRANSACTIONS, card_id=[1, None, 3], account_id=[1, 1, 1], instrument_id=[1, 1, 1])
    assert found(tmp_path, frame) == [(3, "instrument_id")]


def test_a_transfer_has_a_payee_and_nothing_else_has(tmp_path):
    kinds = ["purchase", "transfer", "transfer"]
    frame = frame_of(TRANSACTIONS, payment_kind=kinds, merchant_id=[1, None, 1], payee_id=[None, 5, None])
    assert found(tmp_path, frame) == [(3, "merchant_id"), (3, "payee_id")]


def test_a_label_stands_on_the_day_of_its_payment_and_names_its_payer(tmp_path):
    labels = frame_of(LABELS, event_date=[MOMENT.date(), dt.date(2025, 8, 2), MOMENT.date()], customer_id=[1, 1, 2])
    assert found(tmp_path, frame_of(TRANSACTIONS), labels) == [(2, "event_date"), (3, "customer_id")]


def test_places_lie_on_the_earth(tmp_path):
    assert found(tmp_path, frame_of(TRANSACTIONS, latitude=[91.0, 1.0, 1.0])) == [(1, "latitude")]
