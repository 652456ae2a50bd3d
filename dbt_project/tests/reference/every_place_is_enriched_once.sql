-- A place on a border, or on the edge of two tiles, must come out once, and none may get lost.
with places as (
    select
        place_kind,
        place_id,
        count(*) as count_rows
    from {{ ref('int_places_enriched') }}
    group by place_kind, place_id
),

sources as (
    select
        place_kind,
        place_id
    from {{ ref('int_places') }}
)

select
    place_kind,
    place_id
from places
where count_rows != 1
union all
select
    sources.place_kind,
    sources.place_id
from sources
anti join places
    on
        sources.place_kind = places.place_kind
        and sources.place_id = places.place_id
