with candidates as (
    select * from {{ ref('int_city_texts_split') }}
),

settlement_names as (
    select
        region_id,
        unnest([name_key, local_name_key]) as known_key,
        name_key
    from {{ ref('int_settlements_in_districts') }}
),

known as (
    select
        region_id,
        known_key,
        min(name_key) as name_key
    from settlement_names
    group by region_id, known_key
),

region_names as (
    select distinct name_key
    from {{ ref('int_region_names_normalized') }}
    where match_method = 'exact'
),

exact as (
    select
        candidates.region_id,
        candidates.city_text,
        arg_min(known.name_key, row(candidates.part_number, known.name_key)) as name_key
    from candidates
    inner join known
        on
            candidates.region_id = known.region_id
            and candidates.part_key = known.known_key
    group by candidates.region_id, candidates.city_text
),

resembling as (
    select
        candidates.region_id,
        candidates.city_text,
        arg_max(known.name_key, row({{ name_similarity('candidates.part_key', 'known.known_key') }}, known.name_key)) as name_key,
        max({{ name_similarity('candidates.part_key', 'known.known_key') }}) as match_score
    from candidates
    anti join exact
        on
            candidates.region_id = exact.region_id
            and candidates.city_text = exact.city_text
    anti join region_names on candidates.part_key = region_names.name_key
    inner join known
        on
            candidates.region_id = known.region_id
            and abs(length(candidates.part_key) - length(known.known_key)) <= 3
            and length(candidates.part_key) >= 4
            and {{ name_similarity('candidates.part_key', 'known.known_key') }} >= {{ city_similarity_threshold() }}
    group by candidates.region_id, candidates.city_text
),

matched as (
    select
        region_id,
        city_text,
        name_key,
        'exact' as match_method,
        1.0::double as match_score
    from exact
    union all
    select
        region_id,
        city_text,
        name_key,
        'fuzzy' as match_method,
        match_score
    from resembling
)

select * from matched
