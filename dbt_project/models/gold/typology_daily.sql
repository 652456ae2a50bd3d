with frauds as (
    select * from {{ ref('evaluation_metadata') }}
    where {{ in_build_window('event_date') }}
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
