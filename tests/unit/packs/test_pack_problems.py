"""A broken world pack: every mistake of a file is listed at once, with key path, found, expected and remedy."""

import copy
import functools

import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.documents import Document, read_document
from riskfabric_assets.packs.files import PACK_FILES
from riskfabric_assets.packs.settings import known_worlds, packaged_config
from riskfabric_assets.packs.validation import validate

CONFIG = packaged_config()
WORLDS = known_worlds(CONFIG)


@functools.cache
def original(world, file):
    return read_document(CONFIG / "worlds" / world / f"{file}.yaml", CONFIG)


def problems(world, file, spoil):
    """Return what is wrong with a spoilt file, by key path."""
    place = original(world, file).place
    content = copy.deepcopy(original(world, file).content)
    spoil(content)
    with pytest.raises(ConfigError) as error:
        validate(Document(place, content), PACK_FILES[file])
    found = error.value.problems
    assert all(problem.found and problem.expected and problem.fix for problem in found)
    assert all(problem.place.startswith(place) for problem in found)
    return {problem.place.removeprefix(place).removeprefix(": "): problem for problem in found}


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"worlds/india/names\.yaml: found no such file"):
        read_document(tmp_path / "worlds" / "india" / "names.yaml", tmp_path)


@pytest.mark.parametrize("world", WORLDS)
def test_all_mistakes_of_one_file_are_listed_at_once(world):
    def spoil(payments):
        del payments["contactless_share"]
        payments["chanels"] = payments.pop("channels")
        payments["authentication"]["chip"]["value"]["pin"] = 0.7
        payments["declines"]["pos"]["value"]["wrong_pin"] = -0.1
        payments["limits"]["minimum_amount"]["unit"] = "cents"
        payments["hour_weights"]["source"] = " "

    found = problems(world, "payments", spoil)
    assert set(found) == {
        "contactless_share",
        "channels",
        "chanels",
        "authentication.chip",
        "declines.pos.wrong_pin",
        "limits.minimum_amount",
        "hour_weights",
    }
    assert "channels" in found["chanels"].fix
    assert found["authentication.chip"].expected == "a sum of 1"


@pytest.mark.parametrize("world", WORLDS)
def test_a_mixture_of_amounts_without_weight_is_refused(world):
    def spoil(spending):
        weights = spending["groups"]["weights"]["pos"]["value"]
        spending["groups"]["weights"]["pos"]["value"] = dict.fromkeys(weights, 0)
        spending["groups"]["log_sds"]["value"]["grocery"] = 0

    found = problems(world, "spending", spoil)
    assert found["groups.weights.pos"].found == "weights that sum to 0"
    assert "groups.log_sds.grocery" in found


@pytest.mark.parametrize("world", WORLDS)
def test_reversed_days_and_hours_are_refused(world):
    def spoil(spending):
        bill = next(iter(spending["bills"].values()))
        bill["first_day"]["value"], bill["last_day"]["value"] = 20, 3
        hours = spending["mandate_hours"]
        hours["late_first"]["value"] = hours["early_first"]["value"]

    found = problems(world, "spending", spoil)
    assert any(place.startswith("bills.") and place.endswith(".last_day") for place in found)
    assert "mandate_hours" in found


@pytest.mark.parametrize("world", WORLDS)
def test_every_table_of_spending_groups_tells_its_own_mistakes(world):
    def spoil(spending):
        groups = spending["groups"]
        amounts = groups["median_amounts"]["value"]
        amounts["grocry"] = amounts.pop("grocery")
        del groups["log_sds"]["value"]["fuel"]
        del groups["weights"]["wallet"]
        groups["weights"]["pos"]["value"]["fule"] = 1
        groups["remote_shares"]["value"]["grocery"] = 1.4
        next(iter(spending["bills"].values()))["group"] = "telcom"

    found = problems(world, "spending", spoil)
    bill = next(place for place in found if place.startswith("bills."))
    assert {place for place in found if place != bill} == {
        "groups.median_amounts",
        "groups.log_sds",
        "groups.weights.pos",
        "groups.remote_shares.grocery",
    }
    assert found["groups.median_amounts"].found == "no grocery, unknown grocry"
    assert "'grocery'" in found["groups.median_amounts"].fix
    assert found["groups.log_sds"].fix == "add fuel"
    assert "'fuel'" in found["groups.weights.pos"].fix
    assert "'telecom'" in found[bill].fix


@pytest.mark.parametrize("world", WORLDS)
def test_what_keys_of_a_section_get_wrong_together_is_told_at_once(world):
    def spoil(remote):
        exchange, cities = remote["exchange"], remote["abroad"]["cities"]
        exchange["hub"] = "QQQ"
        exchange["anchors"]["value"]["ZZZ"] = {}
        gone = next(iter(cities["countries"]))
        del cities["latitudes"]["value"][gone], cities["weights"]["value"][gone]

    found = problems(world, "remote", spoil)
    assert {"no anchors of the hub QQQ", "no anchor of ZZZ"} <= set(found["exchange"].found.split("; "))
    assert found["abroad.cities"].found.count(" in only one of countries and ") == 2


@pytest.mark.parametrize("world", WORLDS)
def test_a_region_that_speaks_an_unknown_language_is_refused(world):
    def spoil(names):
        names["elsewhere"]["value"] = {"klingon": 0.5}

    (problem,) = problems(world, "names", spoil).values()
    assert problem.place.endswith(": elsewhere")
    assert problem.expected == "a sum of 1"
