with districts as (
    select * from {{ ref('int_districts') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

-- District 0 takes what no outline holds; in a world without outlines that is the world itself.
outside_names as (
    select
        case
            when (select count(*) from districts) > 0 then 'Outside'
            else concat(upper(world[1]), replace(world[2:], '_', ' '))
        end as outside_name
    from settings
),

all_districts as (
    select
        district_id,
        region_id,
        district_name,
        region_name,
        boundary_wkb
    from districts
    union all
    select
        0 as district_id,
        0 as region_id,
        outside_name as district_name,
        outside_name as region_name,
        null::blob as boundary_wkb
    from outside_names
)

select * from all_districts
order by district_id
