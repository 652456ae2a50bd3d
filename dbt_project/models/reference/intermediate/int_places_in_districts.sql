with places as (
    select * from {{ ref('int_places') }}
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

near_settlements as (
    select * from {{ ref('int_places_near_settlements') }}
),

settlements as (
    select * from {{ ref('int_settlements_in_districts') }}
),

-- The bare predicate makes DuckDB choose its spatial join; a place on a border meets two tiles and takes the smaller id.
located as (
    select
        places.place_id,
        places.place_kind,
        any_value(places.city_text) as city_text,
        min(district_tiles.district_id) as district_id
    from places
    left join district_tiles on st_intersects(district_tiles.tile, st_point(places.longitude, places.latitude))
    group by places.place_id, places.place_kind
),

-- Coasts, islands and gaps between outlines: the district of the nearest settlement.
placed as (
    select
        located.place_id,
        coalesce(located.district_id, nullif(settlements.district_id, 0), 0) as district_id,
        located.place_kind,
        case
            when located.district_id is not null then 'boundary'
            when settlements.district_id != 0 then 'settlement'
            else 'none'
        end as placed_by,
        located.city_text
    from located
    left join near_settlements
        on
            located.place_kind = near_settlements.place_kind
            and located.place_id = near_settlements.place_id
    left join settlements on near_settlements.settlement_id = settlements.settlement_id
),

places_in_districts as (
    select
        placed.place_id,
        placed.district_id,
        coalesce(districts.region_id, 0) as region_id,
        placed.place_kind,
        placed.placed_by,
        placed.city_text
    from placed
    left join districts on placed.district_id = districts.district_id
)

select * from places_in_districts
