{#- First within a fifth of the radius, where nearly all places find theirs among few candidates, then the rest. -#}
with places as (
    select
        place_id,
        place_kind,
        latitude,
        longitude
    from {{ ref('int_places') }}
),

settlements as (
    select
        settlement_id,
        latitude,
        longitude
    from {{ ref('int_settlements_in_districts') }}
),

full_radius as (
    select settlement_radius_km as radius_km
    from {{ ref('stg_world_settings') }}
),

short_radius as (
    select radius_km / 5 as radius_km
    from full_radius
),

close_by as (
    {{ nearest_settlement('places', 'settlements', 'short_radius') }}
),

remaining as (
    select places.*
    from places
    anti join close_by
        on
            places.place_kind = close_by.place_kind
            and places.place_id = close_by.place_id
),

further_away as (
    {{ nearest_settlement('remaining', 'settlements', 'full_radius') }}
),

near_settlements as (
    select * from close_by
    union all
    select * from further_away
)

select
    place_id,
    settlement_id,
    place_kind,
    distance_km
from near_settlements
