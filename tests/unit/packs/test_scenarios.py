"""The scenarios have the defaults of the systems that they stand for."""

import functools
import math
import shutil
from pathlib import Path

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.documents import Document
from riskfabric_assets.packs.scenarios import Scenario, lay_weights
from riskfabric_assets.packs.settings import packaged_config, resolve
from riskfabric_assets.typologies.registry import load_registry

FOLDER = Path("nowhere")
SCENARIOS = sorted(path.stem for path in (packaged_config() / "scenarios").glob("*.yaml"))
BURST = "trans_freq_increase"
RULE_CASES = {
    "fast_geo_change": 4,
    "fast_geo_change_online": 7,
    "new_ip_and_device_high_amount": 8,
    "new_device_and_high_amount": 6,
    BURST: 7,
}
"""Cases of 32; rule table of the compromised-clients simulator."""
LOCAL_SHARE = 0.6667
"""Of the national stream's 90 honest events 60 are at home and 30 within the region."""


@functools.cache
def settings_of(name, **changes):
    return resolve({"RISKFABRIC_SCENARIO": name, **changes}, FOLDER)


def stated(settings, typology, key):
    found = settings.typologies[typology].content[key]
    return found["value"] if isinstance(found, dict) and "value" in found else found


def shares(settings):
    """Return the share among fraudulent payments of every typology that has a weight."""
    weights = {name: stated(settings, name, "weight") for name in settings.typologies}
    return {name: weight / sum(weights.values()) for name, weight in weights.items() if weight > 0}


def mean_steps(settings, typology):
    return sum(number * share for number, share in enumerate(stated(settings, typology, "steps"), start=1))


def broken(folder, scenario, **changes):
    """Copy the config folder, change keys of a scenario and return the variables that read the copy."""
    copy = Path(shutil.copytree(packaged_config(), folder / "config"))
    file = copy / "scenarios" / f"{scenario}.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), **changes}))
    return {"RISKFABRIC_CONFIG": str(copy), "RISKFABRIC_SCENARIO": scenario}


def bare_numbers(value):
    if isinstance(value, dict) and set(value) != {"value", "unit", "source"}:
        for inner in value.values():
            yield from bare_numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def test_there_is_a_scenario_for_every_source_system():
    assert SCENARIOS == ["compromised_clients", "national_stream", "riskfabric", "user_sequences"]


@pytest.mark.parametrize(
    ("scenario", "world", "customers", "months", "mode", "share"),
    [
        ("riskfabric", "india", 1000, 4, "injected_share", 0.01),
        ("compromised_clients", "russia", 666, 1, "injected_share", 0.01),
        ("user_sequences", "anywhere", 100, 4, "customer_share", 0.05),
        ("national_stream", "south_africa", 1000, 1, "injected_share", 0.10),
    ],
)
def test_world_size_and_prevalence_are_those_of_the_source(scenario, world, customers, months, mode, share):
    settings = settings_of(scenario)
    injection = settings.config.crime.injection
    found = (settings.world, settings.config.population.customers, settings.config.calendar.months)
    assert found == (world, customers, months)
    assert (injection.mode, getattr(injection, mode)) == (mode, share)


def test_riskfabric_has_the_seed_the_profiles_and_the_label_noise_of_its_source():
    settings = settings_of("riskfabric")
    noise = settings.config.labels.noise
    assert (settings.seed, noise.false_negative_share, noise.false_positive_share) == (5555, 0.08, 0.005)
    profiles = ("upi_scam", "account_takeover", "velocity_abuse", "card_not_present", "friendly_fraud")
    assert [stated(settings, name, "weight") for name in profiles] == [0.35, 0.25, 0.15, 0.15, 0.10]


def test_the_benchmark_of_riskfabric_has_3334_customers_and_a_year():
    config = settings_of("riskfabric", RISKFABRIC_PROFILE="benchmark").config
    assert (config.population.customers, config.calendar.months) == (3334, 12)


def test_compromised_clients_is_thirty_payments_each_of_twenty_thousand_from_january_2025():
    config = settings_of("compromised_clients").config
    assert config.population.customers == 20_000 // 30
    assert config.calendar.start.isoformat() == "2025-01-01"
    yearly = config.population.activity.payments_per_year * config.people.activity_factor
    assert config.population.customers * yearly * 31 / 365.25 == pytest.approx(20_000, rel=0.03)


def test_half_of_compromised_fraud_is_clients_and_the_rest_drops_as_three_to_two():
    found = shares(settings_of("compromised_clients"))
    assert set(found) == {*RULE_CASES, "drop_distributor", "drop_purchaser"}
    assert sum(found[name] for name in RULE_CASES) == pytest.approx(0.50)
    assert found["drop_distributor"] == pytest.approx(0.30)
    assert found["drop_purchaser"] == pytest.approx(0.20)


def test_cases_of_compromised_clients_are_as_frequent_as_their_rules_say():
    settings = settings_of("compromised_clients")
    found = shares(settings)
    cases = {name: found[name] / mean_steps(settings, name) for name in RULE_CASES}
    assert {name: count / sum(cases.values()) for name, count in cases.items()} == pytest.approx(
        {name: weight / 32 for name, weight in RULE_CASES.items()}
    )


@pytest.mark.parametrize("rule", RULE_CASES)
def test_a_compromised_client_is_one_payment_or_a_burst_of_four_or_five(rule):
    steps = stated(settings_of("compromised_clients"), rule, "steps")
    assert [number for number, share in enumerate(steps, start=1) if share] == ([4, 5] if rule == BURST else [1])


def test_compromised_clients_has_the_limits_of_its_source():
    settings = settings_of("compromised_clients")
    rules = settings.config.bank_rules
    assert (rules.travel.fastest_kmh, rules.burst.most_payments) == (800, 3)
    assert (rules.drop.most_credits, rules.drop.most_outgoing) == (6, 8)
    assert (stated(settings, BURST, "gap_low"), stated(settings, BURST, "gap_high")) == (1, 5)
    for name in ("fast_geo_change", "fast_geo_change_online"):
        assert stated(settings, name, "slowest") == 801
        assert list(stated(settings, name, "fastest").values()) == [3000, 9000, 18000, 36000]
    for name in ("drop_distributor", "drop_purchaser"):
        assert stated(settings, name, "credits_high") == 6
        assert len(stated(settings, name, "steps")) <= 8


def test_the_five_patterns_of_user_sequences_are_equally_frequent():
    settings = settings_of("user_sequences")
    found = shares(settings)
    assert set(found) == {"ato_identity_change", "bust_out", "liquidity_crunch", "link_burst", "sleeper_ato"}
    attacks = [found[name] / mean_steps(settings, name) for name in found]
    assert attacks == pytest.approx([attacks[0]] * 5)


def test_user_sequences_count_their_victims_over_the_whole_run():
    config = settings_of("user_sequences").config
    assert config.crime.injection.customer_share_months == config.calendar.months


def test_user_sequences_have_the_indicators_of_their_source():
    settings = settings_of("user_sequences")
    assert stated(settings, "ato_identity_change", "amount_low") > 5
    assert stated(settings, "bust_out", "amount_low") > 5
    assert [stated(settings, "link_burst", key) for key in ("links_low", "links_high")] == [5, 15]
    assert [stated(settings, "sleeper_ato", key) for key in ("silence", "links_low", "links_within")] == [30, 3, 60]


def test_user_sequences_are_confirmed_after_five_days_on_average():
    settings = settings_of("user_sequences")
    assert {stated(settings, name, "discovery") for name in shares(settings)} == {None}
    discovery = settings.config.labels.discovery
    assert discovery.delay_median * math.exp(discovery.delay_sigma**2 / 2) == pytest.approx(5, rel=0.001)


def test_labels_of_user_sequences_are_late_and_not_wrong():
    noise = settings_of("user_sequences").config.labels.noise
    assert (noise.false_negative_share, noise.false_positive_share) == (0, 0)


def test_the_national_stream_is_ten_thirty_sixty():
    config = settings_of("national_stream").config
    fraud = config.crime.injection.injected_share
    assert set(config.behaviour.mobility.local_shares.values()) == {LOCAL_SHARE}
    split = [fraud, (1 - fraud) * (1 - LOCAL_SHARE), (1 - fraud) * LOCAL_SHARE]
    assert split == pytest.approx([0.10, 0.30, 0.60], abs=0.001)


def test_the_national_stream_attacks_at_night_with_five_to_twelve_times_the_average():
    settings, name = settings_of("national_stream"), "other_province_burst"
    assert shares(settings) == {name: 1.0}
    assert (stated(settings, name, "amount_low"), stated(settings, name, "amount_high")) == (5, 12)
    assert [hour for hour, weight in enumerate(stated(settings, name, "hours")) if weight] == [1, 2, 3, 4]
    assert (stated(settings, name, "steps"), stated(settings, name, "geo_anomaly")) == ([1.0], 1.0)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("profile", [None, "tiny"])
def test_every_scenario_has_a_home_and_an_identity_of_its_own(name, profile):
    changes = {"RISKFABRIC_PROFILE": profile, "RISKFABRIC_WORLD": "russia"} if profile else {}
    own, others = (
        settings_of(name, **changes),
        [settings_of(each, **changes) for each in SCENARIOS if each != name],
    )
    assert own.home not in [other.home for other in others]
    assert own.identity not in [other.identity for other in others]


def test_a_home_names_its_scenario_once():
    assert settings_of("national_stream").home.name == "south_africa-national_stream-5555"
    tiny = settings_of("national_stream", RISKFABRIC_PROFILE="tiny")
    assert tiny.home.name == "south_africa-national_stream-tiny-5555"


def test_a_profile_that_is_asked_for_beats_the_size_of_a_scenario_and_keeps_its_crime():
    config = settings_of("national_stream", RISKFABRIC_PROFILE="tiny").config
    found = (config.population.customers, config.calendar.months, config.crime.injection.injected_share)
    assert found == (120, 2, 0.10)


def test_a_weight_from_the_environment_adds_a_typology_to_a_scenario():
    settings = settings_of("user_sequences", RISKFABRIC_TYPOLOGIES__KITING_CYCLE__WEIGHT="2.75")
    assert shares(settings)["kiting_cycle"] == pytest.approx(2.75 / (2.75 + 9.12))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_number_of_a_scenario_has_a_unit_and_a_source(name):
    content = yaml.safe_load((packaged_config() / "scenarios" / f"{name}.yaml").read_text())
    assert not list(bare_numbers({key: content[key] for key in ("weights", "overrides")}))


def test_a_worlds_own_mix_of_crime_does_not_change_the_shares_of_a_scenario():
    mix = {"value": {"bust_out": 9.0}, "unit": "ratio", "source": "test"}
    documents = {"prevalence": Document("prevalence.yaml", {"mix": mix}), "typologies/bust_out": Document("x", {})}
    weights = {"bust_out": {"value": 1.0, "unit": "weight", "source": "test"}}
    lay_weights(documents, Scenario("test", "test.yaml", "india", "demo", "1", weights, {}))
    assert documents["prevalence"].content["mix"]["value"] == {}


def test_all_wrong_weights_are_named_at_once_with_the_nearest_typology(tmp_path):
    weights = {"bust_outt": {"value": 1, "unit": "weight", "source": "test"}, "link_burst": 1}
    with pytest.raises(ConfigError) as error:
        resolve(broken(tmp_path, "user_sequences", weights=weights), FOLDER)
    text = str(error.value)
    assert "config/scenarios/user_sequences.yaml: weights.bust_outt" in text
    assert "did you mean 'bust_out'?" in text
    assert "weights.link_burst" in text


@pytest.mark.parametrize("value", [-1.0, "much"])
def test_an_impossible_weight_is_refused_by_the_name_of_its_scenario(tmp_path, value):
    weights = {"bust_out": {"value": value, "unit": "weight", "source": "test"}}
    settings = resolve(broken(tmp_path, "user_sequences", weights=weights), FOLDER)
    with pytest.raises(ConfigError, match=r"scenarios/user_sequences.yaml: weights: weight"):
        load_registry(settings.typologies)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"weights": {}}, "typologies with their weights, or null"),
        ({"overrides": 3}, "a mapping of files"),
        ({"weight": None}, "did you mean 'weights'?"),
    ],
)
def test_a_scenario_of_another_shape_is_refused(tmp_path, changes, word):
    with pytest.raises(ConfigError) as error:
        resolve(broken(tmp_path, "national_stream", **changes), FOLDER)
    assert word in str(error.value)
