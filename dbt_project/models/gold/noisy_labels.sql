{{ config(materialized='view', tags=['answers']) }}

with evaluation_metadata as (select * from {{ without_catalog(ref('evaluation_metadata')) }}),

settings as (select * from {{ ref('stg_world_settings') }}),

drawn as (
    select
        event_id,
        event_date,
        is_fraud_in_truth,
        md5_number_lower('noisy label ' || event_id) / 18446744073709551616::double as draw
    from evaluation_metadata
),

noisy_labels as (
    select
        drawn.event_id,
        case
            when drawn.is_fraud_in_truth and drawn.draw < settings.false_negative_share then 'fn'
            when not drawn.is_fraud_in_truth and drawn.draw < settings.false_positive_share then 'fp'
            else 'none'
        end as label_noise,
        drawn.is_fraud_in_truth <> (label_noise <> 'none') as is_fraud,
        drawn.event_date
    from drawn
    cross join settings
)

select * from noisy_labels
