with places as (
    select * from {{ ref('stg_places') }}
),

classified as (
    select * from {{ ref('int_places_classified') }}
),

enriched as (
    select * from {{ ref('int_places_enriched') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

patterns as (
    select
        merchant_category,
        list(pattern order by pattern) as patterns
    from {{ ref('merchant_name_patterns') }}
    group by merchant_category
),

-- The words of the world, else the ones for any world.
words as (
    select
        coalesce(
            list(name_words.word order by name_words.word) filter (where name_words.world = settings.world),
            list(name_words.word order by name_words.word) filter (where name_words.world = '*')
        ) as words
    from {{ ref('merchant_name_words') }} as name_words
    cross join settings
),

-- A trailing locality keeps names apart from town to town; the pattern and the word depend on the place alone.
named as (
    select
        places.place_id,
        coalesce(enriched.city_name, enriched.district_name) as locality,
        replace(
            {{ stable_pick('patterns.patterns', 'places.place_id', 'pattern') }},
            '{word}',
            {{ stable_pick('words.words', 'places.place_id', 'word') }}
        ) as pattern
    from places
    inner join classified on places.place_id = classified.place_id
    inner join patterns on classified.merchant_category = patterns.merchant_category
    inner join enriched on places.place_id = enriched.place_id and enriched.place_kind = 'place'
    cross join words
    where classified.place_role = 'merchant' and not classified.is_duplicate
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
            when settings.merchant_names = 'osm' and places.place_name is not null then places.place_name
            when contains(named.pattern, '{locality}') then replace(named.pattern, '{locality}', named.locality)
            else concat(named.pattern, ', ', named.locality)
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
    cross join settings
)

select * from merchants
order by merchant_id
