with transactions as (
    select * from {{ ref('int_payments_with_sharing') }}
),

payment_features as (
    select * from {{ ref('stg_payment_features') }}
),

labels as (
    select * from {{ ref('stg_labels') }}
),

settings as (
    select * from {{ ref('stg_world_settings') }}
),

payments as (
    select
        transactions.event_id,
        transactions.customer_id,
        transactions.account_id,
        transactions.card_id,
        transactions.instrument_id,
        transactions.device_id,
        transactions.merchant_id,
        transactions.merchant_district_id,
        transactions.merchant_region_id,
        transactions.merchant_category::varchar as merchant_category,
        transactions.channel::varchar as channel,
        transactions.entry_mode::varchar as entry_mode,
        transactions.authentication::varchar as authentication,
        transactions.status::varchar as status,
        transactions.currency_code::varchar as currency_code,
        transactions.merchant_country_code::varchar as merchant_country_code,
        labels.reported_by::varchar as reported_by,
        transactions.amount_minor,
        transactions.merchant_category_code,
        transactions.h3_cell_r7,
        payment_features.seconds_since_last_payment,
        payment_features.seconds_since_last_on_instrument,
        payment_features.payment_sequence_number,
        payment_features.instrument_sequence_number,
        payment_features.speed_kmh,
        payment_features.log_speed,
        payment_features.hour_deviation,
        payment_features.amount_deviation,
        payment_features.count_payments_60s,
        payment_features.count_payments_1h,
        payment_features.count_payments_24h,
        transactions.merchant_report_share,
        transactions.device_report_share,
        transactions.ip_report_share,
        transactions.payee_report_share,
        transactions.cell_category_report_share,
        transactions.region_category_report_share,
        transactions.customer_report_share,
        transactions.merchant_risk_score,
        transactions.count_payee_payments,
        transactions.count_customer_reports,
        transactions.count_customer_disputes,
        transactions.count_device_others_7d,
        transactions.count_ip_others_1d,
        transactions.count_ip_others_7d,
        transactions.count_payee_others_7d,
        transactions.count_payee_payments_of_others_7d,
        case when labels.event_id is not null then settings.natural_weight_fraud else 1.0 end::double as natural_weight,
        transactions.is_present,
        payment_features.is_rapid_fire,
        payment_features.is_burst,
        payment_features.is_escalating,
        payment_features.is_category_switch,
        payment_features.is_new_device,
        payment_features.is_window_saturated,
        labels.event_id is not null as is_fraud,
        transactions.event_date,
        transactions.event_at,
        transactions.event_at_local,
        labels.label_known_at
    from transactions
    inner join payment_features on transactions.event_id = payment_features.event_id
    left join labels on transactions.event_id = labels.event_id
    cross join settings
)

select * from payments
