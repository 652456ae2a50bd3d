select
    label_event_id,
    event_id,
    label_event_kind::varchar as label_event_kind,
    made_by::varchar as made_by,
    event_date,
    label_event_known_at
from {{ source('bronze', 'label_events') }}
where {{ in_build_window('event_date') }}
