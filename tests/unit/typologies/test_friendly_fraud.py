import functools

import numpy as np
import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.typologies.claims import Preferences
from tests.oracles.claims import claimed_by
from tests.underworld import averages, deeds, honest, planned, society, typology

PARAMS = typology("friendly_fraud").params


@functools.cache
def rows() -> pl.DataFrame:
    return deeds("friendly_fraud")


def test_only_honest_payments_of_the_claimant_are_disputed():
    assert rows()["is_claimed"].all()
    assert not rows()["is_injected"].any()
    people, attacks = society().people, planned().attacks["friendly_fraud"]
    claimants = dict(zip(attacks.attack_id.tolist(), people.customer_id[attacks.customer].tolist(), strict=True))
    assert (
        rows()["attack_id"]
        .replace_strict(claimants, return_dtype=pl.Int64)
        .equals(rows()["customer_id"], check_names=False)
    )


def test_only_approved_payments_are_disputed_and_each_once():
    assert (rows()["status"] == 0).all()
    assert rows()["event_id"].is_unique().all()


def test_claimants_act_alone():
    assert rows()["campaign_id"].null_count() == rows().height
    assert set(rows()["phase"]) == {"dispute"}


def test_preferred_channels_are_disputed_more_often_than_they_are_used():
    preferred = [CHANNELS.index(name) for name in PARAMS.channels]
    used = np.isin(honest().payments.channel, preferred).mean()
    assert rows()["channel"].is_in(preferred).mean() > used


def test_amounts_are_mostly_the_configured_multiple_of_the_personal_average():
    ratio = rows()["amount_minor"] / rows()["customer_id"].replace_strict(averages(), return_dtype=pl.Float64)
    assert ratio.is_between(PARAMS.amount_low, PARAMS.amount_high).mean() > 0.75


def test_claims_agree_with_the_obvious_race():
    """The attack that comes first takes first; the oracle sorts all payments of one claimant."""
    attacks = planned().attacks["friendly_fraud"]
    first = int(np.lexsort((attacks.attack_id, attacks.start_at))[0])
    weights = Preferences(
        np.maximum([PARAMS.channels.get(name, 0.0) for name in CHANNELS], PARAMS.other_weight),
        np.maximum(_category_weights(), PARAMS.other_weight),
        PARAMS.amount_low,
        PARAMS.amount_high,
        PARAMS.other_weight,
    )
    wanted = claimed_by(honest(), attacks, first, weights, averages())
    found = rows().filter(attack_id=int(attacks.attack_id[first]))["event_id"].to_list()
    assert sorted(found) == sorted(wanted)


def _category_weights() -> list[float]:
    return [PARAMS.categories.get(name, 0.0) for name in MERCHANT_CATEGORIES]
