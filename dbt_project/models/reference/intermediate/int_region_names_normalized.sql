with settings as (
    select * from {{ ref('stg_world_settings') }}
),

aliases as (
    select
        {{ region_key('region_aliases.alias') }} as name_key,
        min(region_aliases.region_name) as region_name
    from {{ ref('region_aliases') }} as region_aliases
    inner join settings on region_aliases.world = settings.world
    group by name_key
),

mapped_regions as (
    select distinct
        boundaries.boundary_name as state_text,
        {{ region_key('boundaries.boundary_name') }} as name_key
    from {{ ref('stg_boundaries') }} as boundaries
    inner join {{ ref('int_admin_levels') }} as admin_levels
        on boundaries.admin_level = admin_levels.region_admin_level
),

known as (
    select
        name_key,
        region_name
    from aliases
    union all
    select
        mapped_regions.name_key,
        min(mapped_regions.state_text) as region_name
    from mapped_regions
    anti join aliases on mapped_regions.name_key = aliases.name_key
    group by mapped_regions.name_key
),

state_texts as (
    select state_text from {{ ref('stg_places') }}
    union
    select state_text from {{ ref('stg_residences') }}
    union
    select state_text from {{ ref('stg_settlements') }}
    union
    select state_text from {{ ref('stg_boundaries') }}
    union
    select state_text from mapped_regions
),

keyed as (
    select
        state_text,
        {{ region_key('state_text') }} as name_key
    from state_texts
    where state_text is not null
),

-- Short names and postal abbreviations have too few letters for likeness to mean anything.
resembling as (
    select
        keyed.state_text,
        arg_max(known.region_name, row({{ name_similarity('keyed.name_key', 'known.name_key') }}, known.region_name)) as region_name,
        max({{ name_similarity('keyed.name_key', 'known.name_key') }}) as match_score
    from keyed
    anti join known as exact on keyed.name_key = exact.name_key
    inner join known
        on
            length(keyed.name_key) >= 5
            and length(known.name_key) >= 4
            and {{ name_similarity('keyed.name_key', 'known.name_key') }} >= {{ region_similarity_threshold() }}
    group by keyed.state_text
),

normalized as (
    select
        keyed.state_text,
        keyed.name_key,
        coalesce(exact.region_name, resembling.region_name) as region_name,
        case
            when exact.region_name is not null then 'exact'
            when resembling.region_name is not null then 'fuzzy'
            else 'none'
        end as match_method,
        case
            when exact.region_name is not null then 1.0
            else resembling.match_score
        end::double as match_score
    from keyed
    left join known as exact on keyed.name_key = exact.name_key
    left join resembling on keyed.state_text = resembling.state_text
)

select * from normalized
