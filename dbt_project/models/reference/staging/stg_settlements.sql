with settlements as (
    select * from {{ source('osm', 'settlements') }}
),

settlement_kinds as (
    select * from {{ ref('settlement_kinds') }}
),

-- A kind the list does not know is a settlement of unknown size, and counts as the smallest named one.
smallest_kind as (
    select min(assumed_population_people) as population
    from settlement_kinds
    where settlement_kind = 'hamlet'
),

named as (
    select
        settlements.settlement_id,
        settlements.settlement_kind,
        coalesce(nullif(trim(settlements.name_en), ''), trim(settlements.name)) as settlement_name,
        {{ city_key('settlements.name') }} as local_name_key,
        nullif(trim(settlements.state), '') as state_text,
        coalesce(
            nullif(settlements.population, 0),
            settlement_kinds.assumed_population_people,
            smallest_kind.population
        )::bigint as population,
        settlements.latitude,
        settlements.longitude,
        coalesce(settlements.population, 0) > 0 as has_mapped_population
    from settlements
    left join settlement_kinds on settlements.settlement_kind = settlement_kinds.settlement_kind
    cross join smallest_kind
    where coalesce(settlement_kinds.is_settlement, true)
),

settlements_named as (
    select
        settlement_id,
        settlement_kind,
        settlement_name,
        {{ city_key('settlement_name') }} as name_key,
        local_name_key,
        state_text,
        population,
        latitude,
        longitude,
        has_mapped_population
    from named
)

select * from settlements_named
