with places as (
    select * from {{ ref('stg_places') }}
),

categories as (
    select * from {{ ref('place_categories') }}
),

-- Every shop is a merchant, other tags only when the map of categories knows them; an empty shop is none.
classified as (
    select
        places.place_id,
        places.osm_type,
        case
            when places.tag_key = 'amenity' and places.tag_value in ('atm', 'bank') then 'financial'
            when places.tag_key = 'shop' and places.tag_value in ('no', 'vacant', 'disused') then 'none'
            when places.tag_key = 'shop' or categories.merchant_category is not null then 'merchant'
            else 'none'
        end as place_role,
        coalesce(categories.merchant_category, 'GENERAL_RETAIL') as merchant_category,
        coalesce(categories.risk_level, 'LOW') as risk_level,
        nullif({{ fold_text('coalesce(places.place_name, places.operator)') }}, '') as name_key,
        case
            when places.tag_key = 'amenity' and places.tag_value in ('atm', 'bank') then places.tag_value
        end as financial_kind,
        coalesce(categories.merchant_category_code, 5999)::smallint as merchant_category_code,
        places.latitude,
        places.longitude
    from places
    left join categories
        on
            places.tag_key = categories.tag_key
            and places.tag_value = categories.tag_value
),

-- The same shop drawn as a point and as a building: same name and kind within 30 m. The point stays.
-- A cell of 0.001 degrees is at least 30 m wide up to 74 degrees of latitude.
nodes as (
    select
        *,
        floor(latitude * 1000)::integer as grid_row,
        floor(longitude * 1000)::integer as grid_column
    from classified
    where osm_type = 'node' and name_key is not null and place_role != 'none'
),

way_rows as (
    select
        *,
        floor(latitude * 1000)::integer + unnest([-1, 0, 1]) as grid_row
    from classified
    where osm_type = 'way' and name_key is not null and place_role != 'none'
),

way_cells as (
    select
        *,
        floor(longitude * 1000)::integer + unnest([-1, 0, 1]) as grid_column
    from way_rows
),

duplicates as (
    select
        way_cells.place_id,
        min(nodes.place_id) as duplicate_of_place_id
    from way_cells
    inner join nodes
        on
            way_cells.grid_row = nodes.grid_row
            and way_cells.grid_column = nodes.grid_column
            and way_cells.name_key = nodes.name_key
            and way_cells.place_role = nodes.place_role
            and way_cells.merchant_category = nodes.merchant_category
            and way_cells.financial_kind is not distinct from nodes.financial_kind
    where {{ haversine_km('way_cells.latitude', 'way_cells.longitude', 'nodes.latitude', 'nodes.longitude') }} <= 0.03
    group by way_cells.place_id
),

places_classified as (
    select
        classified.place_id,
        duplicates.duplicate_of_place_id,
        classified.place_role,
        classified.merchant_category,
        classified.risk_level,
        classified.financial_kind,
        classified.merchant_category_code,
        duplicates.duplicate_of_place_id is not null as is_duplicate
    from classified
    left join duplicates on classified.place_id = duplicates.place_id
)

select * from places_classified
