select
    place_id,
    osm_id,
    osm_type,
    tag_key,
    tag_value,
    nullif(trim(name), '') as place_name,
    nullif(trim(operator), '') as operator,
    nullif(trim(city), '') as city_text,
    {{ postcode_digits('postcode') }} as postcode,
    nullif(trim(state), '') as state_text,
    latitude,
    longitude,
    h3_cell_r7
from {{ source('osm', 'places') }}
