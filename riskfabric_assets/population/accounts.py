"""population/accounts: how many, of which product, at which bank, since when, with which line of credit."""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import ACCOUNT_STATUSES, ACCOUNT_TYPES, ACCOUNTS, OCCUPATIONS
from riskfabric_assets.packs.payments import MINOR_PER_MAJOR
from riskfabric_assets.packs.products import AccountProduct, Occupation
from riskfabric_assets.population.customers import Customers, date_column, date_column_or_null, day_of, new_year_days
from riskfabric_assets.population.demography import OLDEST_AGE, Demography
from riskfabric_assets.population.distributions import curve_at, mean_over_ages
from riskfabric_assets.population.numbers import account_numbers
from riskfabric_assets.population.ownership import Owned, hand_out
from riskfabric_assets.world.slices import pick_members, stack_weights

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SAVINGS, CURRENT, CREDIT = (ACCOUNT_TYPES.index(name) for name in ("savings", "current", "credit"))
ACTIVE, DORMANT, CLOSED = (ACCOUNT_STATUSES.index(name) for name in ("active", "dormant", "closed"))
CREDIT_STEP_MINOR = 1000 * MINOR_PER_MAJOR
"""Lines of credit are round."""
OCCUPATION_NAMES: Final[tuple[Occupation, ...]] = OCCUPATIONS
NEVER = np.iinfo(np.int32).max
"""Day on which what is not closed ends."""
ACTIVE_REASON, DORMANT_REASON = "normal usage", "no payments for two years"


@dataclasses.dataclass(frozen=True)
class Accounts:
    """Accounts of a block, the primary one of each customer first, every array of shape (accounts,)."""

    owned: Owned
    account_id: Int64s
    bank: Int64s
    """Position in the pack's banks."""
    product: Int64s
    """Code in ACCOUNT_TYPES."""
    status: Int64s
    """Code in ACCOUNT_STATUSES."""
    credit_limit_minor: Int64s
    opened_day: Int64s
    closed_day: Int64s
    """NEVER for open accounts."""


def draw_accounts(demography: Demography, streams: Streams, customers: Customers) -> Accounts:
    """Draw the accounts of a block of customers."""
    owned = hand_out(customers.ordinals, _counts(demography, streams, customers))
    product = _products(demography, streams, customers, owned)
    earliest = np.maximum(
        customers.registered_day[owned.owner], _eligible_days(demography, customers.birth_year[owned.owner], product)
    )
    start = day_of(demography.start)
    draws = streams.uniforms("population/account/opened", owned.entity)
    later = earliest + np.floor(draws * (start - earliest + 1)).astype(np.int64)
    opened, status = np.where(owned.number == 0, earliest, later), _statuses(demography, streams, owned)
    return Accounts(
        owned,
        identifiers(streams.key("identifiers"), Kind.ACCOUNT, owned.ordinal, owned.number),
        draw_banks(demography, streams, owned),
        product,
        status,
        _credit_limits(demography, streams, customers, owned, product),
        opened,
        _closed_days(demography, streams, owned, status, opened),
    )


def draw_banks(demography: Demography, streams: Streams, owned: Owned) -> Int64s:
    """Return the bank of every account as a position in the pack's banks, shape (accounts,)."""
    return streams.picks("population/account/bank", owned.entity, list(demography.people.banks.values()))


def tell_accounts(demography: Demography, streams: Streams, customers: Customers, accounts: Accounts) -> pl.DataFrame:
    """Return the rows of population/accounts for a block, under the table's contract."""
    owned = accounts.owned
    frame = pl.DataFrame(
        {
            "account_id": accounts.account_id,
            "customer_id": customers.customer_id[owned.owner],
            "account_number": account_numbers(streams, owned.ordinal, owned.number),
            "bank_code": pl.Series(list(demography.people.banks)).gather(accounts.bank),
            "account_type": pl.Series(ACCOUNT_TYPES).gather(accounts.product),
            "account_status": pl.Series(ACCOUNT_STATUSES).gather(accounts.status),
            "status_reason": _reasons(demography, streams, accounts),
            "credit_limit_minor": accounts.credit_limit_minor,
            "is_primary": owned.number == 0,
            "opened_date": date_column(accounts.opened_day, "opened_date"),
            "closed_date": date_column_or_null(accounts.closed_day, "closed_date"),
        }
    ).with_columns(pl.lit(demography.currency_code).alias("currency_code"))
    return ACCOUNTS.check(frame.select(pl.col(name).cast(kind) for name, kind in ACCOUNTS.schema.items()))


def _counts(demography: Demography, streams: Streams, customers: Customers) -> Int64s:
    """One account and a Poisson number of further ones, whose mean follows income and age."""
    rules = demography.rules.accounts
    factor = np.exp(rules.income_elasticity * customers.persons.income_rank - rules.income_elasticity**2 / 2)
    factor *= curve_at(rules.age_factors, customers.households.age)
    factor /= mean_over_ages(rules.age_factors, demography.people.ages, OLDEST_AGE + 1)
    mean = (rules.mean - 1.0) * factor
    draws = streams.uniforms("population/account/count", customers.ordinals)
    counts = np.ones(draws.shape[0], dtype=np.int64)
    term = np.exp(-mean)
    reached = term.copy()
    for further in range(1, rules.maximum):
        counts += draws >= reached
        term = term * mean / further
        reached += term
    return counts


def _products(demography: Demography, streams: Streams, customers: Customers, owned: Owned) -> Int64s:
    """Choose by weight; who is not eligible for the choice gets a savings account."""
    products = catalogue(demography)
    occupations = [[product.primary_weights[name] for product in products] for name in OCCUPATION_NAMES]
    weights = stack_weights([*occupations, [product.further_weight for product in products]])
    slot = np.where(owned.number == 0, customers.work.occupation[owned.owner], len(OCCUPATION_NAMES))
    chosen = pick_members(weights, slot, streams.uniforms("population/account/product", owned.entity))
    score, age = customers.persons.credit_score[owned.owner], customers.households.age[owned.owner]
    threshold = np.array([product.minimum_credit_score for product in products])[chosen]
    youngest = np.array([product.minimum_age for product in products])[chosen]
    oldest = np.array([product.maximum_age for product in products])[chosen]
    is_eligible = (score >= threshold) & (age >= youngest) & (age <= oldest)
    return np.where(is_eligible, chosen, SAVINGS)


def catalogue(demography: Demography) -> list[AccountProduct]:
    """Return the products in the order of ACCOUNT_TYPES."""
    offer = demography.products.accounts
    return [offer.savings, offer.salary, offer.current, offer.credit]


def _eligible_days(demography: Demography, birth_year: Int64s, product: Int64s) -> Int64s:
    """New year's day of the year in which the customer reached the product's minimum age."""
    youngest = np.array([item.minimum_age for item in catalogue(demography)], dtype=np.int64)
    return new_year_days(birth_year + youngest[product])


def _statuses(demography: Demography, streams: Streams, owned: Owned) -> Int64s:
    rules = demography.rules.accounts
    draws = streams.uniforms("population/account/status", owned.entity)
    status = np.where(draws < rules.closed_share, CLOSED, ACTIVE)
    status = np.where(
        (draws >= rules.closed_share) & (draws < rules.closed_share + rules.dormant_share), DORMANT, status
    )
    return np.where(owned.number == 0, ACTIVE, status)


def _closed_days(demography: Demography, streams: Streams, owned: Owned, status: Int64s, opened: Int64s) -> Int64s:
    """Even over the time that closed accounts stay on the books, up to the day before the start, after the opening."""
    last = day_of(demography.start) - 1
    draws = streams.uniforms("population/account/closed", owned.entity)
    earliest = np.maximum(opened, last - demography.rules.accounts.closed_within_days)
    day = np.maximum(earliest + np.floor(draws * (last - earliest + 1)).astype(np.int64), opened)
    return np.where(status == CLOSED, day, NEVER)


def _reasons(demography: Demography, streams: Streams, accounts: Accounts) -> pl.Series:
    reasons = demography.rules.accounts.closed_reasons
    closed = streams.picks("population/account/reason", accounts.owned.entity, list(reasons.values()))
    which = np.where(accounts.status == CLOSED, closed + 2, np.where(accounts.status == DORMANT, 1, 0))
    return pl.Series([ACTIVE_REASON, DORMANT_REASON, *reasons]).gather(which)


def _credit_limits(
    demography: Demography, streams: Streams, customers: Customers, owned: Owned, product: Int64s
) -> Int64s:
    """Months of income by score for credit lines, and an overdraft on some current accounts, in minor units."""
    rules, score = demography.products.credit_lines, demography.people.credit_score
    threshold = demography.products.accounts.credit.minimum_credit_score
    position = (customers.persons.credit_score[owned.owner] - threshold) / max(1, score.highest - threshold)
    multiple = rules.lowest_multiple + (rules.highest_multiple - rules.lowest_multiple) * np.clip(position, 0.0, 1.0)
    spread = np.exp(rules.sigma * streams.normals("population/account/credit", owned.entity))
    income = customers.activity.monthly_income_minor[owned.owner]
    smallest = demography.people.card_limits.smallest_credit_line * MINOR_PER_MAJOR
    line = np.maximum(_round_line((multiple * spread * income).astype(np.float64)), smallest)
    has_overdraft = streams.uniforms("population/account/overdraft", owned.entity) < rules.overdraft_share
    overdraft = np.where(has_overdraft, _round_line(rules.overdraft_multiple * income.astype(np.float64)), 0.0)
    limit = np.where(product == CREDIT, line, np.where(product == CURRENT, overdraft, 0.0))
    return limit.astype(np.int64)


def _round_line(minor: Floats) -> Floats:
    return np.rint(minor / CREDIT_STEP_MINOR) * CREDIT_STEP_MINOR
