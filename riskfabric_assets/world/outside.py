"""The world beyond the map as arrays: countries, currencies, cities, and shops without a place on the map."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.tables.bronze import MERCHANT_CATEGORIES
from riskfabric_assets.foundation.tables.spending import SPENDING_GROUPS
from riskfabric_assets.packs.remote import Remote
from riskfabric_assets.packs.world import World
from riskfabric_assets.world.places import Places
from riskfabric_assets.world.slices import Slices, slice_by

Floats = npt.NDArray[np.float64]
UInt8s = npt.NDArray[np.uint8]


class Cities(NamedTuple):
    """Cities abroad, in the order of the pack; every array of shape (cities,)."""

    latitude: Floats
    longitude: Floats
    weight: Floats
    """Share of the visits abroad."""
    country: UInt8s
    """Index into Outside.countries."""
    currency: UInt8s
    """Index into Outside.currencies."""


class Outside(NamedTuple):
    """Names behind the codes of countries, currencies and cities."""

    countries: tuple[str, ...]
    """ISO 3166 codes, home first."""
    currencies: tuple[str, ...]
    """ISO 4217 codes, the currency of home first."""
    city_names: tuple[str, ...]
    cities: Cities


class Reached(NamedTuple):
    """Shops without a place on the map, and how they are found."""

    online: Places
    online_by_group: Slices
    """Slot = spending group."""
    abroad_online: Places
    abroad_online_by_group: Slices
    """Slot = spending group."""
    abroad: Places
    abroad_by_city: Slices
    """Slot = city * len(SPENDING_GROUPS) + spending group."""


def outside_of(remote: Remote, world: World) -> Outside:
    """Return the countries, currencies and cities that people of a world may pay in; home comes first."""
    abroad = remote.abroad
    countries = tuple(dict.fromkeys([world.country_code, *abroad.currencies]))
    currencies = currencies_of(remote, world)
    names = tuple(abroad.cities.countries)
    owners = [abroad.cities.countries[name] for name in names]
    totals = {code: sum(abroad.cities.weights[name] for name in names if abroad.cities.countries[name] == code)
              for code in owners}  # fmt: skip
    visits = sum(abroad.visited.country_weights.values())
    shares = [
        abroad.visited.country_weights[code] / visits * abroad.cities.weights[name] / totals[code]
        for name, code in zip(names, owners, strict=True)
    ]
    cities = Cities(
        latitude=np.array([abroad.cities.latitudes[name] for name in names], dtype=np.float64),
        longitude=np.array([abroad.cities.longitudes[name] for name in names], dtype=np.float64),
        weight=np.array(shares, dtype=np.float64),
        country=np.array([countries.index(code) for code in owners], dtype=np.uint8),
        currency=np.array([currencies.index(abroad.currencies[code]) for code in owners], dtype=np.uint8),
    )
    return Outside(countries, currencies, names, cities)


def currencies_of(remote: Remote, world: World) -> tuple[str, ...]:
    """Return the currencies of a world in code order, its own first."""
    return tuple(dict.fromkeys([world.currency_code, *remote.abroad.currencies.values()]))


def reach_shops(remote_merchants: pl.DataFrame, outside: Outside) -> Reached:
    """Turn population/remote_merchants into arrays, ascending by id."""
    frame = remote_merchants.sort("merchant_id").with_columns(
        pl.col("merchant_category").cast(pl.String), pl.col("spending_group").cast(pl.String)
    )
    is_home = pl.col("country_code") == outside.countries[0]
    groups, cities = len(SPENDING_GROUPS), len(outside.city_names)
    spots = frame.filter(~pl.col("is_online"))
    online = _places(frame.filter("is_online", is_home), outside)
    abroad_online = _places(frame.filter("is_online", ~is_home), outside)
    abroad = _places(spots, outside)
    city = _codes(spots, "city_name", outside.city_names).astype(np.int64)
    return Reached(
        online=online,
        online_by_group=slice_by(online.group.astype(np.int64), online.popularity, groups),
        abroad_online=abroad_online,
        abroad_online_by_group=slice_by(abroad_online.group.astype(np.int64), abroad_online.popularity, groups),
        abroad=abroad,
        abroad_by_city=slice_by(city * groups + abroad.group, abroad.popularity, cities * groups),
    )


def _places(frame: pl.DataFrame, outside: Outside) -> Places:
    return Places(
        place_id=np.ascontiguousarray(frame["merchant_id"].to_numpy(), dtype=np.int64),
        category=_codes(frame, "merchant_category", MERCHANT_CATEGORIES),
        merchant_category_code=np.ascontiguousarray(frame["merchant_category_code"].to_numpy(), dtype=np.int16),
        latitude=np.ascontiguousarray(frame["latitude"].fill_null(np.nan).to_numpy(), dtype=np.float64),
        longitude=np.ascontiguousarray(frame["longitude"].fill_null(np.nan).to_numpy(), dtype=np.float64),
        h3_cell_r7=np.ascontiguousarray(frame["h3_cell_r7"].fill_null(0).to_numpy(), dtype=np.uint64),
        region_id=np.zeros(frame.height, dtype=np.int64),
        popularity=np.ascontiguousarray(frame["popularity"].to_numpy(), dtype=np.float64),
        group=_codes(frame, "spending_group", SPENDING_GROUPS),
        country=_codes(frame, "country_code", outside.countries),
        currency=_codes(frame, "currency_code", outside.currencies),
    )


def _codes(frame: pl.DataFrame, name: str, values: tuple[str, ...]) -> UInt8s:
    codes = {value: code for code, value in enumerate(values)}
    return np.ascontiguousarray(frame[name].replace_strict(codes, return_dtype=pl.UInt8).to_numpy(), dtype=np.uint8)
