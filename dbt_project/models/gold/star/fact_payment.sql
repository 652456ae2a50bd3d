{{ config(materialized='view') }}

with payments as (
    select * from {{ without_catalog(ref('payments')) }}
),

fact_payment as (
    select
        event_id,
        customer_id,
        account_id,
        card_id,
        instrument_id,
        device_id,
        merchant_id,
        merchant_category,
        channel,
        entry_mode,
        authentication,
        status,
        currency_code,
        reported_by,
        amount_minor,
        h3_cell_r7,
        natural_weight,
        is_present,
        is_fraud,
        event_date,
        event_at,
        event_at_local,
        label_known_at
    from payments
)

select * from fact_payment
