import functools

import polars as pl

from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from tests.underworld import averages, deeds, planned, typology, undisturbed, without_spares

PARAMS = typology("velocity_abuse").params
SECOND = 1_000_000


@functools.cache
def rows() -> pl.DataFrame:
    return deeds("velocity_abuse")


def test_payments_of_a_burst_are_seconds_apart():
    gaps = without_spares("velocity_abuse")["gap"].drop_nulls() / SECOND
    assert gaps.len() > 0.5 * rows().height
    assert gaps.min() >= PARAMS.gap_low
    assert gaps.max() <= PARAMS.gap_high + 1e-3


def test_bursts_are_long_enough_to_be_bursts():
    assert planned().attacks["velocity_abuse"].count_steps.min() >= 4
    lengths = undisturbed("velocity_abuse").group_by("attack_id").len()["len"]
    assert lengths.len() > 0
    assert lengths.min() >= 4
    assert (rows()["burst_position"] == rows()["step"]).all()


def test_tests_come_before_purchases_and_are_tiny():
    probes, purchases = rows().filter(phase="probe"), rows().filter(phase="purchase")
    assert probes["amount_minor"].max() <= 100 * PARAMS.probe_high
    last_probe = dict(probes.group_by("attack_id").agg(pl.col("step").max()).iter_rows())
    first_purchase = dict(purchases.group_by("attack_id").agg(pl.col("step").min()).iter_rows())
    assert all(last_probe[attack] < step for attack, step in first_purchase.items() if attack in last_probe)


def test_purchases_are_about_the_personal_average():
    purchases = rows().filter(phase="purchase")
    average = purchases["customer_id"].replace_strict(averages(), default=None, return_dtype=pl.Float64)
    ratio = (purchases["amount_minor"] / average).drop_nulls()
    assert PARAMS.amount_low - 0.02 < ratio.median() < PARAMS.amount_high + 0.02


def test_a_script_fires_at_few_merchants():
    assert rows().group_by("attack_id").agg(pl.col("merchant_id").n_unique())["merchant_id"].max() <= PARAMS.merchants


def test_one_device_and_address_fire_the_whole_burst():
    spread = rows().group_by("attack_id").agg(pl.col("device_id", "ip_address", "account_id").n_unique())
    assert spread.select(pl.max_horizontal("device_id", "ip_address", "account_id").max()).item() == 1


def test_merchants_come_from_the_configured_categories():
    assert {MERCHANT_CATEGORIES[code] for code in rows()["merchant_category"]} <= set(PARAMS.categories)
