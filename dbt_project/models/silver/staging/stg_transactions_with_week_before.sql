select
    event_id,
    customer_id,
    device_id,
    payee_id,
    ip_address,
    event_date
from {{ source('bronze', 'transactions') }}
where
    event_date >= {{ build_window().start_date }} - interval 7 days
    and event_date < {{ build_window().end_date }}
