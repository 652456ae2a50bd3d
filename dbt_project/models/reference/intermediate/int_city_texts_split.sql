with city_texts as (
    select distinct
        region_id,
        city_text
    from {{ ref('int_places_in_districts') }}
    where city_text is not null
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
)

select * from candidates
