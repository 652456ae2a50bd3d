select
    event_id,
    reported_by,
    event_date,
    label_known_at
from {{ source('bronze', 'labels') }}
where {{ in_build_window('event_date') }}
