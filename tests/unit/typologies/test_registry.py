import copy

import numpy as np
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.foundation.identifiers import Kind
from riskfabric_assets.typologies.draws import crime_identifiers, tag_of
from riskfabric_assets.typologies.registry import discover, load_registry
from tests.underworld import STREAMS, settings


def documents() -> dict:
    return {name: copy.deepcopy(document) for name, document in settings().typologies.items()}


def test_every_typology_has_code_and_config():
    assert set(discover()) == set(settings().typologies)
    assert [typology.name for typology in load_registry(documents()).typologies] == sorted(discover())


def test_a_config_file_without_code_is_refused_with_the_nearest_name():
    changed = documents()
    changed["upi_scams"] = changed["upi_scam"]
    with pytest.raises(ConfigError, match="did you mean 'upi_scam'"):
        load_registry(changed)


def test_code_without_a_config_file_is_refused():
    changed = documents()
    del changed["card_not_present"]
    with pytest.raises(ConfigError, match=r"typologies/card_not_present.yaml: found no such file"):
        load_registry(changed)


def test_every_problem_is_told_at_once():
    changed = documents()
    changed["upi_scam"].content["weight"]["value"] = -1
    changed["velocity_abuse"].content["gap_low"]["unit"] = "minutes"
    changed["friendly_fraud"].content["colour"] = "blue"
    with pytest.raises(ConfigError) as error:
        load_registry(changed)
    message = str(error.value)
    assert "config/typologies/upi_scam.yaml: weight" in message
    assert "unit 'minutes'; expected unit 'seconds'" in message
    assert "colour: found an unknown key" in message


def test_weights_that_sum_to_zero_are_refused():
    changed = documents()
    for document in changed.values():
        document.content["weight"]["value"] = 0
    with pytest.raises(ConfigError, match="weights that sum to 0"):
        load_registry(changed)


def test_an_unknown_category_is_refused():
    changed = documents()
    changed["upi_scam"].content["categories"]["value"] = {"JEWELLERY": 1.0}
    with pytest.raises(ConfigError, match="JEWELLERY"):
        load_registry(changed)


def test_a_country_weighs_typologies_by_its_mix():
    plain = {each.name: each.params.weight for each in load_registry(documents()).typologies}
    mixed = {each.name: each.params.weight for each in load_registry(documents(), {"sim_swap": 3.0}).typologies}
    assert mixed["sim_swap"] == pytest.approx(3 * plain["sim_swap"])
    assert {name for name, weight in mixed.items() if weight != plain[name]} == {"sim_swap"}


def test_a_mix_that_names_no_typology_is_refused_with_the_nearest_name():
    with pytest.raises(ConfigError, match=r"(?s)prevalence.yaml: mix.sim_swop: .*did you mean 'sim_swap'") as error:
        load_registry(documents(), {"sim_swop": 2.0, "sleepr_ato": 1.0}, "prevalence.yaml: mix")
    assert "sleepr_ato" in str(error.value)


def test_disabling_does_not_change_the_sum_of_weights():
    changed = documents()
    changed["upi_scam"].content["is_enabled"] = False
    registry = load_registry(changed)
    assert registry.total_weight == load_registry(documents()).total_weight
    assert registry.weights == load_registry(documents()).weights


def test_ids_of_different_typologies_never_meet():
    key, numbers = STREAMS.key("identifiers"), np.repeat(np.arange(200), 5)
    steps = np.tile(np.arange(1, 6), 200)
    ids = [
        crime_identifiers(key, Kind.ATTACK_PAYMENT, tag_of(name), numbers, 20_301, steps) for name in sorted(discover())
    ]
    assert np.unique(np.concatenate(ids)).shape[0] == 1_000 * len(discover())


def test_a_number_outside_its_field_is_refused():
    with pytest.raises(ValueError, match="outside its field"):
        crime_identifiers(STREAMS.key("identifiers"), Kind.ATTACK, 1, [1 << 21], 20_301, 0)
