with transactions as (select * from {{ ref('int_payments_with_entities') }}),

payment_features as (select * from {{ ref('stg_payment_features') }}),

labels as (select * from {{ ref('stg_labels') }}),

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
        case when labels.event_id is not null then world_settings.natural_weight_fraud else 1.0 end::double as natural_weight,
        transactions.is_present,
        payment_features.* exclude (event_id, event_date),  -- noqa: RF02
        labels.event_id is not null as is_fraud,
        transactions.event_date,
        transactions.event_at,
        transactions.event_at_local,
        labels.label_known_at
    from transactions
    inner join payment_features on transactions.event_id = payment_features.event_id
    left join labels on transactions.event_id = labels.event_id
    cross join {{ ref('stg_world_settings') }} as world_settings
)

-- every feature of the fold, as listed where it is read
select * from payments  -- noqa: AM04
order by event_at, event_id
