"""What stands around the anchors: shops and services, banks and cash machines, homes.

Every draw is addressed by the object's ordinal in the stream of its kind.
"""

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.units import KM_PER_DEGREE
from riskfabric_assets.osm.sample.facts import Country
from riskfabric_assets.osm.sample.opl import escape, escaped

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RURAL_COMMERCE: Final = 0.35
"""Shops per person in the countryside relative to a listed settlement; assumed."""
CENTRE_SHARE, CENTRE_SPREAD = 0.6, 0.35
"""Share of shops in the market, and its width relative to the settlement's; assumed."""
NAMED_SHARE, CITY_SHARE, POSTCODE_SHARE, STATE_SHARE, STREET_SHARE = 0.8, 0.6, 0.4, 0.5, 0.7
"""Shares of objects that carry a name, addr:city, addr:postcode, addr:state, a house number; assumed."""
ODD_SPELLING_SHARE: Final = 0.1
"""Share of addr:state values in one of the other spellings; assumed."""
CASH_MACHINE_SHARE: Final = 0.55
"""Cash machines among banks and cash machines. Source: RBI bank-wise ATM and branch counts, rounded."""
HOUSE_HALF_SIDE_M: Final = (4.0, 9.0)
"""Half the side of a house outline, metres; assumed."""


@dataclasses.dataclass(frozen=True)
class Counts:
    """Number of drawn objects by kind."""

    shops: int
    banks: int
    home_nodes: int
    home_ways: int

    @classmethod
    def of(cls, drawn: int) -> "Counts":
        """Split `drawn` objects: 45 % shops, 4 % banks and cash machines, 26 % home nodes, 25 % home outlines."""
        shops, banks, nodes = int(drawn * 0.45), int(drawn * 0.04), int(drawn * 0.26)
        return cls(shops, banks, nodes, drawn - shops - banks - nodes)


def draw_shops(streams: Streams, country: Country, anchors: pl.DataFrame, count: int) -> pl.DataFrame:
    """Draw shops, amenities and hotels; columns lat_e7, lon_e7, tags."""
    rows = np.arange(count, dtype=np.int64)
    weight = anchors["people"] * pl.Series(np.where(anchors["is_settlement"].to_numpy(), 1.0, RURAL_COMMERCE))
    anchor = streams.picks("sample/shops", rows, weight.to_numpy(), number=0)
    trades = list(country.commerce)
    trade = streams.picks("sample/shops", rows, [country.commerce[name].weight for name in trades], number=1)
    centre = np.where(streams.uniforms("sample/shops", rows, number=2) < CENTRE_SHARE, CENTRE_SPREAD, 1.0)
    spread_km = anchors["spread_km"].to_numpy()[anchor] * centre
    named = pl.DataFrame(
        {
            "trade": pl.Series([escape_tag(name) for name in trades])[trade],
            "name": _shop_names(streams, country, trades, trade),
            "is_named": streams.uniforms("sample/shops", rows, number=3) < NAMED_SHARE,
        }
    )
    name = pl.when("is_named").then(pl.concat_str(pl.lit(",name="), pl.col("name"))).otherwise(pl.lit(""))
    return _placed(streams, "sample/shops", anchors, anchor, spread_km).with_columns(
        pl.concat_str(
            named.select(pl.concat_str(pl.col("trade"), name).alias("tags"))["tags"],
            _addresses(streams, "sample/shops", anchors, anchor),
        ).alias("tags")
    )


def draw_banks(streams: Streams, country: Country, anchors: pl.DataFrame, count: int) -> pl.DataFrame:
    """Draw bank branches and cash machines; columns lat_e7, lon_e7, tags."""
    rows = np.arange(count, dtype=np.int64)
    weight = anchors["people"] * pl.Series(np.where(anchors["is_settlement"].to_numpy(), 1.0, RURAL_COMMERCE))
    anchor = streams.picks("sample/banks", rows, weight.to_numpy(), number=0)
    bank = pl.Series([escape(name) for name in country.banks])[
        streams.picks("sample/banks", rows, np.ones(len(country.banks)), number=1)
    ]
    is_machine = pl.Series(streams.uniforms("sample/banks", rows, number=2) < CASH_MACHINE_SHARE)
    kind = pl.select(pl.when(is_machine).then(pl.lit("atm")).otherwise(pl.lit("bank")).alias("kind"))["kind"]
    spread_km = anchors["spread_km"].to_numpy()[anchor] * CENTRE_SPREAD
    return _placed(streams, "sample/banks", anchors, anchor, spread_km).with_columns(
        pl.concat_str(
            pl.lit("amenity="), kind, pl.lit(",operator="), bank, _addresses(streams, "sample/banks", anchors, anchor)
        ).alias("tags")
    )


def draw_homes(streams: Streams, country: Country, anchors: pl.DataFrame, count: int, stream: str) -> pl.DataFrame:
    """Draw homes by population; columns lat_e7, lon_e7, tags. `stream` keeps nodes and outlines apart."""
    rows = np.arange(count, dtype=np.int64)
    anchor = streams.picks(stream, rows, anchors["people"].to_numpy(), number=0)
    kinds = list(country.house_kinds)
    kind = pl.Series(kinds)[streams.picks(stream, rows, [country.house_kinds[name] for name in kinds], number=1)]
    number = (streams.uniforms(stream, rows, number=2) * 180).astype(np.int64) + 1
    has_number = streams.uniforms(stream, rows, number=3) < STREET_SHARE
    house = pl.DataFrame({"kind": kind, "number": number, "has_number": has_number}).select(
        pl.concat_str(
            pl.lit("building="),
            pl.col("kind"),
            pl.when("has_number")
            .then(pl.concat_str(pl.lit(",addr:housenumber="), pl.col("number").cast(pl.String)))
            .otherwise(pl.lit("")),
        ).alias("tags")
    )["tags"]
    placed = _placed(streams, stream, anchors, anchor, anchors["spread_km"].to_numpy()[anchor])
    return placed.with_columns(pl.concat_str(house, _addresses(streams, stream, anchors, anchor)).alias("tags"))


def outline_corners(streams: Streams, homes: pl.DataFrame) -> tuple[Integers, Integers]:
    """Return the four corners of each home, counter-clockwise: latitudes and longitudes, shape (n, 4), 1e-7 degrees."""
    rows = np.arange(homes.height, dtype=np.int64)
    low, high = HOUSE_HALF_SIDE_M
    half = low + streams.uniforms("sample/outlines", rows, number=0) * (high - low)
    turn = streams.uniforms("sample/outlines", rows, number=1) * 2 * np.pi
    angles = turn[:, None] + np.pi / 4 + np.arange(4) * np.pi / 2
    reach = half[:, None] * np.sqrt(2.0) / 1000 / KM_PER_DEGREE * 1e7
    lat = homes["lat_e7"].to_numpy()
    shrink = np.cos(np.radians(lat / 1e7))[:, None]
    corner_lat = lat[:, None] + reach * np.sin(angles)
    corner_lon = homes["lon_e7"].to_numpy()[:, None] + reach * np.cos(angles) / shrink
    return np.rint(corner_lat).astype(np.int64), np.rint(corner_lon).astype(np.int64)


def escape_tag(tag: str) -> str:
    """Escape a "key=value" pair, its equals sign kept."""
    key, _, value = tag.partition("=")
    return f"{escape(key)}={escape(value)}"


def _shop_names(streams: Streams, country: Country, trades: list[str], trade: Integers) -> pl.Series:
    rows = np.arange(trade.shape[0], dtype=np.int64)
    prefix = streams.picks("sample/names", rows, np.ones(len(country.prefixes)), number=0)
    nouns = [country.commerce[name].nouns for name in trades]
    first = np.cumsum([0] + [len(words) for words in nouns[:-1]])
    sizes = np.array([len(words) for words in nouns])
    word = first[trade] + (streams.uniforms("sample/names", rows, number=1) * sizes[trade]).astype(np.int64)
    prefixes = pl.Series("prefix", [escape(text) for text in country.prefixes])[prefix]
    endings = pl.Series("noun", [escape(text) for words in nouns for text in words])[word]
    return pl.select(pl.concat_str(prefixes, pl.lit(escape(" ")), endings).alias("name"))["name"]


def _placed(streams: Streams, stream: str, anchors: pl.DataFrame, anchor: Integers, spread_km: Floats) -> pl.DataFrame:
    """Scatter isotropically around the anchors; draw numbers 20 to 23."""
    rows = np.arange(anchor.shape[0], dtype=np.int64)
    lat = anchors["lat_e4"].to_numpy()[anchor].astype(np.float64) * 1e3
    lon = anchors["lon_e4"].to_numpy()[anchor].astype(np.float64) * 1e3
    shift = spread_km / KM_PER_DEGREE * 1e7
    north = streams.normals(stream, rows, number=20) * shift
    east = streams.normals(stream, rows, number=22) * shift / np.cos(np.radians(lat / 1e7))
    return pl.DataFrame(
        {"lat_e7": np.rint(lat + north).astype(np.int64), "lon_e7": np.rint(lon + east).astype(np.int64)}
    )


def _addresses(streams: Streams, stream: str, anchors: pl.DataFrame, anchor: Integers) -> pl.Series:
    """Draw the address tags of objects, each beginning with a comma; draw numbers 10 to 14."""
    rows = np.arange(anchor.shape[0], dtype=np.int64)
    text = anchors.select(
        escaped(pl.col("city")).alias("city"),
        "postcode",
        escaped(pl.col("state")).alias("state"),
        pl.col("state_spellings").str.split(";").list.eval(escaped(pl.element())).alias("spellings"),
    )
    spelling = streams.bits(stream, rows, number=14) % np.uint64(8)
    address = text[anchor].with_columns(
        pl.Series("has_city", streams.uniforms(stream, rows, number=10) < CITY_SHARE),
        pl.Series("has_postcode", streams.uniforms(stream, rows, number=11) < POSTCODE_SHARE),
        pl.Series("has_state", streams.uniforms(stream, rows, number=12) < STATE_SHARE),
        pl.Series("is_odd", streams.uniforms(stream, rows, number=13) < ODD_SPELLING_SHARE),
        pl.Series("spelling", spelling.astype(np.int64)),
    )
    odd = pl.col("spellings").list.get(pl.col("spelling") % pl.col("spellings").list.len())
    state = pl.when("is_odd").then(odd).otherwise(pl.col("state"))
    return address.select(
        pl.concat_str(
            _tag("has_city", ",addr:city=", pl.col("city")),
            _tag("has_postcode", ",addr:postcode=", pl.col("postcode")),
            _tag("has_state", ",addr:state=", state),
        ).alias("address")
    )["address"]


def _tag(condition: str, key: str, value: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.concat_str(pl.lit(key), value)).otherwise(pl.lit(""))
