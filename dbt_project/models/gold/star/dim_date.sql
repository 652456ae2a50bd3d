{{ config(materialized='view') }}

with days as (
    select unnest(generate_series(min(event_date), max(event_date), interval 1 day))::date as event_date
    from {{ without_catalog(ref('daily_summary')) }}
),

dim_date as (
    select
        dayname(event_date) as weekday_name,
        year(event_date) as year_number,
        quarter(event_date) as quarter_number,
        month(event_date) as month_number,
        weekofyear(event_date) as week_number,
        day(event_date) as day_number,
        isodow(event_date) as weekday_number,
        isodow(event_date) >= 6 as is_weekend,
        event_date = last_day(event_date) as is_month_end,
        event_date,
        date_trunc('month', event_date)::date as month_start_date
    from days
)

select * from dim_date
