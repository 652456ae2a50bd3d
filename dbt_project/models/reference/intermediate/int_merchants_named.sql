with places as (
    select * from {{ ref('stg_places') }}
),

classified as (
    select * from {{ ref('int_places_classified') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

patterns as (
    select
        merchant_category,
        pattern,
        row_number() over (partition by merchant_category order by pattern) as pattern_number,
        count(*) over (partition by merchant_category) as count_patterns
    from {{ ref('merchant_name_patterns') }}
),

-- The words of the world, else the ones for any world.
world_words as (
    select name_words.word
    from {{ ref('merchant_name_words') }} as name_words
    cross join settings
    where
        name_words.world = settings.world
        or (
            name_words.world = '*'
            and settings.world not in (select world_names.world from {{ ref('merchant_name_words') }} as world_names)
        )
),

words as (
    select
        word,
        row_number() over (order by word) as word_number
    from world_words
),

counts as (
    select count(*) as count_words
    from words
),

category_counts as (
    select distinct
        merchant_category,
        count_patterns
    from patterns
),

-- Pattern and word depend on the place alone, so a name outlives changes of its neighbors.
hashed as materialized (
    select
        places.place_id,
        classified.merchant_category,
        case when settings.merchant_names = 'osm' then places.place_name end as mapped_name,
        -- md5, because it is the same on every machine and DuckDB version; its halves choose pattern and word.
        md5_number_lower(places.place_id::varchar) as place_hash,
        category_counts.count_patterns,
        counts.count_words
    from places
    inner join classified on places.place_id = classified.place_id
    inner join category_counts on classified.merchant_category = category_counts.merchant_category
    cross join counts
    cross join settings
    where classified.place_role = 'merchant' and not classified.is_duplicate
),

picked as (
    select
        place_id,
        merchant_category,
        mapped_name,
        1 + ((place_hash >> 32) % count_patterns)::bigint as pattern_number,
        1 + ((place_hash & 4294967295) % count_words)::bigint as word_number
    from hashed
),

named as (
    select
        picked.place_id,
        picked.mapped_name,
        replace(patterns.pattern, '{word}', words.word) as name_pattern
    from picked
    inner join patterns
        on
            picked.merchant_category = patterns.merchant_category
            and picked.pattern_number = patterns.pattern_number
    inner join words on picked.word_number = words.word_number
)

select * from named
