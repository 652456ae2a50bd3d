"""Every world pack is a complete folder with the keys of every other, and says where its numbers come from."""

from typing import Annotated, Literal

import pytest
import yaml

from riskfabric_assets.packs.files import PACK_FILES
from riskfabric_assets.packs.measured import Measured, Section, ShareTable
from riskfabric_assets.packs.provenance import total_provenance
from riskfabric_assets.packs.settings import known_worlds, packaged_config
from tests.pack_trees import MISSING, UNKNOWN, differences

CONFIG = packaged_config()
WORLDS = known_worlds(CONFIG)
COUNTRIES = [world for world in WORLDS if world != "anywhere"]


class Provider(Section):
    slice: str
    note: str = "optional in code, yet asked of every pack"


class Pack(Section):
    title: str
    rates: Annotated[dict[Literal["pos", "atm"], float], Measured("share")]
    banks: ShareTable
    providers: dict[str, Provider]


COMPLETE = {
    "title": "A",
    "rates": {"value": {"pos": 0.1, "atm": 0.2}, "unit": "share", "source": "x"},
    "banks": {"value": {"BANK_A": 1.0}, "unit": "share", "source": "x"},
    "providers": {"One": {"slice": "100.64.0.0/11", "note": ""}},
}


@pytest.mark.parametrize("world", WORLDS)
def test_every_world_is_a_complete_folder(world):
    assert {path.name for path in (CONFIG / "worlds" / world).iterdir()} == {f"{name}.yaml" for name in PACK_FILES}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("file", PACK_FILES)
def test_every_world_has_every_key_and_no_other(world, file):
    content = yaml.safe_load((CONFIG / "worlds" / world / f"{file}.yaml").read_text(encoding="utf-8"))
    assert list(differences(content, PACK_FILES[file])) == []


def test_names_of_banks_and_providers_are_free():
    other = COMPLETE | {
        "banks": {"value": {"BANK_B": 0.5, "BANK_C": 0.5}, "unit": "share", "source": "x"},
        "providers": {},
    }
    assert list(differences(COMPLETE, Pack)) == list(differences(other, Pack)) == []


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("title", None, ("title", MISSING)),
        ("colour", "red", ("colour", UNKNOWN)),
        ("rates", {"value": {"pos": 0.1}, "unit": "share", "source": "x"}, ("rates.atm", MISSING)),
        ("rates", {"value": {"pos": 0, "atm": 0, "web": 0}, "unit": "share", "source": "x"}, ("rates.web", UNKNOWN)),
        ("providers", {"One": {"slice": "100.64.0.0/11"}}, ("providers.One.note", MISSING)),
    ],
)
def test_a_key_too_few_or_too_many_is_found(key, value, wrong):
    content = {name: entry for name, entry in (COMPLETE | {key: value}).items() if entry is not None}
    assert list(differences(content, Pack)) == [wrong]


@pytest.mark.parametrize("world", COUNTRIES)
def test_a_country_assumes_less_than_the_world_without_one(world):
    assert total_provenance(CONFIG, world).assumed_share < 0.8 * total_provenance(CONFIG, "anywhere").assumed_share
