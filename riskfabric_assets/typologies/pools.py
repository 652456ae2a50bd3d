"""Pools that crime draws from (victims, addresses): refusing those that are too small, with the number needed."""

from typing import Final

from riskfabric_assets.foundation.errors import ConfigError, Problem
from riskfabric_assets.packs.crime import Actors, AttackerNetwork
from riskfabric_assets.simulation.kernels.records import Records

OWN_HOSTS: Final = 2
"""First and last address of a slice belong to the network itself."""
WAYS_WITHOUT_HOUSEHOLDS: Final = 2
"""VPN and foreign networks stand behind those of households."""


def small_pool(name: str, found: int, needed: int, things: str) -> Problem:
    """Return the problem of a pool that is too small."""
    fix = (
        "lower the prevalence (config/crime.yaml: injection) or the typology's weight, raise config/population.yaml: "
        "customers, or allow more for each (config/crime.yaml: victims, actors)"
    )
    return Problem(name, f"{found:,} {things}", f"at least {needed:,} {things}", fix)


def refuse_few_addresses(actors: Actors, count_actors: int, networks: Records) -> None:
    """Check that every lasting actor can have addresses of its own; exits of a VPN are shared and any number will do.

    Args:
        actors: Addresses of an actor, and in which networks.
        count_actors: Lasting actors of all typologies.
        networks: Records of NETWORK: households, then VPN, then foreign.

    Raises:
        ConfigError: There are fewer hosts than actors need in a week, in household or foreign networks.
    """
    hosts = networks["size"].astype("int64") - OWN_HOSTS
    pools: dict[AttackerNetwork, int] = {
        "other": int(hosts[:-WAYS_WITHOUT_HOUSEHOLDS].sum()),
        "foreign": int(hosts[-1]),
    }
    problems = []
    for way, found in pools.items():
        needed = round(count_actors * actors.addresses_per_actor * actors.networks[way])
        if found < needed:
            problems.append(small_pool(f"addresses of attackers in networks '{way}'", found, needed, "addresses"))
    if problems:
        raise ConfigError(problems)
