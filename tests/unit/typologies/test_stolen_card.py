"""Stolen card: shown near the holder until it is missed, and no device takes part."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS, PAYMENT_KINDS
from tests.underworld import deeds, society, typology, undisturbed

NAME = "stolen_card"
HOUR = 3_600_000_000
POS, ATM, ONLINE = (CHANNELS.index(name) for name in ("pos", "atm", "online"))


def test_the_card_is_shown():
    shown = deeds(NAME).filter(pl.col("card_id") >= 0)
    assert shown.height > 0.9 * deeds(NAME).height
    assert set(shown["channel"]) <= {POS, ATM}
    assert shown["is_present"].all()
    assert (shown["device_id"] < 0).all()


def test_one_card_per_attack():
    shown = deeds(NAME).filter(pl.col("card_id") >= 0)
    assert shown.group_by("attack_id").agg(pl.col("card_id").n_unique())["card_id"].max() == 1


def test_it_stays_in_the_holders_region():
    people = society().people
    homes = pl.DataFrame(
        {"customer_id": people.customer_id, "home_lat": people.home_latitude, "home_lon": people.home_longitude}
    )
    rows = deeds(NAME).filter(pl.col("is_present")).join(homes, on="customer_id")
    assert rows.height > 10
    assert not rows["has_geo_anomaly"].any()
    north = (rows["latitude"] - rows["home_lat"]).abs()
    assert north.max() < 1.5


def test_it_ends_when_the_card_is_missed():
    rows = deeds(NAME).group_by("attack_id").agg((pl.col("event_at").max() - pl.col("event_at").min()).alias("span"))
    assert rows["span"].max() <= (typology(NAME).params.span_cap + 1) * HOUR


def test_cash_is_the_last_step_of_a_share_of_attacks():
    whole = undisturbed(NAME)
    last = pl.col("step") == pl.col("step").max().over("attack_id")
    cash = whole.with_columns(is_last=last).filter(payment_kind=PAYMENT_KINDS.index("cash_withdrawal"))
    assert cash["is_last"].all()
    share = cash.height / whole["attack_id"].n_unique()
    assert 0 < share < 0.6
