{{ config(tags=['answers']) }}

with payments as (
    select * from {{ ref('payments') }}
    where {{ in_build_window('event_date') }}
),

answers as (
    select * from {{ ref('evaluation_metadata') }}
    where is_fraud_in_truth and {{ in_build_window('event_date') }}
),

frauds as (
    select
        answers.attack_id,
        answers.typology,
        payments.customer_id,
        payments.status,
        payments.currency_code,
        payments.amount_minor,
        payments.is_fraud as is_reported,
        payments.event_date
    from answers
    inner join payments on answers.event_id = payments.event_id
),

typology_daily as (
    select
        typology,
        currency_code,
        count(*) as count_frauds,
        count(*) filter (where status = 'approved') as count_approved_frauds,
        count(*) filter (where is_reported) as count_reported_frauds,
        count(distinct attack_id) as count_attacks,
        count(distinct customer_id) as count_victims,
        coalesce(sum(amount_minor) filter (where status = 'approved'), 0)::bigint as approved_fraud_amount_minor,
        coalesce(sum(amount_minor) filter (where is_reported and status = 'approved'), 0)::bigint as reported_fraud_amount_minor,
        event_date
    from frauds
    group by event_date, typology, currency_code
)

select * from typology_daily
order by event_date, typology, currency_code
