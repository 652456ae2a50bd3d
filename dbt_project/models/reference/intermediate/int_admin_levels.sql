{{ config(materialized='ephemeral') }}

with boundaries as (
    select * from {{ ref('stg_boundaries') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

-- The configured level when the map has it, else the other one, else the finest level that is larger than a suburb.
districts as (
    select
        max(settings.region_admin_level) as wanted_region_level,
        coalesce(
            max(boundaries.admin_level) filter (where boundaries.admin_level = settings.district_admin_level),
            max(boundaries.admin_level) filter (where boundaries.admin_level = settings.region_admin_level),
            max(boundaries.admin_level) filter (where boundaries.admin_level between 3 and 8)
        ) as district_admin_level
    from boundaries
    cross join settings
),

admin_levels as (
    select
        districts.district_admin_level,
        coalesce(
            max(boundaries.admin_level) filter (where boundaries.admin_level = districts.wanted_region_level),
            districts.district_admin_level
        ) as region_admin_level
    from districts
    left join boundaries on districts.wanted_region_level = boundaries.admin_level
    group by districts.district_admin_level
)

select * from admin_levels
