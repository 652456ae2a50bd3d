import dataclasses
import functools

import numpy as np
import polars as pl
import pytest

from riskfabric_assets.foundation.tables.truth import CAMPAIGN_PHASES
from riskfabric_assets.packs.crime import Prevalence, natural_weight, target_share
from riskfabric_assets.simulation.columns import NO_ID
from riskfabric_assets.simulation.society import expected_payments
from riskfabric_assets.typologies.attacks import Attacks
from riskfabric_assets.typologies.crews import CrewParams
from riskfabric_assets.typologies.engine import plan_frame, plan_month
from riskfabric_assets.typologies.params import TypologyParams
from riskfabric_assets.typologies.planning import NO_ACTOR, expected_fraud
from tests.underworld import frame, honest, injected, injection, planned, registry, society, underworld, with_params

DAY = 86_400_000_000


def prevalence(bps: float) -> Prevalence:
    mix = {"value": {}, "unit": "ratio", "source": "test"}
    return Prevalence(natural_bps={"value": bps, "unit": "bps", "source": "test"}, mix=mix, numbers={})


def test_months_are_planned_in_any_order():
    months = ("2025-08", "2025-09", "2025-10")
    forwards = {month: plan_frame(underworld(), plan_month(underworld(), month)) for month in months}
    backwards = {month: plan_frame(underworld(), plan_month(underworld(), month)) for month in reversed(months)}
    assert all(forwards[month].equals(backwards[month]) for month in months)
    assert not forwards["2025-08"].equals(forwards["2025-09"])


def test_attacks_begin_and_end_in_their_month():
    clock = honest().clock
    for attacks in planned().attacks.values():
        assert (attacks.start_at >= clock.midnight_at[0]).all()
        assert (attacks.day < clock.count_days).all()
    dates = injected().payments.event_date
    assert dates.min() >= clock.first_day
    assert dates.max() < clock.first_day + clock.count_days


def test_the_number_of_attacks_is_the_expectation_rounded_up_or_down():
    """Of crews, where many attack together."""
    weights = registry().total_weight
    for typology in registry().typologies:
        attacks, params = planned().attacks[typology.name], typology.params
        count = _at_once(attacks, params)
        rows = count * params.expected_steps * (params.mean_members if _is_crew(params) else 1)
        total = rows * weights / params.weight
        assert count >= 1
        # one attack more or less at most
        assert abs(total - _wanted_fraud()) <= rows / count * weights / params.weight


def _is_crew(params: TypologyParams) -> bool:
    return isinstance(params, CrewParams)


def _at_once(attacks: Attacks, params: TypologyParams) -> int:
    return np.unique(attacks.actor).shape[0] if _is_crew(params) else attacks.ordinal.shape[0]


@functools.cache
def _wanted_fraud() -> float:

    return expected_fraud(expected_payments(society(), "2025-08"), 0.05, registry().share_of_added_rows)


def test_the_realized_share_is_the_injected_share():
    """Honest payments and session lengths vary; both are binomial-like."""
    fraud, added = injected().fraud.height, injected().payment_rows.shape[0]
    rows = honest().payment_rows.shape[0] + added
    assert abs(fraud / rows - 0.05) < 4 * np.sqrt(0.05 / rows) * 2


def test_the_mix_of_planned_payments_is_that_of_the_weights():
    mix = {name: int(attacks.count_steps.sum()) for name, attacks in planned().attacks.items()}
    total = sum(mix.values())
    for typology in registry().typologies:
        share = typology.params.weight / registry().total_weight
        attacks = planned().attacks[typology.name].ordinal.shape[0]
        steps = np.arange(1, len(typology.params.steps) + 1)
        sd = np.sqrt(np.average((steps - typology.params.expected_steps) ** 2, weights=typology.params.steps))
        crew = typology.params.members_high * typology.params.expected_steps if _is_crew(typology.params) else 0
        tolerance = 4 * sd * np.sqrt(attacks) / total + 0.01 + crew / total
        assert abs(mix[typology.name] / total - share) < tolerance


def test_victims_are_drawn_by_susceptibility():
    people = society().people
    weights = np.where(np.arange(people.count_customers) % 2 == 0, 3.0, 1.0)
    uneven = dataclasses.replace(
        underworld(), society=dataclasses.replace(society(), people=people._replace(susceptibility=weights))
    )
    victims = plan_month(uneven, "2025-08").attacks["upi_scam"].customer
    share = (victims % 2 == 0).mean()
    assert abs(share - 0.75) < 4 * np.sqrt(0.75 * 0.25 / victims.shape[0])


def test_a_campaign_begins_with_its_first_attack():
    first_day = honest().clock.first_day
    for attacks in planned().attacks.values():
        for campaign in np.unique(attacks.campaign_id[attacks.actor != NO_ACTOR]):
            own = attacks.campaign_id == campaign
            assert set(attacks.campaign_first[own]) == {first_day + attacks.day[own].min()}
            assert (attacks.campaign_days[own] > attacks.day[own].max() - attacks.day[own].min()).all()


def test_every_payment_has_its_own_day_of_the_campaign():
    """Of its attack, the later steps too, which fall on later days."""
    fraud = injected().fraud
    firsts = {
        int(campaign): int(first)
        for attacks in planned().attacks.values()
        for campaign, first in zip(attacks.campaign_id, attacks.campaign_first, strict=True)
        if campaign != NO_ID
    }
    of_campaigns = fraud.filter(pl.col("campaign_id").is_not_null())
    first = of_campaigns["campaign_id"].replace_strict(firsts, return_dtype=pl.Int32)
    expected = of_campaigns["event_date"].to_physical() - first + 1
    assert of_campaigns["campaign_day"].to_list() == expected.to_list()
    assert (of_campaigns["campaign_day"] >= 1).all()
    per_attack = of_campaigns.group_by("attack_id").agg(pl.col("campaign_day", "event_date").n_unique())
    assert (per_attack["campaign_day"] == per_attack["event_date"]).all()
    assert (per_attack["event_date"] > 1).sum() > 20
    single = fraud.filter(pl.col("campaign_id").is_null())
    assert single["campaign_day"].null_count() == single["campaign_phase"].null_count() == single.height > 0


def test_phases_of_a_campaign_follow_its_days():
    """And one attack of many days passes through several of them."""
    rows = injected().fraud.filter(pl.col("campaign_id").is_not_null())
    rows = rows.with_columns(order=pl.col("campaign_phase").cast(pl.Enum(CAMPAIGN_PHASES)).to_physical().cast(int))
    daily = rows.group_by("campaign_id", "campaign_day").agg(pl.col("order").min(), last=pl.col("order").max())
    assert daily["order"].equals(daily["last"])
    steps = daily.sort("campaign_day").select(pl.col("order").diff().over("campaign_id")).drop_nulls()
    assert (steps["order"] >= 0).all()
    assert set(rows["campaign_phase"]) == set(CAMPAIGN_PHASES)
    assert rows.group_by("attack_id").agg(pl.col("order").n_unique())["order"].max() == len(CAMPAIGN_PHASES)


def test_attacks_of_one_actor_in_one_week_share_devices():
    payments = injected().payments
    is_attackers = ~np.isin(payments.device_id, society().people.device_id)
    device_victims = {}
    for device, customer in zip(payments.device_id[is_attackers], payments.customer_id[is_attackers], strict=True):
        device_victims.setdefault(device, set()).add(customer)
    assert max(len(victims) for victims in device_victims.values()) >= 3


@pytest.mark.parametrize("column", ["ip_address", "payee_id", "merchant_id"])
def test_attacks_of_one_campaign_share_addresses_mules_and_shops(column):
    paid = frame(injected().payments._asdict()).select("event_id", column).filter(pl.col(column) > 0)
    rows = injected().fraud.filter(pl.col("campaign_id").is_not_null()).join(paid, on="event_id")
    rows = rows.filter(pl.col("has_ip_anomaly") | (column != "ip_address"))
    shared = rows.group_by("campaign_id", column).agg(pl.col("customer_id").n_unique())
    assert (shared["customer_id"] >= 3).sum() > 3


def test_a_month_with_volume_has_fraud_of_every_kind_at_the_default_share():
    """But of those that take many people only where their share makes up a whole crew."""
    attacks = plan_month(underworld(0.01), "2025-08").attacks
    assert {name for name, each in attacks.items() if each.ordinal.shape[0] == 0} <= {
        typology.name for typology in registry().typologies if _is_crew(typology.params)
    }


def test_nothing_is_planned_at_share_zero():
    assert all(attacks.ordinal.shape[0] == 0 for attacks in plan_month(underworld(0.0), "2025-08").attacks.values())


def test_a_disabled_typology_leaves_the_plans_of_the_others_alone():
    without = plan_month(underworld(of=with_params("upi_scam", is_enabled=False)), "2025-08").attacks
    assert "upi_scam" not in without
    for name, attacks in without.items():
        for found, wanted in zip(attacks, planned().attacks[name], strict=True):
            assert (found == wanted).all()


def test_disputed_rows_are_not_counted_twice():
    assert expected_fraud(990, 0.01, 1.0) == pytest.approx(10.0)
    assert expected_fraud(1000, 0.01, 0.0) == pytest.approx(10.0)


def test_the_natural_weight_restores_natural_prevalence():
    weight = natural_weight(injection("injected_share", 0.01), prevalence(5))
    assert weight * 0.01 / (weight * 0.01 + 0.99) == pytest.approx(0.0005)


def test_natural_injection_needs_no_weight():
    assert natural_weight(injection("natural_bps", 0.01), prevalence(5)) == 1.0
    assert target_share(injection("natural_bps", 0.01), prevalence(5)) == pytest.approx(0.0005)


def test_a_share_of_customers_weighs_rows_by_the_payments_that_it_takes():
    wanted = injection("customer_share", 0.2)
    weight = natural_weight(wanted, prevalence(5), implied_share=0.03)
    assert weight * 0.03 / (weight * 0.03 + 0.97) == pytest.approx(0.0005)
    assert natural_weight(wanted, prevalence(5)) == 1.0
