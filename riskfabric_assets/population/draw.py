"""The whole population, block by block; the block size changes no row, and further customers only the payees."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.population.accounts import draw_accounts, tell_accounts
from riskfabric_assets.population.cards import draw_cards, tell_cards
from riskfabric_assets.population.customers import draw_customers, open_places, tell_customers
from riskfabric_assets.population.demography import Demography
from riskfabric_assets.population.devices import draw_devices
from riskfabric_assets.population.payees import Remembered, gather, remember, tell_payees
from riskfabric_assets.population.traits import draw_traits
from riskfabric_assets.population.user_agents import open_user_agents

BLOCK_CUSTOMERS: Final = 50_000
"""Customers that are drawn at a time: about 300 MB of frames and arrays."""


class Population(NamedTuple):
    """The frames of population/*, ordered by customer ordinal and number within the customer."""

    customers: pl.DataFrame
    accounts: pl.DataFrame
    cards: pl.DataFrame
    devices: pl.DataFrame
    payees: pl.DataFrame
    traits: pl.DataFrame


def draw_population(
    demography: Demography,
    residential: pl.DataFrame,
    streams: Streams,
    count: int,
    block_customers: int = BLOCK_CUSTOMERS,
) -> Population:
    """Draw the customers 0 to count - 1, what they own and whom they pay.

    Args:
        demography: Settings.
        residential: reference/residential, in any order.
        streams: Random streams of the run.
        count: Number of customers, >= 1.
        block_customers: Customers drawn at a time, >= 1; bounds memory and changes no byte.

    Raises:
        InputError: Nobody can live in the residences.
    """
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in Population._fields}
    for name, frame in draw_blocks(demography, residential, streams, count, block_customers):
        parts[name].append(frame)
    return Population(**{name: pl.concat(frames, rechunk=True) for name, frames in parts.items()})


def draw_blocks(
    demography: Demography,
    residential: pl.DataFrame,
    streams: Streams,
    count: int,
    block_customers: int = BLOCK_CUSTOMERS,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Draw the same population as `draw_population` in pieces: a table's name and its next rows."""
    if count < 1 or block_customers < 1:
        raise ValueError("a population has at least one customer, and so has a block")
    places = open_places(demography, residential)
    agents = open_user_agents(demography.people.platforms, demography.people.apps)
    remembered: list[Remembered] = []
    firsts = range(0, count, block_customers)
    for first in firsts:
        ordinals = np.arange(first, min(first + block_customers, count), dtype=np.int64)
        customers = draw_customers(demography, places, streams, ordinals)
        accounts = draw_accounts(demography, streams, customers)
        cards = draw_cards(demography, streams, accounts)
        remembered.append(remember(demography, streams, customers, accounts))
        yield "customers", tell_customers(demography, places, streams, customers)
        yield "accounts", tell_accounts(demography, streams, customers, accounts)
        yield "cards", tell_cards(demography, streams, customers, accounts, cards)
        yield "devices", draw_devices(demography, agents, streams, customers)
        yield "traits", draw_traits(demography, streams, customers)
    everybody = gather(remembered)
    for first in firsts:
        yield "payees", tell_payees(demography, streams, everybody, first, min(first + block_customers, count))
