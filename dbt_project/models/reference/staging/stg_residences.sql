select
    place_id as residence_id,
    osm_id,
    osm_type,
    residence_kind,
    nullif(trim(city), '') as city_text,
    {{ postcode_digits('postcode') }} as postcode,
    nullif(trim(state), '') as state_text,
    latitude,
    longitude,
    h3_cell_r7
from {{ source('osm', 'residences') }}
