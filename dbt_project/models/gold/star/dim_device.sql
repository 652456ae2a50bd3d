{{ config(materialized='view') }}

with device_uses as (
    select * from {{ ref('stg_device_uses') }}
),

dim_device as (
    select
        device_id,
        arg_max(user_agent, event_at) as user_agent,
        count(distinct customer_id) as count_customers,
        count(*) as count_payments,
        min(event_date) as first_seen_date,
        max(event_date) as last_seen_date
    from device_uses
    group by device_id
)

select * from dim_device
