{{ config(materialized='view', tags=['answers']) }}

with payments as (select * from {{ without_catalog(ref('payments')) }}),

fraud as (select * from {{ ref('stg_fraud') }}),

attacks as (select * from {{ ref('stg_attacks') }}),

settings as (select * from {{ ref('stg_world_settings') }}),

closing as (
    select {{ opening_of('max(payments.event_date) + 1') }} as closed_at
    from payments
    cross join settings
    group by settings.timezone
),

confirmed as (
    select
        payments.event_id,
        payments.customer_id,
        payments.event_at,
        payments.label_known_at as fraud_confirmed_at
    from payments
    cross join closing
    where {{ label_is_known('payments.label_known_at', 'closing.closed_at') }}
),

first_confirmed as (
    select
        customer_id,
        min(event_at) as fraud_at,
        min(fraud_confirmed_at) as first_confirmed_at
    from confirmed
    group by customer_id
),

evaluation_metadata as (
    select
        payments.event_id,
        payments.customer_id,
        fraud.attack_id,
        fraud.campaign_id,
        attacks.actor_id,
        fraud.typology,
        fraud.phase,
        fraud.campaign_phase,
        fraud.step,
        row_number() over (partition by payments.customer_id order by payments.event_at, payments.event_id) as sequence_number,
        (epoch_us(first_confirmed.fraud_at) - epoch_us(payments.event_at)) / 86400000000 as days_to_fraud,
        fraud.event_id is not null as is_fraud_in_truth,
        coalesce(fraud.is_claimed, false) as is_claimed,
        coalesce(payments.event_at < first_confirmed.fraud_at, false) as is_pre_fraud,
        coalesce(payments.event_at <= first_confirmed.first_confirmed_at, true) as is_train_eligible,
        payments.event_date,
        confirmed.fraud_confirmed_at
    from payments
    left join fraud on payments.event_id = fraud.event_id
    left join attacks on fraud.attack_id = attacks.attack_id
    left join confirmed on payments.event_id = confirmed.event_id
    left join first_confirmed on payments.customer_id = first_confirmed.customer_id
)

select * from evaluation_metadata
