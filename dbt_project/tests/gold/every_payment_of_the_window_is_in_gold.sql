-- A payment without features would vanish from an inner join.
with transactions as (
    select * from {{ ref('stg_transactions') }}
),

payments as (
    select * from {{ ref('payments') }}
)

select transactions.event_id
from transactions
anti join payments on transactions.event_id = payments.event_id
