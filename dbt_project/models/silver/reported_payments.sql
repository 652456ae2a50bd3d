with payments as (
    select * from {{ ref('int_payments_with_regions') }}
),

label_events as (
    select * from {{ ref('stg_label_events') }}
),

labels as (
    select * from {{ ref('stg_labels') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

disputes as (
    select
        event_id,
        min(label_event_known_at) as dispute_known_at
    from label_events
    where label_event_kind = 'reported' and made_by = 'victim'
    group by event_id
),

reports as (
    select
        coalesce(labels.event_id, disputes.event_id) as event_id,
        labels.label_known_at,
        disputes.dispute_known_at
    from labels
    full join disputes on labels.event_id = disputes.event_id
),

reported_payments as (
    select
        payments.event_id,
        payments.customer_id,
        payments.merchant_id,
        payments.device_id,
        payments.payee_id,
        payments.merchant_region_id,
        payments.merchant_category::varchar as merchant_category,
        payments.ip_address,
        payments.h3_cell_r7,
        payments.event_date,
        {{ usable_date('reports.label_known_at') }} as label_usable_date,
        {{ usable_date('reports.dispute_known_at') }} as dispute_usable_date
    from payments
    inner join reports on payments.event_id = reports.event_id
    cross join settings
)

select * from reported_payments
