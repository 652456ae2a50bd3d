with residences as (
    select * from {{ ref('stg_residences') }}
),

enriched as (
    select * from {{ ref('int_places_enriched') }}
),

settlements as (
    select * from {{ ref('int_settlements_in_districts') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

settlement_residences as (
    select
        settlements.settlement_id,
        settlements.population,
        count(*) as count_residences
    from enriched
    inner join settlements on enriched.settlement_id = settlements.settlement_id
    where enriched.place_kind = 'residence'
    group by settlements.settlement_id, settlements.population
),

-- A home outside every settlement weighs as much as the lightest home inside one, or 1 where there is none.
-- The total is a sum of integers times one ratio, so it does not depend on the order of rows.
totals as (
    select
        coalesce(min(population / count_residences), 1.0) as lightest_weight,
        coalesce(sum(population), 0)::double
        + lightest_weight * ((select count(*) from residences) - coalesce(sum(count_residences), 0)) as total_weight
    from settlement_residences
),

residential as (
    select
        residences.residence_id,
        enriched.settlement_id,
        enriched.district_id,
        enriched.region_id,
        enriched.city_name,
        residences.postcode,
        enriched.district_name,
        enriched.region_name,
        case
            when settlement_residences.population >= settings.metro_population then 'Metro'
            when settlement_residences.population >= settings.urban_population then 'Urban'
            when settlement_residences.population >= settings.semi_urban_population then 'Semi-Urban'
            else 'Rural'
        end as location_type,
        coalesce(
            settlement_residences.population / settlement_residences.count_residences,
            totals.lightest_weight
        ) / totals.total_weight as population_weight,
        residences.latitude,
        residences.longitude,
        residences.h3_cell_r7,
        {{ h3_parent('residences.h3_cell_r7', 7, 6) }} as h3_cell_r6,
        {{ h3_parent('residences.h3_cell_r7', 7, 4) }} as h3_cell_r4
    from residences
    inner join enriched on residences.residence_id = enriched.place_id and enriched.place_kind = 'residence'
    left join settlement_residences on enriched.settlement_id = settlement_residences.settlement_id
    cross join settings
    cross join totals
)

select * from residential
order by residence_id
