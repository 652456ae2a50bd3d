import dataclasses
import datetime as dt
import functools
import re
import struct
import xml.etree.ElementTree as ET

import h3.api.basic_int as h3
import polars as pl
import pytest

from riskfabric_assets.foundation.charts import Scale, percent, plot, short
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.learning import figures, maps
from riskfabric_assets.learning.assessment import assess
from riskfabric_assets.learning.report import ReportContext, report
from riskfabric_assets.packs.provenance import Provenance
from tests.unit.learning.test_timeline import daily, drift, india
from tests.unit.learning.trained import assessment, classifier, gold, plan, windows


def polygon(*rings: tuple[tuple[float, float], ...]) -> bytes:
    parts = [struct.pack("<BII", 1, maps.POLYGON, len(rings))]
    for ring in rings:
        parts.append(struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *point) for point in ring))
    return b"".join(parts)


SQUARE = ((70.0, 10.0), (90.0, 10.0), (90.0, 30.0), (70.0, 30.0), (70.0, 10.0))
HOLE = ((75.0, 15.0), (80.0, 15.0), (80.0, 20.0), (75.0, 15.0))


def context(**changes: object) -> ReportContext:
    whole = ReportContext(
        world="India <sample>",
        profile="tiny",
        scenario="riskfabric",
        seed=5555,
        identity="0123456789abcdef",
        is_sample_world=True,
        row_counts={"bronze/transactions": 12_000, "bronze/labels": 480, "gold/payments": 12_000},
        provenance={"payments": Provenance(numbers=190, assumed=37), "people": Provenance(numbers=10, assumed=3)},
        assessment=assessment(),
        plan=plan(),
        events=india(),
        daily=daily(dt.date(2025, 9, 1), 61),
        districts=pl.DataFrame({"boundary_wkb": [polygon(SQUARE, HOLE), None]}),
    )
    return dataclasses.replace(whole, **changes)


@functools.cache
def page() -> str:
    return report(context())


def test_the_page_needs_nothing_from_anywhere() -> None:
    addresses = re.findall(
        r"""(?:src|href)\s*=\s*["']([^"']*)""", re.sub(r'<a href="(?:typologies/\w+|features)\.html">', "", page())
    )
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    assert not re.search(r"https?://|url\(|@import|<script|<link|<iframe", page())


def test_the_page_links_to_the_page_of_every_kind_in_its_table_and_to_their_index() -> None:
    links = re.findall(r'<a href="typologies/(\w+)\.html">', page())
    assert links == ["index", *figures.typologies(context().assessment.evaluation)]
    assert len(links) > 1


def test_equal_contexts_give_equal_bytes() -> None:
    assert report(context()) == page()


def test_the_page_stays_below_two_megabytes() -> None:
    assert len(page().encode()) < 2_000_000


def test_the_page_says_that_it_is_synthetic_and_of_which_run() -> None:
    for text in ("Synthetic data.", "India &lt;sample&gt;", "0123456789abcdef", "5555", "12,000"):
        assert text in page()
    assert "a sample drawn from public place names" in page()
    assert "only the places come from a map" in report(context(is_sample_world=False))


def test_no_number_is_left_without_a_value() -> None:
    text = re.sub(r"<[^>]*>", " ", page())
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text)


def test_every_picture_is_valid_xml_with_a_name_and_finite_numbers() -> None:
    pictures = re.findall(r"<svg.*?</svg>", page(), re.DOTALL)
    assert len(pictures) == 11
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314  # our own text
        assert root.attrib["aria-label"]
        assert "nan" not in picture.lower().replace("finance", "")


def test_a_world_without_boundaries_and_a_window_without_fraud_still_give_a_page() -> None:
    honest = gold().payments.with_columns(pl.lit(value=False).alias("is_fraud"))
    found = assess(classifier(), honest, gold().truth.clear(), windows(), plan(), Streams(1))
    text = report(context(assessment=found, districts=None))
    assert "✗" in text
    assert not re.search(r"\bnan\b", re.sub(r"<[^>]*>", " ", text))


def test_a_failed_check_is_marked() -> None:
    checks = tuple(dataclasses.replace(check, is_passed=False) for check in assessment().checks)
    text = report(context(assessment=dataclasses.replace(assessment(), checks=checks)))
    assert text.count('class="check failed"') == len(checks)


def test_every_kind_of_fraud_is_named() -> None:
    for kind in figures.typologies(assessment().evaluation):
        assert kind.replace("_", " ") in page()


@pytest.mark.parametrize("resolution", [7, 5, 3])
def test_merging_cells_loses_no_payment(resolution: int) -> None:
    cells = assessment().cells
    merged = maps.merge(cells, resolution)
    assert merged["count_payments"].sum() == cells["count_payments"].sum() == gold().payments.height
    assert {h3.get_resolution(cell) for cell in merged["cell"].to_list()} == {resolution}


def test_a_city_is_drawn_in_finer_cells_than_a_country() -> None:
    city = maps.Projection.around(77.1, 28.5, 77.4, 28.7)
    country = maps.Projection.around(68.0, 8.0, 97.0, 35.0)
    assert city.resolution == maps.FINEST
    assert country.resolution <= 4


def test_outlines_are_outer_rings_of_polygons_and_multipolygons() -> None:
    several = struct.pack("<BII", 1, maps.MULTIPOLYGON, 2) + polygon(SQUARE, HOLE) + polygon(HOLE)
    assert [ring.tolist() for ring in maps.rings_of(several)] == [list(map(list, SQUARE)), list(map(list, HOLE))]
    with pytest.raises(ValueError, match="no polygon"):
        maps.rings_of(struct.pack("<BII", 1, 1, 0))


def test_north_is_up_and_east_is_right() -> None:
    import numpy as np

    south_west, north_east = maps.Projection.around(70, 10, 80, 20).points(np.array([(70.0, 10.0), (80.0, 20.0)]))
    assert north_east[0] > south_west[0]
    assert north_east[1] < south_west[1]


@pytest.mark.parametrize(
    ("low", "high", "is_log"), [(0.0, 1.0, False), (0.0, 37.0, False), (-2.5, 1.5, False), (1e-4, 1.0, True)]
)
def test_ticks_are_round_and_inside(low: float, high: float, is_log: bool) -> None:
    ticks = Scale(low, high, 0, 100, is_log).ticks()
    assert 2 <= len(ticks) <= 12
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)


def test_scales_clip_and_may_run_downwards() -> None:
    down = Scale(5, 0, 10, 110)
    assert [down.at(value) for value in (5, 2.5, 0, 9, -1)] == [10, 60, 110, 10, 110]


def test_texts_in_pictures_are_escaped() -> None:
    assert "&lt;b&gt;" in plot((0, 1), (0, 1)).label(0, 0, "<b>")


@pytest.mark.parametrize(("value", "text"), [(0.5, "50 %"), (0.0123, "1.2 %"), (0.00041, "0.04 %"), (0.0, "0 %")])
def test_percentages_have_the_digits_they_need(value: float, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(("value", "text"), [(950, "950"), (1200, "1.2k"), (34_000, "34k"), (5_600_000, "5.6M")])
def test_counts_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_the_page_says_how_many_numbers_are_assumed() -> None:
    assert "Of 200 numbers\n40 (20" in page()


def test_change_points_of_crime_stand_in_a_table_where_there_are_any() -> None:
    told = report(context(drift=drift("2025-10")))
    assert '<td class="name">2025-10</td>' in told
    assert "weight = 0.7, span_cap = 3</td>" in told
    assert "How crime changes" not in page()
