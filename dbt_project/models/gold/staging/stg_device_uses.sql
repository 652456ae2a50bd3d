select
    device_id,
    customer_id,
    user_agent::varchar as user_agent,
    event_date,
    event_at
from {{ without_catalog(source('bronze', 'transactions')) }}
where device_id is not null
