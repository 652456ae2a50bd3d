with places as (
    select * from {{ ref('stg_places') }}
),

classified as (
    select * from {{ ref('int_places_classified') }}
),

named as (
    select * from {{ ref('int_merchants_named') }}
),

enriched as (
    select * from {{ ref('int_places_enriched') }}
),

merchants as (
    select
        places.place_id as merchant_id,
        enriched.settlement_id,
        enriched.district_id,
        enriched.region_id,
        enriched.city_name,
        places.postcode,
        enriched.district_name,
        enriched.region_name,
        case
            when named.mapped_name is not null then named.mapped_name
            when contains(named.name_pattern, '{locality}')
                then replace(named.name_pattern, '{locality}', coalesce(enriched.city_name, enriched.district_name))
            else concat(named.name_pattern, ', ', coalesce(enriched.city_name, enriched.district_name))
        end as merchant_name,
        classified.merchant_category,
        classified.risk_level,
        classified.merchant_category_code,
        places.latitude,
        places.longitude,
        places.h3_cell_r7,
        {{ h3_parent('places.h3_cell_r7', 7, 6) }} as h3_cell_r6,
        {{ h3_parent('places.h3_cell_r7', 7, 4) }} as h3_cell_r4
    from places
    inner join named on places.place_id = named.place_id
    inner join classified on places.place_id = classified.place_id
    inner join enriched on places.place_id = enriched.place_id and enriched.place_kind = 'place'
)

select * from merchants
order by merchant_id
