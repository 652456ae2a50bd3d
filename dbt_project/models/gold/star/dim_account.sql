{{ config(materialized='view') }}

with accounts as (
    select * from {{ ref('stg_accounts') }}
),

last_day as (
    -- what happens on later days is drawn already
    select max(event_date) as last_date
    from {{ without_catalog(ref('daily_summary')) }}
),

dim_account as (
    select
        accounts.account_id,
        accounts.customer_id,
        accounts.bank_code,
        accounts.account_type,
        accounts.account_status,
        accounts.currency_code,
        accounts.credit_limit_minor,
        accounts.is_primary,
        accounts.opened_date,
        case when accounts.closed_date <= last_day.last_date then accounts.closed_date end as closed_date
    from accounts
    cross join last_day
    where accounts.opened_date <= last_day.last_date
)

select * from dim_account
