with enriched as (
    select * from {{ ref('int_places_enriched') }}
),

placement_summary as (
    select
        place_kind,
        placed_by,
        match_method,
        count(*) as count_places
    from enriched
    group by place_kind, placed_by, match_method
)

select * from placement_summary
order by place_kind, placed_by, match_method
