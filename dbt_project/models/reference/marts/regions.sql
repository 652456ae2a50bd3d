with regions as (
    select
        region_id,
        region_name,
        iso_code
    from {{ ref('int_regions') }}
    union all
    select
        region_id,
        region_name,
        null as iso_code
    from {{ ref('districts') }}
    where district_id = 0
),

populations as (
    select
        region_id,
        sum(population)::bigint as population
    from {{ ref('int_settlements_in_districts') }}
    group by region_id
),

regions_with_population as (
    select
        regions.region_id,
        regions.region_name,
        regions.iso_code,
        coalesce(populations.population, 0)::bigint as population
    from regions
    left join populations on regions.region_id = populations.region_id
)

select * from regions_with_population
order by region_id
