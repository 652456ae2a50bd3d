"""A broken world pack: every mistake of a file is listed at once, with key path, found, expected and remedy."""

import shutil

import pytest
import yaml

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.settings import known_worlds, packaged_config, resolve

WORLDS = known_worlds(packaged_config())


@pytest.fixture
def config(tmp_path):
    return shutil.copytree(packaged_config(), tmp_path / "config")


def rewrite(config, world, file, change):
    path = config / "worlds" / world / f"{file}.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def problems(config, world):
    with pytest.raises(ConfigError) as error:
        resolve({"RISKFABRIC_CONFIG": str(config), "RISKFABRIC_WORLD": world}, config)
    found = error.value.problems
    assert all(problem.found and problem.expected and problem.fix for problem in found)
    return {problem.place: problem for problem in found}


@pytest.mark.parametrize("world", WORLDS)
def test_a_missing_file_is_named(config, world):
    (config / "worlds" / world / "names.yaml").unlink()
    (problem,) = problems(config, world).values()
    assert problem.place == f"config/worlds/{world}/names.yaml"
    assert problem.found == "no such file"


@pytest.mark.parametrize("world", WORLDS)
def test_all_mistakes_of_one_file_are_listed_at_once(config, world):
    def spoil(payments):
        del payments["contactless_share"]
        payments["chanels"] = payments.pop("channels")
        payments["authentication"]["chip"]["value"]["pin"] = 0.7
        payments["declines"]["pos"]["value"]["wrong_pin"] = -0.1
        payments["limits"]["minimum_amount"]["unit"] = "cents"
        payments["hour_weights"]["source"] = " "

    rewrite(config, world, "payments", spoil)
    found = problems(config, world)
    file = f"config/worlds/{world}/payments.yaml: "
    assert {place.removeprefix(file) for place in found} == {
        "contactless_share",
        "channels",
        "chanels",
        "authentication.chip",
        "declines.pos.wrong_pin",
        "limits.minimum_amount",
        "hour_weights",
    }
    assert "channels" in found[f"{file}chanels"].fix
    assert found[f"{file}authentication.chip"].expected == "a sum of 1"


@pytest.mark.parametrize("world", WORLDS)
def test_a_mixture_of_amounts_without_weight_is_refused(config, world):
    def spoil(spending):
        weights = spending["groups"]["weights"]["pos"]["value"]
        spending["groups"]["weights"]["pos"]["value"] = dict.fromkeys(weights, 0)
        spending["groups"]["log_sds"]["value"]["grocery"] = 0

    rewrite(config, world, "spending", spoil)
    found = problems(config, world)
    file = f"config/worlds/{world}/spending.yaml: "
    assert found[f"{file}groups.weights.pos"].found == "weights that sum to 0"
    assert f"{file}groups.log_sds.grocery" in found


@pytest.mark.parametrize("world", WORLDS)
def test_reversed_days_and_hours_are_refused(config, world):
    def spoil(spending):
        bill = next(iter(spending["bills"].values()))
        bill["first_day"]["value"], bill["last_day"]["value"] = 20, 3
        hours = spending["mandate_hours"]
        hours["late_first"]["value"] = hours["early_first"]["value"]

    rewrite(config, world, "spending", spoil)
    text = "\n".join(map(str, problems(config, world).values()))
    assert "last_day 3" in text
    assert "mandate_hours" in text


@pytest.mark.parametrize("world", WORLDS)
def test_a_region_that_speaks_an_unknown_language_is_refused(config, world):
    def spoil(names):
        names["elsewhere"]["value"] = {"klingon": 0.5}

    rewrite(config, world, "names", spoil)
    (problem,) = problems(config, world).values()
    assert problem.place.endswith("names.yaml: elsewhere")
    assert problem.expected == "a sum of 1"
