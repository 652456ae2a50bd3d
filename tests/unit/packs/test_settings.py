import shutil
from pathlib import Path

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.settings import packaged_config, resolve, with_fraud_rate

FOLDER = Path("nowhere")


@pytest.fixture
def copied_config(tmp_path):
    """A config folder that a test may break."""
    return Path(shutil.copytree(packaged_config(), tmp_path / "config"))


def change(folder, file, key, value):
    path = folder / file
    content = yaml.safe_load(path.read_text())
    target = content
    *parents, last = key.split(".")
    for parent in parents:
        target = target[parent]
    target[last] = value
    path.write_text(yaml.safe_dump(content))


def problem_of(environ):
    with pytest.raises(ConfigError) as error:
        resolve(environ, FOLDER)
    return str(error.value)


def test_defaults_need_no_environment():
    settings = resolve({}, FOLDER)
    assert (settings.world, settings.profile, settings.seed) == ("india", "demo", 5555)
    assert settings.home == FOLDER / "data" / "india-demo-5555"


def test_an_unknown_world_names_the_nearest():
    assert "did you mean 'india'?" in problem_of({"RISKFABRIC_WORLD": "indai"})


def test_an_unknown_variable_is_refused():
    assert "RISKFABRIC_COLOR" in problem_of({"RISKFABRIC_COLOR": "red"})


def test_an_unknown_key_of_a_file_names_the_nearest():
    assert "did you mean 'threads'?" in problem_of({"RISKFABRIC_ENGINE__THREDS": "2"})


def test_all_wrong_variables_are_named_at_once():
    text = problem_of({"RISKFABRIC_ENGINE__THREDS": "2", "RISKFABRIC_COLOR": "red"})
    assert "THREDS" in text
    assert "COLOR" in text


def test_the_environment_overrides_a_number_and_is_named_when_it_is_wrong():
    assert resolve({"RISKFABRIC_CALENDAR__MONTHS": "7"}, FOLDER).config.calendar.months == 7
    assert "RISKFABRIC_CALENDAR__MONTHS: months: found -1" in problem_of({"RISKFABRIC_CALENDAR__MONTHS": "-1"})


def test_a_wrong_unit_says_which_is_expected(copied_config):
    change(copied_config, "engine.yaml", "memory_mb.unit", "GB")
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    assert "config/engine.yaml: memory_mb" in text
    assert "unit 'GB'" in text
    assert "unit 'MB'" in text


def test_a_bare_number_asks_for_unit_and_source(copied_config):
    change(copied_config, "engine.yaml", "threads", 2)
    assert "a mapping of value, unit and source" in problem_of({"RISKFABRIC_CONFIG": str(copied_config)})


def test_a_missing_key_and_an_unknown_key_of_one_file_are_named_together(copied_config):
    path = copied_config / "engine.yaml"
    path.write_text(path.read_text().replace("threads:", "thread:"))
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    assert "config/engine.yaml: threads: found nothing" in text
    assert "config/engine.yaml: thread: found an unknown key" in text


@pytest.mark.parametrize(
    ("file", "key", "value", "word"),
    [
        ("calendar.yaml", "start", "2025-08-15", "first day of a month"),
        ("worlds/india/world.yaml", "timezone", "Asia/Calcota", "IANA"),
        ("profiles/demo.yaml", "calendar", {"starts": "2025-01-01"}, "did you mean 'start'?"),
    ],
)
def test_impossible_values_are_refused(copied_config, file, key, value, word):
    if file == "calendar.yaml":
        change(copied_config, "profiles/demo.yaml", "calendar.start", value)
    change(copied_config, file, key, value)
    assert word in problem_of({"RISKFABRIC_CONFIG": str(copied_config)})


@pytest.mark.parametrize(("weight", "word"), [(0.0, "sum to 0"), (-1.0, "negative weight -1.0")])
def test_weights_that_are_negative_or_sum_to_zero_are_refused(copied_config, weight, word):
    path = copied_config / "worlds/india/spending.yaml"
    names = yaml.safe_load(path.read_text())["groups"]["weights"]["wallet"]["value"]
    change(copied_config, "worlds/india/spending.yaml", "groups.weights.wallet.value", dict.fromkeys(names, weight))
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    assert "weights.wallet" in text
    assert word in text


def test_shares_that_do_not_add_up_are_refused(copied_config):
    change(copied_config, "worlds/india/payments.yaml", "channels.value.instant", 0.9)
    assert "a sum of 1" in problem_of({"RISKFABRIC_CONFIG": str(copied_config)})


def test_identity_changes_with_the_seed_and_not_with_the_engine():
    identity = resolve({}, FOLDER).identity
    assert resolve({"RISKFABRIC_SEED": "1"}, FOLDER).identity != identity
    assert resolve({"RISKFABRIC_ENGINE__THREADS": "1", "RISKFABRIC_CALENDAR__MONTHS": "9"}, FOLDER).identity == identity


def test_identity_does_not_depend_on_units_and_sources(copied_config):
    change(copied_config, "crime.yaml", "injection.injected_share.source", "somebody else")
    assert resolve({"RISKFABRIC_CONFIG": str(copied_config)}, FOLDER).identity == resolve({}, FOLDER).identity


def test_a_file_that_is_missing_or_not_yaml_is_named(copied_config):
    (copied_config / "engine.yaml").write_text("threads: [")
    assert "config/engine.yaml: found unreadable YAML" in problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    (copied_config / "engine.yaml").unlink()
    assert "config/engine.yaml: found no such file" in problem_of({"RISKFABRIC_CONFIG": str(copied_config)})


def test_all_files_that_cannot_be_read_are_named_at_once(copied_config):
    (copied_config / "worlds" / "india" / "names.yaml").unlink()
    (copied_config / "worlds" / "india" / "people.yaml").write_text("- a list")
    (copied_config / "engine.yaml").write_text("threads: [")
    message = problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    assert message.count("fix:") == 3
    for file in ("worlds/india/names.yaml", "worlds/india/people.yaml", "engine.yaml"):
        assert f"config/{file}: found" in message


def test_an_incomplete_scenario_names_every_key(copied_config):
    (copied_config / "scenarios" / "riskfabric.yaml").write_text("wrld: india\nprofile: tiny\n")
    message = problem_of({"RISKFABRIC_CONFIG": str(copied_config)})
    assert "wrld: found an unknown key; expected a known key\n  fix: did you mean 'world'?" in message
    for key in ("world", "seed", "overrides"):
        assert f"config/scenarios/riskfabric.yaml: {key}: found nothing" in message


def test_all_unknown_names_of_a_profile_are_named_at_once(copied_config):
    (copied_config / "profiles" / "tiny.yaml").write_text("enginex: {threads: 2}\nengine: {thread: 1}\n")
    message = problem_of({"RISKFABRIC_CONFIG": str(copied_config), "RISKFABRIC_PROFILE": "tiny"})
    assert "config/profiles/tiny.yaml: enginex: found an unknown file" in message
    assert "config/profiles/tiny.yaml: thread: found an unknown key" in message


def test_a_folder_that_is_no_config_says_what_it_lacks(tmp_path):
    (tmp_path / "worlds").mkdir()
    message = problem_of({"RISKFABRIC_CONFIG": str(tmp_path)})
    assert "without profiles, scenarios, typologies" in message


def test_a_variable_that_is_not_yaml_is_named_with_the_others():
    message = problem_of({"RISKFABRIC_CALENDAR__MONTHS": "[1", "RISKFABRIC_CALENDAR__MONTH": "2"})
    assert "RISKFABRIC_CALENDAR__MONTHS: found '[1'; expected a value in YAML" in message
    assert "'months'" in message


def test_a_fraud_rate_is_a_share_of_customers_within_the_calendar():
    environ = with_fraud_rate({"RISKFABRIC_PROFILE": "tiny"}, FOLDER, 0.05)
    injection = resolve(environ, FOLDER).config.crime.injection
    assert (injection.mode, injection.customer_share, injection.customer_share_months) == ("customer_share", 0.05, 2)
    assert with_fraud_rate({"A": "b"}, FOLDER, None) == {"A": "b"}


def test_a_fraud_rate_above_one_is_refused():
    with pytest.raises(ConfigError, match="customer_share"):
        resolve(with_fraud_rate({}, FOLDER, 1.5), FOLDER)


def numbers_of(folder, world, typology, key, value):
    change(folder, f"worlds/{world}/prevalence.yaml", "numbers", {typology: {key: value}})


def test_a_world_may_have_numbers_of_its_own_for_a_typology(copied_config):
    numbers_of(copied_config, "russia", "mule_chain", "kept", {"value": 0.2, "unit": "share", "source": "test"})
    environ = {"RISKFABRIC_CONFIG": str(copied_config)}
    kept = {
        world: resolve({**environ, "RISKFABRIC_WORLD": world}, FOLDER).typologies["mule_chain"].content["kept"]["value"]
        for world in ("india", "russia")
    }
    assert kept == {"india": 0.07, "russia": 0.2}


def test_a_scenario_with_weights_of_its_own_leaves_a_worlds_numbers_out(copied_config):
    numbers_of(copied_config, "russia", "mule_chain", "kept", {"value": 0.2, "unit": "share", "source": "test"})
    environ = {"RISKFABRIC_CONFIG": str(copied_config), "RISKFABRIC_SCENARIO": "compromised_clients"}
    settings = resolve(environ, FOLDER)
    assert settings.world == "russia"
    assert settings.typologies["mule_chain"].content["kept"]["value"] == 0.07


@pytest.mark.parametrize(
    ("typology", "key", "value", "told"),
    [
        (
            "mule_chian",
            "kept",
            {"value": 0.2, "unit": "share", "source": "test"},
            "did you mean 'mule_chain'?",
        ),
        ("mule_chain", "kpet", {"value": 0.2, "unit": "share", "source": "test"}, "did you mean 'kept'?"),
        ("mule_chain", "kept", 0.2, "a number with unit and source"),
    ],
)
def test_a_wrong_number_of_a_world_is_told_with_its_place(copied_config, typology, key, value, told):
    numbers_of(copied_config, "russia", typology, key, value)
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config), "RISKFABRIC_WORLD": "russia"})
    assert "config/worlds/russia/prevalence.yaml" in text
    assert told in text


def test_a_wrong_mix_and_wrong_numbers_are_told_beside_the_files_other_problems(copied_config):
    file = "worlds/russia/prevalence.yaml"
    numbers_of(copied_config, "russia", "mule_chain", "kpet", {"value": 0.2, "unit": "share", "source": "test"})
    change(copied_config, file, "natural_bps.value", -1)
    change(copied_config, file, "mix.value", {"sim_swop": 2.0})
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config), "RISKFABRIC_WORLD": "russia"})
    for told in ("numbers.mule_chain: kpet", "natural_bps", "mix.sim_swop", "did you mean 'sim_swap'?"):
        assert told in text


def test_a_key_that_stands_twice_is_refused(copied_config):
    file = copied_config / "worlds/russia/prevalence.yaml"
    file.write_text(file.read_text() + "natural_bps: {value: 1, unit: bps, source: test}\n")
    text = problem_of({"RISKFABRIC_CONFIG": str(copied_config), "RISKFABRIC_WORLD": "russia"})
    assert "key 'natural_bps' stands twice" in text
