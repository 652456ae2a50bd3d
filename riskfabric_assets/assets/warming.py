"""Compiling the kernels ahead of time: a hamlet lives one month in memory, through the code that makes real months."""

from typing import Final

import numpy as np
import polars as pl

from riskfabric_assets.features.contract import Fold
from riskfabric_assets.features.fold import advance_in_place
from riskfabric_assets.features.state import empty_states
from riskfabric_assets.foundation.contracts import Table
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.reference import FINANCIAL, MERCHANTS, RESIDENTIAL
from riskfabric_assets.ledger.assemble import MonthTables, assemble_month
from riskfabric_assets.ledger.books import open_books
from riskfabric_assets.packs.settings import Settings
from riskfabric_assets.population.demography import demography_of
from riskfabric_assets.population.draw import draw_population
from riskfabric_assets.simulation.people import PopulationFrames
from riskfabric_assets.typologies.engine import plan_frame, plan_month
from riskfabric_assets.world.cells import cells_at, parents_of
from riskfabric_assets.world.remote import draw_remote_merchants

HOUSES: Final = 40
CUSTOMERS: Final = 60
LATITUDE, LONGITUDE = 20.0, 78.0
SPREAD_DEGREES: Final = 0.05


def live_in_a_hamlet(settings: Settings) -> MonthTables:
    """Draw a few people in a made-up hamlet, live their first month and fold it: every kernel runs once."""
    config, streams, month = settings.config, Streams(settings.seed), settings.config.calendar.first_month
    drawn = draw_population(demography_of(config), _places(RESIDENTIAL, "residence_id"), streams, CUSTOMERS)
    people = PopulationFrames(*(getattr(drawn, name) for name in PopulationFrames._fields))
    merchants, financial = _places(MERCHANTS, "merchant_id"), _places(FINANCIAL, "financial_id")
    remote_merchants = draw_remote_merchants(config.remote, config.world, streams)
    books = open_books(settings, merchants, financial, remote_merchants, people, streams)
    plan_frame(books.underworld, plan_month(books.underworld, month))
    making = books.making(month, config.engine)
    tables = assemble_month(
        books.society,
        month,
        currency_code=making.currency_code,
        engine=making.engine,
        crime=making.crime,
        reports=making.reports,
    )
    fold = Fold.of(config.features)
    states = empty_states(drawn.customers["customer_id"].to_numpy(), fold.contract)
    advance_in_place(states, tables.transactions, tables.account_events, fold)
    return tables


def _places(table: Table, key: str) -> pl.DataFrame:
    """Return houses, shops or cash machines on a line through the hamlet, in the columns of a reference mart."""
    rows = np.arange(HOUSES)
    latitude, longitude = LATITUDE + rows * SPREAD_DEGREES / HOUSES, np.full(HOUSES, LONGITUDE)
    cells = cells_at(latitude, longitude)
    shops = [name for name in MERCHANT_CATEGORIES if name not in ("CASH", "TRANSFER")]
    values: dict[str, object] = {
        key: rows + 1,
        "latitude": latitude,
        "longitude": longitude,
        "h3_cell_r7": cells,
        "h3_cell_r6": parents_of(cells, 6),
        "h3_cell_r4": parents_of(cells, 4),
        "merchant_category": [shops[row % len(shops)] for row in rows],
        "financial_kind": ["atm"] * HOUSES,
        "location_type": ["Urban"] * HOUSES,
        "population_weight": [1.0 / HOUSES] * HOUSES,
    }
    blank = {"VARCHAR": "Hamlet", "BIGINT": 1, "SMALLINT": 5411}
    columns = {column.name: values.get(column.name, [blank.get(column.type, 0)] * HOUSES) for column in table.columns}
    return pl.DataFrame(columns, schema=table.schema)
