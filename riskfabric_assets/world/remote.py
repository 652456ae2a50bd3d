"""Merchants without a place on the map: online shops and billers at home, and the shops of other countries.

Every merchant is a pure function of its coordinates (realm, country, city, group, number), so that more merchants,
groups, cities or countries change nobody else's id, name or position; only shares move. A shop's share follows the
ranks of its group: the k-th has a weight of k to the power of minus the concentration.
"""

import enum
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.identifiers import Kind, identifiers
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import REMOTE_MERCHANTS
from riskfabric_assets.foundation.tables.spending import GROUP_CATEGORIES, GROUP_CODES, SPENDING_GROUPS
from riskfabric_assets.packs.remote import Cities, Reach, Remote
from riskfabric_assets.packs.world import World
from riskfabric_assets.world.cells import cells_at
from riskfabric_assets.world.scatter import scatter

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_COUNTRY_BITS, _NUMBER_BITS, _GROUP_BITS = 10, 17, 6
"""Fields of an owner below the realm, and of an ordinal below the city; see foundation.identifiers."""
_LETTERS: Final = 26


class Realm(enum.IntEnum):
    """Where a merchant is and how it is reached; a part of its id."""

    HOME = 0
    ABROAD_ONLINE = 1
    ABROAD = 2


def draw_remote_merchants(rules: Remote, world: World, streams: Streams) -> pl.DataFrame:
    """Return population/remote_merchants, ascending by id.

    Args:
        rules: Numbers, names and countries.
        world: The country itself.
        streams: Random streams of the run.
    """
    currencies = {world.country_code: world.currency_code, **rules.abroad.currencies}
    realms = [_home(rules, world.country_code), _online(rules, streams), _visited(rules, streams)]
    spots = _identified(pl.concat(realms), streams)
    return REMOTE_MERCHANTS.check(
        _positioned(_named(spots, rules, streams), rules.abroad.cities, streams)
        .with_columns(
            merchant_category=_by_group("group", [GROUP_CATEGORIES[name] for name in SPENDING_GROUPS]),
            merchant_category_code=_by_group("group", [codes[0] for codes in GROUP_CODES.values()]),
            spending_group=_by_group("group", list(SPENDING_GROUPS)),
            currency_code=pl.col("country_code").replace_strict(currencies),
            is_online=pl.col("realm") != Realm.ABROAD,
        )
        .select(pl.col(name).cast(dtype) for name, dtype in REMOTE_MERCHANTS.schema.items())
        .sort("merchant_id")
    )


def _home(rules: Remote, country: str) -> pl.DataFrame:
    """Merchants of each group, numbered from 0 in the order of their rank."""
    counts = rules.home.merchants
    group = np.repeat([SPENDING_GROUPS.index(name) for name in counts], list(counts.values()))
    number = np.concatenate([np.arange(count) for count in counts.values()])
    frame = _rows(Realm.HOME, country, "", number, group)
    exponents = {SPENDING_GROUPS.index(name): value for name, value in rules.home.concentration.items()}
    weights = (pl.col("number") + 1.0) ** -pl.col("group").replace_strict(exponents, return_dtype=pl.Float64)
    return frame.with_columns(popularity=weights / weights.sum().over("group"))


def _online(rules: Remote, streams: Streams) -> pl.DataFrame:
    reach, frames = rules.abroad.online, []
    for country, count in reach.merchants.items():
        number = np.arange(count)
        frames.append(
            _rows(
                Realm.ABROAD_ONLINE,
                country,
                "",
                number,
                _groups(reach, streams, Realm.ABROAD_ONLINE, country, 0, count),
            )
        )
    ranked = _ranked(pl.concat(frames), ["country_code", "group"], rules.abroad.concentration)
    total = sum(reach.country_weights.values())
    shares = {country: weight / total for country, weight in reach.country_weights.items()}
    return ranked.with_columns(
        pl.col("popularity") * pl.col("country_code").replace_strict(shares, return_dtype=pl.Float64)
    )


def _visited(rules: Remote, streams: Streams) -> pl.DataFrame:
    reach, frames = rules.abroad.visited, []
    for country, count in reach.merchants.items():
        cities = [name for name, code in rules.abroad.cities.countries.items() if code == country]
        weights = [rules.abroad.cities.weights[name] for name in cities]
        shops = _spread_over(count, weights, len(reach.group_weights))
        for position, (city, own) in enumerate(zip(cities, shops, strict=True)):
            group = _groups(reach, streams, Realm.ABROAD, country, position, own)
            frames.append(_rows(Realm.ABROAD, country, city, np.arange(own), group, position))
    return _ranked(pl.concat(frames), ["city_name", "group"], rules.abroad.concentration)


def _spread_over(count: int, weights: list[float], least: int) -> list[int]:
    """Give every city the least number of shops, and what is left by weight, largest remainders first."""
    wanted = np.array(weights) / sum(weights) * (count - least * len(weights))
    shops = np.floor(wanted).astype(np.int64)
    short = count - least * len(weights) - int(shops.sum())
    shops[np.argsort(shops - wanted, kind="stable")[:short]] += 1
    return [int(own) + least for own in shops]


def _groups(reach: Reach, streams: Streams, realm: Realm, country: str, city: int, count: int) -> Int64s:
    """Group of every shop: one of each group first, the others by weight."""
    names = [name for name, weight in reach.group_weights.items() if weight > 0]
    codes = np.array([SPENDING_GROUPS.index(name) for name in names])
    number = np.arange(count)
    entity = (_owners(realm, country, number) << _GROUP_BITS) | city
    drawn = streams.picks("world/remote/group", entity, [reach.group_weights[name] for name in names])
    return np.asarray(codes[np.where(number < len(names), number % len(names), drawn)], dtype=np.int64)


def _rows(realm: Realm, country: str, city: str, number: Int64s, group: Int64s, position: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "realm": np.full(number.shape[0], realm, dtype=np.int64),
            "country_code": pl.Series([country] * number.shape[0], dtype=pl.String),
            "city_name": pl.Series([city or None] * number.shape[0], dtype=pl.String),
            "city": np.full(number.shape[0], position, dtype=np.int64),
            "number": number.astype(np.int64),
            "group": group.astype(np.int64),
            "owner": _owners(realm, country, number),
        }
    )


def _owners(realm: Realm, country: str, number: Int64s) -> Int64s:
    letters = (ord(country[0].upper()) - ord("A")) * _LETTERS + ord(country[1].upper()) - ord("A")
    return np.asarray(((int(realm) << _COUNTRY_BITS | letters) << _NUMBER_BITS) | number, dtype=np.int64)


def _ranked(frame: pl.DataFrame, keys: list[str], exponent: float) -> pl.DataFrame:
    weights = pl.int_range(1, pl.len() + 1).over(keys).cast(pl.Float64) ** -exponent
    return frame.with_columns(popularity=weights / weights.sum().over(keys))


def _identified(frame: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    ordinal = (frame["city"].to_numpy() << _GROUP_BITS) | frame["group"].to_numpy()
    ids = identifiers(streams.key("identifiers"), Kind.REMOTE_MERCHANT, frame["owner"].to_numpy(), ordinal)
    return frame.with_columns(merchant_id=pl.Series(ids))


def _named(frame: pl.DataFrame, rules: Remote, streams: Streams) -> pl.DataFrame:
    """Call shops of one kind and country by different words; a number follows when the words are used up."""
    kind = ["realm", "country_code", "group"]
    ranked = frame.with_columns(rank=pl.int_range(pl.len()).over(kind))
    entity = (ranked["owner"].to_numpy() >> _NUMBER_BITS << _GROUP_BITS) | ranked["group"].to_numpy()
    shift = (streams.uniforms("world/remote/name", entity) * 1_000_000).astype(np.int64).tolist()
    names = [
        _spelled(
            rules.words if realm == Realm.HOME else rules.abroad.words,
            rules.patterns[SPENDING_GROUPS[group]],
            number,
            first,
        )
        for realm, group, number, first in zip(ranked["realm"], ranked["group"], ranked["rank"], shift, strict=True)
    ]
    return ranked.with_columns(merchant_name=pl.Series(names))


def _spelled(words: list[str], patterns: list[str], rank: int, shift: int) -> str:
    turn, word = divmod(rank, len(words))
    again, pattern = divmod(turn, len(patterns))
    name = patterns[(pattern + shift) % len(patterns)].replace("{word}", words[(word + shift) % len(words)])
    return f"{name} {again + 1}" if again else name


def _positioned(frame: pl.DataFrame, cities: Cities, streams: Streams) -> pl.DataFrame:
    """Scatter shops around the middle of their city; who has no city has no position."""
    placed = frame.filter(pl.col("city_name").is_not_null())
    middle = [
        placed["city_name"].replace_strict(table, return_dtype=pl.Float64).to_numpy()
        for table in (cities.latitudes, cities.longitudes)
    ]
    ids = placed["merchant_id"].to_numpy()
    moved = scatter(streams, "world/remote/position", ids, *middle, rms_metres=cities.spread, shape="gaussian")
    latitude, longitude = (np.round(each, 6) for each in moved)
    spots = pl.DataFrame(
        {"merchant_id": ids, "latitude": latitude, "longitude": longitude, "h3_cell_r7": cells_at(latitude, longitude)}
    )
    return frame.join(spots, on="merchant_id", how="left")


def _by_group(column: str, values: list[str] | list[int]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(values)))
