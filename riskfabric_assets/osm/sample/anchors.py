"""Anchors: the weighted places that everything in the sample stands around."""

import numpy as np
import polars as pl

from riskfabric_assets.foundation.streams import Streams
from riskfabric_assets.osm.sample.facts import Facts

RURAL_FLOOR_SHARE = 0.2
"""Least share of a state's people who live outside the listed settlements; assumed, matters for city states."""
SPREAD_KM_PER_ROOT = 0.6
"""Standard deviation of a settlement of 10,000 people, km; it grows with the root of the population; assumed."""
SPREAD_MAX_KM = 9.0
"""A city of more than two million spreads no further in one piece; assumed."""
RURAL_SPREAD_KM = 1.5
"""Standard deviation around a locality: the villages it stands for; assumed."""
ANCHOR_SHARE = 0.1
"""Settlements, and localities, among the objects of a small sample; a large one has them all. Assumed."""
KINDS = ((100_000, "city"), (10_000, "town"), (0, "village"))
"""place=* by population. Source: OSM wiki, Key:place, usual thresholds."""


def make_anchors(facts: Facts) -> pl.DataFrame:
    """Return settlements, then localities, one row each.

    Columns: name, kind (place=*), city, state, state_spellings, postcode, lat_e4, lon_e4, population (null for
    localities), people (weight, > 0), spread_km, is_settlement. `people` of the localities of a state share what
    its settlements leave of its population, by their weight.
    """
    district = facts.districts.select("district_id", "iso_3166_2").with_columns(pl.col("district_id").cast(pl.Int16))
    state = facts.states.select("iso_3166_2", "state_name", "other_names", pl.col("population").alias("state_people"))
    settlements = facts.settlements.join(district, on="district_id", maintain_order="left")
    localities = facts.localities.join(district, on="district_id", maintain_order="left")
    listed = settlements.group_by("iso_3166_2").agg(pl.col("population").sum().alias("listed"))
    rural = state.join(listed, on="iso_3166_2", how="left").select(
        "iso_3166_2",
        pl.max_horizontal(
            pl.col("state_people") - pl.col("listed").fill_null(0), pl.col("state_people") * RURAL_FLOOR_SHARE
        ).alias("rural"),
    )
    localities = localities.join(rural, on="iso_3166_2", how="left", maintain_order="left")
    anchors = pl.concat([_settlement_anchors(settlements), _locality_anchors(localities)]).with_columns(
        pl.col("postcode").cast(pl.String).str.zfill(facts.country.postcode_digits)
    )
    return anchors.join(state.drop("state_people"), on="iso_3166_2", how="left", maintain_order="left").rename(
        {"state_name": "state", "other_names": "state_spellings"}
    )


def thin_anchors(anchors: pl.DataFrame, streams: Streams, objects: int) -> pl.DataFrame:
    """Keep at most `ANCHOR_SHARE` of `objects` settlements, the largest, and as many localities, by draw."""
    limit = int(objects * ANCHOR_SHARE)
    rows = np.arange(anchors.height, dtype=np.int64)
    order = pl.when(pl.col("is_settlement")).then(-pl.col("people")).otherwise(pl.col("draw"))
    numbered = anchors.with_columns(pl.Series("draw", streams.uniforms("sample/anchors", rows)))
    kept = numbered.filter(order.rank("ordinal").over("is_settlement") <= limit)
    return kept.drop("draw")


def _settlement_anchors(settlements: pl.DataFrame) -> pl.DataFrame:
    kind = pl.lit("village")
    for threshold, name in reversed(KINDS):
        kind = pl.when(pl.col("population") >= threshold).then(pl.lit(name)).otherwise(kind)
    return settlements.select(
        pl.col("settlement_name").alias("name"),
        kind.alias("kind"),
        pl.col("settlement_name").alias("city"),
        "iso_3166_2",
        "postcode",
        "lat_e4",
        "lon_e4",
        pl.col("population").cast(pl.Int64),
        pl.col("population").clip(500).cast(pl.Float64).alias("people"),
        ((pl.col("population") / 1e4).sqrt() * SPREAD_KM_PER_ROOT).clip(0.3, SPREAD_MAX_KM).alias("spread_km"),
        pl.lit(value=True).alias("is_settlement"),
    )


def _locality_anchors(localities: pl.DataFrame) -> pl.DataFrame:
    share = pl.col("weight") / pl.col("weight").sum().over("iso_3166_2")
    return localities.select(
        pl.col("locality_name").alias("name"),
        pl.when(pl.col("city_name").is_null()).then(pl.lit("village")).otherwise(pl.lit("suburb")).alias("kind"),
        pl.coalesce("city_name", "locality_name").alias("city"),
        "iso_3166_2",
        "postcode",
        "lat_e4",
        "lon_e4",
        pl.lit(None, dtype=pl.Int64).alias("population"),
        (share * pl.col("rural")).alias("people"),
        pl.lit(RURAL_SPREAD_KM).alias("spread_km"),
        pl.lit(value=False).alias("is_settlement"),
    )
