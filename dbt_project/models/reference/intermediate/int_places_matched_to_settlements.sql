with places as (
    select * from {{ ref('int_places') }}
),

districts as (
    select * from {{ ref('int_places_in_districts') }}
),

city_names as (
    select * from {{ ref('int_city_names_matched') }}
),

settlements as (
    select * from {{ ref('int_settlements_in_districts') }}
),

near_settlements as (
    select * from {{ ref('int_places_near_settlements') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

named as (
    select
        places.place_id,
        places.place_kind,
        settlements.settlement_id,
        city_names.match_method,
        city_names.match_score,
        {{ haversine_km('places.latitude', 'places.longitude', 'settlements.latitude', 'settlements.longitude') }} as distance_km
    from places
    inner join districts
        on
            places.place_kind = districts.place_kind
            and places.place_id = districts.place_id
    inner join city_names
        on
            districts.region_id = city_names.region_id
            and districts.city_text = city_names.city_text
    inner join settlements
        on
            city_names.region_id = settlements.region_id
            and city_names.name_key = settlements.name_key
),

-- Many villages share a name: the nearest is meant. Far beyond reach the position is believed, not the address.
nearest_named as (
    select
        named.place_id,
        named.place_kind,
        arg_min(named.settlement_id, row(named.distance_km, named.settlement_id)) as settlement_id,
        any_value(named.match_method) as match_method,
        any_value(named.match_score) as match_score,
        min(named.distance_km) as distance_km
    from named
    cross join settings
    where named.distance_km <= 4 * settings.settlement_radius_km
    group by named.place_id, named.place_kind
),

matched as (
    select
        places.place_id,
        coalesce(nearest_named.settlement_id, near_settlements.settlement_id) as settlement_id,
        places.place_kind,
        case
            when nearest_named.settlement_id is not null then nearest_named.match_method
            when near_settlements.settlement_id is not null then 'nearest'
            else 'none'
        end as match_method,
        nearest_named.match_score,
        coalesce(nearest_named.distance_km, near_settlements.distance_km) as distance_km
    from places
    left join nearest_named
        on
            places.place_kind = nearest_named.place_kind
            and places.place_id = nearest_named.place_id
    left join near_settlements
        on
            places.place_kind = near_settlements.place_kind
            and places.place_id = near_settlements.place_id
),

places_matched as (
    select
        matched.place_id,
        matched.settlement_id,
        matched.place_kind,
        settlements.settlement_name as city_name,
        matched.match_method,
        matched.match_score,
        matched.distance_km
    from matched
    left join settlements on matched.settlement_id = settlements.settlement_id
)

select * from places_matched
