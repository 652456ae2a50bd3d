import functools

import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS, ENTRY_MODES
from tests.underworld import averages, deeds, deviations, planned, society, typology, undisturbed

PARAMS = typology("card_not_present").params


@functools.cache
def rows() -> pl.DataFrame:
    return deeds("card_not_present")


def test_cards_are_used_online_and_never_present():
    assert set(rows()["channel"]) == {CHANNELS.index("online")}
    assert set(rows()["entry_mode"]) == {ENTRY_MODES.index("ecommerce")}
    assert not rows()["is_present"].any()


def test_every_payment_uses_a_valid_card_of_the_victim():
    people = society().people
    cards = dict(
        zip(
            people.card_id.tolist(), people.customer_id[people.account_owner[people.card_account]].tolist(), strict=True
        )
    )
    assert (
        rows()["card_id"].replace_strict(cards, return_dtype=pl.Int64).equals(rows()["customer_id"], check_names=False)
    )


def test_one_card_is_used_in_one_attack():
    assert rows().group_by("attack_id").agg(pl.col("card_id").n_unique())["card_id"].max() == 1


def test_amounts_are_the_configured_multiple_of_the_personal_average():
    kept = undisturbed("card_not_present")
    average = kept["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    ratio = (kept["amount_minor"] / average).drop_nulls()
    assert ratio.len() > 40
    assert ratio.min() > PARAMS.amount_low * 0.85
    assert ratio.max() < PARAMS.amount_high * 1.15


def test_sessions_have_the_configured_lengths():
    steps = planned().attacks["card_not_present"].count_steps
    for number, share in enumerate(PARAMS.steps, start=1):
        assert abs((steps == number).mean() - share) < deviations(share, steps.shape[0])
