"""The annotated timeline names what the pack says happened, and its layers add up to the payments."""

import datetime as dt
import functools
import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.learning.timeline import LANE, LETTER, WIDTH, lay_out, marks_between, stacked, timeline
from riskfabric_assets.packs.crime import Change
from riskfabric_assets.packs.events import Events
from riskfabric_assets.packs.settings import resolve

FIRST = dt.date(2025, 9, 1)


@functools.cache
def india() -> Events:
    return resolve({}, Path("nowhere")).config.events


def daily(first: dt.date, count: int) -> pl.DataFrame:
    """Every channel on every day: channel number + 1 payments of a hundred each."""
    rows = [
        (first + dt.timedelta(days=day), channel, number + 1, (number + 1) * 10_000)
        for day in range(count)
        for number, channel in enumerate(CHANNELS)
    ]
    names = ["event_date", "channel", "count_payments", "approved_amount_minor"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.mark.parametrize("count", [1, 30, 61, 396])
def test_the_picture_is_valid_and_names_what_happened(count):
    picture = timeline(daily(FIRST, count), india())
    root = ET.fromstring(picture)  # noqa: S314  # our own text
    names = {element.text for element in root.iter("text")}
    last = FIRST + dt.timedelta(days=count - 1)
    assert {mark.title for mark in marks_between(india(), FIRST, last)} <= names
    assert not re.search(r"\bnan\b|\binf\b", picture)


def test_diwali_is_named_and_pay_days_are_not():
    titles = {mark.title for mark in marks_between(india(), FIRST, dt.date(2025, 10, 31))}
    assert {"Diwali", "Durga Puja", "Cyclone Montha", "Festive mega sale"} <= titles
    assert "First week" not in titles


def test_outages_that_happened_are_marked_on_their_day():
    marks = marks_between(india(), dt.date(2025, 4, 1), dt.date(2025, 4, 30))
    (down,) = [mark for mark in marks if mark.title == "UPI down"]
    assert (down.kind, down.first, down.last) == ("outage", dt.date(2025, 4, 12), dt.date(2025, 4, 12))


def drift(*months: str) -> tuple[Change, ...]:
    weight = {"value": 0.7, "unit": "weight", "source": "test"}
    return tuple(
        Change(month=month, typology=typology, numbers={"weight": weight, "span_cap": 3})
        for month in months
        for typology in ("sim_swap", "upi_scam")
    )


def test_change_points_of_crime_are_marked_on_the_first_day_of_their_month():
    marks = marks_between(india(), FIRST, dt.date(2025, 10, 31), drift("2025-10", "2025-11"))
    (change,) = [mark for mark in marks if mark.kind == "crime"]
    assert (change.first, change.last) == (dt.date(2025, 10, 1), dt.date(2025, 10, 1))
    assert change.hint == "sim_swap: weight = 0.7, span_cap = 3; upi_scam: weight = 0.7, span_cap = 3"
    assert change.hint in timeline(daily(FIRST, 61), india(), drift("2025-10"))


def test_names_of_one_row_do_not_touch():
    marks = marks_between(india(), dt.date(2024, 10, 1), dt.date(2025, 10, 31))
    lanes = lay_out(marks, dt.date(2024, 10, 1), 396)
    assert sum(map(len, lanes)) == len(marks)
    picture = timeline(daily(dt.date(2024, 10, 1), 396), india())
    found = re.findall(r'<text class="axis( end)?" x="([\d.-]+)" y="(\d+)">([A-Z][^<]*)</text>', picture)
    for row in range(len(lanes)):
        spans = sorted(
            (float(x) - LETTER * len(text) if end else float(x), float(x) + (0 if end else LETTER * len(text)))
            for end, x, y, text in found
            if int(y) == LANE * row + 13
        )
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
        assert all(span[1] <= WIDTH for span in spans)


def test_layers_are_running_sums_of_the_channels():
    days = [FIRST, FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)]
    frame = daily(FIRST, 2)
    layers = stacked(pl.concat([frame, frame]), days, "approved_amount_minor", 100)
    assert [name for name, _ in layers] == list(CHANNELS)
    assert layers[-1][1] == [4200.0, 4200.0, 0.0]
    assert layers[0][1] == [200.0, 200.0, 0.0]
