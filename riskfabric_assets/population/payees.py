"""population/payees: whom people send money to again and again, as a social graph.

A customer's payees depend on who else lives there (neighbours are the nearest customers by home cell), so this
table is made when everybody is known: of each customer only a few numbers are kept for it. Everything else is a
pure function of the customer's ordinal. Outsiders are people without an account at the simulated banks; the
vendors among them are shared by a quarter.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import LOCATION_TYPES, PAYEES, RELATIONS
from riskfabric_assets.population.accounts import ACTIVE, CREDIT, Accounts, draw_banks
from riskfabric_assets.population.customers import WINDOW_DAYS, Customers, date_column_or_null, day_of
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.kernels.acquaintances import (
    DAYS_PER_YEAR,
    OUTSIDER,
    Everybody,
    Habits,
    Payees,
    count_payees_kernel,
    meet_kernel,
)
from riskfabric_assets.population.ownership import Owned

Int64s = npt.NDArray[np.int64]


class Remembered(NamedTuple):
    """What is kept of a block of customers until everybody is known."""

    home_h3_cell_r7: npt.NDArray[np.uint64]
    head: npt.NDArray[np.int32]
    further_account: npt.NDArray[np.int8]
    is_tenant: npt.NDArray[np.int8]


def remember(demography: Demography, streams: Streams, customers: Customers, accounts: Accounts) -> Remembered:
    """Keep 14 bytes of every customer."""
    owned = accounts.owned
    is_further = (owned.number > 0) & (accounts.status == ACTIVE) & (accounts.product != CREDIT)
    further = np.full(customers.ordinals.shape[0], -1, dtype=np.int8)
    rows = np.nonzero(is_further)[0][::-1]
    further[owned.owner[rows]] = owned.number[rows]
    shares = np.array(weights_in_order(demography.rules.payees.landlord_shares, LOCATION_TYPES))
    draws = streams.uniforms("population/household/rent", customers.households.head)
    is_head = customers.households.head == customers.ordinals
    return Remembered(
        customers.homes.h3_cell_r7,
        customers.households.head.astype(np.int32),
        further,
        (is_head & (draws < shares[customers.homes.location])).astype(np.int8),
    )


def gather(blocks: Sequence[Remembered]) -> Everybody:
    """Put everybody in the order of home cells, neighbours by number inside a cell."""
    cells, head, further, tenant = (np.concatenate(column) for column in zip(*blocks, strict=True))
    order = np.argsort(cells, kind="stable").astype(np.int32)
    position = np.empty_like(order)
    position[order] = np.arange(order.shape[0], dtype=np.int32)
    return Everybody(head, further, position, order, tenant)


def tell_payees(demography: Demography, streams: Streams, everybody: Everybody, first: int, stop: int) -> pl.DataFrame:
    """Return the rows of population/payees of customers `first` to `stop - 1`, under the table's contract."""
    habits = _habits(demography, streams)
    counts = np.zeros(stop - first, dtype=np.int64)
    count_payees_kernel(everybody, habits, first, counts)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    met = empty_payees(int(starts[-1]))
    meet_kernel(everybody, habits, first, starts, met)
    payer = np.repeat(np.arange(first, stop, dtype=np.int64), counts)
    return _frame(demography, streams, payer, met)


def empty_payees(rows: int) -> Payees:
    """Allocate payees without values."""
    payee, number, owner, relation, known_day = np.empty((5, rows), dtype=np.int64)
    return Payees(payee, number, owner, relation, np.empty(rows, dtype=np.float64), known_day)


def _frame(demography: Demography, streams: Streams, payer: Int64s, met: Payees) -> pl.DataFrame:
    key, is_outside = streams.key("identifiers"), met.payee == OUTSIDER
    customer, account = np.where(is_outside, 0, met.payee), np.where(is_outside, 0, met.number)
    accounts = identifiers(key, Kind.ACCOUNT, customer, account)
    payees = np.where(is_outside, identifiers(key, Kind.OUTSIDER, met.owner, met.number), accounts)
    outside = streams.picks("population/payee/bank", payees, list(demography.people.banks.values()))
    inside = draw_banks(demography, streams, Owned(customer, customer, account))
    banks = list(demography.people.banks)
    is_known = pl.Series(~is_outside)
    frame = pl.DataFrame(
        {
            "customer_id": identifiers(key, Kind.CUSTOMER, payer),
            "payee_id": payees,
            "payee_customer_id": identifiers(key, Kind.CUSTOMER, customer),
            "payee_account_id": accounts,
            "relation": pl.Series(RELATIONS, dtype=pl.Enum(RELATIONS)).gather(met.relation),
            "bank_code": pl.Series(banks, dtype=pl.Enum(banks)).gather(np.where(is_outside, outside, inside)),
            "weight": met.weight,
            "known_since_date": date_column_or_null(met.known_day, "known_since_date"),
        }
    ).with_columns(pl.when(is_known).then(pl.col("payee_customer_id", "payee_account_id")))
    return PAYEES.check(frame)


def _habits(demography: Demography, streams: Streams) -> Habits:
    rules, start = demography.rules.payees, day_of(demography.start)
    return Habits(
        stream=streams.key("population/payee"),
        pairs=streams.key("population/payee/pair"),
        start_day=start,
        window_end=start + WINDOW_DAYS,
        median=rules.median,
        sigma=rules.sigma,
        most=rules.most,
        births_per_day=rules.births_per_year / DAYS_PER_YEAR,
        household_share=rules.household_share,
        simulated_share=rules.simulated_share,
        neighbour_share=rules.neighbour_share,
        neighbourhood=rules.neighbourhood,
        family_share=rules.family_share,
        vendor_share=rules.vendor_share,
        weight_sigma=rules.weight_sigma,
    )
