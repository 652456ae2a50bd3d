"""How often attacks happen at least, and at most."""

import dataclasses

import numpy as np
import pytest

from riskfabric_assets.foundation.errors import ConfigError
from riskfabric_assets.packs.crime import Actors
from riskfabric_assets.simulation.society import expected_payments
from riskfabric_assets.typologies import recruits
from riskfabric_assets.typologies.engine import plan_month
from riskfabric_assets.typologies.pools import refuse_few_addresses
from riskfabric_assets.typologies.registry import Registry
from tests.underworld import registry, settings, society, underworld

MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
RARE = 0.05
"""Expected fraudulent payments of a month in which hardly any typology draws an attack."""


def rare(of: Registry | None = None):
    return underworld(RARE / expected_payments(society(), "2025-08"), of=of)


def switched(**is_enabled: bool) -> Registry:
    """The registry with typologies on or off; those not named are on."""
    typologies = (
        dataclasses.replace(each, params=each.params.model_copy(update={"is_enabled": is_enabled.get(each.name, True)}))
        for each in registry().typologies
    )
    return Registry(tuple(typologies))


def attacks_by_month(world) -> dict[str, dict[str, list[int]]]:
    plans = {month: plan_month(world, month).attacks for month in MONTHS}
    return {
        month: {name: each.attack_id.tolist() for name, each in attacks.items() if each.attack_id.shape[0]}
        for month, attacks in plans.items()
    }


def test_no_month_with_payments_is_without_an_attack():
    """One typology, mostly; a crew counts once."""
    counts = [len(attacks) for attacks in attacks_by_month(rare()).values()]
    assert min(counts) == 1
    assert sum(counts) < 2 * len(MONTHS)


def test_the_typology_of_a_lonely_attack_is_drawn_by_weight():
    names = [name for attacks in attacks_by_month(rare()).values() for name in attacks]
    assert len(set(names)) > 3


def test_switching_off_a_lonely_attack_moves_it_to_nobody_else():
    before = attacks_by_month(rare())
    name = next(iter(before["2025-08"]))
    after = attacks_by_month(rare(switched(**{name: False})))
    assert after["2025-08"] == {}
    assert after == {month: {k: v for k, v in attacks.items() if k != name} for month, attacks in before.items()}


def test_a_month_without_any_typology_has_no_attack():
    nobody = switched(**{each.name: False for each in registry().typologies})
    assert plan_month(rare(nobody), "2025-08").attacks == {}


def test_too_few_victims_are_counted_beside_those_needed():
    people = society().people
    few = np.where(np.arange(people.count_customers) < 3, people.susceptibility, 0.0)
    world = underworld()
    world = dataclasses.replace(
        world, society=dataclasses.replace(society(), people=people._replace(susceptibility=few))
    )
    with pytest.raises(ConfigError) as error:
        plan_month(world, "2025-08")
    message = str(error.value)
    assert "victims of upi_scam in 2025-08: found 3 customers; expected at least " in message
    assert "victims of account_takeover in 2025-08" in message


def actors(**changes: float) -> dict:
    whole = settings().config.crime.actors.model_dump()
    units = {"attacks_per_actor_month": "attacks", "devices_per_actor": "devices", "victims_per_device": "victims"}
    units |= {"addresses_per_actor": "addresses", "networks": "share"}
    return {
        name: {"value": changes.get(name, value), "unit": units[name], "source": "test"}
        for name, value in whole.items()
    }


def test_too_few_devices_of_an_actor_are_counted_beside_those_needed():
    with pytest.raises(ValueError, match=r"devices_per_actor = 3\|at least 6 devices"):
        Actors.model_validate(actors(attacks_per_actor_month=30))


def test_too_few_mules_are_counted_beside_those_needed(monkeypatch):
    monkeypatch.setattr(recruits, "can_relay", lambda people, _: np.arange(people.count_customers) < 3)
    told = r"of mule_chain in 2025-08: found [0-3] customers with an account all month; expected at least"
    with pytest.raises(ConfigError, match=told):
        plan_month(underworld(), "2025-08")


def test_too_few_addresses_are_counted_beside_those_needed():
    networks = society().life.networks.copy()
    networks["size"] = 6
    with pytest.raises(ConfigError, match=r"networks 'foreign': found 4 addresses; expected at least 40 addresses"):
        refuse_few_addresses(settings().config.crime.actors, 100, networks)


def test_exits_of_a_vpn_are_shared_by_any_number():
    networks = society().life.networks.copy()
    networks["size"][-2] = 4
    refuse_few_addresses(settings().config.crime.actors, 1_000, networks)
