with payments as (
    select * from {{ ref('payments') }}
    where {{ in_build_window('event_date') }}
),

daily_summary as (
    select
        channel,
        currency_code,
        count(*) as count_payments,
        count(*) filter (where status = 'approved') as count_approved_payments,
        coalesce(sum(amount_minor) filter (where status = 'approved'), 0)::bigint as approved_amount_minor,
        count(*) filter (where is_fraud) as count_reported_frauds,
        coalesce(sum(amount_minor) filter (where is_fraud and status = 'approved'), 0)::bigint as reported_fraud_amount_minor,
        event_date
    from payments
    group by event_date, channel, currency_code
)

select * from daily_summary
order by event_date, channel, currency_code
