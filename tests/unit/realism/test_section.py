"""The report's section: every verdict and every profile is on it, and no text of the data can be markup."""

import datetime as dt
from xml.etree import ElementTree

import polars as pl
import pytest

from riskfabric_assets.foundation.tables.realism import PROFILES, SCORECARD
from riskfabric_assets.packs.realism import Realism
from riskfabric_assets.realism.pictures import SKETCHES, pictures
from riskfabric_assets.realism.profiles import QUERIES, profiles
from riskfabric_assets.realism.scorecard import score
from riskfabric_assets.realism.section import section
from tests.unit.realism.lakes import at, lake, payments


@pytest.fixture(scope="module")
def drawn():
    rows = payments(
        *(
            {
                "customer_id": 1 + place % 3,
                "merchant_id": place % 7,
                "event_at": at("2025-09-15 00:00") + dt.timedelta(hours=7 * place),
                "amount_minor": 100 * (place % 90 + 1),
                "latitude": place % 5 / 10,
                "longitude": 0.0,
                "payment_kind": "transfer" if place % 6 == 5 else "purchase",
            }
            for place in range(240)
        )
    )
    homes = pl.DataFrame({"customer_id": [1, 2, 3], "home_latitude": [0.0] * 3, "home_longitude": [0.0] * 3})
    pays = pl.DataFrame(
        {
            "customer_id": [1],
            "event_kind": ["salary_credit"],
            "event_at": [at("2025-10-01 00:00")],
            "event_date": [dt.date(2025, 10, 1)],
        }
    )
    with lake(rows, customers=homes, events=pays) as data:
        yield score(data, "india", Realism(exceptions={})).frame(), profiles(data)


def test_every_profile_is_made_and_drawn(drawn):
    assert set(QUERIES) == set(SKETCHES)
    assert set(drawn[1]["profile"]) == set(QUERIES)
    PROFILES.check(drawn[1])
    SCORECARD.check(drawn[0])
    assert [picture.title for picture in pictures(drawn[1])] == [sketch.title for sketch in SKETCHES.values()]


def test_shares_of_a_profile_add_up(drawn):
    shares = drawn[1].filter(pl.col("profile").is_in(["hours", "amounts", "heaping", "burstiness"]))
    totals = shares.group_by("profile", "series").agg(pl.col("value").sum())
    assert totals["value"].to_list() == pytest.approx([1.0] * totals.height)


def test_pictures_are_well_formed_and_hold_marks(drawn):
    for picture in pictures(drawn[1]):
        marks = ElementTree.fromstring(picture.svg)  # noqa: S314  # our own text
        assert len(marks.findall("path")) + len(marks.findall("rect")) >= 1, picture.title


def test_every_figure_has_its_row(drawn):
    page = section(*drawn)
    rows = drawn[0].filter(pl.col("period") == "all")
    assert page.count("<tr") == rows.height + 1
    assert all(f">{check} " in page for check in rows["check_id"])


def test_a_page_without_profiles_has_a_table_alone(drawn):
    page = section(drawn[0], PROFILES.empty())
    assert "<figure>" not in page
    assert "<table>" in page


def test_texts_are_escaped(drawn):
    wicked = drawn[0].with_columns(title=pl.lit("<script>"), reason=pl.lit("<b>"))
    page = section(wicked, PROFILES.empty())
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
