-- A payment names a shop or cash machine of the map, or a shop without a place on it.
select
    payments.event_id,
    payments.merchant_id
from {{ ref('payments') }} as payments
left join {{ ref('int_merchants_of_payments') }} as merchants on payments.merchant_id = merchants.merchant_id
where payments.merchant_id is not null and merchants.merchant_id is null
