"""Synthetic identities: young lines, one address, few shops, used up within days, and nothing but the line."""

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.foundation.tables.population import ACCOUNT_TYPES
from riskfabric_assets.typologies.victims import with_young_credit_line
from tests.underworld import alone, frame, planned, society, typology

NAME = "synthetic_identity"
DAY = 86_400_000_000
CREDIT = ACCOUNT_TYPES.index("credit")


def deeds() -> pl.DataFrame:
    made = alone(NAME)
    attacks = planned().attacks[NAME]
    crews = pl.DataFrame({"attack_id": attacks.attack_id, "crew": attacks.actor})
    rows = made.fraud.filter(typology=NAME).join(frame(made.payments._asdict()), on="event_id", suffix="_paid")
    return rows.join(crews, on="attack_id")


def test_nothing_but_a_credit_line_is_used():
    people = society().people
    kinds = dict(zip(people.account_id.tolist(), people.account_type.tolist(), strict=True))
    cards = deeds().filter(pl.col("card_id") >= 0)
    assert cards.height > 5
    assert {kinds[each] for each in cards["account_id"]} == {CREDIT}
    assert set(cards["channel"]) == {CHANNELS.index("online")}


def test_a_ring_shares_its_address_and_a_few_shops():
    shared = deeds().group_by("crew").agg(pl.col("ip_address", "merchant_id", "customer_id").n_unique())
    assert shared["customer_id"].max() >= 3
    assert shared["ip_address"].max() == 1
    assert shared["merchant_id"].max() <= typology(NAME).params.shops
    assert deeds()["has_ip_anomaly"].all()
    assert not deeds()["has_device_anomaly"].any()


def test_all_lines_of_a_ring_are_used_up_within_days():
    params = typology(NAME).params
    span = deeds().group_by("crew").agg((pl.col("event_at").max() - pl.col("event_at").min()).alias("span"))["span"]
    assert span.max() <= (params.days + params.span_cap / 24 + 1) * DAY


def test_no_line_is_exceeded_but_by_what_was_refilled():
    people = society().people
    lines = dict(zip(people.account_id.tolist(), people.credit_limit_minor.tolist(), strict=True))
    spent = deeds().filter(status=0).group_by("account_id").agg(pl.col("amount_minor").sum())
    assert spent.height > 3
    for account, amount in spent.iter_rows():
        assert amount <= lines[account] * (1 + typology(NAME).params.refill)
    assert max(amount / lines[account] for account, amount in spent.iter_rows()) > 0.3


def test_the_younger_a_line_the_more_it_weighs():
    people, clock = society().people, planned().clock
    params = typology(NAME).params
    weights = with_young_credit_line(people, clock, params.youngest_days, params.half_life)
    holders = np.flatnonzero(weights > 0)
    older = people.account_opened_day - int(params.half_life)
    halved = with_young_credit_line(
        people._replace(account_opened_day=older), clock, params.youngest_days, params.half_life
    )
    assert holders.size > 10
    assert np.allclose(halved[holders], weights[holders] / 2)
    young = people._replace(account_opened_day=np.full_like(older, clock.first_day - params.youngest_days + 1))
    assert not with_young_credit_line(young, clock, params.youngest_days, params.half_life).any()
