import functools

import polars as pl

from riskfabric_assets.foundation.tables.bronze import CHANNELS, MERCHANT_CATEGORIES
from riskfabric_assets.typologies.funds import LEAST_PART, STEP_MINOR
from tests.underworld import averages, deeds, deviations, planned, society, typology, underworld

PARAMS = typology("upi_scam").params
MOST_REFUSALS = underworld().crime.reactions.most_refusals


@functools.cache
def rows() -> pl.DataFrame:
    return deeds("upi_scam")


def test_victims_pay_on_their_own_devices_by_upi():
    """Two in a hundred use a borrowed phone, as in honest life."""
    own = set(society().people.device_id.tolist())
    share = rows()["device_id"].is_in(list(own)).mean()
    assert abs(share - 0.98) < deviations(0.98, rows().height)
    assert set(rows()["channel"]) == {CHANNELS.index("instant")}
    assert not rows()["has_device_anomaly"].any()


def test_amounts_are_the_configured_multiple_of_the_personal_average():
    average = rows()["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    ratio = (rows()["amount_minor"] / average).drop_nulls()
    assert ratio.quantile(0.98) < PARAMS.amount_high * 1.05
    assert ratio.min() > PARAMS.amount_low * LEAST_PART * 0.5**MOST_REFUSALS
    assert PARAMS.amount_low < ratio.median() < (PARAMS.amount_low + PARAMS.amount_high) / 2 + 0.2


def test_who_has_less_than_is_asked_for_pays_what_there_is():
    """In whole hundreds: what lies below the least multiple was lowered to fit the account, or after a refusal."""
    average = rows()["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    lowered = rows().filter(rows()["amount_minor"] < average * PARAMS.amount_low * 0.9)
    assert lowered.height > 5
    assert (lowered["amount_minor"] % STEP_MINOR == 0).all()


def test_sessions_have_the_configured_lengths():
    steps = planned().attacks["upi_scam"].count_steps
    for number, share in enumerate(PARAMS.steps, start=1):
        assert abs((steps == number).mean() - share) < deviations(share, steps.shape[0])


def test_a_session_stays_within_its_span():
    spans = rows().group_by("attack_id").agg(pl.col("event_at").max() - pl.col("event_at").min())["event_at"]
    assert spans.max() <= PARAMS.span_cap * 3_600_000_000 + 1_000


def test_a_campaign_collects_through_few_drop_merchants():
    shops = rows().drop_nulls("campaign_id").group_by("campaign_id").agg(pl.col("merchant_id").n_unique(), pl.len())
    busy = shops.filter(pl.col("len") >= 12)
    assert busy.height > 0
    # at the hub, and for the few local ones around the victims
    assert (busy["merchant_id"] < busy["len"]).all()


def test_merchants_come_from_the_configured_categories():
    categories = {MERCHANT_CATEGORIES[code] for code in rows()["merchant_category"]}
    assert categories <= set(PARAMS.categories)
