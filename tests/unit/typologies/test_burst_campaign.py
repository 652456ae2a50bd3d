"""What must always hold for burst campaigns."""

import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from tests.underworld import averages, deeds, planned, settings, typology

HOUR, MINUTE = 3_600_000_000, 60_000_000
NAME = "burst_campaign"


def by_campaign(*columns: pl.Expr) -> pl.DataFrame:
    return deeds(NAME).group_by("campaign_id").agg(*columns)


def test_every_attack_belongs_to_a_burst_of_one_day():
    rows = deeds(NAME)
    assert rows.height > 0
    assert rows["campaign_id"].null_count() == 0
    assert set(rows["campaign_day"]) == {1}


def test_all_victims_of_a_burst_are_hit_within_hours():
    params, own = typology(NAME).params, planned().attacks[NAME]
    starts = pl.DataFrame({"campaign_id": own.campaign_id, "start_at": own.start_at})
    spread = starts.group_by("campaign_id").agg(width=pl.max("start_at") - pl.min("start_at"))["width"]
    assert 0 < spread.max() <= params.window * HOUR
    paid = deeds(NAME).group_by("campaign_id").agg(width=pl.max("event_at") - pl.min("event_at"))["width"]
    assert paid.max() <= (params.window + params.span_cap) * HOUR + MINUTE


def test_a_burst_hits_many_cards_at_few_shops():
    params = typology(NAME).params
    found = by_campaign(pl.col("customer_id").n_unique(), pl.col("merchant_id").n_unique())
    assert found["merchant_id"].max() <= params.shops
    assert found["customer_id"].max() > params.shops
    own = planned().attacks[NAME]
    members = (
        pl.DataFrame({"burst": own.campaign_id, "victim": own.customer})
        .group_by("burst")
        .agg(pl.len(), pl.col("victim").n_unique())
    )
    assert members["len"].is_between(params.members_low, params.members_high).all()
    assert (members["len"] == members["victim"]).all()


def test_amounts_are_small():
    rows = deeds(NAME).with_columns(
        average=pl.col("customer_id").replace_strict(averages(), default=None, return_dtype=pl.Float64)
    )
    ratio = (rows["amount_minor"] / rows["average"]).drop_nulls()
    assert ratio.max() < 1.0
    assert ratio.median() < typology(NAME).params.amount_high


def test_devices_are_shared_across_victims():
    actors = settings().config.crime.actors
    assert by_campaign(pl.col("device_id").n_unique())["device_id"].max() <= actors.devices_per_actor
    assert by_campaign(pl.col("ip_address").n_unique())["ip_address"].max() <= actors.addresses_per_actor
    owners = deeds(NAME).group_by("device_id").agg(pl.col("customer_id").n_unique())["customer_id"]
    assert owners.max() > 1


def test_cards_are_charged_online():
    assert set(deeds(NAME).filter(pl.col("card_id") >= 0)["channel"]) == {CHANNELS.index("online")}
