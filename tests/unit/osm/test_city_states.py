import polars as pl
import pytest

from riskfabric_assets.osm.city_states import city_state_report


def addressed(rows: list[tuple[str | None, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"city": pl.String, "state": pl.String}, orient="row")


def test_places_and_homes_are_counted_together_and_the_commonest_state_wins():
    places = addressed([("Pune", "Maharashtra"), ("Pune", "MH"), (None, "Goa"), (" Pune ", "Maharashtra")])
    homes = addressed([("Pune", None), ("Pune", "Maharashtra"), ("Panaji", None)])
    report = city_state_report(places, homes)
    assert report.rows() == [
        ("Panaji", None, 1, None, False),
        ("Pune", "Maharashtra", 3, pytest.approx(0.75), True),
        ("Pune", None, 1, None, False),
        ("Pune", "MH", 1, pytest.approx(0.25), False),
    ]


def test_no_addresses_give_an_empty_report():
    assert city_state_report(addressed([]), addressed([(None, "Goa")])).height == 0
