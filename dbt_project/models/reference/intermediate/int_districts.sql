with boundaries as (
    select * from {{ ref('stg_boundaries') }}
),

admin_levels as (
    select * from {{ ref('int_admin_levels') }}
),

regions as (
    select * from {{ ref('int_regions') }}
),

region_names as (
    select * from {{ ref('int_region_names_normalized') }}
),

districts as (
    select
        boundaries.boundary_id as district_id,
        boundaries.boundary_name as district_name,
        boundaries.state_text,
        boundaries.boundary_wkb,
        st_pointonsurface(st_geomfromwkb(boundaries.boundary_wkb)) as inner_point
    from boundaries
    inner join admin_levels on boundaries.admin_level = admin_levels.district_admin_level
),

in_regions as (
    select
        districts.district_id,
        min(regions.region_id) as region_id
    from districts
    inner join regions on st_intersects(st_geomfromwkb(regions.boundary_wkb), districts.inner_point)
    group by districts.district_id
),

named_regions as (
    select
        region_names.state_text,
        min(regions.region_id) as region_id
    from region_names
    inner join regions on region_names.region_name = regions.region_name
    group by region_names.state_text
),

districts_in_regions as (
    select
        districts.district_id,
        coalesce(in_regions.region_id, named_regions.region_id, 0) as region_id,
        districts.district_name,
        case
            when in_regions.region_id is not null then 'boundary'
            when named_regions.region_id is not null then 'name'
            else 'none'
        end as region_match_method,
        districts.boundary_wkb
    from districts
    left join in_regions on districts.district_id = in_regions.district_id
    left join named_regions on districts.state_text = named_regions.state_text
),

-- A region that is mapped without districts is its own district, so that places in it still have both.
undivided_regions as (
    select
        regions.region_id as district_id,
        regions.region_id,
        regions.region_name as district_name,
        'itself' as region_match_method,
        regions.boundary_wkb
    from regions
    anti join districts_in_regions on regions.region_id = districts_in_regions.region_id
    anti join districts on regions.region_id = districts.district_id
),

all_districts as (
    select * from districts_in_regions
    union all
    select * from undivided_regions
),

measured as (
    select
        all_districts.district_id,
        all_districts.region_id,
        all_districts.district_name,
        coalesce(regions.region_name, 'Outside') as region_name,
        all_districts.region_match_method,
        -- st_area_spheroid wants latitude first.
        st_area_spheroid(st_flipcoordinates(st_geomfromwkb(all_districts.boundary_wkb))) / 1e6 as area_km2,
        all_districts.boundary_wkb
    from all_districts
    left join regions on all_districts.region_id = regions.region_id
)

select * from measured
