{#
    Nearest settlement of every point within a radius, as a query with place_kind, place_id, settlement_id, distance_km.

    Both sides are laid on a grid whose cells are a little wider than the radius (5 %, for meridians that converge
    inside a row), so the nearest settlement within the radius is always in one of nine cells and the join is an
    equality. Ties go to the smaller settlement_id.

    points: CTE with place_kind, place_id, latitude, longitude; settlements: CTE with settlement_id, latitude, longitude;
    radius: CTE of one row with radius_km.
#}
{% macro nearest_settlement(points, settlements, radius) -%}
    {%- set size = "(radius_km * 1.05 / 111.2)" -%}
    select
        point_cells.place_kind,
        point_cells.place_id,
        arg_min(settlement_cells.settlement_id, row(
            {{ haversine_km('point_cells.latitude', 'point_cells.longitude', 'settlement_cells.latitude', 'settlement_cells.longitude') }},
            settlement_cells.settlement_id
        )) as settlement_id,
        min({{ haversine_km('point_cells.latitude', 'point_cells.longitude', 'settlement_cells.latitude', 'settlement_cells.longitude') }}) as distance_km
    from (
        select
            points.*,
            floor(points.latitude / {{ size }})::integer as grid_row,
            floor(points.longitude * cos(radians((floor(points.latitude / {{ size }}) + 0.5) * {{ size }})) / {{ size }})::integer as grid_column
        from {{ points }} as points
        cross join {{ radius }} as radius
    ) as point_cells
    inner join (
        select
            neighbors.settlement_id,
            neighbors.latitude,
            neighbors.longitude,
            neighbors.radius_km,
            neighbors.grid_row,
            floor(neighbors.longitude * cos(radians((neighbors.grid_row + 0.5) * {{ size }})) / {{ size }})::integer
            + unnest([-1, 0, 1]) as grid_column
        from (
            select
                settlements.*,
                radius.radius_km,
                floor(settlements.latitude / {{ size }})::integer + unnest([-1, 0, 1]) as grid_row
            from {{ settlements }} as settlements
            cross join {{ radius }} as radius
        ) as neighbors
    ) as settlement_cells
        on
            point_cells.grid_row = settlement_cells.grid_row
            and point_cells.grid_column = settlement_cells.grid_column
    where
        {{ haversine_km('point_cells.latitude', 'point_cells.longitude', 'settlement_cells.latitude', 'settlement_cells.longitude') }}
        <= settlement_cells.radius_km
    group by point_cells.place_kind, point_cells.place_id
{%- endmacro %}
