with city_texts as (
    select distinct
        region_id,
        city_text
    from {{ ref('int_places_in_districts') }}
    where city_text is not null
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

-- Addresses go from small to large: the last comma part is the likeliest city, after the text as a whole.
split_texts as (
    select
        region_id,
        city_text,
        unnest(list_concat([city_text], list_reverse(string_split(city_text, ',')))) as part,
        unnest(range(1 + len(string_split(city_text, ',')))) as part_number
    from city_texts
),

parts as (
    select
        region_id,
        city_text,
        part_number,
        {{ city_key('part') }} as part_key
    from split_texts
),

-- "Pune Maharashtra": the same without a region at its end, unless nothing is left.
candidates as (
    select
        region_id,
        city_text,
        part_number,
        part_key
    from parts
    union all
    select
        parts.region_id,
        parts.city_text,
        parts.part_number + 100 as part_number,
        trim(parts.part_key[:-(length(region_names.name_key) + 1)]) as part_key
    from parts
    inner join region_names
        on
            length(region_names.name_key) >= 4
            and ends_with(parts.part_key, concat(' ', region_names.name_key))
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
