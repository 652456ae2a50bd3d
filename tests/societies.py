"""Small societies for tests: the literal residents of the small world under the settings of the packs."""

import functools
from pathlib import Path

import numpy as np

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.settings import resolve
from riskfabric_assets.simulation.columns import HonestMonth
from riskfabric_assets.simulation.month import live_month
from riskfabric_assets.simulation.people import build_people
from riskfabric_assets.simulation.society import Country, Habits, Society, build_society
from tests.residents import NETWORKS, SCHEMES, SLICES, residents
from tests.worlds import small_market

FIRST_MONTH = "2025-08"


@functools.cache
def society(count: int = 60, timezone: str = "Asia/Kolkata", seed: int = 5555) -> Society:
    """Return a society of literal residents; `count` customers are the first of any larger one."""
    config, streams = resolve({}, Path("nowhere")).config, Streams(seed)
    frames = residents(count)
    people, dictionaries = build_people(frames, NETWORKS, ("VPN", "Foreign"), SCHEMES)
    return build_society(
        people=people,
        dictionaries=dictionaries,
        home_regions=np.ascontiguousarray(frames.customers["region_id"].to_numpy()),
        market=small_market(config, streams),
        habits=Habits.of(config),
        country=Country(
            region_ids=np.unique(frames.customers["region_id"].to_numpy()),
            region_names=tuple(frames.customers.unique("region_id").sort("region_id")["region_name"]),
            banks=dictionaries.banks,
            bank_factors=np.ones((len(dictionaries.banks), 2)),
            network_slices=SLICES,
            timezone=timezone,
        ),
        first_month=FIRST_MONTH,
        streams=streams,
    )


@functools.cache
def honest(count: int = 60, month: str = FIRST_MONTH, timezone: str = "Asia/Kolkata") -> HonestMonth:
    """Return the month of a small society."""
    return live_month(society(count, timezone), month, 0, count)
