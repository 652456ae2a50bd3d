"""population/cards: one card per account and some add-ons, with dates, limits and a state that agree.

opened <= issued <= activated <= start of the calendar. A card is renewed when its validity ends, so the card
of an old account is the latest of its line; only cards of a shorter validity that lapsed without renewal are
expired. Renewal after the start is left to the simulation of later years.
"""

import dataclasses

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import CARD_STATUSES, CARD_TYPES, CARDS
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR
from riskfabric_assets.packs.products import Tier
from riskfabric_assets.population.accounts import CLOSED, Accounts, catalogue
from riskfabric_assets.population.customers import Customers, date_column, day_of
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.distributions import normal_probabilities
from riskfabric_assets.population.numbers import card_numbers
from riskfabric_assets.population.ownership import Owned
from riskfabric_assets.world.slices import pick_members, stack_weights

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

ACTIVE, BLOCKED, EXPIRED = (CARD_STATUSES.index(name) for name in ("active", "blocked", "expired"))
TIERS: tuple[Tier, ...] = ("classic", "gold", "platinum")
ACTIVE_REASON, EXPIRED_REASON, CLOSED_REASON = "normal usage", "validity ended", "account closed"
_PER_ACCOUNT = 2
"""First card and add-on: a card's number within its customer is 2 * number of the account, + 1 for the add-on."""


@dataclasses.dataclass(frozen=True)
class _Dates:
    issued: Int64s
    activated: Int64s
    expiry: Int64s


def draw_cards(demography: Demography, streams: Streams, customers: Customers, accounts: Accounts) -> pl.DataFrame:
    """Draw the cards of a block and return its rows of population/cards, under the table's contract."""
    account, owned = _hand_out(demography, streams, accounts)
    card_type = _card_types(demography, streams, accounts.product[account], owned)
    network = _networks(demography, streams, card_type, owned)
    names = list(demography.people.card_networks.leading_digits)
    leading = np.array([int(digits) for digits in demography.people.card_networks.leading_digits.values()])
    status, reason, dates = _lives(demography, streams, accounts, account, owned)
    banks = pl.Series([bank.replace("BANK_", "Bank ") for bank in demography.people.banks])
    international = np.array(weights_in_order(demography.products.cards.international_shares, CARD_TYPES))
    frame = pl.DataFrame(
        {
            "card_id": identifiers(streams.key("identifiers"), Kind.CARD, owned.ordinal, owned.number),
            "account_id": accounts.account_id[account],
            "customer_id": customers.customer_id[owned.owner],
            "card_number": card_numbers(
                streams,
                owned.ordinal,
                owned.number,
                leading[network],
                is_test_range=demography.products.cards.numbers == "test_range",
            ),
            "card_network": pl.Series(names).gather(network),
            "card_type": pl.Series(CARD_TYPES).gather(card_type),
            "card_status": pl.Series(CARD_STATUSES).gather(status),
            "status_reason": reason,
            "issuing_bank": banks.gather(accounts.bank[account]),
            **_limits(demography, customers, owned),
            "is_international_enabled": streams.uniforms("population/card/international", owned.entity)
            < international[card_type],
            "issued_date": date_column(dates.issued, "issued_date"),
            "activated_date": date_column(dates.activated, "activated_date"),
            "expiry_date": date_column(dates.expiry, "expiry_date"),
        }
    )
    return CARDS.check(frame.select(pl.col(name).cast(kind) for name, kind in CARDS.schema.items()))


def _hand_out(demography: Demography, streams: Streams, accounts: Accounts) -> tuple[Int64s, Owned]:
    """Return the account row of every card, and the cards."""
    owned = accounts.owned
    has_add_on = streams.uniforms("population/card/add_on", owned.entity) < demography.products.cards.add_on_share
    account = np.repeat(np.arange(owned.owner.shape[0], dtype=np.int64), 1 + has_add_on)
    is_add_on = np.concatenate([[False], account[1:] == account[:-1]]) if account.size else np.zeros(0, dtype=np.bool_)
    number = owned.number[account] * _PER_ACCOUNT + is_add_on
    return account, Owned(owned.owner[account], owned.ordinal[account], number)


def _card_types(demography: Demography, streams: Streams, product: Int64s, owned: Owned) -> Int64s:
    rows = [weights_in_order(product.card_types, CARD_TYPES) for product in catalogue(demography)]
    return pick_members(stack_weights(rows), product, streams.uniforms("population/card/type", owned.entity))


def _networks(demography: Demography, streams: Streams, card_type: Int64s, owned: Owned) -> Int64s:
    names = list(demography.people.card_networks.leading_digits)
    shares = demography.people.card_networks
    rows = [weights_in_order(by, names) for by in (shares.debit, shares.credit, shares.prepaid)]
    return pick_members(stack_weights(rows), card_type, streams.uniforms("population/card/network", owned.entity))


def _lives(
    demography: Demography, streams: Streams, accounts: Accounts, account: Int64s, owned: Owned
) -> tuple[Int64s, pl.Series, _Dates]:
    """Return status, its reason and the dates of every card."""
    rules = demography.products.cards
    opened = accounts.opened_day[account]
    current = _dates(demography, streams, opened, owned, rules.validity_days)
    lapsed = _dates(demography, streams, opened, owned, rules.lapsed_validity_days, cards_back=1)
    is_closed = accounts.status[account] == CLOSED
    is_inactive = streams.uniforms("population/card/status", owned.entity) >= rules.active_share
    is_old = streams.uniforms("population/card/expired", owned.entity) < rules.expired_share
    is_expired = is_inactive & is_old & (lapsed.expiry <= day_of(demography.start)) & ~is_closed
    status = np.where(is_expired, EXPIRED, np.where(is_inactive | is_closed, BLOCKED, ACTIVE))
    reasons = [*rules.blocked_reasons, ACTIVE_REASON, EXPIRED_REASON, CLOSED_REASON]
    blocked = pick_members(
        stack_weights([list(rules.blocked_reasons.values())]),
        np.zeros_like(account),
        streams.uniforms("population/card/reason", owned.entity),
    )
    reason = np.select(
        [is_closed, status == ACTIVE, status == EXPIRED],
        [len(reasons) - 1, len(reasons) - 3, len(reasons) - 2],
        blocked,
    )
    dates = _Dates(
        np.where(is_expired, lapsed.issued, current.issued),
        np.where(is_expired, lapsed.activated, current.activated),
        np.where(is_expired, lapsed.expiry, current.expiry),
    )
    return status, pl.Series(reasons).gather(reason), dates


def _dates(
    demography: Demography, streams: Streams, opened: Int64s, owned: Owned, validity: int, cards_back: int = 0
) -> _Dates:
    """Dates of the card in force at the start, renewed every `validity` days, or of one `cards_back` before it."""
    rules, start = demography.products.cards, day_of(demography.start)
    delay = np.floor(streams.uniforms("population/card/issued", owned.entity) * (rules.issue_delay_days + 1))
    first = np.minimum(opened + delay.astype(np.int64), start)
    renewals = np.maximum((start - first) // validity - cards_back, 0)
    issued = first + renewals * validity
    span = rules.activation_longest - rules.activation_shortest + 1
    wait = np.floor(streams.uniforms("population/card/activated", owned.entity) * span).astype(np.int64)
    activated = np.minimum(issued + rules.activation_shortest + wait, start)
    return _Dates(issued, activated, issued + validity)


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
