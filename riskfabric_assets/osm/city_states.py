"""Which city goes with which state: counted in the address tags of the extract."""

import polars as pl


def city_state_report(places: pl.DataFrame, residences: pl.DataFrame) -> pl.DataFrame:
    """Count how often a city and a state are mapped together.

    Args:
        places: `osm/places`.
        residences: `osm/residences`.

    Returns:
        city, state (null: the city was mapped without one), count_objects, share (of the city's objects that
        name a state; null where none does), is_most_frequent; by city, then most frequent first.

    Source: RiskFabric (Rust), prepare_refs map-city-state.
    """
    both = pl.concat([frame.select("city", "state") for frame in (places, residences)]).with_columns(
        pl.col("city", "state").str.strip_chars()
    )
    pairs = (
        both.filter(pl.col("city").str.len_chars() > 0).group_by("city", "state").agg(pl.len().alias("count_objects"))
    )
    named = pl.when(pl.col("state").is_not_null()).then(pl.col("count_objects"))
    share = (named / named.sum().over("city")).alias("share")
    ordered = pairs.with_columns(share).sort(["city", "count_objects", "state"], descending=[False, True, False])
    best = pl.col("share") == pl.col("share").max().over("city")
    return ordered.with_columns(best.fill_null(value=False).alias("is_most_frequent"))
