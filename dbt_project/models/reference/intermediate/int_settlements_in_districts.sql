with settlements as (
    select * from {{ ref('stg_settlements') }}
),

district_tiles as (
    select
        district_id,
        st_geomfromwkb(tile_wkb) as tile
    from {{ ref('int_district_tiles') }}
),

districts as (
    select * from {{ ref('int_districts') }}
),

located as (
    select
        settlements.settlement_id,
        min(district_tiles.district_id) as district_id
    from settlements
    left join district_tiles on st_intersects(district_tiles.tile, st_point(settlements.longitude, settlements.latitude))
    group by settlements.settlement_id
),

settlements_in_districts as (
    select
        settlements.settlement_id,
        coalesce(located.district_id, 0) as district_id,
        coalesce(districts.region_id, 0) as region_id,
        settlements.settlement_name,
        settlements.name_key,
        settlements.local_name_key,
        settlements.population,
        settlements.latitude,
        settlements.longitude
    from settlements
    inner join located on settlements.settlement_id = located.settlement_id
    left join districts on located.district_id = districts.district_id
)

select * from settlements_in_districts
