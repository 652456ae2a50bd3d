"""Names that go with gender and region: a community by region, then given and family name by community."""

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.packs.names import Community, Names
from riskfabric_assets.packs.population import NameHabits
from riskfabric_assets.world.slices import Slices, pick_members, stack_weights

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MALE, FEMALE = 0, 1


@dataclasses.dataclass(frozen=True)
class NameBook:
    """All names of a world, flat, and the weights they are picked by. A pool is community * 2 + gender."""

    communities: Slices
    """Slot r: communities of region r in the order given to `open_name_book`; the last slot: elsewhere."""
    given: list[str]
    given_pools: Slices
    given_first: Int64s
    """Position of every pool in `given`."""
    last: list[str]
    gendered_pools: Slices
    gendered_first: Int64s
    has_gendered: Bools
    family_pools: Slices
    """By community."""
    family_first: Int64s
    initials: list[str]
    """Initial of each given name, with its dot."""
    gendered_share: npt.NDArray[np.float64]
    initial_share: npt.NDArray[np.float64]
    public_figures: frozenset[str]


class Bearers(NamedTuple):
    """Entities that names are drawn for, every array of shape (n,)."""

    ordinals: Int64s
    """The customer: given name."""
    families: Int64s
    """The family: community."""
    lines: Int64s
    """Those who bear the same family name."""


def open_name_book(names: Names, rules: NameHabits, region_names: list[str]) -> NameBook:
    """Lay the names of a pack out as arrays.

    Args:
        names: Names of the world.
        rules: How names are put together.
        region_names: Regions in the order of the codes that `draw_names` will be given.
    """
    order = list(names.communities)
    shares = [names.regions.get(region, names.elsewhere) for region in region_names] + [names.elsewhere]
    communities = list(names.communities.values())
    given = [pool for community in communities for pool in (community.male_given, community.female_given)]
    gendered = [pool for community in communities for pool in (community.male_family, community.female_family)]
    family = [community.family for community in communities]
    flat_given = [name for pool in given for name in pool]
    return NameBook(
        communities=stack_weights([[share.get(name, 0.0) for name in order] for share in shares]),
        given=flat_given,
        given_pools=_ranked(given, rules),
        given_first=_firsts(given, 0),
        last=[name for pool in (*family, *gendered) for name in pool],
        family_pools=_ranked(family, rules),
        family_first=_firsts(family, 0),
        gendered_pools=_ranked([pool or ["-"] for pool in gendered], rules),
        gendered_first=_firsts(gendered, sum(len(pool) for pool in family)),
        has_gendered=np.array([bool(pool) for pool in gendered]),
        initials=[f"{name[0]}." for name in flat_given],
        gendered_share=_shares(communities, "gendered_family_share"),
        initial_share=_shares(communities, "initial_share"),
        public_figures=frozenset(names.public_figures),
    )


def draw_names(
    book: NameBook,
    rules: NameHabits,
    streams: Streams,
    bearers: Bearers,
    region: Int64s,
    is_female: Bools,
) -> pl.DataFrame:
    """Draw names.

    Args:
        book: Names of the world.
        rules: How names are put together.
        streams: Random streams of the run.
        bearers: Who shares which name.
        region: Code of the region, shape (n,); the number of regions for elsewhere.
        is_female: Gender, shape (n,).

    Returns:
        Columns given_name, last_name and full_name, in the order of `bearers`. Where the father's initial
        stands for a family name it comes first in the full name ("M. Karthik"), and is the last name.
    """

    def uniforms(name: str, entities: Int64s) -> npt.NDArray[np.float64]:
        return streams.uniforms(f"population/name/{name}", entities)

    ordinals, families, lines = bearers
    own = pick_members(book.communities, region, uniforms("community", families))
    other = pick_members(book.communities, region, uniforms("other_community", families))
    family_of = np.where(uniforms("is_same", families) < rules.same_community_share, own, other)
    gendered = own * 2 + np.where(is_female, FEMALE, MALE)
    given = book.given_first[gendered] + pick_members(book.given_pools, gendered, uniforms("given", ordinals))
    pool = family_of * 2 + np.where(is_female, FEMALE, MALE)
    is_gendered = book.has_gendered[pool] & (uniforms("is_gendered", lines) < book.gendered_share[family_of])
    last = np.where(
        is_gendered,
        book.gendered_first[pool] + pick_members(book.gendered_pools, pool, uniforms("last", lines)),
        book.family_first[family_of] + pick_members(book.family_pools, family_of, uniforms("last", lines)),
    )
    father = book.given_first[own * 2] + pick_members(book.given_pools, own * 2, uniforms("father", lines))
    has_initial = uniforms("is_initial", lines) < book.initial_share[own]
    frame = _spell(book, given, last, father, has_initial)
    return _rename_public_figures(frame, book, given, family_of)


def _spell(book: NameBook, given: Int64s, last: Int64s, father: Int64s, has_initial: Bools) -> pl.DataFrame:
    chosen = pl.DataFrame(
        {
            "given_name": pl.Series(book.given).gather(given),
            "family_name": pl.Series(book.last).gather(last),
            "initial": pl.Series(book.initials).gather(father),
            "has_initial": pl.Series(has_initial),
        }
    )
    return chosen.select(
        "given_name",
        pl.when("has_initial").then("initial").otherwise("family_name").alias("last_name"),
        pl.when("has_initial")
        .then(pl.concat_str("initial", "given_name", separator=" "))
        .otherwise(pl.concat_str("given_name", "family_name", separator=" "))
        .alias("full_name"),
    )


def _rename_public_figures(frame: pl.DataFrame, book: NameBook, given: Int64s, family_of: Int64s) -> pl.DataFrame:
    """Give namesakes of public figures the first family name of their community that makes them nobody."""
    rows = frame.select(pl.arg_where(pl.col("full_name").is_in(sorted(book.public_figures)))).to_series().to_list()
    if not rows:
        return frame
    last, full = frame["last_name"].to_list(), frame["full_name"].to_list()
    for row in rows:
        name, start = book.given[given[row]], int(book.family_first[family_of[row]])
        stop = start + int(np.diff(book.family_pools.first)[family_of[row]])
        free = [family for family in book.last[start:stop] if f"{name} {family}" not in book.public_figures]
        last[row] = free[0] if free else book.initials[given[row]]
        full[row] = f"{name} {last[row]}"
    return frame.with_columns(pl.Series("last_name", last), pl.Series("full_name", full))


def _ranked(pools: list[list[str]], rules: NameHabits) -> Slices:
    """Zipf weights by rank inside every pool."""
    return stack_weights([[1.0 / (rank + 1 + rules.rank_offset) for rank in range(len(pool))] for pool in pools])


def _firsts(pools: list[list[str]], start: int) -> Int64s:
    return np.cumsum([start, *(len(pool) for pool in pools)])[:-1].astype(np.int64)


def _shares(communities: list[Community], field: str) -> npt.NDArray[np.float64]:
    return np.array([getattr(community, field) for community in communities], dtype=np.float64)
