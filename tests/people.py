"""The small world's real population: drawn by the room itself with the packs' settings, for tests that need it."""

import functools
from pathlib import Path

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.population.demography import Demography, demography_of
from riskfabric_assets.population.draw import Population, draw_population
from tests.worlds import small_world

SEED = 5555


@functools.cache
def demography(world: str = "india") -> Demography:
    """Return the settings of a world's population, with nothing overridden."""
    return demography_of(resolve({"RISKFABRIC_WORLD": world}, Path("nowhere")).config)


@functools.cache
def population(count: int, world: str = "india", seed: int = SEED) -> Population:
    """Return `count` customers of the small world and what they own."""
    return draw_population(demography(world), small_world().residential, Streams(seed), count)
