"""What must always hold for payouts abroad."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.tables.bronze import CHANNELS
from riskfabric_assets.packs.validation import validate
from riskfabric_assets.simulation.month import lived_month
from riskfabric_assets.typologies.remittance_scam import Params
from tests.underworld import MONTH, alone, averages, deeds, frame, honest, planned, settings, society, typology

NAME = "remittance_scam"


def payouts() -> pl.DataFrame:
    """Payouts where no other typology takes money."""
    made = alone(NAME)
    rows = made.fraud.select("event_id", "attack_id", "campaign_id", "step", "phase").join(
        frame(made.payments._asdict()), on="event_id"
    )
    return rows.sort("attack_id", "step")


def test_every_payout_is_made_abroad_by_a_card_that_works_there():
    people = society().people
    international = set(people.card_id[people.card_is_international].tolist())
    rows = deeds(NAME)
    assert rows.height > 0
    assert (rows["merchant_country"] > 0).all()
    assert set(rows["channel"]) == {CHANNELS.index("online")}
    assert set(rows["card_id"]) <= international


def test_currency_and_fee_follow_the_rates_of_the_day():
    rows, rules, month = deeds(NAME), society().life.rules[0], lived_month(society(), MONTH)
    assert (rows["merchant_amount_minor"] > 0).all()
    rate = month.fx[rows["merchant_currency"].to_numpy(), rows["event_date"].to_numpy() - month.first_day]
    at_rate = rows["merchant_amount_minor"].to_numpy() * rate
    fee, amount = rows["fee_minor"].to_numpy(), rows["amount_minor"].to_numpy()
    assert np.abs(at_rate + fee - amount).max() <= 1
    share = fee / (amount - fee)
    assert share.min() > rules["abroad_fee_low"] - 0.002
    assert share.max() < rules["abroad_fee_high"] + 0.002


def test_prices_abroad_are_round_as_those_of_honest_people():
    life = frame(honest().payments._asdict()).filter(pl.col("merchant_currency") != 255)
    large = [each.filter(pl.col("merchant_amount_minor") >= 1_500) for each in (life, deeds(NAME))]
    assert all(rows.height > 0 and set(rows["merchant_amount_minor"] % 100) == {0} for rows in large)


def test_an_actor_collects_at_few_places_from_several_victims():
    rows = payouts().drop_nulls("campaign_id")
    places = rows.group_by("campaign_id").agg(pl.col("merchant_id").n_unique(), pl.col("customer_id").n_unique())
    assert places["merchant_id"].max() <= typology(NAME).params.mules
    assert places["customer_id"].max() > 1
    own = rows.group_by("attack_id").agg(pl.col("merchant_id", "merchant_country").n_unique())
    assert own.select(pl.max_horizontal("merchant_id", "merchant_country").max()).item() == 1


def test_each_payout_is_larger_and_none_is_the_attackers_own():
    rows = payouts()
    assert (rows.filter(step=1)["phase"] == "probe").all()
    planned_steps = dict(
        zip(planned().attacks[NAME].attack_id.tolist(), planned().attacks[NAME].count_steps.tolist(), strict=True)
    )
    count = rows["attack_id"].replace_strict(planned_steps, return_dtype=pl.Int64)
    regular = rows.filter(pl.col("step") <= count).with_columns(
        rise=pl.col("amount_minor") / pl.col("amount_minor").shift().over("attack_id")
    )
    rise = regular["rise"].drop_nulls()
    assert rise.len() > 0
    assert rise.median() == pytest.approx(typology(NAME).params.growth, rel=0.15)  # prices abroad are round
    assert not deeds(NAME)["has_device_anomaly"].any()
    assert not deeds(NAME)["has_ip_anomaly"].any()


def test_the_first_sum_is_a_multiple_of_the_personal_average():
    params = typology(NAME).params
    first = payouts().filter(step=1)
    average = first["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    ratio = (first["amount_minor"] / average).drop_nulls()
    assert ratio.median() > params.amount_low
    assert ratio.max() < 1.5 * params.amount_high


def test_an_unknown_kind_of_shop_is_refused():
    document = settings().typologies[NAME]
    groups = {"value": {"hawala": 1.0}, "unit": "weight", "source": "test"}
    with pytest.raises(ConfigError, match="spending groups"):
        validate(dataclasses.replace(document, content={**document.content, "groups": groups}), Params)
