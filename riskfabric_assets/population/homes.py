"""Where people live: a residence by population weight, moved by the home jitter."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from riskfabric_assets.foundation.errors import InputError, Problem
from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.foundation.tables.population import LOCATION_TYPES
from riskfabric_assets.packs.population import Home
from riskfabric_assets.world.cells import cells_at
from riskfabric_assets.world.scatter import scatter

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
UInt64s = npt.NDArray[np.uint64]


@dataclasses.dataclass(frozen=True)
class Residences:
    """Residential objects in canonical order, with the running share of people who live in them."""

    frame: pl.DataFrame
    """reference/residential, ascending by residence_id."""
    cumulative: Floats
    """Shape (residences,), ascending to 1."""
    location: Int64s
    """Code of the location type, shape (residences,)."""


@dataclasses.dataclass(frozen=True)
class Homes:
    """Homes of some customers, every array of shape (n,)."""

    residence: Int64s
    """Row of the residence."""
    location: Int64s
    latitude: Floats
    longitude: Floats
    h3_cell_r7: UInt64s


def order_residences(residential: pl.DataFrame, region_people: Mapping[str, float]) -> Residences:
    """Prepare reference/residential for drawing.

    Args:
        residential: reference/residential.
        region_people: People of regions by name, see `share_out`.

    Raises:
        InputError: There is no residence, nobody lives in any, or a location type is unknown.
    """
    place = "reference/residential"
    if residential.is_empty():
        fix = (
            "choose an extract with residential buildings or landuse (one filtered for routing has none), "
            "or unset RISKFABRIC_OSM_PATH to use the sample world"
        )
        raise InputError([Problem(place, "no residence", "at least one residential object", fix)])
    frame = residential.sort("residence_id")
    weights = frame["population_weight"].to_numpy()
    if not np.all(np.isfinite(weights)) or weights.min() < 0 or weights.sum() <= 0:
        fix = "correct the weights, or export the references again"
        raise InputError([Problem(f"{place}.population_weight", "unusable weights", "weights of at least 0", fix)])
    unknown = sorted(set(frame["location_type"].cast(pl.String)) - set(LOCATION_TYPES))
    if unknown:
        fix = "correct the settlement thresholds' names, or export the references again"
        raise InputError([Problem(f"{place}.location_type", ", ".join(unknown), ", ".join(LOCATION_TYPES), fix)])
    codes = {name: code for code, name in enumerate(LOCATION_TYPES)}
    location = frame["location_type"].cast(pl.String).replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    cumulative = np.cumsum(share_out(weights, frame["region_name"].cast(pl.String).to_numpy(), region_people))
    return Residences(frame, cumulative / cumulative[-1], location)


def share_out(weights: Floats, regions: npt.NDArray[np.object_], region_people: Mapping[str, float]) -> Floats:
    """Scale the weights of residences so that the named regions share their people as they should.

    Maps name the population of towns more often than of villages, so regions of villages would have too few. The
    named regions that the map holds keep their sum, and settlements of a region keep their proportions.

    Args:
        weights: Population weights, shape (n,).
        regions: Names of regions, shape (n,).
        region_people: People of regions by name; a region that is left out keeps its weights.
    """
    names, code = np.unique(regions.astype(str), return_inverse=True)
    mapped = np.bincount(code, weights=weights, minlength=names.shape[0])
    people = np.array([region_people.get(name, 0.0) for name in names.tolist()])
    is_named = (people > 0) & (mapped > 0)
    factors = np.ones(names.shape[0])
    if is_named.any():
        level = mapped[is_named].sum() / people[is_named].sum()
        factors[is_named] = level * people[is_named] / mapped[is_named]
    return np.asarray(weights * factors[code], dtype=np.float64)


def draw_homes(residences: Residences, streams: Streams, ordinals: Int64s, rules: Home) -> Homes:
    """Draw a residence by population weight and move it; the position is told to `rules.decimals` places."""
    draws = streams.uniforms("population/home/residence", ordinals)
    last = residences.cumulative.shape[0] - 1
    rows = np.minimum(np.searchsorted(residences.cumulative, draws, side="right"), last).astype(np.int64)
    latitude, longitude = scatter(
        streams,
        "population/home/jitter",
        ordinals,
        residences.frame["latitude"].to_numpy()[rows],
        residences.frame["longitude"].to_numpy()[rows],
        rms_metres=rules.jitter_metres,
        shape=rules.jitter_shape,
    )
    latitude, longitude = np.round(latitude, rules.decimals), np.round(longitude, rules.decimals)
    return Homes(rows, residences.location[rows], latitude, longitude, cells_at(latitude, longitude))
