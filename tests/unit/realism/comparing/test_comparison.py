"""Comparing files: equal data is equal, foreign names are mapped, and what cannot be read is told whole."""

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from riskfabric_assets.cli import app
from riskfabric_assets.foundation.errors import InputError
from riskfabric_assets.realism.comparing.comparison import compare
from riskfabric_assets.realism.comparing.page import html_page, json_text
from riskfabric_assets.realism.comparing.quality import quality
from riskfabric_assets.realism.comparing.sources import ColumnMap, read_map
from tests.unit.realism.lakes import at, payments

PLAIN = ColumnMap.model_validate({})
MEMORY_MB = 200


def bought(count=400, factor=1.0, seed=1, **row):
    rng = np.random.default_rng(seed)
    return payments(
        *(
            {
                "customer_id": place % 40,
                "merchant_id": int(rng.zipf(1.6) % 30),
                "amount_minor": int(factor * np.exp(rng.normal(9, 1))),
                "channel": "pos" if rng.random() < 0.3 else "instant",
                "event_at": at("2025-03-01 00:00") + dt.timedelta(minutes=int(rng.integers(0, 60 * 24 * 60))),
                **row,
            }
            for place in range(count)
        )
    )


@pytest.fixture
def files(tmp_path):
    bought().write_parquet(tmp_path / "a.parquet")
    bought(factor=8.0, seed=2).write_parquet(tmp_path / "b.parquet")
    return tmp_path


def test_a_data_set_equals_itself(files):
    found = compare(files / "a.parquet", files / "a.parquet", PLAIN, PLAIN, MEMORY_MB)
    assert found.quality.overall == 1
    assert found.quality.rows.novelty == 0
    assert all(figure.a == figure.b for figure in found.figures)
    assert (found.a.payments, found.a.customers) == (400, 40)


def test_another_price_level_is_seen_in_amounts_and_nowhere_else(files):
    found = compare(files / "a.parquet", files / "b.parquet", PLAIN, PLAIN, MEMORY_MB)
    shapes = {column.name: column.shape for column in found.quality.columns}
    assert shapes["amount"] < 0.5
    assert min(shape for name, shape in shapes.items() if name != "amount") > 0.85
    tickets = {figure.check.id: figure for figure in found.figures}["R02"]
    assert tickets.difference == pytest.approx(7, rel=0.5)


def test_a_csv_file_with_foreign_names_is_the_same_data(files):
    whole = pl.read_parquet(files / "a.parquet")
    foreign = whole.select(
        cust=pl.format("C{}", "customer_id"),
        at="event_at",
        value=pl.col("amount_minor") / 100,
        way=pl.col("channel").replace({"instant": "UPI", "pos": "CARD"}),
    )
    foreign.write_csv(files / "theirs.csv")
    names = files / "map.yaml"
    names.write_text(
        "columns: {customer_id: cust, event_at: at, amount: value, channel: way}\n"
        "values: {channel: {UPI: instant, CARD: pos}}\n"
    )
    found = compare(files / "a.parquet", files / "theirs.csv", PLAIN, read_map(names), MEMORY_MB)
    assert {column.name for column in found.quality.columns} >= {"amount", "event_hour", "channel"}
    assert found.quality.shapes_score == pytest.approx(1)
    figures = {(figure.check.id, figure.measure): figure for figure in found.figures}
    assert figures["R23", "gini"].difference == pytest.approx(0)
    assert ("R24", "exponent") not in figures or figures["R24", "exponent"].b is None, "the file has no merchants"


def test_a_folder_is_read_whole(files):
    whole, folder = bought(), files / "folder"
    folder.mkdir()
    whole.head(150).write_parquet(folder / "1.parquet")
    whole.tail(250).write_parquet(folder / "2.parquet")
    assert compare(files / "a.parquet", folder, PLAIN, PLAIN, MEMORY_MB).quality.overall == 1


def test_everything_that_is_missing_is_said_at_once(files):
    pl.DataFrame({"when": ["2025-01-01"], "who": [1]}).write_csv(files / "poor.csv")
    wrong = ColumnMap.model_validate({"columns": {"event_at": "wen"}})
    with pytest.raises(InputError) as error:
        compare(files / "poor.csv", files / "a.parquet", wrong, PLAIN, MEMORY_MB)
    text = str(error.value)
    assert "did you mean 'when'" in text
    assert "a column for customer_id" in text
    assert "a column for amount" in text


def test_unknown_names_in_a_column_map_are_refused(files):
    names = files / "map.yaml"
    names.write_text("columns: {amout: x, customer_idd: y}\n")
    with pytest.raises(InputError, match="did you mean 'amount'") as error:
        read_map(names)
    assert len(error.value.problems) == 2
    names.write_text("colums: {}\n")
    with pytest.raises(InputError, match="unknown key"):
        read_map(names)


@pytest.mark.parametrize("name", ["nothing.parquet", "empty"])
def test_a_path_without_payments_is_refused(files, name):
    (files / "empty").mkdir()
    with pytest.raises(InputError, match=r"nothing to read|no such"):
        compare(files / name, files / "a.parquet", PLAIN, PLAIN, MEMORY_MB)


def test_copied_rows_are_not_new_and_repeated_rows_are_told():
    frame = pl.DataFrame(
        {"customer_id": [1, 1, 2], "amount": [5.0, 5.0, 9.0], "channel": ["pos"] * 3, "event_at": [1, 1, 2]}
    )
    other = pl.DataFrame({"customer_id": [1, 1], "amount": [5.04, 50.0], "channel": ["pos"] * 2, "event_at": [1, 2]})
    rows = quality(frame, other).rows
    assert rows.duplicates_a == pytest.approx(1 / 3)
    assert (rows.duplicates_b, rows.novelty) == (0, 0.5)


def test_the_command_line_writes_page_and_json(files):
    page, text = files / "report.html", files / "report.json"
    arguments = [
        "compare",
        str(files / "a.parquet"),
        str(files / "b.parquet"),
        "--html",
        str(page),
        "--json",
        str(text),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    content = json.loads(text.read_text())
    assert 0 < content["scores"]["overall"] < 1
    assert content["a"]["payments"] == 400
    assert "http" not in page.read_text(), "a page that asks nobody"


def test_texts_of_a_file_are_no_markup(files):
    bought(rail="<script>").write_parquet(files / "<i>.parquet")
    found = compare(files / "<i>.parquet", files / "a.parquet", PLAIN, PLAIN, MEMORY_MB)
    assert "<i>" not in html_page(found)
    assert json.loads(json_text(found))["a"]["name"] == "<i>.parquet"
