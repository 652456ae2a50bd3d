"""population/cards: lines of cards on every account, with dates, limits and causes that agree.

A line is the first card of an account, or an add-on, and all cards that follow it. opened <= issued <= activated <=
closed <= expiry, and a card is issued when the one before it is lost or about to end. Lines are drawn over the
window from the opening, at most five years before the calendar's start, to five years after it.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import CARD_STATUSES, CARD_TYPES, CARDS, ORDINARY_CARD_ENDS
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR
from riskfabric_assets.packs.people import CardNetworks
from riskfabric_assets.packs.products import Tier
from riskfabric_assets.population.accounts import Accounts, catalogue
from riskfabric_assets.population.customers import (
    WINDOW_DAYS,
    Customers,
    date_column,
    date_column_or_null,
    day_of,
    named_or_null,
)
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.distributions import normal_probabilities
from riskfabric_assets.population.kernels import chains
from riskfabric_assets.population.kernels.chains import MOST, Chains, Customs, Lines, chain_kernel
from riskfabric_assets.population.numbers import card_numbers
from riskfabric_assets.population.ownership import Owned
from riskfabric_assets.world.slices import pick_members, stack_weights

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

ACTIVE, BLOCKED, EXPIRED, PENDING = (CARD_STATUSES.index(name) for name in ("active", "blocked", "expired", "pending"))
TIERS: tuple[Tier, ...] = ("classic", "gold", "platinum")
ACTIVE_REASON, PENDING_REASON = "normal usage", "not yet issued"
_LINES_PER_ACCOUNT: Final = 2
"""First card and add-on. A card's number within its customer is (2 * account + 1 for an add-on) * MOST + k."""


@dataclasses.dataclass(frozen=True)
class Cards:
    """Cards of a block, line by line, every array of shape (cards,)."""

    owned: Owned
    account: Int64s
    """Row of the account."""
    line: Owned
    """The line that each belongs to, as its first card."""
    card_type: Int64s
    issued: Int64s
    activated: Int64s
    expiry: Int64s
    closed: Int64s
    cause: Int64s


def draw_cards(demography: Demography, streams: Streams, accounts: Accounts) -> Cards:
    """Draw the lines of every account of a block, and all their cards."""
    account, line = _lines_of(demography, streams, accounts)
    rows = [weights_in_order(product.card_types, CARD_TYPES) for product in catalogue(demography)]
    draws = streams.uniforms("population/card/type", line.entity)
    card_type = pick_members(stack_weights(rows), accounts.product[account], draws)
    walked = _walk(demography, streams, accounts, account, line, card_type)
    row = np.repeat(np.arange(walked.counts.shape[0], dtype=np.int64), walked.counts)
    k = np.arange(row.shape[0], dtype=np.int64) - np.repeat(np.cumsum(walked.counts) - walked.counts, walked.counts)
    return Cards(
        Owned(line.owner[row], line.ordinal[row], line.number[row] + k),
        account[row],
        Owned(line.owner[row], line.ordinal[row], line.number[row]),
        card_type[row],
        *(matrix[row, k] for matrix in walked[1:]),
    )


def tell_cards(
    demography: Demography, streams: Streams, customers: Customers, accounts: Accounts, cards: Cards
) -> pl.DataFrame:
    """Return the rows of population/cards for a block, under the table's contract."""
    owned, key = cards.owned, streams.key("identifiers")
    network = _networks(demography, streams, accounts, cards)
    networks = demography.people.card_networks.leading_digits
    leading = np.array([int(digits) for digits in networks.values()])
    banks = pl.Series([bank.replace("BANK_", "Bank ") for bank in demography.people.banks])
    international = np.array(weights_in_order(demography.products.cards.international_shares, CARD_TYPES))
    before = identifiers(key, Kind.CARD, owned.ordinal, np.maximum(owned.number - 1, 0))
    is_test_range = demography.products.cards.numbers == "test_range"
    frame = pl.DataFrame(
        {
            "card_id": identifiers(key, Kind.CARD, owned.ordinal, owned.number),
            "replaces_card_id": pl.select(
                pl.when(pl.Series(owned.number % MOST > 0)).then(pl.Series(before))
            ).to_series(),
            "account_id": accounts.account_id[cards.account],
            "customer_id": customers.customer_id[owned.owner],
            "card_number": card_numbers(
                streams, owned.ordinal, owned.number, leading[network], is_test_range=is_test_range
            ),
            "card_network": pl.Series(list(networks)).gather(network),
            "card_type": pl.Series(CARD_TYPES).gather(cards.card_type),
            **_states(demography, streams, cards),
            "issuing_bank": banks.gather(accounts.bank[cards.account]),
            **_limits(demography, customers, owned),
            "is_international_enabled": streams.uniforms("population/card/international", cards.line.entity)
            < international[cards.card_type],
            "issued_date": date_column(cards.issued, "issued_date"),
            "activated_date": date_column(cards.activated, "activated_date"),
            "expiry_date": date_column(cards.expiry, "expiry_date"),
            "closed_date": date_column_or_null(cards.closed, "closed_date"),
        }
    )
    return CARDS.check(frame.select(pl.col(name).cast(kind) for name, kind in CARDS.schema.items()))


def _lines_of(demography: Demography, streams: Streams, accounts: Accounts) -> tuple[Int64s, Owned]:
    """Return the account row of every line, and the lines."""
    owned = accounts.owned
    has_add_on = streams.uniforms("population/card/add_on", owned.entity) < demography.products.cards.add_on_share
    account = np.repeat(np.arange(owned.owner.shape[0], dtype=np.int64), 1 + has_add_on)
    is_add_on = np.concatenate([[False], account[1:] == account[:-1]]) if account.size else np.zeros(0, dtype=np.bool_)
    number = (owned.number[account] * _LINES_PER_ACCOUNT + is_add_on) * MOST
    return account, Owned(owned.owner[account], owned.ordinal[account], number)


def _walk(
    demography: Demography, streams: Streams, accounts: Accounts, account: Int64s, line: Owned, card_type: Int64s
) -> Chains:
    rules, start = demography.products.cards, day_of(demography.start)
    delay = np.floor(streams.uniforms("population/card/issued", line.entity) * (rules.issue_delay_days + 1))
    closed = accounts.closed_day[account]
    shape = (card_type.shape[0], MOST)
    walked = Chains(np.zeros(shape[0], dtype=np.int64), *(np.zeros(shape, dtype=np.int64) for _ in range(5)))
    lines = Lines(
        entity=line.entity,
        first_day=np.minimum(accounts.opened_day[account] + delay.astype(np.int64), closed),
        last_day=closed,
        validity_days=np.array(weights_in_order(rules.validity_days, CARD_TYPES), dtype=np.int64)[card_type],
        loss_rate=np.array(weights_in_order(rules.loss_rates, CARD_TYPES))[card_type],
        is_given_up=streams.uniforms("population/card/status", line.entity) >= rules.active_share,
        is_lapsing=streams.uniforms("population/card/expired", line.entity) < rules.expired_share,
    )
    customs = Customs(
        start,
        start + WINDOW_DAYS,
        rules.activation_shortest,
        rules.activation_longest - rules.activation_shortest + 1,
        rules.reissue_shortest,
        rules.reissue_longest - rules.reissue_shortest + 1,
        rules.renewal_lead_days,
    )
    chain_kernel(streams.key("population/card/chain"), lines, customs, walked)
    return walked


def _networks(demography: Demography, streams: Streams, accounts: Accounts, cards: Cards) -> Int64s:
    """Networks by type and bank; all cards of a line have the same."""
    rows = network_weights(demography.people.card_networks, demography.people.banks)
    slot = accounts.bank[cards.account] * len(CARD_TYPES) + cards.card_type
    return pick_members(stack_weights(rows), slot, streams.uniforms("population/card/network", cards.line.entity))


def network_weights(networks: CardNetworks, banks: dict[str, float]) -> list[list[float]]:
    """Return weights of networks, bank by bank and within it by card type, that keep the country's shares.

    A bank's share of the domestic network is the country's times its factor, the factors having a mean of 1 over all
    cards; the other networks share the rest as in the country.
    """
    names = list(networks.leading_digits)
    total = sum(banks.values())
    factors = {bank: networks.domestic_factors.get(bank, 1.0) for bank in banks}
    mean = sum(weight * factors[bank] for bank, weight in banks.items()) / total
    rows = []
    for bank in banks:
        for shares in (networks.debit, networks.credit, networks.prepaid):
            domestic = shares.get(networks.domestic_network, 0.0)
            wanted = min(domestic * factors[bank] / mean, 1.0) if domestic < 1.0 else 1.0
            rest = (1.0 - wanted) / (1.0 - domestic) if domestic < 1.0 else 0.0
            row = {name: shares.get(name, 0.0) * rest for name in names} | {networks.domestic_network: wanted}
            rows.append([row[name] for name in names])
    return rows


def _states(demography: Demography, streams: Streams, cards: Cards) -> dict[str, pl.Series]:
    """Return status on the calendar's first day, why it is so, and what ends the card."""
    rules, start, entity = demography.products.cards, day_of(demography.start), cards.owned.entity
    has_ended = cards.closed < start
    is_expiry = (cards.cause == chains.RENEWED) | (cards.cause == chains.LAPSED)
    status = np.where(has_ended, np.where(is_expiry, EXPIRED, BLOCKED), ACTIVE)
    status = np.where(cards.issued > start, PENDING, status)
    names = [*ORDINARY_CARD_ENDS, *rules.loss_causes, *rules.blocked_reasons]
    lost = streams.picks("population/card/loss", entity, list(rules.loss_causes.values())) + len(ORDINARY_CARD_ENDS)
    blocked = streams.picks("population/card/reason", entity, list(rules.blocked_reasons.values()))
    given_up = blocked + len(ORDINARY_CARD_ENDS) + len(rules.loss_causes)
    ordinary = np.array([-1, -1, 0, 1, -1, 2], dtype=np.int64)[cards.cause]
    ends = np.where(cards.cause == chains.LOST, lost, np.where(cards.cause == chains.GIVEN_UP, given_up, ordinary))
    reason = named_or_null(names, ends)
    states = pl.DataFrame({"status": pl.Series(CARD_STATUSES).gather(status), "closed_reason": reason}).select(
        pl.col("status").alias("card_status"),
        pl.when(pl.col("status") == "active")
        .then(pl.lit(ACTIVE_REASON))
        .when(pl.col("status") == "pending")
        .then(pl.lit(PENDING_REASON))
        .otherwise("closed_reason")
        .alias("status_reason"),
        "closed_reason",
    )
    return states.to_dict()


def _limits(demography: Demography, customers: Customers, owned: Owned) -> dict[str, Int64s]:
    """Limits in minor units: the tier follows the holder's income rank; a tap is limited alike for all."""
    rules, limits = demography.products.cards, demography.people.card_limits
    edges = np.cumsum([rules.tier_weights[tier] for tier in TIERS])[:-1]
    tier = np.searchsorted(edges, normal_probabilities(customers.persons.income_rank), side="right")[owned.owner]
    factor = np.array([rules.tier_factors[name] for name in TIERS])[tier] * MINOR_PER_MAJOR
    return {
        "contactless_limit_minor": np.full(owned.owner.shape[0], round(limits.contactless * MINOR_PER_MAJOR)),
        "daily_atm_limit_minor": np.rint(limits.daily_atm * factor).astype(np.int64),
        "daily_online_limit_minor": np.rint(limits.daily_online * factor).astype(np.int64),
    }
