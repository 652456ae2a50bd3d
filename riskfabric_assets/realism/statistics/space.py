"""Where people pay: distance from home, and journeys that nobody can make."""

from typing import Final

import numpy as np

from riskfabric_assets.realism.lake import Lake

KM_PER_RADIAN: Final = 6371.0088
FASTEST_KMH: Final = 900.0
"""An airliner."""
JITTER_KM: Final = 2.0
"""Positions are jittered at both ends; shorter journeys say nothing about speed."""
TAIL_KM: Final = (5.0, 200.0)
TAIL_BINS: Final = 12
"""Logarithmic bins of the tail."""


def distance_sql(lat_a: str, lon_a: str, lat_b: str, lon_b: str) -> str:
    """Return SQL for the great-circle distance in km between two points in degrees."""
    return (
        f"2 * {KM_PER_RADIAN} * asin(sqrt(least(1, pow(sin(radians({lat_b} - {lat_a}) / 2), 2) + cos(radians({lat_a})) "
        f"* cos(radians({lat_b})) * pow(sin(radians({lon_b} - {lon_a}) / 2), 2))))"
    )


def home_distance(lake: Lake) -> dict[str, float | None]:
    """Return median, shares beyond 50 and 200 km, and tail exponent of the distance of present purchases from home.

    The exponent is minus the slope of ln(density) on ln(km) over twelve logarithmic bins from 5 to 200 km.
    """
    away = distance_sql("latitude", "longitude", "home_latitude", "home_longitude")
    lake.connection.execute(f"""
        create or replace temp table distances as
        select {away} as km
        from payments inner join customers using (customer_id)
        where is_present and payment_kind = 'purchase'
    """)
    found = lake.row("""
        select
            median(km) as median_km,
            avg((km > 50)::int) as beyond_50_share,
            avg((km > 200)::int) as beyond_200_share,
            count(*) as count
        from distances
    """)
    return {**found, "tail_exponent": _tail_exponent(lake)}


def impossible_journeys(lake: Lake) -> dict[str, float | None]:
    """Return the share of consecutive present payments of a customer that need more than 900 km/h."""
    journey = distance_sql("latitude", "longitude", "next_latitude", "next_longitude")
    return lake.row(f"""
        with pairs as (
            select
                latitude, longitude,
                lead(latitude) over person as next_latitude,
                lead(longitude) over person as next_longitude,
                epoch(lead(event_at) over person - event_at) / 3600.0 as hours
            from payments where is_present
            window person as (partition by customer_id order by event_at, event_id)
        ),
        journeys as (select {journey} as km, hours from pairs where hours is not null)
        select
            avg((km > {JITTER_KM} and km - {JITTER_KM} > {FASTEST_KMH} * hours)::int) as impossible_share,
            count(*) as count
        from journeys
    """)


def _tail_exponent(lake: Lake) -> float | None:
    low, high = TAIL_KM
    edges = np.geomspace(low, high, TAIL_BINS + 1)
    bins = f"floor(ln(km / {low}) / ln({high} / {low}) * {TAIL_BINS})::int"
    sql = f"select {bins} as bin, count(*) as n from distances where km >= {low} and km < {high} group by 1 order by 1"
    rows = np.array(lake.connection.execute(sql).fetchall(), dtype=float).reshape(-1, 2)
    if rows.shape[0] < TAIL_BINS // 2:
        return None
    places = rows[:, 0].astype(int)
    density = rows[:, 1] / (edges[places + 1] - edges[places])
    middle = np.sqrt(edges[places] * edges[places + 1])
    return float(-np.polyfit(np.log(middle), np.log(density), 1)[0])
