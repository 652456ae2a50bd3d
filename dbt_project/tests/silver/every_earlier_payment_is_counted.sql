-- The counts before the window stand on what earlier windows left in the table: a missing month would make them small.
with payments as (
    select count(*) as count_payments
    from {{ source('bronze', 'transactions') }}
    where event_date < {{ build_window().end_date }}
),

counted as (
    select coalesce(sum(count_payments), 0) as count_payments
    from {{ ref('entity_reputation') }}
    where entity_kind = 'world' and event_date < {{ build_window().end_date }}
)

select
    payments.count_payments,
    counted.count_payments as count_counted
from payments
cross join counted
where payments.count_payments <> counted.count_payments
