with boundaries as (
    select * from {{ ref('stg_boundaries') }}
),

admin_levels as (
    select * from {{ ref('int_admin_levels') }}
),

region_names as (
    select * from {{ ref('int_region_names_normalized') }}
),

regions as (
    select
        boundaries.boundary_id as region_id,
        coalesce(region_names.region_name, boundaries.boundary_name) as region_name,
        boundaries.iso_code,
        boundaries.boundary_wkb
    from boundaries
    inner join admin_levels on boundaries.admin_level = admin_levels.region_admin_level
    left join region_names on boundaries.boundary_name = region_names.state_text
)

select * from regions
