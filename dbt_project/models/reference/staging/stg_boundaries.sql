with boundaries as (
    select * from {{ source('osm', 'boundaries') }}
),

-- An outline that crosses itself would stop the whole build at the first intersection.
repaired as (
    select
        boundary_id,
        coalesce(nullif(trim(name_en), ''), trim(name)) as boundary_name,
        nullif(trim(iso_code), '') as iso_code,
        nullif(trim(state), '') as state_text,
        admin_level,
        case
            when st_isvalid(st_geomfromwkb(boundary_wkb)) then boundary_wkb
            else st_aswkb(st_makevalid(st_geomfromwkb(boundary_wkb)))::blob
        end as boundary_wkb
    from boundaries
)

select * from repaired
