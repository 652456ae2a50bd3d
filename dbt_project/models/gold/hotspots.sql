{{ config(meta={'date_column': 'month_start_date', 'window_grain': 'month'}) }}

with payments as (
    select
        {{ h3_parent('h3_cell_r7', 7, 5) }} as h3_cell_r5,
        is_fraud,
        date_trunc('month', event_date)::date as month_start_date
    from {{ ref('payments') }}
    where {{ in_months_of_build_window('event_date') }}
),

hotspots as (
    select
        h3_cell_r5,
        count(*) as count_payments,
        count(*) filter (where is_fraud) as count_reported_frauds,
        month_start_date
    from payments
    group by h3_cell_r5, month_start_date
)

select * from hotspots
order by month_start_date, h3_cell_r5
