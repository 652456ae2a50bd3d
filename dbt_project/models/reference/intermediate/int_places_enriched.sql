{{ config(materialized='ephemeral') }}

with in_districts as (
    select * from {{ ref('int_places_in_districts') }}
),

matched as (
    select * from {{ ref('int_places_matched_to_settlements') }}
),

districts as (
    select * from {{ ref('districts') }}
),

enriched as (
    select
        in_districts.place_id,
        matched.settlement_id,
        in_districts.district_id,
        in_districts.region_id,
        in_districts.place_kind,
        in_districts.placed_by,
        matched.match_method,
        matched.city_name,
        districts.district_name,
        districts.region_name
    from in_districts
    inner join matched
        on
            in_districts.place_kind = matched.place_kind
            and in_districts.place_id = matched.place_id
    inner join districts on in_districts.district_id = districts.district_id
)

select * from enriched
