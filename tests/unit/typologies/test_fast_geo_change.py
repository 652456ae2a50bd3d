"""What must always hold for cloned cards: nobody travels that fast."""

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.units import haversine_km
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.travel import distances_km, take_far_victims
from riskfabric_assets.typologies.victims import with_card
from tests.underworld import deeds, frame, honest, planned, society, typology

HOUR = 3_600_000_000
NAME = "fast_geo_change"
ALLOWED = 800
"""km/h: what the rule on speed allows (compromised clients and drops)."""


def jumps() -> pl.DataFrame:
    """The first payment of every attack beside the victim's last honest one in person: `hours` and `distance`."""
    places = ("latitude", "longitude", "event_at")
    life = frame(honest().payments._asdict()).filter("is_present").select("customer_id", *places).sort("event_at")
    first = deeds(NAME).filter(step=1).select("attack_id", "customer_id", "card_id", *places).sort("event_at")
    both = first.join_asof(
        life.with_columns(before=pl.col("event_at")), on="event_at", by="customer_id", suffix="_before"
    )
    distance = [
        haversine_km(*spots)
        for spots in both.select("latitude", "longitude", "latitude_before", "longitude_before").rows()
    ]
    hours = (pl.col("event_at") - pl.col("before")) / HOUR
    return both.with_columns(hours=hours, distance=pl.Series(distance)).filter(pl.col("card_id") >= 0)


def test_nobody_travels_that_fast():
    rows = jumps()
    assert rows.height > 0
    assert rows["before"].null_count() == 0
    assert (rows["distance"] / rows["hours"]).min() > ALLOWED


def test_speeds_stay_below_those_of_the_source():
    params, rows = typology(NAME).params, jumps()
    assert rows["distance"].min() >= params.least_distance
    for bound, fastest in params.fastest.items():
        within = rows.filter(pl.col("distance") <= bound)
        slack = (within["distance"] + 1.5) / within["distance"]
        assert within.is_empty() or (within["distance"] / within["hours"] / slack).max() <= max(
            speed for limit, speed in params.fastest.items() if limit <= bound
        )
        assert fastest > params.slowest > ALLOWED


def test_the_first_payment_in_person_that_leaves_room_is_followed():
    """No other payment in person of the victim lies between: the bank measures from the same one."""
    start = dict(
        zip(planned().attacks[NAME].attack_id.tolist(), planned().attacks[NAME].start_at.tolist(), strict=True)
    )
    rows = jumps()
    begin = rows["attack_id"].replace_strict(start, return_dtype=pl.Int64)
    assert (rows["before"] >= begin).all()
    assert (rows["event_at"] - begin).max() <= typology(NAME).params.wait * HOUR


def test_victims_live_far_from_the_hub_where_there_are_any():
    params, attacks = typology(NAME).params, planned().attacks[NAME]
    assert deeds(NAME)["attack_id"].n_unique() > 0.5 * attacks.key.shape[0]
    weights = with_card(society().people, planned().clock)
    again: Attacks = take_far_victims(society().people, weights, attacks, params.least_distance)
    assert (again.customer == attacks.customer).all()


@pytest.mark.parametrize("spot", [(0.0, 0.0, 0.0, 180.0), (19.1, 72.9, 13.0, 76.1), (60.0, 30.0, 60.0, 30.0)])
def test_distances_are_those_of_the_great_circle(spot):
    found = distances_km(*(np.array([value]) for value in spot))
    assert found[0] == pytest.approx(haversine_km(*spot), abs=1e-6)


def test_the_clone_is_shown_at_terminals():
    rows = deeds(NAME).filter(pl.col("card_id") >= 0)
    assert set(rows["channel"]) == {CHANNELS.index("pos")}
    assert rows["is_present"].all()
