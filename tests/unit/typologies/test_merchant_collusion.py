"""Merchant collusion: one shop, cardholders of the neighborhood, purchases that come back."""

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS, EVENT_KINDS, PAYMENT_KINDS
from tests.underworld import all_payments, deeds, deviations, frame, honest, injected, planned, society, typology

NAME = "merchant_collusion"
DAY = 86_400_000_000


def refunds() -> pl.DataFrame:
    """Refunds of fraudulent purchases, joined to the purchase."""
    events = frame(injected().events._asdict()).filter(event_kind=EVENT_KINDS.index("refund"))
    return events.join(deeds(NAME), left_on="related_event_id", right_on="event_id", suffix="_bought")


def crews() -> pl.DataFrame:
    attacks, people = planned().attacks[NAME], society().people
    return pl.DataFrame(
        {
            "attack_id": attacks.attack_id,
            "crew": attacks.actor,
            "customer": attacks.customer,
            "latitude": people.home_latitude[attacks.customer],
            "longitude": people.home_longitude[attacks.customer],
        }
    )


def test_a_crew_has_as_many_different_members_as_configured():
    params = typology(NAME).params
    sizes = crews().group_by("crew").agg(pl.len(), pl.col("customer").n_unique())
    assert sizes.height > 0
    assert sizes["len"].is_between(params.members_low, params.members_high).all()
    assert (sizes["len"] == sizes["customer"]).all()


def test_all_members_of_a_crew_buy_at_one_shop():
    bought = deeds(NAME).join(crews(), on="attack_id")
    shops = bought.group_by("crew").agg(pl.col("merchant_id").n_unique(), pl.col("customer").n_unique())
    assert shops["merchant_id"].max() == 1
    assert shops["customer"].max() > 3
    assert set(bought["payment_kind"]) == {PAYMENT_KINDS.index("purchase")}


def test_the_shop_has_honest_buyers_too():
    shops = deeds(NAME)["merchant_id"].unique()
    visits = all_payments().filter(~pl.col("is_injected"), pl.col("merchant_id").is_in(shops.to_list()))
    assert visits["customer_id"].n_unique() > 0


def test_purchases_come_back_whole_within_days_and_not_all_of_them():
    params, found = typology(NAME).params, refunds()
    days = found["event_date"] - found["event_date_bought"]
    assert found["related_event_id"].is_unique().all()
    assert (found["amount_minor"] == found["amount_minor_bought"]).all()
    assert (found["status"] == 0).all()
    assert days.is_between(1, params.refund_days_high).all()
    for name in ("customer_id", "account_id"):
        assert (found[name] == found[f"{name}_bought"]).all()
    assert (found["counterparty_id"] == found["merchant_id"]).all()
    approved = deeds(NAME).filter(pl.col("status") == 0)
    share = found.height / approved.height
    assert abs(share - params.refunded) < deviations(params.refunded, approved.height)


def test_refunds_look_like_honest_ones():
    """The same columns filled, the time of day of the purchase, an id nobody else has."""
    own = refunds()
    usual = frame(honest().events._asdict()).filter(event_kind=EVENT_KINDS.index("refund"))
    for name in ("card_id", "device_id"):
        assert set(own[name]) == set(usual[name]) == {-1}
    assert ((own["event_at"] - own["event_at_bought"]) % DAY == 0).all()
    ids = np.concatenate([injected().events.event_id, honest().events.event_id, all_payments()["event_id"].to_numpy()])
    assert np.unique(ids).shape == ids.shape


def test_members_pay_on_their_own_phones():
    rows = deeds(NAME)
    assert not rows["has_device_anomaly"].any()
    assert not rows["has_ip_anomaly"].any()
    assert (rows.filter(channel=CHANNELS.index("pos"))["device_id"] == -1).all()


def test_members_live_closer_to_each_other_than_customers_do():
    people = society().people
    spread = crews().group_by("crew").agg(pl.col("latitude", "longitude").std())
    assert spread["latitude"].mean() < people.home_latitude.std()
    assert spread["longitude"].mean() < people.home_longitude.std()
