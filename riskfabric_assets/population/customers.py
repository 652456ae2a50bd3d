"""population/customers: homes, people, names and contacts put together."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import CUSTOMERS, LOCATION_TYPES, OCCUPATIONS, PAY_DAYS
from riskfabric_assets.population.activity import Activity, Levels, draw_activity, measure_levels
from riskfabric_assets.population.contacts import address_texts, draw_emails
from riskfabric_assets.population.demography import Demography
from riskfabric_assets.population.homes import Homes, Residences, draw_homes, order_residences
from riskfabric_assets.population.households import Households, draw_households, household_ids
from riskfabric_assets.population.names import Bearers, NameBook, draw_names, open_name_book
from riskfabric_assets.population.networks import draw_networks
from riskfabric_assets.population.numbers import phone_numbers
from riskfabric_assets.population.persons import Persons, draw_persons, region_factors
from riskfabric_assets.population.work import NONE, Work, draw_work
from riskfabric_assets.world.cells import parents_of

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)
WINDOW_DAYS: Final = 1827
"""Five years: how long before and after the calendar's start cards, devices and payees are drawn, whatever its end."""
MEASURE: Final = Streams(0)
"""Streams of the sample that levels are measured on: the same in every run."""
MEASURED_CUSTOMERS: Final = 20_000
"""Makes the means right to 1 %."""


@dataclasses.dataclass(frozen=True)
class Places:
    """What every block of customers needs of the map, made once."""

    residences: Residences
    region: Int64s
    """Code of each residence's region, shape (residences,)."""
    region_factor: Floats
    """Income level by region code."""
    names: NameBook
    levels: Levels


@dataclasses.dataclass(frozen=True)
class Customers:
    """A block of customers, every array of shape (n,)."""

    ordinals: Int64s
    customer_id: Int64s
    households: Households
    homes: Homes
    region: Int64s
    """Code of the home's region."""
    persons: Persons
    activity: Activity
    work: Work
    birth_year: Int64s
    registered_day: Int64s
    """Days since 1970-01-01."""


def open_places(demography: Demography, residential: pl.DataFrame) -> Places:
    """Prepare reference/residential and the names of its regions; raises InputError when nobody can live there."""
    residences = order_residences(residential, demography.people.region_people)
    names = residences.frame["region_name"].cast(pl.String)
    regions = sorted(names.unique().to_list())
    codes = {name: code for code, name in enumerate(regions)}
    places = Places(
        residences,
        names.replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
        region_factors(demography, regions),
        open_name_book(demography.names, demography.rules.names, regions),
        Levels(),
    )
    sample = np.arange(MEASURED_CUSTOMERS, dtype=np.int64)
    households, _, persons = _draw_people(demography, places, MEASURE, sample)
    return dataclasses.replace(places, levels=measure_levels(demography, MEASURE, sample, households.age, persons))


def draw_customers(demography: Demography, places: Places, streams: Streams, ordinals: Int64s) -> Customers:
    """Draw a block of customers, a run of ordinals without gaps; each depends on the ordinals of its street alone."""
    households, homes, persons = _draw_people(demography, places, streams, ordinals)
    region, birth_year = places.region[homes.residence], demography.start.year - households.age
    return Customers(
        ordinals,
        identifiers(streams.key("identifiers"), Kind.CUSTOMER, ordinals),
        households,
        homes,
        region,
        persons,
        draw_activity(demography, streams, ordinals, households.age, persons, places.levels),
        draw_work(demography, streams, ordinals, households.age, region),
        birth_year,
        _registered_days(demography, streams, ordinals, birth_year),
    )


def _draw_people(
    demography: Demography, places: Places, streams: Streams, ordinals: Int64s
) -> tuple[Households, Homes, Persons]:
    households = draw_households(demography, streams, ordinals)
    homes = draw_homes(places.residences, streams, households.head, demography.rules.home)
    factor = places.region_factor[places.region[homes.residence]]
    return households, homes, draw_persons(demography, streams, ordinals, households, homes.location, factor)


def tell_customers(demography: Demography, places: Places, streams: Streams, block: Customers) -> pl.DataFrame:
    """Return the rows of population/customers for a block, under the table's contract."""
    home, age, is_female = block.homes, block.households.age, block.households.is_female
    bearers = bearers_of(demography, streams, block)
    names = draw_names(places.names, demography.rules.names, streams, bearers, block.region, is_female)
    residences = places.residences.frame[home.residence]
    frame = residences.with_columns(
        names["full_name"],
        *draw_emails(demography.people, streams, block.ordinals, age, names).iter_columns(),
        phone_numbers(streams, block.ordinals, demography.phone_prefix).alias("phone_number"),
        address_texts(residences).alias("address_text"),
        pl.Series("customer_id", block.customer_id),
        pl.Series("household_id", household_ids(streams, block.households)),
        pl.Series(["male", "female"]).gather(is_female.astype(np.int64)).alias("gender"),
        pl.Series(LOCATION_TYPES).gather(home.location).alias("location_type"),
        *draw_networks(demography, streams, block.ordinals, block.households.head, home.location),
        pl.Series("birth_year", block.birth_year),
        named_or_null(OCCUPATIONS, block.work.occupation).alias("occupation"),
        pl.Series("employer_id", block.work.employer_id).replace(NONE, None),
        named_or_null(PAY_DAYS, block.work.pay_day).alias("pay_day"),
        named_or_null(PAY_DAYS, block.work.advance_day).alias("advance_day"),
        pl.Series(
            "advance_share", np.where(block.work.advance_day == NONE, 0.0, demography.people.pay.advance_pay_share)
        ),
        pl.Series("credit_score", block.persons.credit_score).replace(0, None),
        pl.Series("monthly_income_minor", block.activity.monthly_income_minor),
        pl.Series("monthly_spend_minor", block.activity.monthly_spend_minor),
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


def date_column_or_null(days: Int64s, name: str) -> pl.Series:
    """Return a column of dates, null where the day is the largest int32, shape (n,)."""
    return pl.Series(name, days.astype(np.int32)).replace(np.iinfo(np.int32).max, None).cast(pl.Date)


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


def named_or_null(names: Sequence[str], codes: Int64s) -> pl.Series:
    """Return the names behind codes, null for codes below 0, shape (n,)."""
    return pl.Series([*names, None], dtype=pl.String).gather(np.where(codes < 0, len(names), codes))


def bearers_of(demography: Demography, streams: Streams, block: Customers) -> Bearers:
    """Say whose names are drawn together: a family has one community, and most of it one family name."""
    shared = block.households.family
    families = np.where(shared >= 0, shared, block.ordinals)
    draws = streams.uniforms("population/name/is_family", block.ordinals)
    is_shared = draws < demography.people.households.family_name_share
    return Bearers(block.ordinals, families, np.where(is_shared, families, block.ordinals))
