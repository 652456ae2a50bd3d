"""The catalogue of features: figures that can be worked out by hand, and a page that holds the whole contract."""

import math
import re

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.learning.catalogue import FeatureProfile, needed_columns, profiles, stability_index
from riskfabric_assets.learning.catalogue_page import CatalogueContext, catalogue_page
from tests.gold_frames import draw_gold, feature_contract, model_plan

DRAWN = ("speed_kmh", "amount_deviation", "count_payments_24h", "is_burst", "channel", "merchant_category")


def contract(*names: str):
    whole = feature_contract()
    return whole.model_copy(update={"features": {name: whole.features[name] for name in names}})


@pytest.fixture(scope="module")
def payments() -> pl.DataFrame:
    return draw_gold(6_000).payments.sort("event_at")


def look_at(payments: pl.DataFrame, *names: str) -> dict[str, FeatureProfile]:
    chosen = contract(*names)
    texts = {name: f"What {name} is" for name in names}
    found = profiles(payments.select(needed_columns(chosen)), chosen, texts, model_plan().catalogue)
    return {each.name: each for each in found}


def page_of(found: dict[str, FeatureProfile]) -> str:
    return catalogue_page(CatalogueContext("India", "tiny", "abc", True, 6_000, 3_000, 0.2, tuple(found.values())))


def test_equal_samples_do_not_drift_and_others_do_by_the_formula():
    first, later = np.array([0] * 6 + [1] * 4), np.array([0] * 3 + [1] * 7)
    assert stability_index(first, first) == 0.0
    expected = (0.3 - 0.6) * math.log(0.3 / 0.6) + (0.7 - 0.4) * math.log(0.7 / 0.4)
    assert stability_index(first, later) == pytest.approx(expected)
    assert math.isfinite(stability_index(first, np.array([5])))


def test_a_column_that_moves_in_september_drifts_in_september(payments):
    moved = payments.with_columns(
        amount_deviation=pl.col("amount_deviation") + 1.0 * (pl.col("event_date").dt.month() == 9)
    )
    before, after = look_at(payments, "amount_deviation"), look_at(moved, "amount_deviation")
    assert list(after["amount_deviation"].drift_by_month) == ["2025-09"]
    assert before["amount_deviation"].drift < 0.02
    assert after["amount_deviation"].drift > 0.2


def test_what_becomes_missing_is_counted_and_drifts(payments):
    lost = payments.with_columns(speed_kmh=pl.when(pl.col("event_date").dt.month() == 8).then("speed_kmh"))
    found = look_at(lost, "speed_kmh")["speed_kmh"]
    assert found.missing_by_month["2025-09"] == 1.0
    august = payments.filter(pl.col("event_date").dt.month() == 8)["speed_kmh"]
    assert found.missing_by_month["2025-08"] == pytest.approx(august.null_count() / august.len())
    assert found.drift > 0.2


def test_a_column_that_gives_reports_away_has_an_area_of_one_whichever_way_it_points(payments):
    told = payments.with_columns(
        is_burst=~pl.col("is_fraud"), amount_deviation=pl.col("is_fraud").cast(pl.Float64), speed_kmh=None
    ).with_columns(pl.col("speed_kmh").cast(pl.Float64))
    found = look_at(told, "is_burst", "amount_deviation", "speed_kmh")
    assert found["is_burst"].solo_roc_auc == found["amount_deviation"].solo_roc_auc == 1.0
    assert found["speed_kmh"].solo_roc_auc is None
    assert found["speed_kmh"].distribution.honest.size == 0


def test_shares_add_up_to_one_and_bins_are_named_where_values_are_few(payments):
    found = look_at(payments, *DRAWN)
    for each in found.values():
        assert each.distribution.honest.sum() == pytest.approx(1.0), each.name
        assert each.distribution.reported.sum() == pytest.approx(1.0), each.name
        assert each.distribution.edges.size == each.distribution.honest.size + 1
    assert found["is_burst"].distribution.names == ("no", "yes")
    assert set(found["channel"].distribution.names) == set(payments["channel"].unique())
    assert found["speed_kmh"].distribution.is_log
    assert not found["amount_deviation"].distribution.names


def test_the_page_holds_the_contract_of_every_feature_and_nothing_from_elsewhere(payments):
    found = look_at(payments, *DRAWN)
    page = page_of(found)
    assert re.findall(r'<article id="(\w+)">', page) == list(DRAWN)
    for name, each in found.items():
        assert f"What {name} is" in page
        assert each.feature.window in page
    assert page.count("<svg") == 3 * len(DRAWN)
    assert not re.search(r"<script|(?:src|href)=[\"']?https?:|nan", page)


def test_equal_payments_give_equal_pages(payments):
    assert page_of(look_at(payments, *DRAWN)) == page_of(look_at(payments, *DRAWN))
