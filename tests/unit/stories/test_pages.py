"""Pages out of literal frauds: a transfer that is gone, a purchase that is charged back, and two that were declined."""

import datetime as dt
import re

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables import TABLES
from riskfabric_assets.stories import figures
from riskfabric_assets.stories.cases import Cases
from riskfabric_assets.stories.flow import draw_flow, with_stations
from riskfabric_assets.stories.pages import Home, receivers, summarize, title, typology_pages

NOON = dt.datetime.fromisoformat("2025-08-06T12:00")
HOME = Home("India", "IN", "tiny", "riskfabric", 5555, "abc")


def fraud(event_id, minor, typology="sim_swap", **values):
    at = NOON + dt.timedelta(minutes=event_id)
    plain = {
        "typology": typology,
        "attack_id": 31,
        "campaign_id": 41,
        "customer_id": 1,
        "event_id": event_id,
        "step": event_id,
        "phase": "drain",
        "is_claimed": False,
        "event_at": at,
        "event_at_local": at,
        "event_date": at.date(),
        "amount_minor": minor,
        "currency_code": "INR",
        "status": "approved",
        "decline_reason": None,
        "engine_rule": None,
        "channel": "instant",
        "payment_kind": "transfer",
        "merchant_category": "TRANSFER",
        "merchant_country_code": "IN",
        "receiver_id": 900_123_456,
        "payee_customer_id": None,
        "receiver_name": None,
        "latitude": 28.6,
        "longitude": 77.2,
        "home_latitude": 19.1,
        "home_longitude": 72.9,
        "reported_by": None,
        "label_known_at": None,
        "is_charged_back": False,
        "is_refunded": False,
    }
    return plain | values


PURCHASE = {"payment_kind": "purchase", "channel": "online", "merchant_category": "LUXURY", "receiver_name": "Zoya <b>"}
FRAUDS = pl.DataFrame(
    [
        fraud(1, 40_000, label_known_at=NOON + dt.timedelta(days=2), reported_by="victim"),
        fraud(2, 10_000, is_charged_back=True, receiver_id=501, **PURCHASE),
        fraud(3, 25_000, status="declined", engine_rule="fast_geo_change", decline_reason="issuer_risk_rule"),
        fraud(4, 25_000, status="declined", decline_reason="insufficient_funds"),
        fraud(5, 5_000, "upi_scam", attack_id=32, customer_id=2, receiver_id=77, payee_customer_id=3),
    ],
    schema_overrides={
        "label_known_at": pl.Datetime("us"), "reported_by": pl.String, "payee_customer_id": pl.Int64,
        "decline_reason": pl.String, "engine_rule": pl.String, "receiver_name": pl.String,
    },
)  # fmt: skip
MEASURES = ["count_frauds", "recall_at_detection"]
ELSEWHERE = "accounts at other banks"
CASES = Cases(
    frauds=FRAUDS,
    hours=pl.DataFrame({"hour": [11, 12], "count_payments": [1, 3]}),
    span=pl.DataFrame({"first_date": [dt.date(2025, 8, 1)], "last_date": [dt.date(2025, 8, 31)]}),
    planned=pl.DataFrame({"typology": ["sim_swap", "upi_scam"], "count_attacks": [4, 1], "count_steps": [9, 1]}),
    detected=pl.DataFrame({"typology": ["sim_swap"] * 2, "measure": MEASURES, "value": [3.0, 0.5]}),
    districts=TABLES["reference/districts"].empty(),
)  # fmt: skip


@pytest.fixture(scope="module")
def pages():
    return typology_pages(CASES, HOME, {"sim_swap": "A number moves to another SIM."})


def test_every_kind_of_fraud_that_occurred_has_a_page_and_a_row_that_leads_to_it(pages):
    assert set(pages) == {"index.html", "sim_swap.html", "upi_scam.html"}
    assert set(re.findall(r'href="(\w+)\.html"', pages["index.html"])) == {"sim_swap", "upi_scam"}


def test_a_page_holds_its_figures_and_loads_nothing_from_elsewhere(pages):
    page = pages["sim_swap.html"]
    for name in ("Payments per day", "How attacks unfold", "Where the money went", "Map of victims", "bank learns"):
        assert name in page
    assert not re.search(r"<script|src=|https?://", page)
    assert "A number moves to another SIM." in page


def test_names_of_shops_are_no_markup(pages):
    assert "Zoya &lt;b&gt;" in pages["sim_swap.html"]
    assert "Zoya <b>" not in pages["sim_swap.html"]


def test_a_summary_counts_what_was_tried_what_was_got_and_what_is_known():
    found = summarize("sim_swap", CASES, "")
    assert (found.planned_attacks, found.attacks, found.victims, found.payments) == (4, 1, 1, 4)
    assert (found.tried_minor, found.approved_minor) == (100_000, 50_000)
    assert (found.ruled_share, found.declined_share, found.reported_share) == (0.25, 0.5, 0.25)
    assert found.median_delay_days == pytest.approx(2 - 1 / 1440)
    assert (found.tested_payments, found.model_shares) == (3, (0.5, None))


def test_a_kind_that_nobody_reported_and_the_model_never_met_has_no_such_figures():
    found = summarize("upi_scam", CASES, "")
    assert (found.reported_share, found.median_delay_days, found.tested_payments) == (0.0, None, 0)


def test_stations_tell_who_was_paid_and_what_came_of_it():
    stations = with_stations(FRAUDS, "IN")
    assert stations["receiver_side"].to_list() == [
        ELSEWHERE, "luxury", ELSEWHERE, ELSEWHERE, "accounts of customers",
    ]  # fmt: skip
    assert stations["outcome"].to_list() == [
        "gone", "charged back", "declined by the bank's rules", "declined otherwise", "gone",
    ]  # fmt: skip


def test_merchants_of_another_country_are_abroad():
    assert with_stations(FRAUDS, "ZA")["receiver_side"][1] == "merchants abroad"


def test_ribbons_are_as_wide_as_amounts():
    drawn = draw_flow(with_stations(FRAUDS.head(4), "IN"), "INR")
    heights = [float(height) for height in re.findall(r'<rect class="box ink"[^>]*height="([\d.]+)"', drawn)]
    assert sorted(heights) == [30.0, 30.0, 270.0, 270.0]
    assert "₹900" in drawn


def test_receivers_are_ranked_by_what_they_got_and_the_declined_got_nothing():
    found = receivers(FRAUDS.head(4))
    assert [(row["name"], row["amount_minor"], row["share"]) for row in found] == [
        ("account at another bank …123456", 40_000, 0.8),
        ("Zoya <b>", 10_000, 0.2),
    ]


def test_a_payment_beyond_the_edge_of_the_map_is_counted_not_drawn():
    away = FRAUDS.head(1).with_columns(latitude=pl.lit(60.0))
    ring = np.array([(70.0, 8.0), (90.0, 8.0), (90.0, 35.0), (70.0, 35.0)])
    backdrop = figures.backdrop_of(away, [ring])
    assert figures.outside(away, backdrop.projection) == 1
    assert 'class="dot orange"' not in figures.draw_map(away, backdrop)
    assert 'class="home"' in figures.draw_map(away, backdrop)


def test_titles_write_abbreviations_in_capitals():
    assert [title(name) for name in ("upi_scam", "sleeper_ato", "ip_recycling")] == [
        "UPI scam",
        "Sleeper ATO",
        "IP recycling",
    ]
