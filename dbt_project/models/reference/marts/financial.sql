with places as (
    select * from {{ ref('stg_places') }}
),

classified as (
    select * from {{ ref('int_places_classified') }}
),

enriched as (
    select * from {{ ref('int_places_enriched') }}
),

financial as (
    select
        places.place_id as financial_id,
        enriched.settlement_id,
        enriched.district_id,
        enriched.region_id,
        enriched.city_name,
        places.postcode,
        enriched.district_name,
        enriched.region_name,
        classified.financial_kind,
        places.operator,
        places.latitude,
        places.longitude,
        places.h3_cell_r7,
        {{ h3_parent('places.h3_cell_r7', 7, 6) }} as h3_cell_r6,
        {{ h3_parent('places.h3_cell_r7', 7, 4) }} as h3_cell_r4
    from places
    inner join classified on places.place_id = classified.place_id
    inner join enriched on places.place_id = enriched.place_id and enriched.place_kind = 'place'
    where classified.place_role = 'financial' and not classified.is_duplicate
)

select * from financial
order by financial_id
