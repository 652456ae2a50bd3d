"""The whole population, block by block; neither the block size nor later customers change a row."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.accounts import draw_accounts, tell_accounts
from riskfabric_assets.population.cards import draw_cards
from riskfabric_assets.population.customers import draw_customers, open_places, tell_customers
from riskfabric_assets.population.demography import Demography
from riskfabric_assets.population.devices import draw_devices, open_user_agents
from riskfabric_assets.population.traits import draw_traits

BLOCK_CUSTOMERS = 100_000
"""Customers that are drawn at a time: about 250 MB of frames and arrays."""


class Population(NamedTuple):
    """The frames of population/*, ordered by customer ordinal and number within the customer."""

    customers: pl.DataFrame
    accounts: pl.DataFrame
    cards: pl.DataFrame
    devices: pl.DataFrame
    traits: pl.DataFrame


def draw_population(
    demography: Demography,
    residential: pl.DataFrame,
    streams: Streams,
    count: int,
    block_customers: int = BLOCK_CUSTOMERS,
) -> Population:
    """Draw the customers 0 to count - 1 and what they own.

    Args:
        demography: Settings.
        residential: reference/residential, in any order.
        streams: Random streams of the run.
        count: Number of customers, >= 1.
        block_customers: Customers drawn at a time, >= 1; bounds memory and changes no byte.

    Raises:
        InputError: Nobody can live in the residences.
    """
    blocks = list(draw_blocks(demography, residential, streams, count, block_customers))
    return Population(*(pl.concat(frames, rechunk=True) for frames in zip(*blocks, strict=True)))


def draw_blocks(
    demography: Demography,
    residential: pl.DataFrame,
    streams: Streams,
    count: int,
    block_customers: int = BLOCK_CUSTOMERS,
) -> Iterator[Population]:
    """Draw the same population as `draw_population`, one block of customers at a time."""
    if count < 1 or block_customers < 1:
        raise ValueError("a population has at least one customer, and so has a block")
    places = open_places(demography, residential)
    agents = open_user_agents(demography.people.platforms)
    for first in range(0, count, block_customers):
        ordinals = np.arange(first, min(first + block_customers, count), dtype=np.int64)
        customers = draw_customers(demography, places, streams, ordinals)
        accounts = draw_accounts(demography, streams, customers)
        yield Population(
            tell_customers(demography, places, streams, customers),
            tell_accounts(demography, streams, customers, accounts),
            draw_cards(demography, streams, customers, accounts),
            draw_devices(demography, agents, streams, customers),
            draw_traits(demography, streams, customers),
        )
