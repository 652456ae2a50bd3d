{{ config(materialized='ephemeral') }}

with places as (
    select
        place_id,
        'place' as place_kind,
        city_text,
        latitude,
        longitude
    from {{ ref('stg_places') }}
),

residences as (
    select
        residence_id as place_id,
        'residence' as place_kind,
        city_text,
        latitude,
        longitude
    from {{ ref('stg_residences') }}
),

all_places as (
    select * from places
    union all
    select * from residences
)

select * from all_places
