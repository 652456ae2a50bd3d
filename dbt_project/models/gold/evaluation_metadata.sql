with frauds as (
    select * from {{ ref('stg_fraud') }}
),

payments as (
    select * from {{ ref('payments') }}
    where {{ in_build_window('event_date') }}
),

evaluation_metadata as (
    select
        payments.event_id,
        payments.customer_id,
        frauds.attack_id,
        frauds.campaign_id,
        frauds.typology,
        frauds.phase,
        frauds.campaign_phase,
        payments.channel,
        payments.status,
        payments.currency_code,
        payments.reported_by,
        payments.amount_minor,
        frauds.step,
        frauds.is_claimed,
        payments.is_fraud as is_reported,
        payments.event_date,
        payments.event_at,
        payments.label_known_at
    from frauds
    inner join payments on frauds.event_id = payments.event_id
)

select * from evaluation_metadata
order by event_at, event_id
