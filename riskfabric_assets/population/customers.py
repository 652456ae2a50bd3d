"""population/customers: homes, people, names and contacts put together."""

import dataclasses
import datetime as dt

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import CUSTOMERS, LOCATION_TYPES
from riskfabric_assets.population.contacts import address_texts, draw_emails
from riskfabric_assets.population.demography import Demography, weights_in_order
from riskfabric_assets.population.homes import Homes, Residences, draw_homes, order_residences
from riskfabric_assets.population.names import NameBook, draw_names, open_name_book
from riskfabric_assets.population.numbers import phone_numbers
from riskfabric_assets.population.persons import Persons, draw_persons, region_factors
from riskfabric_assets.world.cells import parents_of
from riskfabric_assets.world.slices import pick_members, stack_weights

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True)
class Places:
    """What every block of customers needs of the map, made once."""

    residences: Residences
    region: Int64s
    """Code of each residence's region, shape (residences,)."""
    region_factor: Floats
    """Income level by region code."""
    names: NameBook


@dataclasses.dataclass(frozen=True)
class Customers:
    """A block of customers, every array of shape (n,)."""

    ordinals: Int64s
    customer_id: Int64s
    homes: Homes
    persons: Persons
    birth_year: Int64s
    registered_day: Int64s
    """Days since 1970-01-01."""


def open_places(demography: Demography, residential: pl.DataFrame) -> Places:
    """Prepare reference/residential and the names of its regions; raises InputError when nobody can live there."""
    residences = order_residences(residential)
    names = residences.frame["region_name"].cast(pl.String)
    regions = sorted(names.unique().to_list())
    codes = {name: code for code, name in enumerate(regions)}
    return Places(
        residences,
        names.replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
        region_factors(demography, regions),
        open_name_book(demography.names, demography.rules.names, regions),
    )


def draw_customers(demography: Demography, places: Places, streams: Streams, ordinals: Int64s) -> Customers:
    """Draw a block of customers; each depends on its ordinal alone."""
    homes = draw_homes(places.residences, streams, ordinals, demography.rules.home)
    factor = places.region_factor[places.region[homes.residence]]
    persons = draw_persons(demography, streams, ordinals, homes.location, factor)
    birth_year = demography.start.year - persons.age
    return Customers(
        ordinals,
        identifiers(streams.key("identifiers"), Kind.CUSTOMER, ordinals),
        homes,
        persons,
        birth_year,
        _registered_days(demography, streams, ordinals, birth_year),
    )


def tell_customers(demography: Demography, places: Places, streams: Streams, block: Customers) -> pl.DataFrame:
    """Return the rows of population/customers for a block, under the table's contract."""
    home, person = block.homes, block.persons
    region = places.region[home.residence]
    names = draw_names(places.names, demography.rules.names, streams, block.ordinals, region, person.is_female)
    residences = places.residences.frame[home.residence]
    score = pl.Series(person.credit_score)
    frame = residences.with_columns(
        names["full_name"],
        *draw_emails(demography.people, streams, block.ordinals, person.age, names).iter_columns(),
        phone_numbers(streams, block.ordinals, demography.phone_prefix).alias("phone_number"),
        address_texts(residences).alias("address_text"),
        pl.Series("customer_id", block.customer_id),
        pl.Series("gender", np.where(person.is_female, "female", "male").tolist()),
        pl.Series(LOCATION_TYPES).gather(home.location).alias("location_type"),
        _network_names(demography, streams, block).alias("network_name"),
        pl.Series("birth_year", block.birth_year),
        score.replace(0, None).alias("credit_score"),
        pl.Series("monthly_income_minor", person.monthly_income_minor),
        pl.Series("monthly_spend_minor", person.monthly_spend_minor),
        pl.lit(demography.currency_code).alias("currency_code"),
        pl.Series("home_latitude", home.latitude),
        pl.Series("home_longitude", home.longitude),
        pl.Series("home_h3_cell_r7", home.h3_cell_r7),
        pl.Series("home_h3_cell_r5", parents_of(home.h3_cell_r7, 5)),
        date_column(block.registered_day, "registered_date"),
    )
    return CUSTOMERS.check(frame.select(pl.col(name).cast(kind) for name, kind in CUSTOMERS.schema.items()))


def date_column(days: Int64s, name: str) -> pl.Series:
    """Return days since 1970-01-01 as a column of dates, shape (n,)."""
    return pl.Series(name, days.astype(np.int32)).cast(pl.Date)


def day_of(date: dt.date) -> int:
    """Return the days since 1970-01-01."""
    return (date - EPOCH).days


def new_year_days(years: Int64s) -> Int64s:
    """Return 1 January of every year as days since 1970-01-01, shape (n,)."""
    return (years - EPOCH.year).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def _registered_days(demography: Demography, streams: Streams, ordinals: Int64s, birth_year: Int64s) -> Int64s:
    """Even over the look-back before the start, but not before the customer had the age for an account."""
    rules = demography.rules.registration
    start = day_of(demography.start)
    of_age = new_year_days(birth_year + rules.minimum_age)
    earliest: Int64s = np.clip(of_age, start - rules.lookback_days, start)
    draws = streams.uniforms("population/customer/registered", ordinals)
    return earliest + np.floor(draws * (start - earliest + 1)).astype(np.int64)


def _network_names(demography: Demography, streams: Streams, block: Customers) -> pl.Series:
    names = list(demography.people.networks.providers)
    shares = [weights_in_order(by, names) for by in demography.people.networks.shares_by_location]
    draws = streams.uniforms("population/customer/network", block.ordinals)
    return pl.Series(names).gather(pick_members(stack_weights(shares), block.homes.location, draws))
