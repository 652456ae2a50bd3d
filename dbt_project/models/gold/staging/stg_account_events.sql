select
    event_id,
    customer_id,
    account_id,
    event_kind::varchar as event_kind,
    amount_minor,
    event_date,
    event_at
from {{ source('bronze', 'account_events') }}
where event_date < {{ build_window().end_date }}
